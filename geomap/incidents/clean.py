"""A bulletin without what is not its own: reference marks, menus, style sheets, broken words.

What goes is said by the patterns of ``maps/debris.csv``: ``text`` patterns match
anywhere, ``line`` patterns a whole line, ``block`` patterns a heading whose
headlines go with it. Each has an example and what is left of it. What stays
keeps its line breaks, and every character knows its place in the stored text.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from geomap.content import content
from geomap.errors import ContentError
from geomap.incidents.structure import TableRow
from geomap.incidents.table import as_prose, find_rows

SCOPES = ("text", "line", "block")
_BLOCK_LINES = 12
_HEADING_LENGTH = 60
_LINE_MARKS = " \t\r\n•*-–|·>#"
_SENTENCE_END = re.compile(r"[.!?:؟。][\"'”’»)\]]*\s*$")
# A word broken at a line's end. A hyphen before a capital is the name's own: Al-Shifa.
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])(-[ \t]*\n[ \t]*)(?=[^\W\d_])")
_KEEPS_HYPHEN = re.compile(
    r"\b(?:al|el|ad|an|ar|as|at|ash|az|anti|cross|ex|non|post|pre|pro|self|semi|so|un|us|vice)$",
    re.IGNORECASE,
)
Cut = tuple[int, int]


class _Layer(NamedTuple):
    """A text with stretches cut out: from ``starts[n]`` on, characters moved by ``shifts[n]``."""

    text: str
    starts: list[int]
    shifts: list[int]


@dataclass(frozen=True, slots=True)
class CleanText:
    """The clean view of a stored text.

    Attributes
    ----------
    text
        What is left, line breaks included.
    layers
        How the characters moved, one layer for each pass over the text.
    rows
        Rows of tables; commas part their cells in ``text``.
    """

    text: str
    layers: tuple[_Layer, ...] = ()
    rows: tuple[TableRow, ...] = ()

    def offset(self, index: int) -> int:
        """Give the offset in the stored text of the character at `index`.

        ``len(text)`` gives the offset after the last character that was kept.
        """
        if index >= len(self.text):
            return self.offset(len(self.text) - 1) + 1 if self.text else 0
        for layer in reversed(self.layers):
            index += layer.shifts[bisect_right(layer.starts, index) - 1]
        return index

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the stored offsets, half open, of ``text[start:end]``.

        Debris inside the span is inside; debris right after it is not.
        """
        first = self.offset(start)
        return first, self.offset(end - 1) + 1 if end > start else first


class Debris(NamedTuple):
    """The patterns of ``maps/debris.csv``, one for each scope."""

    text: re.Pattern[str]
    line: re.Pattern[str]
    block: re.Pattern[str]


def clean(text: str) -> CleanText:
    r"""Give the text without debris, with the way back to its offsets.

    Returns
    -------
    CleanText
        Its ``text`` is empty if nothing but debris was there.

    Examples
    --------
    >>> view = clean("Shells hit Rafah.[45]\nLeave a Reply\n")
    >>> view.text
    'Shells hit Rafah.\n'
    >>> view.span(11, 16)
    (11, 16)
    """
    debris = load_debris()
    in_text = _cut(text, (match.span() for match in debris.text.finditer(text)))
    in_lines = _cut(in_text.text, _debris_lines(in_text.text, debris))
    joined = _cut(in_lines.text, _broken_words(in_lines.text))
    layers = tuple(layer for layer in (in_text, in_lines, joined) if layer.shifts != [0])
    rows = find_rows(joined.text)
    return CleanText(as_prose(joined.text, rows), layers, tuple(rows))


@cache
def load_debris() -> Debris:
    """Read ``maps/debris.csv``.

    Raises
    ------
    ContentError
        If a row has no such scope or its pattern does not compile; the line is named.
    """
    path = content("maps/debris.csv")
    patterns: dict[str, list[str]] = {scope: [] for scope in SCOPES}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            where = f"maps/debris.csv:{number}"
            if row["scope"] not in patterns:
                raise ContentError(f"scope {row['scope']!r} is not one of {SCOPES}", where=where)
            try:
                re.compile(row["pattern"])
            except re.error as error:
                raise ContentError(f"pattern does not compile: {error}", where=where) from error
            patterns[row["scope"]].append(row["pattern"])
    return Debris(
        *(re.compile("|".join(f"(?:{p})" for p in patterns[s]), re.I | re.M) for s in SCOPES)
    )


def _cut(text: str, cuts: Iterable[Cut]) -> _Layer:
    """Take stretches out of a text; cuts come sorted and do not overlap."""
    kept: list[str] = []
    starts, shifts = [0], [0]
    position = length = 0
    for start, end in cuts:
        kept.append(text[position:start])
        length += start - position
        position = end
        if starts[-1] == length:
            shifts[-1] = position - length
        else:
            starts.append(length)
            shifts.append(position - length)
    kept.append(text[position:])
    return _Layer("".join(kept), starts, shifts)


def _debris_lines(text: str, debris: Debris) -> Iterator[Cut]:
    """Give the lines that are debris, and those that hang under "Related Articles"."""
    lines = text.splitlines(keepends=True)
    ends = list(accumulate(map(len, lines)))
    bare = [line.lstrip(_LINE_MARKS).rstrip(" \t\r\n|·") for line in lines]
    hanging = -1
    for number, line in enumerate(bare):
        if not line:
            continue
        if debris.block.fullmatch(line):
            hanging = max(hanging, _last_hanging(bare, number))
        if number <= hanging or debris.block.fullmatch(line) or debris.line.fullmatch(line):
            yield ends[number] - len(lines[number]), ends[number]


def _last_hanging(lines: list[str], heading: int) -> int:
    """Give the last of the headlines under a heading: short lines, up to the next sentence.

    A short line right before a sentence is its own heading and stays.
    """
    hanging = [heading]
    for number in range(heading + 1, len(lines)):
        if _SENTENCE_END.search(lines[number]):
            own_heading = len(hanging) > 1 and len(lines[hanging[-1]]) <= _HEADING_LENGTH
            return hanging[-2] if own_heading else hanging[-1]
        if len(hanging) > _BLOCK_LINES:
            break
        if lines[number]:
            hanging.append(number)
    return hanging[-1]


def _broken_words(text: str) -> Iterator[Cut]:
    """Give what to take out to mend words broken at a line's end."""
    for match in _BROKEN_WORD.finditer(text):
        own_hyphen = text[match.end()].isupper() or _KEEPS_HYPHEN.search(
            text, max(0, match.start() - 6), match.start()
        )
        yield match.start() + 1 if own_hyphen else match.start(), match.end()
