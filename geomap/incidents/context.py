"""Where an incident was when its sentence does not say: its row, label, heading, or before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from geomap.incidents.clean import CleanText
from geomap.incidents.containment import encloses
from geomap.incidents.dates import DateSpan
from geomap.incidents.finding import HEADING_WEIGHT, LABEL_WEIGHT, Finding
from geomap.incidents.label import heed_label
from geomap.incidents.scene import Scene
from geomap.incidents.site import Site
from geomap.incidents.structure import Span, within
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word
from geomap.model import Bulletin, Toponym

ANAPHOR_WEIGHT = 0.6
"""A sentence takes "the city" for the place told of before from this weight on."""
NEAR_KM = 25.0
"""Radius for a place nobody knows, in a text that has just spoken of a town."""
_POINTING = frozenset({"same", "that", "the", "this"})
_NO_THERE = frozenset({"are", "had", "has", "have", "is", "may", "was", "were", "will", "would"})


@dataclass(frozen=True, slots=True)
class Document:
    """A bulletin with its clean text and what was found in the whole of it.

    Offsets of ``toponyms`` and ``dates`` count the clean text. ``containers``
    remembers where an unknown place was said to lie, by its name; ``told`` the
    last place of an incident under each label, None standing for no label.
    """

    bulletin: Bulletin
    doc_id: str
    view: CleanText
    toponyms: Sequence[Toponym]
    dates: Sequence[DateSpan]
    containers: dict[str, Toponym] = field(default_factory=dict)
    told: dict[Span | None, Toponym] = field(default_factory=dict)

    def under(self, span: Span | None) -> list[Toponym]:
        """Give the place names of a label or heading."""
        if span is None:
            return []
        return [t for t in within(self.toponyms, *span) if t.end <= span.end]


def doc_id(text: str) -> str:
    """Give the id of a document: it is its stored text and nothing else."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def settle(document: Document, scene: Scene, finding: Finding) -> Finding:
    """Give a finding of a table the place of its row, and an unknown place what holds it."""
    return _recall(document, scene, _in_row(document, scene, finding))


def place_of(
    document: Document, scene: Scene, finding: Finding
) -> tuple[Toponym | None, str, tuple[str, ...]]:
    """Give the place of a finding: its own, its label's, its heading's, or one pointed back to.

    Returns
    -------
    toponym, role, reasons
        No toponym if nothing says where it was.
    """
    if finding.site is not None:
        why = f"place by role {finding.site.role!r}"
        if finding.container is not None:
            why += f"; not known, drawn in {finding.container.toponym}"
        return finding.site.toponym, finding.site.role, (why,)
    above = (
        ("label", scene.sentence.label, LABEL_WEIGHT),
        ("heading", scene.sentence.heading, HEADING_WEIGHT),
    )
    for name, span, least in above:
        toponyms = document.under(span) if finding.reading.weight >= least else []
        if name == "label" and span is not None and not toponyms:
            toponyms = _read_alone(document, span)
        named = _named_by(document, span, toponyms)
        if named is not None:
            return named, name, (f"place taken from the {name}",)
    before = document.told.get(scene.sentence.label)
    if before is None or finding.reading.weight < ANAPHOR_WEIGHT:
        return None, "", ()
    pointing = points_back(scene.words)
    if not pointing:
        return None, "", ()
    return before, "context", (f"{pointing!r} is taken for {before.toponym}",)


def remember(document: Document, scene: Scene, finding: Finding) -> None:
    """Keep the place of an incident for sentences that point back to it."""
    if finding.site is None or finding.signal.is_statement:
        return
    toponym = finding.site.toponym
    if toponym.place is not None and toponym.kind not in ("country", "province"):
        document.told[scene.sentence.label] = toponym


def points_back(words: Sequence[Word]) -> str:
    """Give the words that point to a place told of before: "there", "the same city".

    Examples
    --------
    >>> from geomap.incidents.words import find_words
    >>> points_back(find_words("Police put the city under curfew."))
    'the city'
    >>> points_back(find_words("There were protests in the city of Basra."))
    ''
    """
    for index, word in enumerate(words):
        after = words[index + 1].lower if index + 1 < len(words) else ""
        before = words[index - 1].lower if index else ""
        if word.lower == "there" and index and after not in _NO_THERE:
            return "there"
        points = word.lower in vocabulary("points back") and before in _POINTING
        if points and after not in ("in", "of"):
            return f"{before} {word.lower}"
    return ""


def _named_by(document: Document, span: Span | None, toponyms: Sequence[Toponym]) -> Toponym | None:
    """Give the place that a label or heading is: "Takum (Taraba)" is Takum.

    One that only mentions a place ("The fall of Goma") is none, and a country
    is too large to stand for the place of an incident.
    """
    if span is None or not toponyms:
        return None
    first, *others = toponyms
    head = re.split(r"[(,]", document.view.text[span.start : span.end])[0].rstrip()
    covered = sum(t.end - t.start for t in toponyms if t.start < span.start + len(head))
    if first.kind == "country" or covered < 0.6 * len(head):
        return None
    return first if all(_holds(other, first) for other in others) else None


def _read_alone(document: Document, label: Span) -> list[Toponym]:
    """Read a label as a place name; alone before its colon it could be anybody's name."""
    from geomap.places.geoparse import geoparse

    lead = "Shells fell in "
    text = f"{lead}{document.view.text[label.start : label.end]}."
    shift = label.start - len(lead)
    found = [
        replace(t, start=t.start + shift, end=t.end + shift)
        for t in geoparse(text, document.bulletin.issued)
    ]
    return heed_label(found, document.toponyms)


def _holds(outer: Toponym, inner: Toponym) -> bool:
    if outer.place is None or inner.place is None:
        return False
    return encloses(outer.place, inner.place)


def _in_row(document: Document, scene: Scene, finding: Finding) -> Finding:
    """Place a row of a table by its columns; a place nobody knows goes to what holds it."""
    row = scene.sentence.row
    cell = row.cell("place") or row.cell("container") if row is not None else None
    if row is None or cell is None or finding.site is not None:
        return finding
    named = document.under(cell)
    toponym = named[0] if named else Toponym(*cell, scene.text[cell.start : cell.end])
    holders = [t for c in row.columns if c.role == "container" for t in document.under(c.span)]
    narrowest = min(holders, key=lambda t: t.uncertainty_km or 0.0, default=None)
    container = narrowest if toponym.place is None else None
    site = Site(toponym, 0, 0, "at", 0)
    return replace(finding, site=site, closeness=1.0, container=container)


def _recall(document: Document, scene: Scene, finding: Finding) -> Finding:
    """Let an unknown place keep what it was said to lie in, or lie where the text is."""
    if finding.site is None or finding.site.toponym.place is not None:
        return finding
    name = finding.site.toponym.toponym.casefold()
    if finding.container is not None:
        document.containers[name] = finding.container
        return finding
    return replace(finding, container=document.containers.get(name) or _around(document, scene))


def _around(document: Document, scene: Scene) -> Toponym | None:
    """Give what an unknown place most likely lies in or near: label, heading, the story's town.

    The radius says how rough that is.
    """
    label, heading = scene.sentence.label, scene.sentence.heading
    for span in (label, heading):
        named = _named_by(document, span, document.under(span))
        if named is not None:
            return named
    near = document.told.get(label)
    if near is None:
        return None
    return replace(near, geo_precision=3, uncertainty_km=max(near.uncertainty_km or 0.0, NEAR_KM))
