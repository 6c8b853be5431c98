"""Areas: parts of a place, offsets and surroundings, computed."""

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon

from geomap.model import Place
from geomap.places import area, surroundings
from geomap.places.gazetteer import default_gazetteer

SQUARE = ((30.0, 0.0), (34.0, 0.0), (34.0, 4.0), (30.0, 4.0), (30.0, 0.0))
TOWN = Place("t:1", "Town", 36.0, 33.0, "settlement", "SY", extent_km=4.0)
LAND = Place("t:2", "Land", 32.0, 2.0, "country", "XX", extent_km=300, area=(SQUARE,))


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("northern", "north"),
        ("North", "north"),
        ("south-western", "south-west"),
        ("southwestern", "south-west"),
        ("north eastern", "north-east"),
        ("Easternmost", "east"),
        ("central", "central"),
        ("centre", "central"),
        ("upper", None),
        ("eastnorth", None),
        ("northerly winds", None),
        ("", None),
    ],
)
def test_compass_words_name_a_direction(words, direction):
    assert area.direction_of(words) == direction


@pytest.mark.parametrize("direction", [*area.BEARINGS, area.CENTRE])
def test_a_part_lies_in_its_whole_on_its_side(direction):
    part = area.part_of(LAND, direction)
    polygon = Polygon(part.area[0])
    assert Polygon(SQUARE).buffer(1e-6).contains(polygon)
    assert polygon.contains(Point(part.lon, part.lat))
    east, north = part.lon - LAND.lon, part.lat - LAND.lat
    assert (east > 0.3) == ("east" in direction)
    assert (east < -0.3) == ("west" in direction)
    assert (north > 0.3) == ("north" in direction)
    assert (north < -0.3) == ("south" in direction)


def test_a_side_is_a_third_and_a_corner_a_quarter_of_the_area():
    whole = Polygon(SQUARE).area
    shares = {d: Polygon(area.part_of(LAND, d).area[0]).area / whole for d in area.BEARINGS}
    assert shares["north"] == pytest.approx(1 / 3, abs=0.01)
    assert shares["south-east"] == pytest.approx(1 / 4, abs=0.01)


def test_a_part_says_what_it_was_computed_from():
    part = area.part_of(LAND, "north-east")
    assert part.name == "north-eastern Land"
    assert (part.place_id, part.parent, part.match) == ("t:2#north-east", "t:2", "computed")
    assert part.kind == "region"


def test_the_extent_of_a_part_reaches_its_corners():
    part = area.part_of(LAND, "south")
    farthest = max(geodesic((part.lat, part.lon), (y, x)).km for x, y in part.area[0])
    assert part.extent_km == pytest.approx(farthest, rel=0.02)


def test_a_part_of_a_place_without_outline_is_a_circle_on_that_side():
    part = area.part_of(TOWN, "west")
    assert part.area == ()
    assert part.lon < TOWN.lon
    assert part.lat == pytest.approx(TOWN.lat, abs=0.001)
    assert part.extent_km < TOWN.extent_km
    assert part.kind == "neighbourhood"


@pytest.mark.parametrize(
    ("name", "direction", "south", "north", "west", "east"),
    [
        ("Gaza Strip", "north", 31.46, 31.60, 34.38, 34.57),
        ("Gaza Strip", "south", 31.21, 31.42, 34.21, 34.40),
        ("Lebanon", "south", 33.04, 33.80, 35.0, 36.4),
        ("Ukraine", "east", 45.0, 52.4, 33.5, 40.3),
        ("Syria", "north-east", 34.0, 37.4, 38.0, 42.4),
        ("Red Sea", "south", 12.0, 18.9, 37.0, 43.7),
    ],
)
def test_parts_of_real_places_lie_where_a_geographer_puts_them(
    name, direction, south, north, west, east
):
    known = default_gazetteer()
    whole = known.place_by_id(known.lookup(name)[0].place_id)
    part = area.part_of(whole, direction)
    assert south < part.lat < north
    assert west < part.lon < east
    outline = MultiPolygon([Polygon(ring) for ring in part.area])
    assert outline.contains(Point(part.lon, part.lat))


@given(km=st.floats(1, 500), side=st.sampled_from(sorted(area.BEARINGS)), lat=st.floats(-60, 70))
def test_an_offset_lies_at_its_distance(km, side, lat):
    place = Place("t:3", "Here", 20.0, lat, "settlement", extent_km=2.0)
    moved = surroundings.offset_from(place, km, area.BEARINGS[side])
    away = geodesic((lat, 20.0), (moved.lat, moved.lon)).km
    assert away == pytest.approx(km, abs=0.02)
    assert moved.extent_km >= 0.2 * km - 0.01
    assert (moved.lat > lat) == ("north" in side) or side in ("east", "west")


def test_an_offset_is_named_with_its_distance_and_side():
    moved = surroundings.offset_from(TOWN, 15, 180)
    assert moved.name == "15 km south of Town"
    assert moved.place_id == "t:1#15km@180"
    assert moved.match == "computed"


def test_what_is_north_of_a_town_lies_outside_it():
    beyond = surroundings.beyond(TOWN, "north")
    assert geodesic((TOWN.lat, TOWN.lon), (beyond.lat, beyond.lon)).km > TOWN.extent_km
    assert beyond.lat > TOWN.lat


def test_outskirts_reach_beyond_the_town():
    assert surroundings.outskirts(TOWN).extent_km > TOWN.extent_km
    eastern = surroundings.outskirts(TOWN, "east")
    assert eastern.lon > TOWN.lon
    assert eastern.name == "eastern outskirts of Town"


def test_between_two_places_is_half_way():
    other = Place("t:4", "Other", 36.4, 33.4, "settlement", "SY", extent_km=1.0)
    middle = surroundings.between(TOWN, other)
    way = geodesic((TOWN.lat, TOWN.lon), (other.lat, other.lon)).km
    assert middle.extent_km == pytest.approx(way / 2, abs=0.02)
    for end in (TOWN, other):
        here = geodesic((end.lat, end.lon), (middle.lat, middle.lon)).km
        assert here == pytest.approx(way / 2, abs=0.05)
    assert surroundings.between(TOWN, TOWN).extent_km == 1.0
