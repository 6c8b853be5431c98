import datetime as dt
import io
import json
from collections import Counter

import pytest

from geomap.errors import InputError
from geomap.model import Incident
from geomap.store import Query
from geomap.store.counts import write_counts

MAY = [dt.date(2026, 5, day) for day in range(1, 4)]
ARMY, GROUP = {"text": "the army", "name": "Army"}, {"text": "=group", "name": ""}


@pytest.fixture
def filled(store):
    store.add(
        [
            Incident("a", date=MAY[0], incident_type="battle", country="PS", actors=(ARMY, GROUP)),
            Incident("b", date=MAY[0], incident_type="battle", country="LB", actors=(ARMY,)),
            Incident("c", date=MAY[1], incident_type="hazard", lon=35.0, lat=32.0),
            Incident("d", incident_type="battle", country="PS", actors=(ARMY, ARMY)),
        ]
    )
    return store


@pytest.mark.parametrize(
    ("by", "asked", "counted"),
    [
        (["type"], {}, [("battle", 3), ("hazard", 1)]),
        (["day"], {}, [("2026-05-01", 2), ("2026-05-02", 1), (None, 1)]),
        (["month"], {}, [("2026-05", 3), (None, 1)]),
        (["year", "type"], {}, [("2026", "battle", 2), ("2026", "hazard", 1), (None, "battle", 1)]),
        (["country"], {}, [("LB", 1), ("PS", 2), (None, 1)]),
        (["actor"], {}, [("=group", 1), ("Army", 3), (None, 1)]),
        (["day"], {"types": "battle"}, [("2026-05-01", 2), (None, 1)]),
        (["type"], {"bbox": "34,31,36,33"}, [("hazard", 1)]),
        (["type"], {"types": "explosion"}, []),
    ],
)
def test_counts_by_what_is_asked(filled, by, asked, counted):
    assert filled.count_by(*by, query=Query(**asked)) == counted


def test_the_short_way_over_the_index_counts_the_same(filled):
    everything = Query(until=dt.date(9999, 12, 31))
    dated = [row for row in filled.count_by("day", "type") if row[0]]
    assert filled.count_by("day", "type", query=everything) == dated
    rows = Counter((str(one.date), one.incident_type) for one in filled.incidents(everything))
    assert {row[:2]: row[2] for row in dated} == rows


def test_what_cannot_be_counted_by_lists_what_can(filled):
    with pytest.raises(InputError, match="count by 'weather' is not known\nKnown: day, month"):
        filled.count_by("weather")


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("table", "actor   incidents\n=group  1\nArmy    3\n-       1\n"),
        ("csv", "actor,incidents\n'=group,1\nArmy,3\n,1\n"),
    ],
)
def test_counts_are_written(filled, format, text):
    file = io.StringIO()
    write_counts(["actor"], filled.count_by("actor"), file, format)
    assert file.getvalue() == text


def test_counts_in_an_unknown_format_are_refused(filled):
    with pytest.raises(InputError, match="'xlsx' is not known"):
        write_counts(["type"], [], io.StringIO(), "xlsx")


@pytest.fixture
def spread(store):
    """Put incidents about the globe: on edges, across the antimeridian, at a pole."""
    points = [(34.9, 31.2), (34.6, 31.4), (-0.1, -0.1), (180.0, 12.0), (179.99, -16.5), (5, 90)]
    rows = [Incident(f"{n}", lon=lon, lat=lat, date=MAY[0]) for n, (lon, lat) in enumerate(points)]
    store.add([*rows, Incident("unmapped")])
    return store


def test_counts_by_squares_of_a_grid(spread):
    counted = spread.count_by("cell:0.5")
    assert sum(number for _, number in counted) == 7
    assert dict(counted) == {
        **{"34.5,31": 2, "-0.5,-0.5": 1, "179.5,12": 1, "179.5,-16.5": 1, "5,89.5": 1, None: 1}
    }
    assert dict(spread.count_by("cell:0.5", query=Query(bbox="34.5,31.3,35,31.5"))) == {
        "34.5,31": 1
    }


def test_counts_by_h3_cells_lie_where_the_points_do(spread):
    from shapely.geometry import Point, shape

    file = io.StringIO()
    write_counts(["h3:4"], spread.count_by("h3:4"), file, "geojson")
    features = json.loads(file.getvalue())["features"]
    assert sum(one["properties"]["incidents"] for one in features) == 7
    outlines = [shape(one["geometry"]) for one in features if one["geometry"]]
    for lon, lat in ((34.9, 31.2), (-0.1, -0.1), (179.99, -16.5)):
        assert any(outline.covers(Point(lon, lat)) for outline in outlines), (lon, lat)
    assert all(-180 <= bound <= 180 for outline in outlines for bound in outline.bounds)


def test_counts_tell_surely_from_possibly_inside(store):
    store.add(
        [
            Incident("a", lon=34.9, lat=31.2, geo_precision=1, uncertainty_km=1.0),
            Incident("b", lon=34.9, lat=31.2, uncertainty_km=90.0),
        ]
    )
    asked = Query(bbox="34.8,31,35,33")
    assert store.count_by("certainty", query=asked) == [("certain", 1), ("possible", 1)]


@pytest.mark.parametrize("by", ["cell:0", "cell:x", "cell", "h3:16", "h3:-1"])
def test_a_grid_that_is_none_is_refused(spread, by):
    with pytest.raises(InputError, match="is not"):
        spread.count_by(by)
