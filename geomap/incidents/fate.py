"""What happened to people, from ``maps/fates.csv``, and on which side of the word they stand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple, get_args

from geomap.content import content
from geomap.incidents.inflection import Form, verb_forms
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Phrases, Word

What = Literal["killed", "injured", "missing", "displaced", "arrested", "abducted", "casualties"]
Kind = Literal["done", "done to people", "suffered", "state", "counted", "of", "toll", "hidden"]

FATES = frozenset(get_args(What))


class Fate(NamedTuple):
    """A word for what happened to people, at word indices ``first`` to ``last``."""

    first: int
    last: int
    what: What
    kind: Kind
    form: Form

    @property
    def is_done(self) -> bool:
        """Whether somebody does it to somebody: people may stand before or after."""
        return self.kind in ("done", "done to people")


class _Entry(NamedTuple):
    what: What
    kind: Kind
    form: Form


def find_fates(words: Sequence[Word]) -> list[Fate]:
    """Find the words of a sentence that say what happened to people, in order.

    "Killed or wounded" is one word for casualties, which are neither.
    """
    found: list[Fate] = []
    for first, last, values in _fates().find(words):
        entry = next((value for value in values if value.form == "past"), values[0])
        if entry.kind == "hidden":
            continue
        fate = Fate(first, last, *entry)
        before = found[-1] if found else fate
        between = [word.lower for word in words[before.last : first]]
        if between in (["or"], ["and"]) and {before.what, fate.what} == {"killed", "injured"}:
            found[-1] = before._replace(last=last, what="casualties")
        else:
            found.append(fate)
    return found


def is_passive(words: Sequence[Word], index: int) -> bool:
    """Tell "were killed", "were later confirmed killed" from "killed" with an object."""
    while index > 0:
        index -= 1
        word = words[index].lower
        if word in vocabulary("makes a passive"):
            return True
        if word not in vocabulary("within a passive") and not word.endswith("ly"):
            return False
    return False


@cache
def _fates() -> Phrases[_Entry]:
    """Read the table; verbs bring all their forms."""
    entries: list[tuple[str, _Entry]] = []
    with content("maps/fates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            what, kind = row["what"], row["kind"]
            for phrase in row["words"].split("; "):
                is_verb = kind in ("done", "done to people", "suffered")
                forms = verb_forms(phrase) if is_verb else [(phrase, "noun")]
                entries += [(text, _Entry(what, kind, form)) for text, form in forms]  # type: ignore[arg-type]
    return Phrases(entries)
