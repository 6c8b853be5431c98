"""Denials that reach back: "The ministry said that no one was hit" contests the claim above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from geomap.incidents.finding import Findings
from geomap.incidents.inflection import verb_forms
from geomap.incidents.scene import Scene
from geomap.incidents.story import Mention
from geomap.incidents.structure import Sentence
from geomap.incidents.vocabulary import vocabulary

_DENIES = frozenset(form for verb in ("deny", "refute") for form, _ in verb_forms(verb))
_DISMISSES = frozenset(form for verb in ("dismiss", "reject") for form, _ in verb_forms(verb))
_REPORTS = frozenset({"account", "accusation", "allegation", "claim", "report", "reports"})
_NEGATIVE = frozenset({"denied", "negated"})

Told = tuple[Sentence, Scene | None, Findings, list[Mention]]


def contest(accounts: Sequence[Told]) -> list[list[Mention]]:
    """Mark as claimed what the next sentence of the paragraph has somebody deny.

    The denial must come from somebody and tell of nothing that happened; then
    the incidents of the sentence before it are claimed, not asserted.

    Returns
    -------
    list of list of Mention
        The mentions of each sentence, in the same order.
    """
    mentions = [list(told) for _, _, _, told in accounts]
    for number, (before, after) in enumerate(pairwise(accounts)):
        if before[0].paragraph == after[0].paragraph and _is_denial(after):
            mentions[number] = [_claimed(mention) for mention in mentions[number]]
    return mentions


def _is_denial(account: Told) -> bool:
    _, scene, findings, _ = account
    if scene is None or any(not f.signal.is_statement for f in findings.found):
        return False
    says = any(word.lower in vocabulary("says so") for word in scene.words)
    lowers = [word.lower for word in scene.words]
    denies = any(
        word in _DENIES or (word in _DISMISSES and _REPORTS & set(lowers[index : index + 4]))
        for index, word in enumerate(lowers)
    )
    deeds = [signal for signal in scene.signals if not signal.is_statement]
    negated = bool(deeds) and all(signal.modality.effect in _NEGATIVE for signal in deeds)
    return denies or (says and negated)


def _claimed(mention: Mention) -> Mention:
    incident = mention.incident
    if incident.modality != "asserted" or incident.incident_type in ("statement", "diplomacy"):
        return mention
    reasons = (*incident.reasons, "denied in the next sentence")
    return replace(mention, incident=replace(incident, modality="claimed", reasons=reasons))
