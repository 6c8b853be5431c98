"""What in a text may be a place name: every capitalised name, known to the gazetteer or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geomap.places.gazetteer import Gazetteer, Named
from geomap.places.lexicon import BIT, Abbreviation, Lexicon
from geomap.places.tokens import Tokens

_TAIL = BIT["facility"] | BIT["street"] | BIT["kind"]
_TAIL_OR_ORG = _TAIL | BIT["organisation"]
_SMALL = BIT["particle"] | BIT["article"]
"""Words written small inside a name: "Deir ez-Zor"."""
_NO_START = BIT["function"] | BIT["first_person"] | BIT["month"]
NOTED = 50_000
"""Weight of a place that readers know by its name alone."""
LONGEST = 7
"""Words that a name without an entry may have."""


@dataclass(slots=True)
class Sighting:
    """A stretch of words that may name a place.

    Attributes
    ----------
    first, last
        Its words in `Tokens`, both included.
    named
        What the gazetteer knows by this name; None if nothing.
    base
        For a name that ends in a type word and is not known as a whole
        ("Aleppo Hospital"): what is known of the rest.
    tail
        Cue bits of the type word within the name.
    demonym
        Countries of a people's name, none for an armed group's; None if it is neither.
    abbreviation
        What a short form stands for.
    """

    first: int
    last: int
    named: Named | None = None
    base: Named | None = None
    tail: int = 0
    demonym: tuple[str, ...] | None = None
    abbreviation: Abbreviation | None = None

    def span(self, tokens: Tokens) -> tuple[int, int]:
        """Give start and end in the text; the full stop of a short form belongs to it."""
        end = tokens.end[self.last]
        dotted = self.abbreviation is not None and tokens.text[end : end + 1] == "."
        return tokens.start[self.first], end + dotted


def find_sightings(tokens: Tokens, gazetteer: Gazetteer, lexicon: Lexicon) -> list[Sighting]:
    """Walk the text once and give its names, the longest at each place, in order."""
    scan = _Scan(tokens, gazetteer, lexicon)
    return list(scan)


class _Scan:
    def __init__(self, tokens: Tokens, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.gazetteer = gazetteer
        self.lexicon = lexicon
        streets = BIT["street"] | BIT["street_lead"]
        self.leads = {w for w in gazetteer.cues_before if not lexicon.cues.get(w, 0) & streets}

    def __iter__(self) -> Iterator[Sighting]:
        tokens = self.tokens
        i = 0
        while i < len(tokens):
            found = self._at(i) if self._may_begin(i) else None
            if found is None:
                i += 1
                continue
            yield found
            i = found.last + 1

    def _may_begin(self, i: int) -> bool:
        if self.tokens.capital[i]:
            return True
        return (
            self.tokens.cue[i] & BIT["article"] > 0
            and i + 1 < len(self.tokens)
            and self.tokens.capital[i + 1]
            and self.tokens.gap[i + 1] in ("-", "‑", " ", "'", "’")
        )

    def _at(self, i: int) -> Sighting | None:
        tokens = self.tokens
        abbreviation = self._abbreviation(i)
        if abbreviation is not None:
            return abbreviation
        if tokens.cue[i] & BIT["calendar"] and self._longest(i)[1] <= i:
            return None
        named, last = self._longest(i)
        if named is None and not tokens.capital[i] and tokens.gap[i + 1] == " ":
            return None
        if named is not None and tokens.low[i] == "the" and not self._noted(named):
            return None
        demonym, end = self._demonym(i)
        if demonym is not None and end >= last:
            return Sighting(i, end, named if end == last else None, demonym=demonym)
        actor = self._actor(i)
        if actor >= max(last, i) and not self._is_ours(named):
            return Sighting(i, actor, demonym=())
        road = self._numbered_road(i)
        if road is not None:
            return road
        if last <= i and self._points_at_next(i):
            return None
        whole = self._typed_name(i, last, named)
        if whole is not None:
            return whole
        if named is not None:
            part = self._part_of_longer(i, last, named)
            if part is not None:
                return part
            tail = self.tokens.cue[last] & _TAIL if last > i else 0
            return Sighting(i, last, named, tail=tail)
        return self._unknown(i)

    def _abbreviation(self, i: int) -> Sighting | None:
        tokens = self.tokens
        for last in (i + 1, i):
            if last >= len(tokens):
                continue
            end = tokens.end[last]
            for stop in (end + 1, end):
                known = self.lexicon.abbreviations.get(tokens.text[tokens.start[i] : stop])
                if known and (not known.after_comma or tokens.gap[i].strip() == ","):
                    named = self.gazetteer.named(known.name.lower())
                    return Sighting(i, last, named, abbreviation=known)
        return None

    def _longest(self, i: int) -> tuple[Named | None, int]:
        tokens = self.tokens
        for named in reversed(self.gazetteer.prefixes(tokens.folded, tokens.at[i])):
            last = self._last_word(i, tokens.at[i] + len(named.name))
            if last is not None and self._reads_as_name(i, last):
                return named, last
        return None, i - 1

    def _last_word(self, i: int, end: int) -> int | None:
        """Give the word that a match ends with; None if it ends within one."""
        at, size = self.tokens.at, len(self.tokens)
        last = i
        while last + 1 < size and at[last + 1] < end:
            last += 1
        limit = at[last + 1] if last + 1 < size else len(self.tokens.folded)
        inside = self.tokens.folded[end:limit]
        return last if not any(c.isalnum() for c in inside) else None

    def _reads_as_name(self, i: int, last: int) -> bool:
        """Tell whether the words are written as a name: capitals but for particles and types."""
        tokens = self.tokens
        if last == i:
            return tokens.capital[i] and not tokens.cue[i] & BIT["function"]
        if not tokens.capital[last] and not (
            tokens.cue[last] & _TAIL or tokens.word[last][0].isdigit() or len(tokens.word[last]) < 3
        ):
            return False
        return all(
            tokens.capital[j] or tokens.cue[j] & (_SMALL | _TAIL) for j in range(i + 1, last)
        ) and not any(tokens.opens[j] and "\n" in tokens.gap[j] for j in range(i + 1, last + 1))

    def _demonym(self, i: int) -> tuple[tuple[str, ...] | None, int]:
        tokens, demonyms = self.tokens, self.lexicon.demonyms
        for size in (3, 2, 1):
            last = i + size - 1
            if last < len(tokens):
                name = " ".join(tokens.low[i : last + 1])
                if name in demonyms and all(g in (" ", "-") for g in tokens.gap[i + 1 : last + 1]):
                    return demonyms[name], last
        return None, i - 1

    def _actor(self, i: int) -> int:
        """Give the last word of an armed group's, force's or agency's name; -1 if none is here."""
        tokens = self.tokens
        for last in range(min(i + 3, len(tokens) - 1), i - 1, -1):
            if tokens.text[tokens.start[i] : tokens.end[last]] in self.lexicon.actors:
                return last
        return -1

    def _is_ours(self, named: Named | None) -> bool:
        """Tell whether a name means a place to readers: a curated row, or noted by this name."""
        if named is None:
            return False
        noted = bool(named.main[0]) and self._noted(named)
        return noted or bool(self.gazetteer.curated[named.places[0]])

    def _run(self, i: int) -> int:
        """Give the last word of the capitalised name that begins at a word."""
        tokens = self.tokens
        last = j = i
        while j + 1 < len(tokens) and j - i < LONGEST and tokens.gap[j + 1] in (" ", "-", ". "):
            j += 1
            if tokens.gap[j] == ". " and tokens.opens[j]:
                break
            if tokens.capital[j]:
                last = j
            elif not self._binds(j) or j - last > 2:
                break
        return last

    def _binds(self, j: int) -> bool:
        """Tell whether a small word binds the parts of a name: "de la", "of" in "Bay of X"."""
        tokens = self.tokens
        if tokens.low[j] in ("of", "the"):
            before = tokens.cue[j - 1] & _TAIL_OR_ORG
            return (bool(before) and tokens.capital[j - 1]) or tokens.low[j - 1] == "of"
        if tokens.gap[j] == " " and tokens.low[j] in ("on", "an", "am", "y", "and", "s"):
            return False
        hyphen = j + 1 < len(tokens) and tokens.gap[j + 1] in ("-", "‑")
        return bool(tokens.cue[j] & (_SMALL if hyphen else BIT["particle"]))

    def _typed_name(self, i: int, known: int, named: Named | None) -> Sighting | None:
        """Find a name that ends in a capitalised type word beyond what the gazetteer knows."""
        tokens = self.tokens
        end = None
        for j in range(max(known, i) + 1, self._run(i) + 1):
            if tokens.capital[j] and tokens.cue[j] & _TAIL and not tokens.cue[i] & _NO_START:
                end = j
                break
            if tokens.cue[j] & BIT["organisation"] or tokens.low[j] in ("of", "and"):
                break
        if end is None:
            return None
        while end + 1 <= self._run(i) and tokens.cue[end + 1] & _TAIL and tokens.capital[end + 1]:
            end += 1
        base = named if named is not None and self._is_tail(known + 1, end) else None
        return Sighting(i, end, None, base, tail=tokens.cue[end] & _TAIL)

    def _numbered_road(self, i: int) -> Sighting | None:
        """Find "Highway 61", "State Route 9", "County Road 43"."""
        tokens = self.tokens
        for last in range(i + 1, min(i + 3, len(tokens) - 1) + 1):
            if tokens.gap[last] not in (" ", "-"):
                return None
            if tokens.word[last][0].isdigit():
                lead = tokens.cue[last - 1] & (BIT["street_lead"] | BIT["street"])
                return Sighting(i, last, tail=BIT["street"]) if lead else None
            if not tokens.capital[last]:
                return None
        return None

    def _points_at_next(self, i: int) -> bool:
        """Tell whether a compass word stands before a known name, and is no part of it."""
        tokens = self.tokens
        follows = i + 1 < len(tokens) and tokens.gap[i + 1] in (" ", "-")
        if not (follows and tokens.cue[i] & BIT["direction"] and tokens.capital[i + 1]):
            return False
        return self._longest(i + 1)[0] is not None

    def _is_tail(self, first: int, last: int) -> bool:
        return all(self.tokens.cue[j] & _TAIL_OR_ORG for j in range(first, last + 1))

    def _unknown(self, i: int) -> Sighting | None:
        """Give a name that the gazetteer does not know, up to where it knows the next."""
        tokens = self.tokens
        if tokens.cue[i] & (_NO_START | BIT["title"]) or not tokens.word[i][0].isalpha():
            return None
        if len(tokens.word[i]) < 2:
            return None
        last = i
        if self._leads(i):
            return Sighting(i, max(self._longest(i + 1)[1], i + 1))
        ordinary = tokens.low[i] in self.lexicon.tiers or tokens.low[i] in self.lexicon.first_names
        for j in range(i + 1, min(self._run(i), i + 3) + 1):
            if tokens.capital[j]:
                if self._demonym(j)[0] is not None or self._cuts(j, ordinary):
                    break
                last = j
        return Sighting(i, last)

    def _leads(self, i: int) -> bool:
        """Tell whether a type word begins a name that nobody knows: "Lake Xyz", "Fort Xyz"."""
        tokens = self.tokens
        follows = i + 1 < len(tokens) and tokens.gap[i + 1] == " " and tokens.capital[i + 1]
        return follows and tokens.low[i] in self.leads

    def _part_of_longer(self, i: int, last: int, named: Named) -> Sighting | None:
        """Find the unknown name that begins with a small place's: "Jebel" in "Jebel Akhdar"."""
        if self._noted(named) or last > i:
            return None
        tokens = self.tokens
        if self._leads(i):
            return Sighting(i, max(self._longest(i + 1)[1], i + 1))
        end = min(self._run(i), i + 3)
        if end == last or tokens.cue[last + 1] & (BIT["organisation"] | BIT["title"]):
            return None
        for j in range(last + 1, end + 1):
            if tokens.low[j] == "and":
                return None
            if tokens.capital[j] and (self._demonym(j)[0] is not None or self._cuts(j, False)):
                return None
        return Sighting(i, end)

    def _cuts(self, j: int, ordinary: bool) -> bool:
        """Tell whether a name of its own begins within an unknown one.

        A small place does not: "Adan" in "Adan Yabaal" is part of the whole, unless
        what stands before is an ordinary word or a first name.
        """
        named, last = self._longest(j)
        if named is None:
            return False
        return ordinary or last > j or self._noted(named)

    def _noted(self, named: Named) -> bool:
        """Tell whether readers know a place by this name alone."""
        return float(self.gazetteer.weight[named.places[0]]) > NOTED
