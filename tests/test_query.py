"""The command `query`: pages, counts and files."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from geomap.cli import main
from geomap.model import Incident
from geomap.store import Store

ROWS = [
    Incident("a", incident_type="battle", country="PS", admin1="Gaza Strip", lon=34.4, lat=31.5),
    Incident("b", incident_type="battle", country="PS", admin1="West Bank", lon=35.3, lat=32.3),
    Incident("c", incident_type="hazard", country="YE", lon=45.0, lat=12.8, modality="claimed"),
]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GEOMAP_STORE", raising=False)
    with Store("incidents.gpkg") as store:
        store.add(ROWS)
    return lambda *words: CliRunner().invoke(main, ["query", *words], prog_name="geomap")


def ids(said):
    return [json.loads(line)["id"] for line in said.stdout.splitlines()]


def test_pages_follow_each_other(run):
    first = run("--limit", "2")
    assert ids(first) == ["a", "b"]
    token = first.stderr.split("--after ")[1].strip()
    assert ids(run("--limit", "2", "--after", token)) == ["c"]


def test_several_boxes_and_a_modality_are_asked(run):
    boxes = ("--bbox", "34,31,35,32", "--bbox", "44,12,46,13")
    assert ids(run(*boxes)) == ["a", "c"]
    assert ids(run(*boxes, "--modality", "claimed")) == ["c"]


def test_counts_by_area_come_with_outlines(run):
    features = json.loads(run("--count", "country", "--format", "geojson").stdout)["features"]
    assert {f["properties"]["country"]: f["properties"]["incidents"] for f in features} == {
        **{"PS": 2, "YE": 1}
    }
    assert all(f["geometry"]["type"] == "MultiPolygon" for f in features)


def test_counts_go_to_a_file_by_its_suffix(run, tmp_path):
    assert run("--count", "cell:1", "-o", "cells.csv").exit_code == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "cells.csv").read_text())))
    assert rows[0] == ["cell:1", "incidents"]
    assert ["45,12", "1"] in rows


@pytest.mark.parametrize("name", ["out.parquet", "out.xlsx", "out.fgb", "out.gpkg", "months"])
def test_an_answer_goes_to_a_file_that_is_read_back(run, tmp_path, name):
    words = ("-o", name, *(["--format", "parquet"] if name == "months" else []))
    assert run("--type", "battle", *words).exit_code == 0
    path = "months/undated.parquet" if name == "months" else name
    added = CliRunner().invoke(main, ["add", path, "--store", "other.gpkg"])
    assert "2 incidents new or changed, of 2 read" in added.stderr


def test_what_cannot_be_printed_asks_for_a_file(run):
    said = run("--format", "xlsx")
    assert (said.exit_code, "-o" in said.stderr) == (2, True)
