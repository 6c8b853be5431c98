import pytest
from click.testing import CliRunner

from geomap.cli import main
from geomap.places import explain, geoparse
from geomap.places.explanation import SAID, explanation_lines
from geomap.places.resolution import EVIDENCE, FEATURES

TEXT = "A bomb went off in Tripoli, Lebanon. In Largu, in Ituri, Congolese soldiers fled."


def explained(text):
    return {e.toponym: e for e in explain(text)}


def test_every_feature_has_words():
    assert set(SAID) == {*FEATURES, *EVIDENCE}


def test_an_explanation_agrees_with_the_answer():
    answers = {t.start: t for t in geoparse(TEXT)}
    for explanation in explain(TEXT):
        answer = answers[explanation.spans[0][0]]
        assert (answer.place is not None) == explanation.placed
        if answer.place is not None:
            assert answer.place.place_id == explanation.candidates[0].place.place_id
            assert answer.score == explanation.score


def test_what_the_text_puts_after_a_name_speaks_for_the_candidate_in_it():
    tripoli = explained(TEXT)["Tripoli"]
    assert tripoli.candidates[0].place.country == "LB"
    assert SAID["inside"] in {r.what for r in tripoli.candidates[0].reasons if r.worth > 0}


def test_a_name_without_a_point_says_what_spoke_against_it():
    largu = explained(TEXT)["Largu"]
    assert not largu.placed
    assert any(r.worth < 0 for r in largu.reasons)
    assert "no point" in next(explanation_lines(largu))


def test_an_unknown_name_is_said_to_be_unknown():
    (line,) = explanation_lines(explained("Clashes in the village of Qzzyrtplash.")["Qzzyrtplash"])
    assert line == "Qzzyrtplash (26-37): no place of that name is known"


@pytest.mark.parametrize("said", ["Tripoli (19-26): score", "for: ", "against: ", "Tarabulus, LY"])
def test_the_terminal_shows_candidates_and_reasons(said):
    result = CliRunner().invoke(main, ["geoparse", "--explain", "-"], input=TEXT)
    assert result.exit_code == 0
    assert said in result.stdout


def test_reasons_add_up_to_what_decides_between_two_candidates():
    tripoli = explained(TEXT)["Tripoli"]
    first, second = tripoli.candidates[:2]
    assert sum(r.worth for r in first.reasons) > sum(r.worth for r in second.reasons)
    assert first.place.score > second.place.score
