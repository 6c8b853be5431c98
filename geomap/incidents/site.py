"""Where an incident was: which place names of a sentence are its place, which its origin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geomap.incidents.clause import Clause
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word
from geomap.model import Toponym

Role = Literal["at", "target", "origin", "attribute", "subject", "actor", "home", "speech", "weak"]

USABLE: dict[str, float] = {"target": 1.0, "at": 1.0, "weak": 0.7, "attribute": 0.75}
"""Roles that can be the place of an incident, and how much each is worth."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place name in a sentence: its words and the part it plays.

    ``chain`` is the same number for names of one list ("in A, B and C").
    """

    toponym: Toponym
    first: int
    last: int
    role: Role
    chain: int


def find_sites(
    words: Sequence[Word], toponyms: Sequence[Toponym], triggers: Sequence[Trigger], text: str
) -> list[Site]:
    """Say what part each place name of a sentence plays, by the words round it."""
    starts = [word.start for word in words]
    sites: list[Site] = []
    for toponym in toponyms:
        first = max(0, bisect_left(starts, toponym.start))
        last = max(first + 1, bisect_left(starts, toponym.end))
        before = sites[-1] if sites else None
        if before is not None and _is_listed(words, before.last, first):
            role, chain = before.role, before.chain
            own = _role(words, first, last, triggers, text, toponym)
            if own in ("actor", "home", "speech", "origin", "target") or role == "subject":
                role = own
        else:
            role = _role(words, first, last, triggers, text, toponym)
            chain = len(sites)
        sites.append(Site(toponym, first, last, role, chain))
    return sites


def _is_listed(words: Sequence[Word], end: int, start: int) -> bool:
    """Tell whether only commas, "and" and describing words part two place names."""
    between = [word.lower for word in words[end:start]]
    if not between or len(between) > 7:
        return False
    joined = between[0] in (",", "and", "or", "&", "/", "–") or between[:2] == ["as", "well"]
    rest = [w for w in between if w not in (",", "or", "&", "/", "–", "as", "well", "also")]
    return joined and all(
        w in vocabulary("describes a place") or w in vocabulary("at a place") or w in ("to", "from")
        for w in rest
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
    if text[toponym.end : toponym.end + 1] == "-" and after not in vocabulary("kind of place"):
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
    if _is_object(words, first, triggers):
        return "target"
    if follower and follower not in vocabulary("kind of place"):
        return "attribute"
    return "subject"


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
_OTHER = frozenset({"to", "from", "by", "with", "for", "about", "under", "as", "than"})


def _is_name_like(words: Sequence[Word], index: int) -> bool:
    """Let a walk pass over adjectives and names: "the Greek island", "its Idlib base"."""
    word = words[index].lower
    return word.isalpha() and not word.endswith(("ed", "ing")) and len(word) > 3


def _by_preposition(
    words: Sequence[Word], preposition: str, index: int, triggers: Sequence[Trigger]
) -> Role | None:
    before = words[index - 1].lower if index > 0 else ""
    if preposition in _TOWARDS:
        return "target"
    if preposition in vocabulary("at a place"):
        if any(w.lower in vocabulary("is saying") for w in words[max(0, index - 4) : index]):
            inner = any(index - 5 <= t.first < index for t in triggers if _is_kinetic(t))
            return "at" if inner else "speech"
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
        return "at" if moved else "origin"
    if preposition == "of":
        if any(t.last == index or t.last == index + 1 for t in triggers if t.is_noun):
            return "target"
        return "actor" if before in vocabulary("office of") else "weak"
    if preposition in ("by", "with", "than", "as"):
        return "actor"
    if preposition in ("for", "about", "under"):
        return "weak"
    return None


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
