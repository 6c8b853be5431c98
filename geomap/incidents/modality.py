"""Whether an incident is said to have happened: asserted, claimed, denied, threatened, planned.

The cues stand in ``maps/cues.csv``. They are read clause by clause: "Israel
warned of more strikes after a rocket killed two in Sderot" threatens in the
first clause and tells of deaths in the second.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from geomap.content import content
from geomap.incidents.clause import Clause
from geomap.incidents.inflection import verb_forms
from geomap.incidents.lexicon import noun_phrase
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Phrases, Word

REACH_NEAR = 4
"""Words between a near cue ("possible", "no") and the signal word it colours."""
REACH_AFTER = 15
REACH_BACK = 8
"""How near the end of a clause a cue must stand to govern "that ..." after it."""

_ORDER = (
    *("negated", "denied", "ceased", "threatened", "planned", "hypothetical"),
    *("purpose", "reacted", "standing", "claimed", "asserted"),
)
_CONDITIONS = frozenset({"if", "unless", "whether"})
_MODALS = frozenset({"can", "could", "may", "might", "shall", "should", "will", "would"})
_COORDINATORS = frozenset({"and", "but", "or", "yet"})
_BEFORE_MONTH = frozenset(
    {"by", "early", "in", "last", "late", "of", "on", "since", "this", "until"}
)
_PUTS = frozenset({"place", "placed", "places", "placing", "put", "puts", "putting"})
_RELATIVE = ("who", "whose", "which")
_FINITE = ("past", "present", "participle")


class Rule(NamedTuple):
    """One row of ``maps/cues.csv``."""

    phrase: str
    pos: str
    effect: str
    reach: str
    example: str


class Cue(NamedTuple):
    """A cue found among the words of a sentence, half open."""

    first: int
    last: int
    effect: str
    reach: str


class Modality(NamedTuple):
    """How a trigger is meant, and the cue that says so ("" for plain assertion)."""

    effect: str
    cue: str = ""

    @property
    def holds(self) -> bool:
        """Whether the text says that it happened, in its own or in somebody's words."""
        return self.effect in ("asserted", "claimed")


def find_cues(words: Sequence[Word], text: str) -> list[Cue]:
    """Find the cues among the words of a sentence of ``text``."""
    cues = []
    for first, last, rules in _cues().find(words):
        if _is_month(words, first, text) or _is_number_sign(words, first):
            continue
        cues += [Cue(first, last, rule.effect, rule.reach) for rule in set(rules)]
    return cues


def judge(
    trigger: Trigger,
    words: Sequence[Word],
    clauses: Sequence[Clause],
    cues: Sequence[Cue],
    speech: frozenset[int] | set[int] = frozenset(),
) -> Modality:
    """Judge how a trigger is meant by the cues that reach it.

    Parameters
    ----------
    speech
        Indices of words inside a long quotation; what is said there is
        somebody's speech and ``quoted``.
    """
    if trigger.first in speech:
        return Modality("quoted", "quotation")
    number = next(i for i, c in enumerate(clauses) if c.first <= trigger.first < c.last)
    clause = clauses[number]
    reached = {
        cue.effect: " ".join(word.lower for word in words[cue.first : cue.last])
        for cue in reversed(cues)
        if _reaches(cue, trigger, clause) and not _describes(cue, trigger, words)
    }
    if clause.opener in _CONDITIONS:
        reached["hypothetical"] = clause.opener
    governed = clause.opener == "that" or (
        clause.opener in _COORDINATORS and trigger.form in ("base", "ing")
    )
    if governed and number:
        for cue in cues:
            if _governs(cue, clauses[number - 1], clause.opener):
                reached.setdefault(cue.effect, words[cue.first].lower)
    if clause.opener in _RELATIVE and number:  # "the funeral of a man who died"
        reached |= {
            cue.effect: words[cue.first].lower
            for cue in cues
            if cue.effect == "standing" and _governs(cue, clauses[number - 1], clause.opener)
        }
    if _is_infinitive(trigger, words) and not {"asserted", "claimed"} & reached.keys():
        reached.setdefault("purpose", "to")
    if trigger.form == "base" and _opens(trigger, words, clause):
        reached.setdefault("purpose", "bare verb")
    if not trigger.is_noun:
        reached.pop("reacted", None)
    if reached.get("negated") == "without" and trigger.form in _FINITE:
        del reached["negated"]
    is_put = any(word.lower in _PUTS for word in words[clause.first : trigger.first])
    if reached.get("standing", "").startswith("under") and (is_put or not _lasts(trigger)):
        del reached["standing"]
    is_now = trigger.first and words[trigger.first - 1].lower in ("is", "are")
    if trigger.passive and is_now and not _is_status(trigger):
        reached["standing"] = words[trigger.first - 1].lower
    if trigger.last < len(words) and words[trigger.last].lower == "no":
        reached["negated"] = "no"
    if trigger.is_noun and (modal := _modal_after(trigger, words, clause)):
        reached["planned" if modal in ("will", "shall") else "hypothetical"] = modal
    effect = next((e for e in _ORDER if e in reached), "asserted")
    return Modality(effect, reached.get(effect, ""))


def _reaches(cue: Cue, trigger: Trigger, clause: Clause) -> bool:
    if not clause.first <= cue.first < clause.last:
        return False
    if cue.reach == "whole":
        return True
    if cue.reach == "after":
        return 0 <= cue.first - trigger.last <= REACH_AFTER
    gap = trigger.first - cue.last
    return 0 <= gap <= REACH_NEAR if cue.reach == "near" else gap >= 0


def _describes(cue: Cue, trigger: Trigger, words: Sequence[Word]) -> bool:
    """Tell "teachers demanding pay marched": the cue describes who did it."""
    ing = words[cue.first].lower.endswith("ing") and cue.reach == "clause"
    return ing and trigger.form == "past" and not trigger.passive and trigger.first > cue.last


def _governs(cue: Cue, before: Clause, opener: str) -> bool:
    if cue.reach != "clause" or not before.first <= cue.first < before.last:
        return False
    return opener != "that" or before.last - cue.last <= REACH_BACK


def _is_infinitive(trigger: Trigger, words: Sequence[Word]) -> bool:
    before = [word.lower for word in words[max(0, trigger.first - 2) : trigger.first]]
    return trigger.form == "base" and "to" in before


def _opens(trigger: Trigger, words: Sequence[Word], clause: Clause) -> bool:
    """Tell "Objective: capture the town", where nobody does it, from "Rebels capture"."""
    return not any(word.lower.isalpha() for word in words[clause.first : trigger.first])


def _is_status(trigger: Trigger) -> bool:
    """Tell what a bulletin reports in the present: "the road is closed", "homes are flooded"."""
    return any(
        sense.incident_type == "hazard" or sense.subtype in ("restriction", "infrastructure")
        for sense in trigger.senses
    )


def _lasts(trigger: Trigger) -> bool:
    """Tell what a place can lie under for long, a siege or a curfew, from an avalanche."""
    return any(sense.subtype in ("restriction", "ground_assault") for sense in trigger.senses)


def _modal_after(trigger: Trigger, words: Sequence[Word], clause: Clause) -> str:
    """Give the modal verb of "an attack on Goma could begin"; "could be heard" tells what was.

    A noun is its subject when it begins the clause and only its attributes
    ("on Goma") part the two.
    """
    begins = trigger.first - clause.first <= 3
    reach = trigger.last + (8 if begins else 1)
    for index in range(trigger.last, min(reach, clause.last)):
        word = words[index].lower
        if word in _MODALS and words[index - 1].lower not in _BEFORE_MONTH:
            after = [word.lower for word in words[index + 1 : index + 3]]
            return "" if after in (["be", "heard"], ["be", "seen"], ["be", "felt"]) else word
        if word in (",", ";") or word in vocabulary("makes a passive"):
            return ""
    return ""


def _is_month(words: Sequence[Word], index: int, text: str) -> bool:
    """Tell May the month from "may": the month is written large inside a sentence."""
    if words[index].lower != "may" or text[words[index].start] != "M":
        return False
    return index > 0 or (len(words) > 1 and words[1].lower[0].isdigit())


def _is_number_sign(words: Sequence[Word], index: int) -> bool:
    """Tell "No. 19" and "not only" from a negation."""
    after = words[index + 1].lower if index + 1 < len(words) else ""
    return (words[index].lower == "no" and after == ".") or (
        words[index].lower == "not" and after == "only"
    )


@cache
def rules() -> tuple[Rule, ...]:
    """Read the rows of ``maps/cues.csv``."""
    with content("maps/cues.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Rule(**row) for row in csv.DictReader(file))


@cache
def _cues() -> Phrases[Rule]:
    entries: list[tuple[str, Rule]] = []
    for rule in rules():
        if rule.pos == "verb":
            entries += [(form, rule) for form, _ in verb_forms(rule.phrase)]
        elif rule.pos == "noun":
            entries += [(form, rule) for form in noun_phrase(rule.phrase)]
        else:
            entries.append((rule.phrase, rule))
    return Phrases(entries)
