"""The table of signal words, ``maps/triggers.csv``, and where its phrases stand in a sentence."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from geomap.content import content
from geomap.incidents.inflection import Form, noun_forms, verb_forms
from geomap.incidents.words import Phrases, Word, find_words

GAP = 7
"""Most words between the parts of a phrase: "shot two traders and a driver dead"."""
_NO_GAP = frozenset({",", ";", ":", ".", "(", ")", "that", "who", "which", "when", "while", "but"})
_PREPOSITIONS = ("of", "to", "for", "into", "on")


class Sense(NamedTuple):
    """One row of ``maps/triggers.csv``: what a signal word means in which company."""

    phrase: str
    pos: str
    incident_type: str
    subtype: str
    weight: float
    needs: frozenset[str]
    avoids: frozenset[str]
    takes_weapon: bool
    example: str


def found_senses(words: Sequence[Word]) -> list[tuple[int, int, list[tuple[Sense, Form]]]]:
    """Find the senses of signal words, those of phrases with a gap among them.

    "Pushed the rebels out of" is "push … out of": the gap holds a few words and
    no mark.
    """
    found = [
        (f, last, _with_verb(words, f, last, senses)) for f, last, senses in _triggers().find(words)
    ]
    by_first = {first: number for number, (first, _, _) in enumerate(found)}
    for first, last, heads in _gapped().find(words):
        fitting = [(sense, form) for sense, form, tails in heads if _closes(words, last, tails)]
        if not fitting:
            continue
        number = by_first.get(first)
        if number is None:
            found.append((first, last, fitting))
        elif found[number][2][0][0].incident_type:
            found[number][2].extend(fitting)
    return sorted(found, key=lambda item: item[0])


def _with_verb(
    words: Sequence[Word], first: int, last: int, senses: Sequence[tuple[Sense, Form]]
) -> list[tuple[Sense, Form]]:
    """Let the bare verb stand in where a phrase needs company: "fell into" without hands."""
    forms = {form for _, form in senses}
    if last - first == 1 or not all(sense.needs for sense, _ in senses):
        return list(senses)
    bare = _triggers().at(words[: first + 1], first)[1]
    return [*senses, *((sense, form) for sense, form in bare if form in forms)]


def _closes(words: Sequence[Word], after: int, tails: Sequence[Sequence[tuple[str, ...]]]) -> bool:
    """Tell whether the parts of a phrase behind its gaps follow, each in one of its spellings."""
    for spellings in tails:
        for index in range(after, min(after + GAP + 1, len(words))):
            ends = (index + len(s) for s in spellings if _stands(words, index, s))
            if (end := max(ends, default=0)) > index:
                after = end
                break
            if words[index].lower in _NO_GAP:
                return False
        else:
            return False
    return True


def _stands(words: Sequence[Word], index: int, spelling: Sequence[str]) -> bool:
    return tuple(word.lower for word in words[index : index + len(spelling)]) == tuple(spelling)


@cache
def _gapped() -> Phrases[tuple[Sense, Form, tuple[tuple[tuple[str, ...], ...], ...]]]:
    entries = []
    for sense in senses():
        if "…" not in sense.phrase:
            continue
        head, *parts = sense.phrase.split(" … ")
        tails = tuple(
            tuple(tuple(word.lower for word in find_words(form)) for form in noun_forms(part))
            for part in parts
        )
        forms = (
            verb_forms(head) if sense.pos == "verb" else [(f, "noun") for f in noun_phrase(head)]
        )
        entries += [(form, (sense, kind, tails)) for form, kind in forms]
    return Phrases(entries)


@cache
def senses() -> tuple[Sense, ...]:
    """Read the rows of ``maps/triggers.csv``."""
    with content("maps/triggers.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Sense(
                row["phrase"],
                row["pos"],
                row["incident_type"],
                row["subtype"],
                float(row["weight"]),
                frozenset(n for n in row["needs"].split() if not n.startswith("!")),
                frozenset(n[1:] for n in row["needs"].split() if n.startswith("!")),
                row["weapon"] == "yes",
                row["example"],
            )
            for row in csv.DictReader(file)
        )


@cache
def _triggers() -> Phrases[tuple[Sense, Form]]:
    entries: list[tuple[str, tuple[Sense, Form]]] = []
    for sense in senses():
        if "…" in sense.phrase:
            continue
        if sense.pos == "verb":
            entries += [(form, (sense, kind)) for form, kind in verb_phrase(sense.phrase)]
        elif sense.pos == "noun":
            entries += [(form, (sense, "noun")) for form in noun_phrase(sense.phrase)]
        else:
            entries.append((sense.phrase, (sense, "phrase")))
    return Phrases(entries)


def verb_phrase(phrase: str) -> list[tuple[str, Form]]:
    """Give a verb phrase's forms, with the last word in both numbers: it may be a noun."""
    forms = verb_forms(phrase)
    if " " not in phrase:
        return forms
    return forms + [(noun_forms(form)[1], kind) for form, kind in forms]


def noun_phrase(phrase: str) -> list[str]:
    """Give a noun phrase in both numbers; in "exchange of fire" it is the noun that changes."""
    words = phrase.split()
    for index in range(1, len(words)):
        if words[index] in _PREPOSITIONS:
            head, rest = " ".join(words[:index]), " ".join(words[index:])
            return [f"{form} {rest}" for form in noun_forms(head)]
    return noun_forms(phrase)
