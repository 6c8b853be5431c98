"""The annotated texts under `training/texts/`, read with their marks taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
_MARK = re.compile(r"\[([^\[\]|]+)(?:\|([^\[\]]*))?\]|\{([^{}:]+)(?::(\w+))?\}")


@dataclass(frozen=True)
class Mark:
    """One annotated name.

    ``kind`` is place, demonym or embedded (part of the name of something else).
    ``hint`` is what the text says of where it is: a country, ``US.TX``, ``?`` for
    a place that no gazetteer is expected to hold, or "".
    """

    start: int
    end: int
    kind: str
    hint: str


@dataclass(frozen=True)
class Annotated:
    """A text without its marks, and the countries that its places lie in."""

    id: str
    date: str
    countries: tuple[str, ...]
    text: str
    marks: tuple[Mark, ...]


def read_texts(folder: Path = TEXTS) -> list[Annotated]:
    """Read every text, in the order of file names and of the texts in each."""
    return [doc for path in sorted(folder.glob("*.txt")) for doc in _read(path)]


def _read(path: Path) -> Iterator[Annotated]:
    for block in re.split(r"(?m)^# ", path.read_text(encoding="utf-8"))[1:]:
        head, _, body = block.partition("\n")
        name, day, countries = (cell.strip() for cell in head.split("|"))
        text, marks = _unmarked(body.strip())
        yield Annotated(name, day, tuple(countries.replace("-", "").split()), text, marks)


def _unmarked(marked: str) -> tuple[str, tuple[Mark, ...]]:
    text, marks, done = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[done : match.start()]
        name, hint, people, kind = match.groups()
        start = len(text)
        text += name or people
        what = "place" if name else "embedded" if kind == "e" else "demonym"
        marks.append(Mark(start, len(text), what, hint or ""))
        done = match.end()
    return text + marked[done:], tuple(marks)
