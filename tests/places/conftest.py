import numpy as np
import pytest

from geomap.content import content
from geomap.places import tables
from geomap.places.assemble import World, set_extents
from geomap.places.compile import write_world
from geomap.places.tables import Row


def square(west, south, east, north):
    """A closed ring."""
    return np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])


@pytest.fixture(scope="session")
def small_gazetteer(tmp_path_factory):
    """A compiled gazetteer of a dozen places in two countries that do not exist."""
    rows = [
        Row("geonames:1", "Arland", "PCLI", 5, 5, ("LB",), outline=[square(0, 0, 10, 10)]),
        Row("geonames:2", "Borland", "PCLI", 15, 5, ("SY",), outline=[square(10, 0, 20, 10)]),
        Row("geonames:10", "North Ar", "ADM1", 5, 7, ("LB",), admin1="LB.01", province=True),
        Row(
            "geomap:karam",
            "Karam",
            "PPL",
            3.0,
            7.0,
            ("LB",),
            ("Qaram",),
            admin1="LB.01",
            population=5000,
            extent_km=2.0,
            source="GeoNames 100; WOF 7",
        ),
        Row("geomap:karam-camp", "Karam Camp", "CMP", 3.01, 7.0, ("LB",), source="GeoNames 100"),
        Row("geonames:101", "Dura", "PPL", 4.0, 6.0, ("LB",), ("Doura",), population=900),
        Row("geonames:102", "Dura", "PPL", 16.0, 6.0, ("SY",), population=90_000),
        Row("icao:ARAR", "Karam Airport", "AIRP", 3.05, 7.02, ("LB",)),
        Row("geomap:red-lake", "Red Lake", "LK", 6.0, 3.0, ("LB",), extent_km=30, source="map"),
    ]
    for row in rows:
        row.curated = row.place_id.startswith("geomap:") or row.feature_code == "PCLI"
    world = World(tables.read_kinds(content("gazetteer"), []), rows)
    set_extents(world)
    path = tmp_path_factory.mktemp("gazetteer") / "gazetteer.db"
    write_world(world, path, {})
    return path


def dump_line(number, name, lon, lat, **more):
    """A line as GeoNames' dumps have it."""
    cells = [str(number), name, name, more.get("others", ""), str(lat), str(lon)]
    cells += [more.get("feature_class", "P"), more.get("code", "PPL"), more.get("country", "LB")]
    cells += ["", more.get("admin1", "01"), "", "", "", str(more.get("population", 0)), "", "10"]
    return "\t".join([*cells, "Asia/Beirut", "2026-01-01"]) + "\n"


@pytest.fixture
def line():
    return dump_line


@pytest.fixture
def dump(tmp_path):
    """Write a dump of the lines given, and give its path."""

    def write(*lines, name="AR.txt"):
        path = tmp_path / name
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write
