"""How a bulletin is built: title, headings, day headings, labels, bullets, sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeVar

from geomap.incidents.sentence import split_sentences

Kind = Literal["title", "heading", "dateline", "bullet", "body"]


class Span(NamedTuple):
    """A stretch of text, half open."""

    start: int
    end: int


class HasStart(Protocol):
    """Anything that stands in a text: a toponym, a date."""

    @property
    def start(self) -> int:
        """Offset of its first character."""


Standing = TypeVar("Standing", bound=HasStart)


def within(found: Sequence[Standing], start: int, end: int) -> Sequence[Standing]:
    """Give what begins between two offsets, out of a sequence in the order of the text."""
    first = bisect_left(found, start, key=lambda item: item.start)
    return found[first : bisect_left(found, end, lo=first, key=lambda item: item.start)]


class Column(NamedTuple):
    """A cell of a table with the role that the header gives it: place, date, told, killed."""

    role: str
    span: Span


class TableRow(NamedTuple):
    """A row of a table; without columns if nothing says what they hold."""

    span: Span
    columns: tuple[Column, ...] = ()
    is_header: bool = False

    def cell(self, role: str) -> Span | None:
        """Give the cell of a role, the longest if there are several."""
        cells = [column.span for column in self.columns if column.role == role]
        return max(cells, key=lambda cell: cell.end - cell.start, default=None)

    @property
    def told(self) -> Span | None:
        """The cell that says what happened: of its role, else the longest without one."""
        return self.cell("told") or self.cell("")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what stands over it.

    Attributes
    ----------
    start, end
        Offsets in the text, label included, bullet mark left out.
    section
        The heading it stands under ("Key Takeaways"), "" if none.
    label
        The "Northern Gaza Strip" of "Northern Gaza Strip: The army ...": who or
        where the sentences of this paragraph are about.
    heading, day
        The heading, and the heading that is only a date, that it stands under.
    paragraph
        Number of its paragraph in the text.
    row
        The table row that it is.
    """

    start: int
    end: int
    kind: Kind
    paragraph: int
    section: str = ""
    label: Span | None = None
    heading: Span | None = None
    day: Span | None = None
    row: TableRow | None = None


class _Block(NamedTuple):
    start: int
    end: int
    bullet: bool
    after_blank: bool


_BULLET = re.compile(r"\s*(?:[•*▪○◦‣·●■–—-]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z]\)\s+)")
_MARKUP = re.compile(r"^(?:#{1,6}\s+|=+\s*)|(?:\s*=+|\s*#+)$")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY_LINE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?\s+{_MONTH}(?:,?\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?(?:,?\s+\d{{4}})?"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\s*:?$",
    re.IGNORECASE,
)
_DAY_LEAD = re.compile(
    rf"((?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)(?:,?\s+\d{{4}})?)"
    r"(?:[.:]\s|\s[–—-]\s)",
    re.IGNORECASE,
)
"""How a paragraph of a chronicle begins: 5 October. Jets bombed ..."""
_NEWS_LINE = re.compile(
    rf"[A-ZÀ-Þ][\w .'’-]{{1,30}},\s+(?:\d{{1,2}}\s+{_MONTH}|{_MONTH}\s+\d{{1,2}})\b",
    re.IGNORECASE,
)
"""How an agency's report begins: LIMA, 16 March -"""
_WEEKDAY_LINE = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day:?$", re.IGNORECASE)
_LABEL = re.compile(
    r"([^\s:.][^:.!?\n—–]{1,70}?)(?:\s*:\s+(?=[\w“\"'‘•])|\s+[–—-]\s+(?=[A-Z0-9])(?![^.!?]*\s[–—-]\s))"
)
_RUN_IN = re.compile(r"((?:[A-Z][\w’'-]+)(?:[ -](?:[A-Z][\w’'-]+|of|and|the|du|de|al)){0,3})\.\s+")
_SMALL = frozenset(
    {
        "and",
        "of",
        "the",
        "in",
        "de",
        "du",
        "al",
        "el",
        "ar",
        "as",
        "-",
        "&",
        "near",
        ",",
        "/",
        "(",
        ")",
    }
)
_TERMINAL = re.compile(r"[.!?…][\"”’')\]]*$")


def find_sentences(text: str, rows: Sequence[TableRow] = ()) -> list[Sentence]:
    """Read a bulletin's lines and give its sentences with what stands over them.

    Headings and the title are sentences too, of their own kind. Lines that only
    wrap a paragraph are joined. A row of a table is a sentence, whose label is
    its place.

    Parameters
    ----------
    rows
        The tables of the text, see `table.find_rows`.

    Returns
    -------
    list of Sentence
        In the order of the text.

    Examples
    --------
    >>> text = "Weekly note\\n\\n3 May 2026\\n\\n• Aden: Shells hit a market. Two died."
    >>> [(s.kind, text[s.start:s.end]) for s in find_sentences(text)][2:]
    [('bullet', 'Aden: Shells hit a market.'), ('bullet', 'Two died.')]
    """
    sentences: list[Sentence] = []
    heading: Span | None = None
    day: Span | None = None
    by_start = {row.span.start: row for row in rows}
    blocks = _blocks(text, by_start)
    for number, block in enumerate(blocks):
        row = by_start.get(block.start)
        if row is not None:
            if not row.is_header:
                place = row.cell("place") or row.cell("container")
                section = _section_name(text, heading)
                told = Sentence(*row.span, "bullet", number, section, place, heading, day, row)
                sentences.append(told)
            continue
        kind = _kind(text, blocks, number)
        span = Span(block.start, block.end)
        if kind == "dateline" and number > 2:
            day = span
        section = _section_name(text, heading)
        if kind in ("title", "heading", "dateline"):
            sentences.append(Sentence(*span, kind, number, section, None, heading, day))
            if kind == "heading":
                heading = span
            continue
        lead = _DAY_LEAD.match(text, block.start, block.end)
        own_day = Span(*lead.span(1)) if lead is not None else day
        label = _label(text, block)
        for start, end in split_sentences(text, *span):
            if label is not None and end <= label.end + 1:
                continue
            sentences.append(Sentence(start, end, kind, number, section, label, heading, own_day))
    return sentences


def _section_name(text: str, heading: Span | None) -> str:
    if heading is None:
        return ""
    return _MARKUP.sub("", text[heading.start : heading.end].strip()).rstrip(": ")


def _blocks(text: str, rows: Container[int]) -> list[_Block]:
    """Give paragraphs, bullets, table rows and single lines, wrapped lines joined."""
    blocks: list[_Block] = []
    after_blank = True
    for line in re.finditer(r"[^\n]+", text):
        content = line.group()
        if line.start() in rows:
            blocks.append(_Block(line.start(), line.end(), bullet=True, after_blank=True))
            after_blank = True
            continue
        if not content.strip():
            after_blank = True
            continue
        blank_before = after_blank or "\n\n" in text[blocks[-1].end : line.start()]
        mark = _BULLET.match(content)
        start = line.start() + (mark.end() if mark else len(content) - len(content.lstrip()))
        end = line.start() + len(content.rstrip())
        if start >= end:
            continue
        if blocks and not blank_before and not mark and _wraps(text, blocks[-1], start):
            blocks[-1] = blocks[-1]._replace(end=end)
        else:
            blocks.append(_Block(start, end, mark is not None, blank_before))
        after_blank = False
    return blocks


def _wraps(text: str, before: _Block, start: int) -> bool:
    """Tell whether a line only continues the one before it."""
    line_end = text.find("\n", start)
    line = text[start : line_end if line_end >= 0 else len(text)].strip()
    if _DAY_LINE.match(line) or _NEWS_LINE.match(line):
        return False
    last_line = text[before.start : before.end].rsplit("\n", 1)[-1]
    if _TERMINAL.search(last_line):
        return "\n" in text[before.start : before.end] and len(last_line) > 60
    return text[start].islower() or len(last_line) >= 60 or last_line.endswith(",")


def _kind(text: str, blocks: list[_Block], number: int) -> Kind:
    block = blocks[number]
    content = text[block.start : block.end]
    if _DAY_LINE.match(content) or _WEEKDAY_LINE.match(content):
        return "dateline"
    closed = _TERMINAL.search(content) is not None
    if block.bullet and not (content.endswith(":") and len(content) < 60):
        return "bullet"
    if content.startswith(("#", "==")) or (content.endswith(":") and len(content) <= 80):
        return "heading"
    if number == 0 and len(content) <= 200 and not closed:
        return "title"
    followed = number + 1 < len(blocks)
    if not closed and followed and len(content) <= 90 and not content[0].islower():
        return "heading"
    return "body"


def _label(text: str, block: _Block) -> Span | None:
    """Find a label at the head of a paragraph: "West Bank:", "Mali."."""
    found = _LABEL.match(text, block.start, block.end)
    if found is not None and _names(found.group(1)):
        return Span(*found.span(1))
    found = _RUN_IN.match(text, block.start, block.end)
    if found is not None and found.end() < block.end:
        return Span(*found.span(1))
    return None


def _names(label: str) -> bool:
    """Tell a name ("Southern Lebanon and Golan Heights") from the start of a sentence."""
    words = re.findall(r"[^\s]+", label)
    capital = [w for w in words if w[0].isupper() or w[0].isdigit()]
    small = [w for w in words if w.strip(",()").lower() in _SMALL or not w[0].isalpha()]
    return bool(capital) and len(words) <= 8 and len(capital) + len(small) >= len(words)
