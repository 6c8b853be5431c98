"""The command `correct`, on a store that `daily` has filled."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from geomap.cli import main

BULLETIN = """Example update, 5 March 2026

An airstrike killed three people in Jabalia in the northern Gaza Strip on 5 March.
The army arrested four men in Tubas.
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GEOMAP_STORE", raising=False)
    (tmp_path / "update_2026-03-05.txt").write_text(BULLETIN, encoding="utf-8")

    def command(*words):
        return CliRunner().invoke(main, [str(w) for w in words], prog_name="geomap")

    assert command("daily", "update_2026-03-05.txt", "-q").exit_code == 0
    return command


def found(run, *words):
    lines = run("query", *words, "--format", "geojsonl").stdout.splitlines()
    return {one["properties"]["place"]: one for one in map(json.loads, lines)}


def test_a_corrected_place_shows_in_the_days_files_at_every_run(run, tmp_path):
    id_ = found(run)["Jabalia"]["id"]
    said = run("correct", id_, "--place", "Beit Lahia", "--reason", "the town", "--by", "Lina")
    assert said.exit_code == 0, said.output
    assert "Beit Lahia" in said.stderr and "corrected" in said.stderr
    for _ in range(2):
        assert run("daily", "update_2026-03-05.txt", "-q").exit_code == 0
        table = (tmp_path / "daily/2026-03-05.csv").read_text(encoding="utf-8")
        (row,) = [r for r in csv.DictReader(io.StringIO(table)) if r["id"] == id_]
        assert row["place"] == "Beit Lahia"
        assert row["place_id"] and row["tags"] == '["corrected"]'
        assert json.loads(row["reasons"])[0].startswith("corrected by Lina on ")


def test_a_corrected_place_is_offered_to_the_gazetteer(run):
    id_ = found(run)["Jabalia"]["id"]
    words = ("--place", "Qasr Zubaydi", "--lonlat", "34.49,31.54")
    said = run("correct", id_, *words)
    lines = said.stdout[said.stdout.index("place_id,") :]
    (row,) = csv.DictReader(io.StringIO(lines))
    assert (row["name"], row["names"], row["lon"]) == ("Qasr Zubaydi", "Jabalia", "34.49")


def test_a_rejected_incident_is_gone_until_it_is_asked_for_or_taken_back(run):
    id_ = found(run)["Tubas"]["id"]
    assert run("correct", id_, "--reject", "--reason", "a rumour").exit_code == 0
    assert "Tubas" not in found(run)
    assert found(run, "--rejected")["Tubas"]["properties"]["tags"] == ["rejected"]
    assert run("correct", id_, "--undo").exit_code == 0
    assert "Tubas" in found(run)


def test_corrections_are_listed_and_taken_in_by_another_store(run, tmp_path):
    id_ = found(run)["Tubas"]["id"]
    run("correct", id_, "--type", "battle/armed_clash", "--date", "2026-03-04")
    (tmp_path / "corrections.csv").write_text(run("correct", "--list").stdout, encoding="utf-8")
    other = ("--store", "other.gpkg")
    said = run("correct", "--from", "corrections.csv", *other)
    assert "1 correction read, 0 incidents put right" in said.stderr
    assert run("daily", "update_2026-03-05.txt", "-q", *other).exit_code == 0
    properties = found(run, *other)["Tubas"]["properties"]
    assert (properties["incident_type"], properties["date"]) == ("battle", "2026-03-04")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name an incident"),
        (("--list", "--from", "x.csv"), "Name an incident"),
        (("nobody", "--reject"), "incident 'nobody': is not in the store"),
        (("nobody", "--undo"), "incident 'nobody': is not in the store"),
        (("ID",), "changes nothing"),
        (("ID", "--type", "war"), "'war' is not known"),
        (("ID", "--place", "Qwertyzxcv"), "--lonlat"),
        (("--from", "update_2026-03-05.txt"), "is no table of corrections"),
    ],
)
def test_what_is_no_correction_is_said_and_exits_with_2(run, words, said):
    id_ = found(run)["Tubas"]["id"]
    result = run("correct", *(id_ if word == "ID" else word for word in words))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
