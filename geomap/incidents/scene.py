"""One sentence taken apart: its words, clauses, signal words, places, people and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geomap.incidents.actor import Actor, find_actors
from geomap.incidents.clause import Clause, find_clauses, quoted
from geomap.incidents.fate import FATES
from geomap.incidents.modality import Modality, find_cues, judge
from geomap.incidents.number import find_numbers
from geomap.incidents.quantity import Quantity, find_quantities
from geomap.incidents.site import Site, clause_number, find_sites
from geomap.incidents.structure import Sentence
from geomap.incidents.trigger import Company, Reading, Trigger, find_triggers, read_trigger
from geomap.incidents.words import Word, find_words
from geomap.model import Toponym

STATEMENTS = frozenset({"statement", "diplomacy"})
_CAUSES = frozenset({"when", "after", "as", "because", "while"})
_FINITE = ("past", "present", "participle", "ing")


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A trigger with what it was taken to mean and how it is meant.

    ``follows_cause`` says that its clause tells why or when: "when a wall fell".
    """

    trigger: Trigger
    reading: Reading
    modality: Modality
    clause: int
    follows_cause: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether it belongs to the layers of statements and diplomacy."""
        return self.reading.incident_type in STATEMENTS


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything found in one sentence, by index of its words."""

    sentence: Sentence
    text: str
    words: Sequence[Word]
    clauses: Sequence[Clause]
    signals: Sequence[Signal]
    sites: Sequence[Site]
    actors: Sequence[Actor]
    quantities: Sequence[Quantity]


def read_scene(sentence: Sentence, text: str, toponyms: Sequence[Toponym]) -> Scene | None:
    """Take a sentence apart; None if it holds no signal word.

    Parameters
    ----------
    toponyms
        The place names of the sentence, in order. Those of its label are left
        out: a label says what a paragraph is about.
    """
    start = sentence.start
    if sentence.label is not None and sentence.start <= sentence.label.start < sentence.end:
        start = sentence.label.end
    end = sentence.end
    told = sentence.row.told if sentence.row is not None else None
    if told is not None:
        start, end = told
    prose = find_words(text, start, end)
    words, counted = _with_counts(sentence, text, prose)
    triggers = find_triggers(words, text)
    if not triggers:
        return None
    actors = [a for a in find_actors(words, text) if not _within(a, toponyms, words)]
    inside = [
        t for t in toponyms if start <= t.start and t.end <= end and not _names(actors, t, words)
    ]
    sites = find_sites(words, inside, triggers, text)
    clauses = find_clauses(words, {t.first for t in triggers if t.form in _FINITE})
    company = Company(words, _classes(sites, actors))
    cues = find_cues(words, text)
    speech = quoted(words)
    covered = {index for site in sites for index in range(site.first, site.last)}
    signals = []
    for trigger in triggers:
        if trigger.first in covered:
            continue
        number = clause_number(clauses, trigger.first)
        reading = read_trigger(trigger, clauses[number], company)
        if reading is not None:
            modality = judge(trigger, words, clauses, cues, speech)
            cause = clauses[number].opener in _CAUSES
            signals.append(Signal(trigger, reading, modality, number, cause))
    acts = [(t.first, t.last) for t in triggers if t.is_noun]
    weapons = [(first, last) for first, last, _ in company.weapons]
    quantities = [*find_quantities(prose, text, acts, weapons), *counted]
    return Scene(sentence, text, words, clauses, signals, sites, actors, quantities)


def _with_counts(
    sentence: Sentence, text: str, prose: Sequence[Word]
) -> tuple[list[Word], list[Quantity]]:
    """Add the words of a row's cells that count people, and what they count."""
    words, counted = list(prose), []
    for role, span in sentence.row.columns if sentence.row is not None else ():
        cell = find_words(text, *span)
        numbers = find_numbers(cell, text) if role in FATES else []
        if numbers:
            first, last = (len(words) + index for index in numbers[0][:2])
            number = numbers[0]._replace(first=first, last=last)
            counted.append(Quantity(role, number, "people", first, last))
            words += cell
    return words, counted


def _within(actor: Actor, toponyms: Sequence[Toponym], words: Sequence[Word]) -> bool:
    """Tell whether an actor's name is only part of a place name: "Azov" in "Sea of Azov"."""
    start, end = words[actor.first].start, words[actor.last - 1].end
    return any(
        t.start <= start and end <= t.end and t.end - t.start > end - start for t in toponyms
    )


def _names(actors: Sequence[Actor], toponym: Toponym, words: Sequence[Word]) -> bool:
    """Tell whether a place name is only part of an actor's name: "Al" in "Al-Qaeda"."""
    return any(
        words[a.first].start <= toponym.start and toponym.end <= words[a.last - 1].end
        for a in actors
        if a.kind != "pattern"
    )


def _classes(sites: Sequence[Site], actors: Sequence[Actor]) -> dict[str, list[int]]:
    """Let places and known actors count as context words of their kind."""
    armed = ("army", "rebel", "militia", "gang", "mercenaries", "coalition", "peacekeepers")
    return {
        "place": [site.first for site in sites],
        "troops": [a.first for a in actors if a.kind in armed],
        "police": [a.first for a in actors if a.kind == "police"],
    }
