import datetime as dt

import pytest
from click.testing import CliRunner

from geomap.cli import main
from geomap.incidents.explain import explain
from geomap.model import Bulletin

TEXT = (
    "Bomb kills nine in Kabul\n\nA bomb exploded in Kabul on Tuesday, killing nine people. "
    "The army denied that it shelled Nikopol. Shops opened in Lima. It rained."
)


def lines(text=TEXT):
    return "\n".join(explain(Bulletin(text, dt.date(2026, 5, 14))))


@pytest.mark.parametrize(
    "said",
    [
        "[1] Bomb kills nine in Kabul",
        "place    Kabul (AF): where it was",
        "word     exploded: explosion/ied_mine, asserted",
        "kept     explosion/ied_mine at Kabul, 2026-05-12 (relative), asserted",
        "merged   with the event of sentence 1",
        'word     shelled: explosion/shelling, denied by "denied"',
        "dropped  shelled: denied (denied)",
        "place    Lima (PE), with no signal word",
    ],
)
def test_each_finding_is_told_with_its_reason(said):
    assert said in lines()


def test_sentences_without_words_or_places_are_left_out():
    assert "It rained" not in lines()


def test_a_place_nobody_knows_gives_no_pin_and_says_so():
    said = lines("Gunmen shot two traders dead in the village of Qwarbelyah.")
    assert "not known" in said


def test_the_command_prints_it(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(main, ["extract", str(path), "--date", "2026-05-14", "--explain"])
    assert result.exit_code == 0, result.output
    assert "kept     explosion/ied_mine at Kabul" in result.output
