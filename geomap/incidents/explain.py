"""Why each sentence of a bulletin gave the incidents it gave, or none: for a reader's eyes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geomap.incidents.context import Document
from geomap.incidents.extract import Account, join_accounts, read_accounts
from geomap.incidents.scene import Scene, Signal
from geomap.incidents.site import Site
from geomap.incidents.structure import within
from geomap.model import Bulletin, Incident, Toponym

_ROLES = {
    "at": "where it was",
    "target": "what it was done to",
    "left": "where people left",
    "origin": "where it came from",
    "attribute": "describes another word",
    "subject": "who acts or speaks",
    "actor": "who acts or speaks",
    "home": "where people are from",
    "speech": "where it was said",
    "weak": "perhaps where it was",
}


def explain(bulletin: Bulletin) -> list[str]:
    """Say sentence by sentence what was found, how it was meant, and what came of it.

    Returns
    -------
    list of str
        Lines to print. Sentences with neither a signal word nor a place are
        left out; numbers in brackets count all sentences.

    Examples
    --------
    >>> import datetime as dt
    >>> lines = explain(Bulletin("Rebels did not shell Kherson.", dt.date(2026, 5, 14)))
    >>> print("\\n".join(lines))
    [1] Rebels did not shell Kherson.
        word     shell: explosion/shelling, negated by "not"
        place    Kherson (UA): what it was done to
        dropped  shell: negated (not)
    """
    document, accounts = read_accounts(bulletin)
    joined = {incident.id: incident for incident in join_accounts(accounts)}
    numbers = {
        mention.incident.id: number
        for number, account in reversed(list(enumerate(accounts, start=1)))
        for mention in account.mentions
        if not mention.left_out
    }
    lines: list[str] = []
    for number, account in enumerate(accounts, start=1):
        told = list(_tell(document, account, joined, numbers))
        if told:
            start, end = account.sentence.start, account.sentence.end
            quoted = " ".join(document.view.text[start:end].split())
            lines += [f"[{number}] {quoted}", *told, ""]
    return lines[:-1]


def _tell(
    document: Document, account: Account, joined: dict[str, Incident], numbers: dict[str, int]
) -> Iterator[str]:
    """Tell of the words and places of a sentence, then of what came of them."""
    sentence, scene, findings, mentions = account
    if scene is None:
        for toponym in within(document.toponyms, sentence.start, sentence.end):
            yield _line("place", f"{_name(toponym)}, with no signal word")
        return
    for signal in scene.signals:
        yield _line("word", _describe(signal, scene))
    for site in scene.sites:
        yield _line("place", _part(site))
    for mention in mentions:
        incident = joined.get(mention.incident.id, mention.incident)
        what = f"{incident.incident_type}/{incident.subtype}"
        if mention.left_out:
            place = f" at {incident.place}" if incident.place else ""
            yield _line("dropped", f"{what}{place}: {mention.left_out}")
            continue
        yield _line("kept", f"{what} at {incident.place}, {_when(incident)}, {incident.modality}")
        yield _line("", f"confidence {incident.confidence:.2f}: {_because(incident.reasons)}")
        if incident.event_id and incident.event_id != incident.id:
            yield _line("merged", f"with the event of sentence {numbers.get(incident.event_id)}")
        if incident.lon is None:
            yield _line("no pin", "the place is not known, or not surely enough")
    for signal, why in findings.passed:
        yield _line("dropped", f"{_word(signal, scene)}: {why}")


def _describe(signal: Signal, scene: Scene) -> str:
    what = f"{signal.reading.incident_type}/{signal.reading.subtype}"
    cue = f' by "{signal.modality.cue}"' if signal.modality.cue else ""
    return f"{_word(signal, scene)}: {what}, {signal.modality.effect}{cue}"


def _word(signal: Signal, scene: Scene) -> str:
    return " ".join(scene.text[signal.trigger.start : signal.trigger.end].split())


def _part(site: Site) -> str:
    only = ", only says where the one before lies" if site.apposed else ""
    return f"{_name(site.toponym)}: {_ROLES[site.role]}{only}"


def _name(toponym: Toponym) -> str:
    if toponym.place is None:
        return f"{toponym.toponym} (not known)"
    return f"{toponym.toponym} ({toponym.country or toponym.kind})"


def _when(incident: Incident) -> str:
    if incident.date is None:
        return "on an unknown day"
    until = f" to {incident.date_end}" if incident.date_end not in (None, incident.date) else ""
    past = ", as background" if incident.temporal == "background" else ""
    return f"{incident.date}{until} ({incident.date_basis}{past})"


def _because(reasons: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(reasons))


def _line(head: str, rest: str) -> str:
    return f"    {head:8} {rest}"
