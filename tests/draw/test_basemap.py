import csv
import gzip
import json
from itertools import pairwise

import pytest

from geomap.content import content
from geomap.draw.basemap import basemap, decode


def countries(sheet):
    return {land["iso"] for land in sheet["land"]}


def test_the_world_is_always_there():
    sheets = basemap([]).sheets
    assert [sheet["box"] for sheet in sheets] == [None]
    assert len(countries(sheets[0])) > 230


@pytest.mark.parametrize(
    ("point", "country"),
    [
        ((34.48, 31.53), "PS"),
        ((33.2, 48.5), "UA"),
        ((32.5, 15.6), "SD"),
        ((-72.34, 18.54), "HT"),
        ((96.1, 21.9), "MM"),
    ],
)
def test_a_theatre_has_a_sharper_sheet(point, country):
    world, sheet = basemap([point]).sheets
    assert country in countries(sheet)
    west, south, east, north = sheet["box"]
    assert west < point[0] < east and south < point[1] < north

    def vertices(s):
        rings = [land["rings"] for land in s["land"] if land["iso"] == country]
        return sum(len(ring) // 2 for country_rings in rings for ring in country_rings)

    assert vertices(sheet) > vertices(world)


def test_a_point_takes_the_smallest_theatre_and_it_is_painted_last():
    sheets = basemap([(34.48, 31.53), (40.0, 17.0)]).sheets
    assert [sheet["box"] for sheet in sheets][-1] == [30.0, 27.3, 39.6, 36.3]


def test_rings_stay_inside_their_box():
    _, sheet = basemap([(34.48, 31.53)]).sheets
    west, south, east, north = sheet["box"]
    for land in sheet["land"]:
        for ring in land["rings"]:
            for lon, lat in decode(ring, sheet["scale"]):
                assert west - 1e-3 <= lon <= east + 1e-3
                assert south - 1e-3 <= lat <= north + 1e-3


def test_towns_are_named_round_the_incidents_with_their_own_script():
    labels = basemap([(34.48, 31.53), (35.37, 32.32)]).labels
    towns = {label.name: label for label in labels if label.kind == "town"}
    assert towns["Gaza"].native == "غزة"
    assert "Tubas" in towns
    assert "Paris" not in towns
    assert "Red Sea" in {label.name for label in labels if label.kind == "sea"}


@pytest.mark.parametrize(
    ("point", "north", "south"),
    [((35.2, 31.9), 33.4, 31.1), ((127.0, 37.6), 38.7, 37.7)],
    ids=["Levant", "Koreas"],
)
def test_lines_of_ceasefire_are_told_from_borders(point, north, south):
    sheet = basemap([point]).sheets[-1]
    points = [p for line in sheet["lines"] for p in decode(line, sheet["scale"])]
    assert max(lat for _, lat in points) == pytest.approx(north, abs=0.15)
    assert min(lat for _, lat in points) == pytest.approx(south, abs=0.15)


def test_every_line_of_the_table_is_found():
    with content("maps/basemap/lines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        middle = (
            (float(row["west"]) + float(row["east"])) / 2,
            (float(row["south"]) + float(row["north"])) / 2,
        )
        west, south, east, north = (float(row[s]) for s in ("west", "south", "east", "north"))
        sheet = basemap([middle]).sheets[-1]
        on_it = [
            lon
            for line in sheet["lines"]
            for lon, lat in decode(line, sheet["scale"])
            if west < lon < east and south < lat < north
        ]
        assert len(on_it) > 20, row["line"]


@pytest.mark.parametrize(
    ("name", "native", "lon", "lat"),
    [
        ("Kharkiv", "Харків", 36.25, 49.98),
        ("Donetsk", "Донецьк", 37.8, 48.02),
        ("Kyiv", "Київ", 30.52, 50.45),
        ("Minsk", "Мінск", 27.57, 53.9),
        ("Moscow", "Москва", 37.62, 55.75),
        ("Hebron", "الخليل", 35.1, 31.53),
    ],
)
def test_a_town_has_its_own_name_in_its_own_language(name, native, lon, lat):
    towns = [label for label in basemap([(lon, lat)]).labels if label.kind == "town"]
    assert next(label.native for label in towns if label.name == name) == native


def test_no_country_fills_its_whole_sheet():
    for path in sorted(content("maps/basemap").glob("*.json.gz")):
        sheet = json.loads(gzip.decompress(path.read_bytes()))
        if not sheet["box"]:
            continue
        west, south, east, north = sheet["box"]
        for land in sheet["land"]:
            for ring in land["rings"]:
                points = decode(ring, sheet["scale"])
                steps = pairwise(points)
                twice = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in steps))
                assert twice / 2 < 0.97 * (east - west) * (north - south), (path.name, land["iso"])
