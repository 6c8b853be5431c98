"""Forms of English verbs and nouns, so that a table holds each word once."""

from __future__ import annotations

import csv
from functools import cache
from typing import Literal

from geomap.content import content

Form = Literal["base", "present", "past", "participle", "ing", "noun", "phrase"]

_VOWELS = "aeiou"
_PLURALS = {
    **{"life": "lives", "knife": "knives", "thief": "thieves", "child": "children"},
    **{"man": "men", "woman": "women", "person": "people"},
}


def verb_forms(phrase: str) -> list[tuple[str, Form]]:
    """Give the forms of a verb phrase whose first word is the verb.

    Past and participle are told apart only where the spelling does. Verbs that
    are not regular, or double a letter, stand in ``maps/verbs.csv``.

    Examples
    --------
    >>> verb_forms("open fire")[:3]
    [('open fire', 'base'), ('opens fire', 'present'), ('opened fire', 'past')]
    >>> [form for form, _ in verb_forms("shoot")]
    ['shoot', 'shoots', 'shot', 'shooting']
    """
    verb, _, rest = phrase.partition(" ")
    past, participle, ing = _irregular().get(verb, ((), (), ""))
    past = past or (_past(verb),)
    forms: list[tuple[str, Form]] = [(verb, "base"), (_with_s(verb), "present")]
    forms += [(form, "past") for form in past]
    forms += [(form, "participle") for form in participle if form not in past]
    forms.append((ing or _ing(verb), "ing"))
    return [(f"{form} {rest}".strip(), kind) for form, kind in forms]


def noun_forms(phrase: str) -> list[str]:
    """Give a noun phrase and its plural; the last word is the one that changes.

    Examples
    --------
    >>> noun_forms("car bomb"), noun_forms("casualty"), noun_forms("clash")
    (['car bomb', 'car bombs'], ['casualty', 'casualties'], ['clash', 'clashes'])
    """
    head, space, last = phrase.rpartition(" ")
    return [phrase, f"{head}{space}{_PLURALS.get(last) or _with_s(last)}"]


@cache
def irregular_pasts() -> frozenset[str]:
    """Give the past forms that no ending betrays: "said", "took"."""
    return frozenset(form for past, _, _ in _irregular().values() for form in past)


@cache
def _irregular() -> dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]:
    with content("maps/verbs.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["verb"]: (tuple(row["past"].split()), tuple(row["participle"].split()), row["ing"])
            for row in csv.DictReader(file)
        }


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("go", "do", "tornado", "volcano"):
        return f"{word}es"
    if word.endswith("y") and word[-2] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return f"{verb[:-1]}ied"
    return f"{verb}ed"


def _ing(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    return f"{verb}ing"
