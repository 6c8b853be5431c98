"""When an incident was: which of the text's dates is its own, and whether it is past context."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from geomap.incidents.clause import Clause
from geomap.incidents.dates import DateSpan
from geomap.incidents.scene import Scene, Signal
from geomap.incidents.site import clause_number
from geomap.incidents.structure import Sentence, Span, within
from geomap.incidents.trigger import Trigger
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word

_PAST_SECTIONS = re.compile(
    r"background|history|context|timeline|previous|earlier|chronology|see also|references|related",
    re.IGNORECASE,
)
_PAST_WORDS = re.compile(
    r"\b(?:previously|in the past(?!\s+(?:\w+\s+)?(?:hour|day|week))|formerly|years ago"
    r"|decades? ago|earlier this year|last year"
    r"|in recent (?:months|years)|over the (?:last|past) (?:\w+ )?(?:months|years))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Timing:
    """The day or days of an incident and how they are known.

    ``span`` is the date of the text it was taken from, None for the document's.
    """

    date: dt.date | None
    date_end: dt.date | None
    precision: str
    basis: str
    temporal: str
    span: DateSpan | None = None


def find_timing(
    trigger: Trigger, scene: Scene, dates: Sequence[DateSpan], issued: dt.date | None
) -> Timing:
    """Give an incident its date: of its clause, its sentence, its heading, its document.

    Within a sentence the date nearest to the trigger goes first, one in the
    trigger's own clause before all others.
    """
    words, clauses, sentence, text = scene.words, scene.clauses, scene.sentence, scene.text
    number = clause_number(clauses, trigger.first)
    clause = clauses[number]
    here = [
        d
        for d in within(dates, sentence.start, sentence.end)
        if not _dates_another(d, trigger, scene)
    ]
    own = words[clause.first].start, words[clause.last - 1].end
    inside = [d for d in here if own[0] <= d.start < own[1]]
    past = _is_past(trigger, words, clause, sentence, text)
    for spans in (inside, _reachable(here, clauses, words, number)):
        if spans:
            span = min(spans, key=lambda d: _distance(d, trigger))
            return _from_span(span, past, span.basis, issued)
    if sentence.day is not None:
        heading = within(dates, *sentence.day)
        if heading:
            return _from_span(heading[0], past, "heading", issued)
    if sentence.heading is not None:
        heading = within(dates, *sentence.heading)
        if len(heading) == 1 and _is_all_of(heading[0], sentence.heading, text):
            return _from_span(heading[0], past, "heading", issued)
    temporal = "background" if past else "current"
    if past:
        return Timing(None, None, "unknown", "document", temporal)
    return Timing(issued, issued, "day" if issued else "unknown", "document", temporal)


def _is_all_of(span: DateSpan, heading: Span, text: str) -> bool:
    """Tell a heading with a day, or that is nothing but a date, from one that tells of a year."""
    rest = text[heading.start : span.start] + text[span.end : heading.end]
    return span.precision == "day" or not rest.strip(" \t=#*:")


def _from_span(span: DateSpan, past: bool, basis: str, issued: dt.date | None) -> Timing:
    background = span.background or (past and span.precision != "day")
    background = background or span.precision == "year"
    until = span.until
    if issued is not None and span.ongoing:
        until = max(span.since, issued)
    return Timing(
        span.since,
        until,
        span.precision,
        basis,
        "background" if background else "current",
        span,
    )


def _reachable(
    spans: Sequence[DateSpan], clauses: Sequence[Clause], words: Sequence[Word], number: int
) -> list[DateSpan]:
    """Leave out dates of clauses that speak of another time than this one."""
    reachable = []
    for span in spans:
        other = next(
            (
                i
                for i, c in enumerate(clauses)
                if words[c.first].start <= span.start < words[c.last - 1].end
            ),
            number,
        )
        between = clauses[min(number, other) + 1 : max(number, other) + 1]
        if not any(c.opener in ("who", "whose", "if", ";") for c in between):
            reachable.append(span)
    return reachable


def _distance(span: DateSpan, trigger: Trigger) -> float:
    """Count characters between a date and a trigger; a date before it counts half more."""
    if span.start >= trigger.end:
        return span.start - trigger.end
    return 1.2 * (trigger.start - span.end)


def _is_past(
    trigger: Trigger, words: Sequence[Word], clause: Clause, sentence: Sentence, text: str
) -> bool:
    """Tell a past event told as context: past perfect, "previously", a Background section."""
    if _PAST_SECTIONS.match(sentence.section):
        return True
    before = [word.lower for word in words[max(clause.first, trigger.first - 3) : trigger.first]]
    after_had = before[before.index("had") + 1 :] if "had" in before else ["no"]
    is_perfect = set(after_had) <= vocabulary("within a past perfect") and not trigger.is_noun
    if is_perfect and not _is_reported(words, clause):
        return True
    start, end = words[clause.first].start, words[clause.last - 1].end
    return _PAST_WORDS.search(text, start, end) is not None


def _is_reported(words: Sequence[Word], clause: Clause) -> bool:
    """Tell reported speech, where "had" only shifts the tense: "said that they had shelled"."""
    opening = words[max(0, clause.first - 4) : clause.first + 6]
    return any(word.lower in vocabulary("says so") for word in opening)


def _dates_another(span: DateSpan, trigger: Trigger, scene: Scene) -> bool:
    """Tell a date that belongs to another noun: "sentenced for the 2016 attack".

    "Monday's attack killed nine" is no such case: the noun is the subject of the verb.
    """
    text = scene.text
    owns = text[span.end : span.end + 2] in ("'s", "’s")
    if not owns and not text[max(0, span.start - 5) : span.start].lower().endswith(("the ", "of ")):
        return False
    nouns = [
        signal
        for signal in scene.signals
        if signal.trigger.is_noun and span.end <= signal.trigger.start <= span.end + 20
    ]
    if nouns:
        return not any(s.trigger is trigger or _is_subject(s, trigger, scene) for s in nouns)
    following = _NEXT_WORD.match(text, span.end + 2 * owns)
    names_a_noun = following is not None and (
        following[1] not in vocabulary("ends a noun phrase") and following[1] not in _DAYTIMES
    )
    return names_a_noun and trigger.end <= span.start


def _is_subject(noun: Signal, trigger: Trigger, scene: Scene) -> bool:
    number = clause_number(scene.clauses, trigger.first)
    told = next((s for s in scene.signals if s.trigger is trigger), None)
    is_police_work = told is not None and told.reading.incident_type == "security"
    return noun.clause == number and noun.trigger.last <= trigger.first and not is_police_work


_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_DAYTIMES = ("morning", "afternoon", "evening", "night", "midnight", "dawn", "early", "late")
