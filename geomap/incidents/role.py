"""The part a place name plays in its sentence, by the words round it: target, origin, actor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from geomap.incidents.inflection import irregular_pasts
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word
from geomap.model import Toponym

Role = Literal[
    "at", "target", "left", "origin", "attribute", "subject", "actor", "home", "speech", "weak"
]

USABLE: dict[str, float] = {"target": 1.0, "at": 1.0, "left": 1.0, "weak": 0.7, "attribute": 0.75}
"""Roles that can be the place of an incident, and how much each is worth."""


_TOWARDS = frozenset({"into", "onto", "toward", "towards", "against", "upon"})
_HALTS = frozenset(
    {"that", "which", "who", "when", "while", "after", "before", "if", "and", "but", "said", "says"}
)
_OTHER = frozenset(
    {"including", "namely", "to", "from", "by", "with", "for", "about", "under", "as", "than"}
)


_ROADS = frozenset({"highway", "line", "motorway", "railway", "road", "route", "track"})
_PASSIVE_SENSE = frozenset({"come under … fire", "come under attack", "fall to"})
_SUFFERS = frozenset(
    {"target", "scene", "site", "focus", "saw", "suffered", "witnessed", "experienced", "endured"}
    | {"faced", "hit", "struck", "rocked", "shaken", "under"}
)


def role_of(
    words: Sequence[Word],
    first: int,
    last: int,
    triggers: Sequence[Trigger],
    text: str,
    toponym: Toponym,
) -> Role:
    """Say what part a place name plays, at word indices ``first`` to ``last``.

    The preposition that governs it goes first, then what it is an attribute of,
    then whether a verb acts on it.
    """
    after = words[last].lower if last < len(words) else ""
    if text[toponym.end : toponym.end + 1] == "-" and after in vocabulary("after a hyphen"):
        return "actor"
    preposition, index = preposition_of(words, first)
    role = _by_preposition(words, preposition, index, triggers)
    if role in ("actor", "home", "origin", "speech"):
        return role
    follower = _head_after(words, last, text)
    if words[last - 1].possessive or text[toponym.end : toponym.end + 2] in ("'s", "’s"):
        if _owns_body(words, last):
            return "actor"
        acted_on = _is_object(words, first, triggers) or _undergoes(words, last, triggers)
        return role or ("target" if acted_on else "actor")
    if follower in vocabulary("kind of body") and not (role == "at" and index == first - 1):
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


def _owns_body(words: Sequence[Word], last: int) -> bool:
    """Tell "Iran's supreme leader" from "Kani's riverside wards": people act, places suffer."""
    for word in words[last : last + 3]:
        if word.lower in vocabulary("kind of body") or word.lower in vocabulary("people"):
            return True
        if not word.lower.isalpha() or word.lower in vocabulary("is no noun"):
            return False
    return False


def preposition_of(words: Sequence[Word], first: int) -> tuple[str, int]:
    """Walk left over "the west coast city of" to the preposition that governs a name."""
    for index in range(first - 1, max(-1, first - 10), -1):
        word = words[index].lower
        if word == "of":
            head = words[index - 1].lower if index else ""
            if head not in vocabulary("describes a place") or head in ("the", "a"):
                return "of", index
        elif word in _OTHER or word in vocabulary("at a place") or word in _TOWARDS:
            return word, index
        elif word == "," and _in_apposition(words, index):
            continue
        elif word not in vocabulary("describes a place"):
            is_far = first - index > 6
            if is_far or word in _HALTS or not _is_name_like(words, index):
                break
    return "", first - 1


def _in_apposition(words: Sequence[Word], comma: int) -> bool:
    """Tell "in the Libyan capital, Tripoli" from the end of a phrase."""
    return comma > 1 and words[comma - 1].lower in vocabulary("kind of place")


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
        if before in _ROADS:
            return "weak"
        if before in vocabulary("comes from") and not any(t.last == index for t in triggers):
            return "home"
        moved = any(t.last <= index and index - t.last <= 8 for t in triggers if _leaves(t))
        return "left" if moved else "origin"
    if preposition == "of":
        if any(t.last == index or t.last == index + 1 for t in triggers if t.is_noun):
            return "target"
        if before in vocabulary("office of"):
            return "actor"
        return "target" if _heads_object(words, index, triggers) else "weak"
    if preposition == "as" and before in ("far", "away"):
        return "at"
    if preposition in ("by", "with", "than", "as"):
        return "actor"
    if preposition in ("for", "about", "under"):
        return "weak"
    return None


def _heads_object(words: Sequence[Word], of: int, triggers: Sequence[Trigger]) -> bool:
    """Tell "bombed the water station of X", where what the verb acts on lies in X."""
    for index in range(of - 1, max(-1, of - 6), -1):
        if any(t.last == index + 1 and not t.is_noun and not t.passive for t in triggers):
            return words[of - 1].lower in vocabulary("kind of place")
        word = words[index].lower
        if not word.isalpha() or word in vocabulary("at a place") or word in _OTHER:
            return False
    return False


_PASSIVE = frozenset({"is", "are", "was", "were", "be", "been", "being"})


def _is_speech(words: Sequence[Word], index: int, triggers: Sequence[Trigger]) -> bool:
    """Tell where somebody spoke from where something happened: "told reporters in Doha"."""
    for back in range(index - 1, max(-1, index - 11), -1):
        word = words[back].lower
        if word in (",", "that") or any(t.first == back for t in triggers if is_kinetic(t)):
            return False
        if word in vocabulary("is saying"):
            # "clashes were reported in Omdurman" is where they were.
            return back == 0 or words[back - 1].lower not in _PASSIVE
    return False


def is_kinetic(trigger: Trigger) -> bool:
    """Tell a deed from a word: statements and diplomacy are words."""
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
    """Tell whether a name is what an active verb acts on: "shelled Kadugli".

    In "Kyiv said Russia shelled" it is the subject of what is said.
    """
    index = first
    while index > 0 and words[index - 1].lower in vocabulary("describes a place") - {"and"}:
        index -= 1
    return any(
        t.last == index
        and not t.is_noun
        and not t.passive
        and words[t.first].lower not in vocabulary("says so")
        for t in triggers
    )


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
