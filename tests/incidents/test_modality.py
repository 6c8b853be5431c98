import pytest

from geomap.incidents.clause import find_clauses, quoted
from geomap.incidents.modality import find_cues, judge, rules
from geomap.incidents.trigger import find_triggers
from geomap.incidents.words import find_words

FINITE = ("past", "present", "participle", "ing")


def effects(text):
    """Give the effect on each trigger that is no statement."""
    words = find_words(text)
    triggers = find_triggers(words, text)
    clauses = find_clauses(words, {t.first for t in triggers if t.form in FINITE})
    cues = find_cues(words, text)
    return {
        text[t.start : t.end]: judge(t, words, clauses, cues, quoted(words)).effect
        for t in triggers
        if t.senses[0].incident_type != "statement"
    }


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.phrase)
def test_each_cue_of_the_table_colours_its_own_example(rule):
    assert rule.effect in effects(rule.example).values()


@pytest.mark.parametrize(
    ("text", "word", "effect"),
    [
        ("Israel warned of strikes after a rocket killed two in Sderot.", "killed", "asserted"),
        ("Israel warned of strikes after a rocket killed two in Sderot.", "strikes", "threatened"),
        (
            "The group has paused attacks since May, when troops killed a chief.",
            "attacks",
            "ceased",
        ),
        (
            "The group has paused attacks since May, when troops killed a chief.",
            "killed",
            "asserted",
        ),
        ("On 3 May rebels shelled Goma.", "shelled", "asserted"),
        ("Rebels may have shelled Goma.", "shelled", "hypothetical"),
        ("He went to Goma to attack the base.", "attack", "purpose"),
        ("Militants could resume attacking the base if troops stay.", "attacking", "hypothetical"),
        ("The army did not say who attacked Goma.", "attacked", "asserted"),
        ("School No. 19 was shelled.", "shelled", "asserted"),
        ("Not only was Goma shelled, it was looted.", "shelled", "asserted"),
        ("Two were killed without any clash in Goma.", "killed", "asserted"),
        ("The army completed its withdrawal and must leave the base.", "withdrawal", "asserted"),
        ("They will meet and discuss it, and rebels shelled Goma.", "shelled", "asserted"),
    ],
)
def test_modality_is_read_clause_by_clause(text, word, effect):
    assert effects(text)[word] == effect


def test_a_long_quotation_is_speech():
    text = 'He said: "Our brave men attacked the enemy in Goma and they will win".'
    assert effects(text)["attacked"] == "quoted"


def test_a_few_quoted_words_are_a_manner_of_speaking():
    assert effects('A "mini clash" shook Goma.')["clash"] == "asserted"
