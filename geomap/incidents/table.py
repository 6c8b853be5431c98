"""Tables in a bulletin: rows with their cells, and what the header says of each column.

A table is a run of lines with the same number of cells, three or more, parted by
bars or tabs. ``maps/columns.csv`` holds the words that headers use.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from geomap.content import content
from geomap.incidents.structure import Column, Span, TableRow

_LEAST_CELLS = 3
_LEAST_HEADS = 2
_RULE = re.compile(r"[\s|:+=-]+")
_CELL = re.compile(r"[^|\t]+")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    mark: str
    cells: tuple[Span, ...]


def find_rows(text: str) -> list[TableRow]:
    """Find the rows of all tables; a row's cells are those with something in them.

    Returns
    -------
    list of TableRow
        In the order of the text, headers among them.

    Examples
    --------
    >>> text = "Day | Place | Event\\n3 May | Aden | Shells hit a market"
    >>> [[column.role for column in row.columns] for row in find_rows(text)]
    [[], ['date', 'place', 'told']]
    """
    rows: list[TableRow] = []
    for lines in _tables(text):
        roles = _roles(text, lines[0])
        for number, line in enumerate(lines):
            span = Span(line.start, line.end)
            is_header = bool(roles) and number == 0
            if is_header or not any(_filled(text, cell) for cell in line.cells):
                rows.append(TableRow(span, is_header=True))
                continue
            named = zip(line.cells, roles or [""] * len(line.cells), strict=True)
            columns = tuple(
                Column(role, trimmed) for cell, role in named if (trimmed := _trim(text, cell))
            )
            rows.append(TableRow(span, columns if roles else ()))
    return rows


def as_prose(text: str, rows: Sequence[TableRow]) -> str:
    """Give a text of the same length where commas part the cells, as they would in a sentence."""
    parts, position = [], 0
    for row in rows:
        parts.append(text[position : row.span.start])
        line = text[row.span.start : row.span.end]
        inner = line.strip(" |\t")
        lead = line.index(inner) if inner else len(line)
        marks = re.sub(r"[|\t]", ",", inner)
        parts.append(" " * lead + marks + " " * (len(line) - lead - len(inner)))
        position = row.span.end
    return "".join([*parts, text[position:]])


def _tables(text: str) -> Iterator[list[_Line]]:
    """Give runs of two or more lines that have as many cells."""
    lines = [_line(text, found) for found in re.finditer(r"[^\n]*\n?", text)]
    for (mark, count), run in groupby(lines, key=lambda line: (line.mark, len(line.cells))):
        table = [line for line in run if not _RULE.fullmatch(text, line.start, line.end)]
        if mark and count >= _LEAST_CELLS and len(table) > 1:
            yield table


def _line(text: str, found: re.Match[str]) -> _Line:
    line = found.group().rstrip("\n")
    start, end = found.start(), found.start() + len(line)
    mark = "|" if line.count("|") >= _LEAST_CELLS - 1 else "\t" if line.count("\t") > 1 else ""
    inner = line.strip(" ").removeprefix("|").removesuffix("|") if mark == "|" else line
    first = start + (line.index(inner) if inner else 0)
    cells = []
    for cell in inner.split(mark) if mark else ():
        cells.append(Span(first, first + len(cell)))
        first += len(cell) + 1
    return _Line(start, end, mark, tuple(cells))


def _roles(text: str, line: _Line) -> list[str]:
    """Give the role of each column of a header, "" where unknown; nothing if it is no header."""
    names = [re.sub(r"[^\w ]", "", text[c.start : c.end]).strip().lower() for c in line.cells]
    roles = [_columns().get(name, "") for name in names]
    is_header = sum(map(bool, roles)) >= _LEAST_HEADS and {"place", "container"} & set(roles)
    return roles if is_header else []


def _trim(text: str, cell: Span) -> Span | None:
    cut = text[cell.start : cell.end]
    start = cell.start + len(cut) - len(cut.lstrip())
    end = cell.end - (len(cut) - len(cut.rstrip()))
    return Span(start, end) if start < end else None


def _filled(text: str, cell: Span) -> bool:
    return any(c.isalnum() for c in text[cell.start : cell.end])


@cache
def _columns() -> dict[str, str]:
    with content("maps/columns.csv").open(encoding="utf-8", newline="") as file:
        return {
            word: row["role"] for row in csv.DictReader(file) for word in row["words"].split("; ")
        }
