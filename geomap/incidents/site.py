"""Where an incident was: which place names of a sentence are its place, which its origin."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from geomap.incidents.clause import Clause
from geomap.incidents.role import USABLE, Role, is_kinetic, preposition_of, role_of
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word
from geomap.model import Toponym
from geomap.places.surroundings import between


@dataclass(frozen=True, slots=True)
class Site:
    """A place name in a sentence: its words and the part it plays.

    Attributes
    ----------
    chain
        The same number for names of one list ("in A, B and C").
    apposed
        Whether it only says where the name before it lies: the province of
        "in Mansila, Yagha province", the town of "a park in Reading".
    """

    toponym: Toponym
    first: int
    last: int
    role: Role
    chain: int
    apposed: bool = False


def find_sites(
    words: Sequence[Word], toponyms: Sequence[Toponym], triggers: Sequence[Trigger], text: str
) -> list[Site]:
    """Say what part each place name of a sentence plays, by the words round it."""
    starts = [word.start for word in words]
    spans = [_words_of(starts, toponym) for toponym in toponyms]
    sites: list[Site] = []
    for number, (toponym, (first, last)) in enumerate(zip(toponyms, spans, strict=True)):
        role = role_of(words, first, last, triggers, text, toponym)
        before = sites[-1] if sites else None
        if before is None or first < before.last:
            sites.append(Site(toponym, first, last, role, number))
            continue
        parting = [word.lower for word in words[before.last : first]]
        ends_list = parting[:1] == [","] and _ends_list(words, spans, number)
        if _says_where(toponym, parting) or (_is_apposed(parting) and not ends_list):
            apposed = _is_usable(before) or before.apposed
            shared = role if role in _OWN else before.role
            sites.append(Site(toponym, first, last, shared, before.chain, apposed))
        elif _is_list(parting):
            shared = role if role in _OWN else before.role
            sites.append(Site(toponym, first, last, shared, before.chain))
        else:
            sites.append(Site(toponym, first, last, role, number))
    return _lines(sites, words, triggers, text)


_OWN: tuple[Role, ...] = ("actor", "home", "speech", "origin", "target", "left")


def _ends_list(words: Sequence[Word], spans: Sequence[tuple[int, int]], number: int) -> bool:
    """Tell whether the commas after a name run into "and": then it is one of a list."""
    for (_, last), (first, _) in pairwise(spans[number:]):
        parting = [word.lower for word in words[last:first]]
        if not _is_list(parting):
            return False
        if parting[0] != "," or {"and", "or"} & set(parting):
            return True
    return False


def _is_usable(site: Site) -> bool:
    return site.role in USABLE


def _words_of(starts: Sequence[int], toponym: Toponym) -> tuple[int, int]:
    first = max(0, bisect_right(starts, toponym.start) - 1)
    return first, max(first + 1, bisect_left(starts, toponym.end))


def _is_apposed(parting: Sequence[str]) -> bool:
    """Tell "X, Y" and "X in the Y" from a list."""
    if not parting or parting[0] not in (",", "in", "of", "(") or parting[1:2] in (["and"], ["or"]):
        return False
    describing = vocabulary("describes a place") | _ABOUT
    return len(parting) <= 6 and all(w in describing for w in parting[1:])


def _says_where(toponym: Toponym, parting: Sequence[str]) -> bool:
    """Tell "Duma, south of Nablus" and "a village 12 km west of Gusau": how to get there."""
    is_offset = toponym.place is not None and _OFFSET.search(toponym.place.place_id) is not None
    describing = vocabulary("describes a place") | vocabulary("kind of place") | _ABOUT
    return is_offset and len(parting) <= 5 and all(w in {",", "a"} | describing for w in parting)


def _is_list(parting: Sequence[str]) -> bool:
    """Tell whether only commas, "and" and describing words part two place names."""
    if not parting or len(parting) > 7:
        return False
    joined = parting[0] in _JOINTS or parting[:2] == ["as", "well"]
    rest = [w for w in parting if w not in _JOINTS and w not in ("as", "well", "also")]
    describing = vocabulary("describes a place") | vocabulary("at a place") | {"to", "from"}
    return joined and all(w in describing for w in rest)


def _lines(
    sites: list[Site], words: Sequence[Word], triggers: Sequence[Trigger], text: str
) -> list[Site]:
    """Make one place of "between A and B"; two countries there are parties, not places."""
    made: list[Site] = []
    for site in sites:
        before = made[-1] if made else None
        if before is None or before.chain != site.chain or site.apposed:
            made.append(site)
            continue
        preposition, index = preposition_of(words, before.first)
        if preposition != "between" or words[site.first - 1].lower == ",":
            made.append(site)
            continue
        ends = (before.toponym, site.toponym)
        spoken = any(t.last == index and not is_kinetic(t) for t in triggers)
        if spoken or all(t.kind == "country" for t in ends):
            made[-1] = replace(before, role="actor")
            made.append(replace(site, role="actor"))
        elif ends[0].place is not None and ends[1].place is not None:
            made[-1] = replace(before, toponym=_stretch(*ends, text), last=site.last)
        else:
            made.append(site)
    return made


def _stretch(one: Toponym, other: Toponym, text: str) -> Toponym:
    """Give the toponym of the stretch between two places."""
    if one.place is None or other.place is None:
        return one
    place = between(one.place, other.place)
    return Toponym(
        one.start,
        other.end,
        text[one.start : other.end],
        place,
        place.lon,
        place.lat,
        one.country if one.country == other.country else "",
        place.kind,
        3,
        place.extent_km,
        min(one.score, other.score),
    )


_OFFSET = re.compile(r"#beyond-|km@")
"""What the id of a place says that was computed from another: `geomap.places.area`."""
_JOINTS = frozenset({",", "and", "or", "&", "/", "–"})


def clause_number(clauses: Sequence[Clause], index: int) -> int:
    """Give the number of the clause that holds a word."""
    return next(i for i, c in enumerate(clauses) if c.first <= index < c.last)


_ABOUT = frozenset({"in", "about", "some", "around", "roughly", "approximately", "just"})
