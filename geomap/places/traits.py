"""What recognition looks at: the traits of each sighting, as one row of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geomap.places.gazetteer import Gazetteer
from geomap.places.lexicon import BIT, Lexicon
from geomap.places.sighting import Sighting
from geomap.places.tokens import Tokens

TRAITS = (
    # What the gazetteer knows
    *("known", "weight", "main", "bearers", "country", "unit", "settlement", "curated"),
    *("abbreviation", "based", "neighbours"),
    # The name itself
    *("words", "letters", "tier", "word", "first_name", "last_name", "demonym", "capitals"),
    *("tail_facility", "tail_street", "tail_kind", "digits", "cues", "calendar"),
    # Before it
    *("opens", "preposition", "weak_preposition", "by", "title", "name_before", "capital_before"),
    *("the", "direction", "kind_before", "organisation_of", "ship", "generic", "comma_before"),
    *("function_before", "open_bracket", "cap_and", "honorific"),
    # After it
    *("capital_after", "speech", "person_verb", "kind_after", "facility_after"),
    *("organisation_after", "street_after", "possessive", "comma_after", "hyphen_after"),
    *("closes", "digit_after", "container_after", "lower_after"),
    # The rest of the document
    *("small_twin", "placed_twin", "person_twin", "heading", "list_before", "list_after"),
    "label",
)
"""The columns, in order. docs/geoparsing.md says what each means."""


def find_traits(
    tokens: Tokens, sightings: list[Sighting], gazetteer: Gazetteer, lexicon: Lexicon
) -> NDArray[np.float32]:
    """Give a row of `TRAITS` for each sighting."""
    document = _Document(tokens, sightings, gazetteer, lexicon)
    rows = [document.row(k) for k in range(len(sightings))]
    return np.array(rows, np.float32).reshape(-1, len(TRAITS))


class _Document:
    """What is known of the whole text before its names are judged one by one."""

    def __init__(
        self, tokens: Tokens, sightings: list[Sighting], gazetteer: Gazetteer, lexicon: Lexicon
    ) -> None:
        self.tokens, self.sightings = tokens, sightings
        self.gazetteer, self.lexicon = gazetteer, lexicon
        self.country_kind = gazetteer.kinds.index("country")
        self.unit_kinds = {gazetteer.kinds.index(k) for k in ("province", "district")}
        self.settlement_kind = gazetteer.kinds.index("settlement")
        self.small = {w for w, c in zip(tokens.low, tokens.capital, strict=True) if not c}
        self.keys = [" ".join(tokens.low[s.first : s.last + 1]) for s in sightings]
        self.heading = _heading_words(tokens)
        self.persons = self._persons()
        self.placed = {
            key
            for key, s in zip(self.keys, sightings, strict=True)
            if s.first
            and tokens.cue[s.first - 1] & BIT["locative"]
            and not tokens.gap[s.first].strip()
        }
        self.top = [self._top(s) for s in sightings]
        self.countries = self._countries()
        self.by_first = {s.first: k for k, s in enumerate(sightings)}
        self.by_last = {s.last: k for k, s in enumerate(sightings)}

    def _top(self, sighting: Sighting) -> tuple[int, int, str]:
        """Give index, kind and country of the place that the news means most by the name."""
        if sighting.named is None:
            return -1, -1, ""
        index = int(sighting.named.places[0])
        return index, int(self.gazetteer.kind[index]), str(self.gazetteer.country[index])

    def _countries(self) -> set[str]:
        found = {code for s in self.sightings for code in s.demonym or ()}
        found |= {c for _, kind, c in self.top if kind == self.country_kind}
        return found

    def _persons(self) -> set[str]:
        """Give words that stand after a first name or a title somewhere in the text."""
        tokens, first_names = self.tokens, self.lexicon.first_names
        found = set()
        for i in range(1, len(tokens)):
            before = i - 1
            if not tokens.capital[i] or tokens.gap[i] not in (" ", ". "):
                continue
            if tokens.cue[i] & (BIT["organisation"] | BIT["facility"] | BIT["kind"]):
                continue
            if tokens.cue[before] & BIT["function"]:
                continue
            named = tokens.capital[before] and tokens.low[before] in first_names
            titled = tokens.cue[before] & BIT["title"] and tokens.gap[i] != ", "
            if (named and tokens.gap[i] == " ") or titled or tokens.low[before] in found:
                found.add(tokens.low[i])
        return found

    def row(self, k: int) -> list[float]:
        """Give the traits of one sighting in the order of `TRAITS`."""
        return [*self._known(k), *self._name(k), *self._before(k), *self._after(k), *self._rest(k)]

    def _known(self, k: int) -> list[float]:
        sighting, gazetteer = self.sightings[k], self.gazetteer
        index, kind, country = self.top[k]
        if sighting.named is None:
            based = sighting.base is not None
            return [0, 0, 0, 0, 0, 0, 0, 0, 0, based, 0]
        named = sighting.named
        return [
            1,
            math.log10(float(gazetteer.weight[index]) + 1),
            bool(named.main[0]),
            math.log(len(named.places) + 1),
            kind == self.country_kind,
            kind in self.unit_kinds,
            kind == self.settlement_kind,
            bool(gazetteer.curated[index]),
            sighting.abbreviation is not None,
            0,
            country in self.countries if country else 0,
        ]

    def _name(self, k: int) -> list[float]:
        sighting, tokens, lexicon = self.sightings[k], self.tokens, self.lexicon
        first, last = sighting.first, sighting.last
        words = tokens.low[first : last + 1]
        single = first == last
        tiers = [lexicon.tiers.get(w, 0) for w in words]
        cue = 0
        for i in range(first, last + 1):
            cue |= tokens.cue[i]
        whole = sighting.named is not None and not single
        rank = -1 if whole else lexicon.last_names.get(words[-1], -1)
        given = -1 if whole else lexicon.first_names.get(words[0], -1)
        return [
            min(len(words), 4),
            min(len(self.keys[k]), 20),
            (45 - tiers[0]) / 10 if single and tiers[0] else 0,
            sum(t > 0 for t in tiers) / len(tiers),
            0 if given < 0 else 2 if 0 < given <= 500 else 1,
            0 if rank < 0 else 2 if 0 < rank <= 1000 else 1,
            sighting.demonym is not None,
            all(tokens.word[i].isupper() for i in range(first, last + 1)),
            bool(sighting.tail & BIT["facility"]),
            bool(sighting.tail & BIT["street"]),
            bool(sighting.tail & BIT["kind"]),
            any(tokens.word[i][0].isdigit() for i in range(first, last + 1)),
            bool(cue & (BIT["organisation"] | BIT["generic"] | BIT["title"])),
            bool(cue & BIT["calendar"]),
        ]

    def _before(self, k: int) -> list[float]:
        tokens, i = self.tokens, self.sightings[k].first
        gap = tokens.gap[i]
        if i == 0 or tokens.opens[i]:
            return [1, *([0] * 14), "(" in gap, 0, 0]
        j = i - 1
        the = tokens.low[j] in ("the", "a", "an")
        if the and j > 0 and not tokens.opens[j] and tokens.gap[j] == " ":
            j -= 1
        tight = not gap.strip(" -'’\u2011")
        direction = bool(tokens.cue[j] & BIT["direction"]) and tight
        if direction and j > 0 and not tokens.opens[j]:
            j -= 1
            if tokens.low[j] in ("the", "a") and j > 0:
                j -= 1
        cue = tokens.cue[j] if tight else 0
        pair = self.lexicon.cues.get(f"{tokens.low[j - 1]} {tokens.low[j]}", 0) if j else 0
        capital = tokens.capital[j] and j == i - 1 and tight and not tokens.opens[i]
        return [
            0,
            bool(cue & BIT["preposition"]),
            bool(cue & BIT["weak_preposition"]),
            tokens.low[j] in ("by", "with", "against") and tight,
            bool(cue & BIT["title"]),
            capital and tokens.low[j] in self.lexicon.first_names,
            capital and j not in self.by_last and not cue & BIT["function"],
            the,
            direction,
            bool((pair & BIT["kind_of"] or cue & BIT["kind"]) and tight),
            self._heads_organisation(j, cue, pair) if tight else 0,
            bool(cue & BIT["ship"]),
            bool(cue & BIT["generic"]),
            "," in gap,
            bool(cue & BIT["function"]),
            "(" in gap,
            tokens.low[j] == "and" and j > 0 and tokens.capital[j - 1],
            bool(cue & BIT["honorific"]) and tokens.capital[j] and not the,
        ]

    def _heads_organisation(self, j: int, cue: int, pair: int) -> int:
        """Tell what stands before makes an organisation's name: 1 a seat of learning, 2 other.

        "the University of X" is a place too; "the Bank of X" never is. "The bank of
        the Euphrates" has a small letter.
        """
        tokens = self.tokens
        if pair & BIT["organisation_of"] and tokens.capital[j - 1]:
            return 1 if tokens.cue[j - 1] & BIT["facility"] else 2
        return 2 if cue & BIT["organisation_of"] and tokens.capital[j] else 0

    def _after(self, k: int) -> list[float]:
        tokens, i = self.tokens, self.sightings[k].last + 1
        if i >= len(tokens):
            return [*([0.0] * 10), 1, 0, 0, 0]
        gap, cue = tokens.gap[i], tokens.cue[i]
        possessive = tokens.low[i] == "s" and gap in ("'", "’")
        if possessive and i + 1 < len(tokens):
            i += 1
            gap, cue = tokens.gap[i], tokens.cue[i]
        tight = gap == " "
        pair = 0
        if tight and i + 1 < len(tokens) and tokens.gap[i + 1] == " ":
            pair = self.lexicon.cues.get(f"{tokens.low[i]} {tokens.low[i + 1]}", 0)
        either = (cue | pair) if tight else 0
        following = self.by_first.get(i)
        container = False
        if following is not None and gap.strip() == ",":
            container = self.top[following][1] == self.country_kind or (
                self.top[following][1] in self.unit_kinds
                or self.sightings[following].abbreviation is not None
            )
        return [
            tokens.capital[i] and tight and not possessive,
            bool(either & BIT["speech"]),
            bool(either & BIT["person_verb"]),
            bool(either & BIT["kind"]),
            bool(either & BIT["facility"]),
            bool(either & BIT["organisation"]),
            bool(either & BIT["street"]),
            possessive,
            gap.startswith(","),
            gap.startswith("-"),
            tokens.opens[i] or ")" in gap,
            tokens.word[i][0].isdigit() and tight,
            container,
            not tokens.capital[i] and tight,
        ]

    def _rest(self, k: int) -> list[float]:
        tokens, sighting = self.tokens, self.sightings[k]
        first, last = sighting.first, sighting.last
        key = self.keys[k]
        before = self._listed(first, -1)
        after = self._listed(last, 1)
        return [
            all(w in self.small for w in tokens.low[first : last + 1]),
            key in self.placed,
            (all if sighting.named else any)(
                w in self.persons for w in (tokens.low[first], tokens.low[last])
            ),
            first in self.heading,
            before,
            after,
            self._is_label(first, last),
        ]

    def _is_label(self, first: int, last: int) -> bool:
        """Tell whether a name, with its type word, stands alone: "Kherson region: two dead"."""
        tokens, i = self.tokens, last + 1
        if i < len(tokens) and tokens.cue[i] & BIT["kind"] and tokens.gap[i] == " ":
            i += 1
        return tokens.opens[first] and (i >= len(tokens) or tokens.opens[i])

    def _listed(self, at: int, step: int) -> float:
        """Tell whether the neighbour in a list ("A, B and C") is placed by a preposition."""
        tokens = self.tokens
        ends: Callable[[int], int | None] = (self.by_last if step < 0 else self.by_first).get
        gap = tokens.gap[at] if step < 0 else tokens.gap[at + 1] if at + 1 < len(tokens) else "."
        j = at + step
        if 0 <= j < len(tokens) and tokens.low[j] in ("and", "or") and not gap.strip(" ,"):
            j += step
        elif gap.strip() != ",":
            return 0
        other = ends(j) if 0 <= j < len(tokens) else None
        if other is None:
            return 0
        return 2 if self.keys[other] in self.placed else 1 if self.top[other][0] >= 0 else 0


def _heading_words(tokens: Tokens) -> set[int]:
    """Give the words of lines in which nearly every long word begins with a capital."""
    breaks = [i for i, gap in enumerate(tokens.gap) if "\n" in gap]
    found: set[int] = set()
    for start, end in pairwise([0, *breaks, len(tokens)]):
        long = [i for i in range(start, end) if len(tokens.word[i]) > 3]
        if len(long) > 2 and sum(tokens.capital[i] for i in long) > 0.8 * len(long):
            found.update(range(start, end))
    return found
