"""The check of our own tables: each mistake is named by file and line."""

import csv
import json
import shutil

import pytest

from geomap.content import content
from geomap.places.check import check_tables
from geomap.places.tables import PLACES

GOOD = {
    "place_id": "geomap:testville",
    "name": "Testville",
    "names": "ar=تست; Testvil",
    "feature_code": "PPL",
    "country": "PS",
    "admin1": "",
    "parent": "",
    "lon": "34.45",
    "lat": "31.5",
    "extent_km": "2",
    "population": "1000",
    "source": "GeoNames 1; Wikidata Q1",
    "note": "",
}


@pytest.fixture
def folder(tmp_path):
    """The shipped tables of kinds and countries, and none of places."""
    for name in ("kinds.csv", "countries.csv", "regions.csv"):
        shutil.copy(content(f"gazetteer/{name}"), tmp_path / name)
    (tmp_path / "places").mkdir()
    (tmp_path / "areas").mkdir()
    return tmp_path


def write(folder, *rows, name="test.csv"):
    with (folder / "places" / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, PLACES, lineterminator="\n")
        table.writeheader()
        table.writerows(GOOD | row for row in rows)


def draw(folder, ring):
    feature = {
        "type": "Feature",
        "properties": {"place_id": GOOD["place_id"]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (folder / "areas" / "test.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )


def test_the_shipped_tables_have_no_problem():
    assert check_tables() == []


def test_a_good_row_has_no_problem(folder):
    write(folder, {})
    draw(folder, [[34.4, 31.4], [34.5, 31.4], [34.5, 31.6], [34.4, 31.6], [34.4, 31.4]])
    assert check_tables(folder) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"place_id": "testville"}, "place_id 'testville' is not"),
        ({"feature_code": "XYZ"}, "feature code 'XYZ' is not in kinds.csv"),
        ({"lon": "34,45"}, "could not convert"),
        ({"lat": "131.5"}, "are they swapped?"),
        ({"lon": "35.9", "lat": "32.2"}, "lies in JO"),
        ({"lon": "33.5", "lat": "32.2"}, "lies at sea"),
        ({"country": "XX"}, "country 'XX' is no ISO"),
        ({"extent_km": "0"}, "extent_km 0 is not between"),
        ({"extent_km": "99999"}, "extent_km 99999 is not between"),
        ({"population": "-5"}, "population -5 is below 0"),
        ({"population": "many"}, "invalid literal"),
        ({"source": ""}, "no source"),
        ({"source": "GeoNames 1"}, "one source only"),
        ({"parent": "geomap:nowhere"}, "parent 'geomap:nowhere' is in no table"),
        ({"parent": "geomap:testville"}, "is its own parent"),
        ({"names": "Testvil; '"}, "has no letters"),
        ({"name": ""}, "needs a place_id and a name"),
    ],
)
def test_a_bad_row_is_named_with_its_line(folder, row, problem):
    write(folder, row)
    found = check_tables(folder)
    assert len(found) == 1, found
    assert found[0].startswith("gazetteer/places/test.csv:2: ")
    assert problem in found[0]


def test_all_problems_are_named_in_one_run(folder):
    write(folder, {"source": ""}, {"place_id": "geomap:other", "lat": "95", "name": "Other"})
    assert [p.split(": ")[0] for p in check_tables(folder)] == [
        "gazetteer/places/test.csv:2",
        "gazetteer/places/test.csv:3",
    ] or len(check_tables(folder)) >= 2


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{}, {}], "stands in gazetteer/places/test.csv:2 too"),
        ([{}, {"place_id": "geomap:a", "name": "A", "names": ""}], "sort the rows"),
        ([{}, {"place_id": "geomap:u", "name": "U", "names": ""}], "is GeoNames 1 too"),
        (
            [{}, {"place_id": "geomap:v", "source": "GeoNames 2; OSM"}],
            "are one spot, both called",
        ),
        (
            [
                {"extent_km": "3"},
                {
                    "place_id": "geomap:w",
                    "name": "W",
                    "names": "",
                    "lon": "34.25",
                    "lat": "31.3",
                    "source": "GeoNames 3; OSM",
                    "parent": "geomap:testville",
                },
            ],
            "km from its parent geomap:testville",
        ),
    ],
)
def test_rows_that_do_not_go_together_are_named(folder, rows, problem):
    write(folder, *rows)
    found = check_tables(folder)
    assert any(problem in line and "test.csv:3" in line for line in found), found


@pytest.mark.parametrize(
    ("ring", "problem"),
    [
        ([[34.4, 31.4], [34.5, 31.4], [34.5, 31.6], [34.4, 31.6]], "is not closed"),
        (
            [[34.4, 31.4], [34.5, 31.6], [34.5, 31.4], [34.4, 31.6], [34.4, 31.4]],
            "crosses itself",
        ),
        ([[44.4, 31.4], [44.5, 31.4], [44.5, 31.6], [44.4, 31.4]], "km from the place's point"),
        ([[34.4, 31.4], [34.5, 31.4], [34.4, 31.4]], "four corners"),
    ],
)
def test_a_bad_outline_is_named(folder, ring, problem):
    write(folder, {})
    draw(folder, ring)
    found = check_tables(folder)
    assert any(problem in line for line in found), found


def test_an_outline_of_no_place_is_named(folder):
    write(folder, {"place_id": "geomap:elsewhere"})
    draw(folder, [[34.4, 31.4], [34.5, 31.4], [34.5, 31.6], [34.4, 31.4]])
    assert any("which no table names" in line for line in check_tables(folder))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b\n", "the header is"),
        (",".join(PLACES) + "\ngeomap:x,X\n", "2 cells, not 13"),
        ("", "the header is"),
    ],
)
def test_a_broken_file_is_named(folder, text, problem):
    (folder / "places" / "test.csv").write_text(text, encoding="utf-8")
    found = check_tables(folder)
    assert any(problem in line for line in found), found


def test_a_table_in_another_encoding_is_named(folder):
    (folder / "places" / "test.csv").write_bytes(
        ",".join(PLACES).encode() + b"\ngeomap:x,Caf\xe9,,PPL,PS,,,34,31,1,,a; b,\n"
    )
    assert any("test.csv" in line and "utf-8" in line for line in check_tables(folder))
