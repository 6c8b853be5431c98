"""Signal words of incidents: found by ``maps/triggers.csv``, read by what stands round them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from geomap.content import content
from geomap.incidents.clause import Clause
from geomap.incidents.inflection import Form, noun_forms
from geomap.incidents.lexicon import Sense, found_senses
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Phrases, Word, find_words

NEAR = 4
"""How many words apart an act and its weapon still belong together without a verb."""


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """A signal word in a sentence: where it stands, in which form, what it may mean.

    ``first`` and ``last`` are word indices, half open; ``start`` and ``end``
    count characters.
    """

    start: int
    end: int
    first: int
    last: int
    form: Form
    senses: tuple[Sense, ...]
    passive: bool = False

    @property
    def is_noun(self) -> bool:
        """Whether the word names an incident rather than tells of it."""
        return self.form == "noun"


class Reading(NamedTuple):
    """What a trigger was taken to mean, how surely, and why."""

    incident_type: str
    subtype: str
    weight: float
    phrase: str
    reason: str


class Company:
    """The context words, weapons and places of a sentence, by the index of their word."""

    def __init__(
        self,
        words: Sequence[Word],
        extra: Mapping[str, Iterable[int]] | None = None,
        weapons_at: Iterable[int] = (),
    ) -> None:
        self.classes: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.weapons: list[tuple[int, int, str]] = []
        for first, last, names in _contexts().find(words):
            named = {name for group in names for name in group}
            if last - first > 1:  # an attack drone is a drone, a lorry driver a driver
                heads = {n for group in _contexts().at(words, last - 1)[1] for n in group}
                named |= heads if named & heads else heads & {"civilian"}
            for name in sorted(named):
                self.classes[name].append((first, last))
        for first, last, subtypes in _weapons().find(words):
            if subtypes[0] != "-":
                self.weapons.append((first, last, subtypes[0]))
                self.classes["weapon"].append((first, last))
        for name, indices in (extra or {}).items():
            self.classes[name] += [(index, index + 1) for index in indices]

    def nearest(self, need: str, clause: Clause, trigger: Trigger) -> int | None:
        """Give how many words off the nearest word of a needed class stands, or None.

        ``>civilian`` wants it as the object: after an active verb or a noun,
        before a passive verb. ``<civilian`` wants it on the other side,
        ``~projectile`` anywhere in the sentence.
        """
        side = need[0] if need[0] in "<>" else ""
        name = need.lstrip("<>~")
        whole = need[0] == "~"
        after = (side == ">") != trigger.passive
        distances = []
        for first, last in self.classes.get(name, ()):
            if trigger.first <= first < trigger.last:
                continue
            if not whole and not clause.head <= first < clause.last:
                continue
            if side and after != (first >= trigger.last):
                continue
            distance = first - trigger.last if first >= trigger.last else trigger.first - last
            if name != "place" or first < trigger.first or distance <= 2:
                distances.append(distance)
        return min(distances, default=None)

    def weapon(self, clause: Clause, trigger: Trigger) -> str | None:
        """Give the subtype of the weapon nearest to the trigger in its clause."""
        near = [
            (max(first - trigger.last, trigger.first - last), subtype)
            for first, last, subtype in self.weapons
            if clause.head <= first < clause.last and not trigger.first <= first < trigger.last
        ]
        reach = NEAR if trigger.is_noun else 100
        near = [(distance, subtype) for distance, subtype in near if distance <= reach]
        return min(near)[1] if near else None


def find_triggers(words: Sequence[Word], text: str) -> list[Trigger]:
    """Find signal words in a sentence of ``text``; phrases win over the words they hold.

    Phrases that the table lists without a type ("heart attack", "strike group")
    hide the signal word inside them.
    """
    triggers = []
    in_title_case = _in_title_case(words, text)
    for first, last, found in found_senses(words):
        if words[first].lower == "march" and text[words[first].start] == "M" and first:
            continue
        form = _choose_form({form for _, form in found}, words, first, last)
        senses = tuple(sense for sense, f in found if f == form and sense.incident_type)
        if not senses or _cannot_be(form, words, first) or _is_compound(form, words, last, text):
            continue
        if first and not in_title_case and _is_name(form, words, first, last, text):
            continue
        if form == "ing" and first and words[first - 1].lower in _DETERMINERS:
            form = "noun"
        if _is_adjective(words, first, last):
            form = "noun"
        start, end = words[first].start, words[last - 1].end
        passive = form in ("past", "participle") and is_passive(words, first, last)
        triggers.append(Trigger(start, end, first, last, form, senses, passive))
    return triggers


def _cannot_be(form: Form, words: Sequence[Word], first: int) -> bool:
    """Tell that no finite verb stands after an article or a singular noun.

    So "a bomb was defused" holds no bombing and "the river level" no levelling.
    """
    before = words[first - 1].lower if first else ""
    if form in ("base", "present") and before in _DETERMINERS:
        return True
    plural = before.endswith("s") or before in vocabulary("people") or not before.isalpha()
    return form == "base" and first > 0 and not plural and before not in vocabulary("before a verb")


def _is_compound(form: Form, words: Sequence[Word], last: int, text: str) -> bool:
    """Tell "drought-hit farms" and "an air assault division", which describe and do not tell."""
    if form == "noun" and last < len(words) and words[last].lower in vocabulary("kind of unit"):
        return True
    hyphen = text[words[last - 1].end : words[last - 1].end + 1] == "-"
    return hyphen and last < len(words) and words[last].lower in _DESCRIBING


def _is_adjective(words: Sequence[Word], first: int, last: int) -> bool:
    """Tell "400 wounded people", a noun with what describes it, from "gunmen wounded people"."""
    if not 0 < first < last < len(words) or words[first].lower not in _ATTRIBUTES:
        return False
    before, after = words[first - 1].lower, words[last].lower
    counted = before.replace(",", "").isdigit() or before in _DETERMINERS
    return counted and (after in vocabulary("people") or after in vocabulary("one person"))


def _is_name(form: Form, words: Sequence[Word], first: int, last: int, text: str) -> bool:
    """Tell "during Mass" and "a ship named Storm" from what is written small.

    No verb is written large inside a sentence, and no noun but in the name of a
    storm or after one ("Hurricane Ida", "the Jolo Bombing").
    """
    word = text[words[first].start : words[first].end]
    if not word[0].isupper() or word.isupper() or not words[first - 1].lower[0].isalpha():
        return False
    if form not in ("noun", "phrase"):
        return True
    beside = [words[first - 1], *words[last : last + 1]]
    return last == first + 1 and not any(text[w.start].isupper() for w in beside)


def _in_title_case(words: Sequence[Word], text: str) -> bool:
    """Tell a headline, where every word of weight is written large."""
    heavy = [word for word in words if len(word.lower) > 3 and word.lower.isalpha()]
    return sum(text[word.start].isupper() for word in heavy) > 0.6 * len(heavy)


def is_passive(words: Sequence[Word], first: int, last: int) -> bool:
    """Tell "were killed" and "three killed in" from "killed three".

    Without a form of "be" only verbs that need an object are taken for passive:
    "forces advanced in" is not.
    """
    before = [word.lower for word in words[max(0, first - 3) : first]]
    if any(word in _BE for word in before):
        return True
    after = words[last].lower if last < len(words) else "."
    if any(word in _HAVE for word in before) or words[first].lower not in vocabulary(
        "done to people"
    ):
        return False
    counts = after == "at" and last + 1 < len(words) and words[last + 1].lower in ("least", "most")
    return after in _PASSIVE_AFTER and not counts


def read_trigger(trigger: Trigger, clause: Clause, company: Company) -> Reading | None:
    """Decide what a trigger means from the words of its clause.

    The heaviest sense whose needed context is there wins. A weapon in the
    clause turns an act that may be done with any weapon into that weapon's
    subtype. None if no sense finds its context.
    """
    fitting = []
    for sense in trigger.senses:
        if any(company.nearest(a, clause, trigger) is not None for a in sense.avoids):
            continue
        near = {need: company.nearest(need, clause, trigger) for need in sense.needs}
        found = {need: distance for need, distance in near.items() if distance is not None}
        if sense.needs and not found:
            continue
        objects = [distance for need, distance in found.items() if need[0] in "<>"]
        closeness = 0.3 - 0.02 * min(objects) if objects else 0.0
        closeness = max(closeness, 0.3 if "…" in sense.phrase else 0.0)
        fitting.append((sense.weight + closeness, sense, sorted(found)))
    if not fitting:
        return None
    length = trigger.last - trigger.first  # the phrase goes before the verb in it
    whole = [fit for fit in fitting if len(fit[1].phrase.split()) >= length]
    _, sense, found_needs = max(whole or fitting, key=lambda fit: fit[0])
    reason = f"{sense.phrase!r} means {sense.incident_type}/{sense.subtype}"
    if found_needs:
        reason += f" beside {' '.join(need.lstrip('<>~') for need in found_needs)} words"
    weapon = company.weapon(clause, trigger) if sense.takes_weapon else None
    if weapon is not None:
        return Reading(
            "explosion",
            weapon,
            max(sense.weight, 0.85),
            sense.phrase,
            f"{sense.phrase!r} with a weapon word means explosion/{weapon}",
        )
    return Reading(sense.incident_type, sense.subtype, sense.weight, sense.phrase, reason)


_BEFORE_ING = frozenset(
    {"am", "and", "are", "been", "began", "begin", "begins", "by", "continue", "continued"}
    | {"continues", "is", "keep", "kept", "resume", "resumed", "start", "started", "was", "were"}
)
_DESCRIBING = frozenset(
    {"affected", "battered", "damaged", "devastated", "free", "hit", "like", "prone", "proof"}
    | {"ravaged", "related", "resistant", "scarred", "stricken", "struck", "torn", "weary"}
)
_ATTRIBUTES = frozenset({"abducted", "detained", "displaced", "injured", "kidnapped", "wounded"})
_BE = frozenset({"was", "were", "been", "being", "is", "are", "be", "get", "got"})
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "their", "its"})
_HAVE = frozenset({"has", "have", "had", "having"})
_PASSIVE_AFTER = frozenset(
    {"by", "in", "when", "during", "after", "at", "near", "on", ".", ",", ";", ":"}
)


def _choose_form(forms: set[Form], words: Sequence[Word], first: int, last: int) -> Form:
    """Tell noun from verb where a word can be both ("attacks", "protest")."""
    verbal = forms - {"noun"}
    if not verbal:
        return "noun"
    if "noun" not in forms:
        return _verb_form(verbal, words, first)
    form = _verb_form(verbal, words, first)
    if form in ("past", "participle"):
        return form
    before = words[first - 1] if first else None
    after = words[last].lower if last < len(words) else "."
    if before is not None and before.lower == "under":
        return "noun"
    if form == "present" and before is not None and before.lower == "to":
        return "noun"
    if before is not None and (before.lower in vocabulary("before a noun") or before.possessive):
        return "noun"
    if form == "ing":
        return "ing" if before is not None and before.lower in _BEFORE_ING else "noun"
    if before is not None and before.lower in vocabulary("before a verb"):
        return form
    return "noun" if after in vocabulary("after a noun") or form == "base" else form


def _verb_form(forms: set[Form], words: Sequence[Word], first: int) -> Form:
    """Tell "a rocket hit", the past, from "to hit", where the spelling does not."""
    form = min(forms)
    if form == "base" and "past" in forms:
        before = words[first - 1].lower if first else ""
        return "base" if before in vocabulary("before an infinitive") else "past"
    return form


@cache
def _contexts() -> Phrases[tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    with content("maps/contexts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split("; "):
                for form in noun_forms(word):
                    groups[form].append(row["context"])
    return Phrases((phrase, tuple(names)) for phrase, names in groups.items())


@cache
def _weapons() -> Phrases[str]:
    with content("maps/weapons.csv").open(encoding="utf-8", newline="") as file:
        return Phrases(
            (form, row["subtype"])
            for row in csv.DictReader(file)
            for form in noun_forms(row["weapon"])
        )


def find_company(text: str) -> Company:
    """Give the context words of a text; a convenience for tables and tests."""
    return Company(find_words(text))
