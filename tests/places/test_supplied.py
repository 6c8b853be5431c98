import json

import numpy as np
import pytest

from geomap.content import content
from geomap.places import tables
from geomap.places.supplied import read_csv, read_geojson

KINDS = tables.read_kinds(content("gazetteer"), [])
RING = [[35.0, 33.0], [36.0, 33.0], [36.0, 34.0], [35.0, 34.0], [35.0, 33.0]]
BOW_TIE = [[35.0, 33.0], [36.0, 34.0], [36.0, 33.0], [35.0, 34.0], [35.0, 33.0]]


def read(path, how):
    problems = []
    return list(how(path, KINDS, problems.append, lambda _: None)), problems


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "mine.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def collection(tmp_path):
    """Write features, each a geometry and properties, and give the path."""

    def write(*features):
        path = tmp_path / "mine.geojson"
        told = [{"type": "Feature", "geometry": g, "properties": p} for g, p in features]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": told}))
        return path

    return write


def test_a_table_with_our_columns_is_read(table):
    header = ",".join(tables.PLACES)
    path = table(
        f"{header}\nme:1,Noor Camp,ar=مخيم النور; Nour,CMP,LB,LB.05,me:0,35.5,33.8,0.5,200,Map 7,\n"
    )
    (row,), problems = read(path, read_csv)
    assert (row.place_id, row.name, row.names) == ("me:1", "Noor Camp", ("مخيم النور", "Nour"))
    assert (row.feature_code, row.countries, row.admin1) == ("CMP", ("LB",), "LB.05")
    assert (row.lon, row.lat, row.extent_km, row.population) == (35.5, 33.8, 0.5, 200)
    assert (row.parent, row.source, row.where) == ("me:0", "Map 7", f"{path}:2")
    assert problems == []


def test_a_name_and_a_point_will_do(table):
    (row,), _ = read(table("\ufefflat,lon,name\n33.8,35.5,Noor\n"), read_csv)
    assert (row.place_id, row.source) == ("user:noor@35.5000,33.8000", "mine.csv")
    assert (row.feature_code, row.countries, row.population) == ("", (), 0)


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (",camp,1,2,", "the name is empty"),
        ('"‘ʿ",camp,1,2,', "the name is empty"),
        ("A,camp,181,2,", "lon 181, lat 2 is not on the globe; are they swapped?"),
        ("A,camp,1,91,", "lon 1, lat 91 is not on the globe; are they swapped?"),
        ("A,camp,nan,2,", "lon nan, lat 2 is not on the globe; are they swapped?"),
        ("A,camp,,2,", "lon '' is no number"),
        ("A,castel,1,2,", "kind 'castel' is unknown; see gazetteer/kinds.csv"),
        ("A,camp,1,2", "4 cells, not 5; quote one that has a comma"),
        ("A, B,camp,1,2,", "6 cells, not 5; quote one that has a comma"),
        ('"A,camp,1,2,', "unexpected end of data"),
        ("A,camp,1,2,-3", "extent_km -3 or population 0 is out of range"),
        ("A,camp,1,2,big", "extent_km 'big' is no number"),
    ],
)
def test_a_wrong_row_is_named_and_the_rest_is_read(table, cells, what):
    path = table(f"name,kind,lon,lat,extent_km\nOne,camp,1,1,\n{cells}\nThree,camp,3,3,\n")
    rows, problems = read(path, read_csv)
    assert [row.name for row in rows] == ["One", "Three"]
    assert problems == [f"{path}:3: {what}"]


def test_a_table_without_a_point_is_refused_once(table):
    path = table("name,kind\nOne,camp\nTwo,camp\n")
    assert read(path, read_csv) == (
        [],
        [f"{path}:1: the header lacks lon, lat; no line can be read"],
    )


def test_a_feature_is_a_place(collection):
    path = collection(
        ({"type": "Point", "coordinates": [35.5, 33.8]}, {"name": "A", "aliases": ["B", "C"]}),
        (
            {"type": "Polygon", "coordinates": [RING]},
            {"name": "D", "names": "E; ar=ف", "id": "me:2"},
        ),
        ({"type": "MultiPolygon", "coordinates": [[RING]]}, {"name": "F", "kind": "sea"}),
    )
    (point, polygon, many), problems = read(path, read_geojson)
    assert problems == []
    assert (point.lon, point.lat, point.names, point.outline) == (35.5, 33.8, ("B", "C"), [])
    assert (polygon.place_id, polygon.names) == ("me:2", ("E", "ف"))
    assert (polygon.lon, polygon.lat) == (35.5, 33.5)
    assert np.array_equal(polygon.outline[0], np.array(RING))
    assert many.feature_code == "SEA"


@pytest.mark.parametrize(
    ("geometry", "properties", "what"),
    [
        (
            {"type": "Polygon", "coordinates": [BOW_TIE]},
            {"name": "A"},
            "the outline crosses itself",
        ),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, {"name": "A"}, "is not closed"),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, {"name": "A"}, "four corners or more"),
        (
            {"type": "Polygon", "coordinates": [[[x + 150, y] for x, y in RING]]},
            {"name": "A"},
            "leaves the globe (lon 186, lat 34); one that crosses 180 degrees is two polygons",
        ),
        ({"type": "Polygon", "coordinates": [[1, 2]]}, {"name": "A"}, "no list of rings"),
        ({"type": "Polygon", "coordinates": []}, {"name": "A"}, "no list of rings"),
        ({"type": "Polygon"}, {"name": "A"}, "no list of rings"),
        ({"type": "LineString", "coordinates": RING}, {"name": "A"}, "a LineString is neither"),
        (None, {"name": "A"}, "a None is neither"),
        ({"type": "Point", "coordinates": [350, 3]}, {"name": "A"}, "is not on the globe"),
        ({"type": "Point", "coordinates": [3]}, {"name": "A"}, "lat None is no number"),
        ({"type": "Point", "coordinates": "3,4"}, {"name": "A"}, "lat ',' is no number"),
        ({"type": "Point", "coordinates": [3, 4]}, {}, "the name is empty"),
        ({"type": "Point", "coordinates": [3, 4]}, None, "no GeoJSON Feature with properties"),
    ],
)
def test_a_wrong_feature_is_named_and_the_rest_is_read(collection, geometry, properties, what):
    point = {"type": "Point", "coordinates": [3, 4]}
    path = collection((point, {"name": "One"}), (geometry, properties), (point, {"name": "Three"}))
    rows, problems = read(path, read_geojson)
    assert [row.name for row in rows] == ["One", "Three"]
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}, feature 2: ")
    assert what in problems[0]


def test_corners_that_nobody_sees_are_left_out(collection):
    turns = np.linspace(0, 2 * np.pi, 5001)[:-1]
    circle = np.stack([35 + np.cos(turns), 33 + np.sin(turns)], axis=1).tolist()
    geometry = {"type": "Polygon", "coordinates": [[*circle, circle[0]]]}
    ((row,), _) = read(collection((geometry, {"name": "Round"})), read_geojson)
    (ring,) = row.outline
    assert 20 < len(ring) < 200
    assert tuple(ring[0]) == tuple(ring[-1])
    assert np.abs(np.hypot(ring[:, 0] - 35, ring[:, 1] - 33) - 1).max() < 0.003


def test_a_cut_off_collection_gives_what_it_holds(collection):
    point = {"type": "Point", "coordinates": [3, 4]}
    path = collection(*[(point, {"name": f"Place {n}"}) for n in range(1000)])
    path.write_bytes(path.read_bytes()[:-50_000])
    rows, problems = read(path, read_geojson)
    assert 100 < len(rows) < 1000
    assert problems[0].startswith(f"{path}, after feature {len(rows)}: the file is cut off")


def test_other_json_is_no_collection(tmp_path):
    path = tmp_path / "other.json"
    path.write_text('{"a": [1, 2]}')
    assert read(path, read_geojson)[1] == [
        f"{path}: no features; it should be a GeoJSON FeatureCollection"
    ]
