"""Where an incident was: which place names of a sentence are its place, which its origin."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from geomap.incidents.clause import Clause
from geomap.incidents.inflection import irregular_pasts
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word
from geomap.model import Toponym
from geomap.places.area import between

Role = Literal[
    "at", "target", "left", "origin", "attribute", "subject", "actor", "home", "speech", "weak"
]

USABLE: dict[str, float] = {"target": 1.0, "at": 1.0, "left": 1.0, "weak": 0.7, "attribute": 0.75}
"""Roles that can be the place of an incident, and how much each is worth."""


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
        role = _role(words, first, last, triggers, text, toponym)
        before = sites[-1] if sites else None
        if before is None or first < before.last:
            sites.append(Site(toponym, first, last, role, number))
            continue
        parting = [word.lower for word in words[before.last : first]]
        if _is_apposed(parting) and not (parting[0] == "," and _ends_list(words, spans, number)):
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
    if not parting or parting[0] not in (",", "in", "of", "("):
        return False
    describing = vocabulary("describes a place") | _ABOUT
    return len(parting) <= 6 and all(w in describing for w in parting[1:])


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
        preposition, index = _preposition(words, before.first)
        if preposition != "between" or words[site.first - 1].lower == ",":
            made.append(site)
            continue
        ends = (before.toponym, site.toponym)
        spoken = any(t.last == index and not _is_kinetic(t) for t in triggers)
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


def _role(
    words: Sequence[Word],
    first: int,
    last: int,
    triggers: Sequence[Trigger],
    text: str,
    toponym: Toponym,
) -> Role:
    after = words[last].lower if last < len(words) else ""
    if text[toponym.end : toponym.end + 1] == "-" and after in vocabulary("after a hyphen"):
        return "actor"
    preposition, index = _preposition(words, first)
    role = _by_preposition(words, preposition, index, triggers)
    if role in ("actor", "home", "origin", "speech"):
        return role
    follower = _head_after(words, last, text)
    if words[last - 1].possessive or text[toponym.end : toponym.end + 2] in ("'s", "’s"):
        return role if follower in vocabulary("kind of place") and role else "actor"
    if follower in vocabulary("kind of body"):
        return "actor"
    if role:
        return role
    if _is_object(words, first, triggers) or _undergoes(words, last, triggers):
        return "target"
    if toponym.place is not None and "#" in toponym.place.place_id and not follower:
        return "at"
    if follower and follower not in vocabulary("kind of place"):
        return "subject" if _acts(follower, toponym, triggers, last) else "attribute"
    return "subject"


def _acts(follower: str, toponym: Toponym, triggers: Sequence[Trigger], last: int) -> bool:
    """Tell "Turkey begins" from "Hong Kong protesters": a verb or a noun behind the name."""
    if follower in vocabulary("people") or follower in vocabulary("one person"):
        return False
    verbal = any(t.first == last and t.form in ("past", "present") for t in triggers)
    verbal = verbal or follower in irregular_pasts() or follower in vocabulary("is saying")
    return verbal or toponym.kind == "country" or follower.endswith(("ed", "ly"))


def _undergoes(words: Sequence[Word], last: int, triggers: Sequence[Trigger]) -> bool:
    """Tell "Abqaiq was the target of an attack", "Kharkiv came under fire"."""
    trigger = next((t for t in triggers if 0 <= t.first - last <= 9), None)
    if trigger is None:
        return False
    parting = [word.lower for word in words[last : trigger.first]]
    if any(word in ("by", ",", "that") for word in parting):
        return False
    if trigger.passive or trigger.senses[0].phrase in _PASSIVE_SENSE:
        return True
    return trigger.is_noun and any(word in _SUFFERS for word in parting)


_ABOUT = frozenset({"in", "about", "some", "around", "roughly", "approximately", "just"})
_PASSIVE_SENSE = frozenset({"come under fire", "come under attack", "fall to"})
_SUFFERS = frozenset(
    {"target", "scene", "site", "focus", "saw", "suffered", "witnessed", "experienced", "endured"}
    | {"faced", "hit", "struck", "rocked", "shaken"}
)
_JOINTS = frozenset({",", "and", "or", "&", "/", "–"})


def _preposition(words: Sequence[Word], first: int) -> tuple[str, int]:
    """Walk left over "the west coast city of" to the preposition that governs a name."""
    for index in range(first - 1, max(-1, first - 10), -1):
        word = words[index].lower
        if word == "of":
            head = words[index - 1].lower if index else ""
            if head not in vocabulary("describes a place") or head in ("the", "a"):
                return "of", index
        elif word in _OTHER or word in vocabulary("at a place") or word in _TOWARDS:
            return word, index
        elif word not in vocabulary("describes a place"):
            is_far = first - index > 6
            if is_far or word in _HALTS or not _is_name_like(words, index):
                break
    return "", first - 1


_TOWARDS = frozenset({"into", "onto", "toward", "towards", "against", "upon"})
_HALTS = frozenset(
    {"that", "which", "who", "when", "while", "after", "before", "if", "and", "but", "said", "says"}
)
_OTHER = frozenset(
    {"including", "namely", "to", "from", "by", "with", "for", "about", "under", "as", "than"}
)


def _is_name_like(words: Sequence[Word], index: int) -> bool:
    """Let a walk pass over adjectives and names: "the Greek island", "its Idlib base"."""
    word = words[index].lower
    if word in vocabulary("after a hyphen"):
        return True
    return word.isalpha() and not word.endswith(("ed", "ing")) and len(word) > 3


def _by_preposition(
    words: Sequence[Word], preposition: str, index: int, triggers: Sequence[Trigger]
) -> Role | None:
    before = words[index - 1].lower if index > 0 else ""
    if preposition in _TOWARDS:
        return "target"
    if preposition in ("including", "namely"):
        return "at"
    if preposition in vocabulary("at a place"):
        if _is_speech(words, index, triggers):
            return "speech"
        if preposition == "on" and any(t.last == index for t in triggers):
            return "target"
        return "at"
    if preposition == "to":
        moved = any(t.last <= index and index - t.last <= 6 for t in triggers if _moves(t))
        return (
            "at" if moved or before in ("next", "close", "adjacent", "north", "south") else "weak"
        )
    if preposition == "from":
        if before in vocabulary("comes from") and not any(t.last == index for t in triggers):
            return "home"
        moved = any(t.last <= index and index - t.last <= 8 for t in triggers if _leaves(t))
        return "left" if moved else "origin"
    if preposition == "of":
        if any(t.last == index or t.last == index + 1 for t in triggers if t.is_noun):
            return "target"
        return "actor" if before in vocabulary("office of") else "weak"
    if preposition in ("by", "with", "than", "as"):
        return "actor"
    if preposition in ("for", "about", "under"):
        return "weak"
    return None


def _is_speech(words: Sequence[Word], index: int, triggers: Sequence[Trigger]) -> bool:
    """Tell where somebody spoke from where something happened: "told reporters in Doha"."""
    for back in range(index - 1, max(-1, index - 11), -1):
        word = words[back].lower
        if word in (",", "that") or any(t.first == back for t in triggers if _is_kinetic(t)):
            return False
        if word in vocabulary("is saying"):
            return True
    return False


def _is_kinetic(trigger: Trigger) -> bool:
    return trigger.senses[0].incident_type not in ("statement", "diplomacy")


def _moves(trigger: Trigger) -> bool:
    return any(
        s.subtype
        in ("deployment", "withdrawal", "displacement", "aid_delivery", "meeting", "flood")
        or s.phrase in ("fly to", "advance", "spread")
        for s in trigger.senses
    )


def _leaves(trigger: Trigger) -> bool:
    return any(
        s.subtype in ("withdrawal", "displacement", "abduction", "weapons_seizure", "arrest")
        for s in trigger.senses
    )


def _head_after(words: Sequence[Word], last: int, text: str) -> str:
    """Give the word right behind a name if it may be a noun that the name describes."""
    if last >= len(words):
        return ""
    word = words[last]
    gap = text[words[last - 1].end : word.start]
    if not word.lower[0].isalpha() or gap.strip("'’s \n") or word.lower in vocabulary("is no noun"):
        return ""
    return word.lower


def _is_object(words: Sequence[Word], first: int, triggers: Sequence[Trigger]) -> bool:
    """Tell whether a name is what an active verb acts on: "shelled Kadugli"."""
    index = first
    while index > 0 and words[index - 1].lower in vocabulary("describes a place") - {"and"}:
        index -= 1
    return any(t.last == index and not t.is_noun and not t.passive for t in triggers)


def assign(
    site: Site, triggers: Sequence[Trigger], clauses: Sequence[Clause]
) -> tuple[Trigger | None, float]:
    """Find the trigger whose place a name is, and how far off it stands.

    A trigger of the same clause goes first, one before the name goes before one
    after it, the nearest goes before the others.
    """
    own = clause_number(clauses, site.first)
    best: tuple[float, Trigger] | None = None
    for trigger in triggers:
        other = clause_number(clauses, trigger.first)
        between = clauses[min(own, other) + 1 : max(own, other) + 1]
        if any(c.opener in (";", "but") for c in between):
            continue
        behind = trigger.first > site.first
        words_off = trigger.first - site.last if behind else site.first - trigger.last
        cost = abs(own - other) * 12 + max(0, words_off) * (1.4 if behind else 1.0)
        if best is None or cost < best[0]:
            best = (cost, trigger)
    return (best[1], best[0]) if best else (None, 0.0)


def clause_number(clauses: Sequence[Clause], index: int) -> int:
    """Give the number of the clause that holds a word."""
    return next(i for i, c in enumerate(clauses) if c.first <= index < c.last)
