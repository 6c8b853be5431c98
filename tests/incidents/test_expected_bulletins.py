import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from geomap.content import content
from geomap.incidents.bulletin import read_bulletin
from geomap.incidents.dates import find_dates

FOLDER = Path(__file__).parents[1] / "bulletins"
NAMES = sorted(path.stem for path in FOLDER.glob("*.geojson"))


def expected(name):
    return json.loads((FOLDER / f"{name}.geojson").read_text(encoding="utf-8"))["features"]


def test_there_are_at_least_eight_bulletins():
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_each_sentence_and_its_place_stand_in_the_text(name):
    text = read_bulletin(FOLDER / f"{name}.txt").text
    for feature in expected(name):
        row = feature["properties"]
        assert text.count(row["sentence"]) == 1, row["sentence"]
        assert row["place"] in row["sentence"]
        assert (row["origin_place"] or "") in row["sentence"]


@pytest.mark.parametrize("name", NAMES)
def test_types_are_those_of_the_table(name):
    with content("maps/types.csv").open(encoding="utf-8", newline="") as file:
        types = {row["incident_type"] for row in csv.DictReader(file)}
    assert {feature["properties"]["incident_type"] for feature in expected(name)} <= types


@pytest.mark.parametrize("name", NAMES)
def test_each_expected_date_follows_from_its_sentence(name):
    bulletin = read_bulletin(FOLDER / f"{name}.txt")
    spans = find_dates(bulletin.text, bulletin.issued)
    for feature in expected(name):
        row = feature["properties"]
        start = bulletin.text.index(row["sentence"])
        inside = [s for s in spans if start <= s.start < start + len(row["sentence"])]
        date = dt.date.fromisoformat(row["date"])
        if inside:
            assert any(s.since <= date <= s.until for s in inside), row["sentence"]
            assert all(s.background for s in inside) == (row["temporal"] == "background")
        else:
            assert date == bulletin.issued, row["sentence"]
