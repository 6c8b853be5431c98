"""Who did it, to whom, and who says so: by ``maps/actors.csv`` and by pattern."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from geomap.content import content
from geomap.incidents.clause import Clause
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Phrases, Word

_FORCES = {
    "forces": "1",
    "troops": "1",
    "soldiers": "1",
    "army": "1",
    "military": "1",
    "navy": "1",
    "warplanes": "1",
    "jets": "1",
    "police": "1",
    "authorities": "1",
    "aircraft": "1",
    "drones": "1",
    "warships": "1",
    "guards": "1",
    "rebels": "2",
    "fighters": "2",
    "militants": "2",
    "insurgents": "2",
    "separatists": "2",
    "militia": "3",
    "militias": "3",
    "militiamen": "3",
    "gunmen": "3",
    "mercenaries": "8",
    "personnel": "1",
    "commander": "1",
    "airstrike": "1",
    "airstrikes": "1",
    "strike": "1",
    "strikes": "1",
    "artillery": "1",
    "shelling": "1",
    "citizens": "7",
    "settlers": "4",
    "officials": "1",
    "government": "1",
}
_ACCORDING = re.compile(
    r"[Aa]ccording to ((?:the |a |an |its )?[^,.;:]{2,60}?)(?=[,.;:]| and | at |$)"
)
_SUBJECT_STOPS = frozenset(
    {",", ";", ":", ".", "—", "–", "(", ")", "that", "which", "and", "but", "while", "as"}
)


class Entry(NamedTuple):
    """One row of ``maps/actors.csv``; ``inter`` is ACLED's code for the kind of actor."""

    name: str
    country: str
    inter: str
    kind: str
    proper: str


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor named in a sentence, at word indices ``first`` to ``last``."""

    first: int
    last: int
    name: str
    country: str
    inter: str
    kind: str

    def record(self, role: str, words: Sequence[Word], text: str) -> dict[str, Any]:
        """Give the actor as the record keeps it."""
        start, end = words[self.first].start, words[self.last - 1].end
        return {
            "text": text[start:end],
            "name": self.name,
            "role": role,
            "country": self.country,
            "inter": self.inter,
            "start": start,
            "end": end,
        }


def find_actors(words: Sequence[Word], text: str) -> list[Actor]:
    """Find armies, groups, agencies and unnamed armed people in a sentence.

    A nationality with a word for forces ("Georgian troops", "Houthi drones")
    is an actor too.
    """
    actors: list[Actor] = []
    index = 0
    while index < len(words):
        last, entries = _lexicon().at(words, index)
        fitting = [e for e in entries if _same_case(text, words[index], words[last - 1], e.proper)]
        if fitting:
            entry = fitting[0]
            actors.append(Actor(index, last, entry.name, entry.country, entry.inter, entry.kind))
            index = last
            continue
        last, countries = _demonyms().at(words, index)
        force = words[last].lower if countries and last < len(words) else ""
        if force in _FORCES and text[words[index].start].isupper():
            name = text[words[index].start : words[last].end]
            actors.append(Actor(index, last + 1, name, countries[0], _FORCES[force], "pattern"))
            last += 1
        index = max(last, index + 1)
    return actors


def roles(actors: Sequence[Actor], trigger: Trigger, clause: Clause) -> list[tuple[Actor, str]]:
    """Say who acted and who was acted on, as seen from one trigger.

    The one who acts stands before an active verb or after "by"; with a noun
    ("a Houthi attack on a tanker") the describing actor acts, and the one after
    it is the target.
    """
    here = [a for a in actors if clause.head <= a.first < clause.last]
    before = [a for a in here if a.last <= trigger.first]
    after = [a for a in here if a.first >= trigger.last]
    doers, targets = (after, before) if trigger.passive else (before, after)
    found = []
    if doers:
        doer = min(doers, key=lambda a: abs(a.first - trigger.first))
        if not trigger.passive and not trigger.is_noun:
            doer = doers[0] if doers[-1].last != trigger.first else doers[-1]
        found.append((doer, "actor1"))
    if targets:
        target = min(targets, key=lambda a: abs(a.first - trigger.first))
        found.append((target, "actor2"))
    return found


def find_source(words: Sequence[Word], text: str, start: int, end: int) -> str | None:
    """Find who says so: "the army said", "according to residents"."""
    found = _ACCORDING.search(text, start, end)
    if found is not None:
        return found.group(1).strip()
    for index, word in enumerate(words):
        if word.lower not in vocabulary("says so") or word.lower == "according":
            continue
        first = index
        while first > 0 and words[first - 1].lower not in _SUBJECT_STOPS and index - first < 8:
            first -= 1
        if first < index:
            subject = text[words[first].start : words[index - 1].end]
            return re.sub(r"\s+(?:also|later|subsequently|had|has|have|previously)$", "", subject)
        if index + 1 < len(words) and words[index - 1].lower in (",", '"', "”"):
            last = min(index + 5, len(words))
            return text[words[index + 1].start : words[last - 1].end].split(",")[0].rstrip(". ")
    return None


def _same_case(text: str, first: Word, last: Word, proper: str) -> bool:
    """Tell "IS" from "is" and "Rada" from "rada": names keep their capitals."""
    found = text[first.start : last.end]
    if proper.islower():
        return True
    if proper.isupper():
        return found.isupper()
    return found[0].isupper() or proper[0].islower()


@cache
def _lexicon() -> Phrases[Entry]:
    entries: list[tuple[str, Entry]] = []
    with content("maps/actors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [row["name"], *filter(None, row["aliases"].split("; "))]
            if row["kind"] == "generic":
                names = names[1:]
            entries += [
                (name, Entry(row["name"], row["country"], row["inter"], row["kind"], name))
                for name in names
            ]
    return Phrases(entries)


@cache
def _demonyms() -> Phrases[str]:
    with content("gazetteer/context/demonyms.csv").open(encoding="utf-8", newline="") as file:
        return Phrases((row["word"], row["country"]) for row in csv.DictReader(file))
