"""How an incident lies to a box, held against shapely and against points drawn by hand."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from geomap.model import Incident
from geomap.store import Bbox
from geomap.store.extent import (
    EARTH_KM,
    certainty,
    distance_km,
    distance_to_box_km,
    extent_of,
    touches,
)

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
bearings = st.floats(0, 360)
corners = st.tuples(st.integers(-20, 20), st.integers(-20, 20))


def boxes(lon=lons, lat=lats):
    latitudes = st.tuples(lat, lat).map(sorted)
    return st.builds(lambda w, e, sn: Bbox(w, sn[0], e, sn[1]), lon, lon, latitudes)


def reached(lon, lat, distance, bearing):
    """Walk from a point along a great circle."""
    angle, course, y = distance / EARTH_KM, math.radians(bearing), math.radians(lat)
    there = math.asin(
        math.sin(y) * math.cos(angle) + math.cos(y) * math.sin(angle) * math.cos(course)
    )
    across = math.atan2(
        math.sin(course) * math.sin(angle) * math.cos(y),
        math.cos(angle) - math.sin(y) * math.sin(there),
    )
    return (lon + math.degrees(across) + 540) % 360 - 180, math.degrees(there)


@given(
    lon=lons, lat=lats, radius=st.floats(0.1, 9000), part=st.floats(0, 0.999), way=st.floats(0, 360)
)
def test_a_circle_lies_in_its_extent(lon, lat, radius, part, way):
    x, y = reached(lon, lat, radius * part, way)
    extent = extent_of(lon, lat, radius)
    assert extent.south <= y <= extent.north
    assert any(west - 1e-9 <= x <= east + 1e-9 for west, east in extent.spans)


@settings(deadline=None)
@given(
    lon=lons, lat=st.floats(-80, 80), half=st.floats(1, 60), size=st.floats(0, 1.2), way=bearings
)
def test_a_circle_surely_inside_has_no_point_outside(lon, lat, half, size, way):
    west, east = ((lon + side + 540) % 360 - 180 for side in (-half, half))
    box = Bbox(west, max(lat - half, -90), east, min(lat + half, 90))
    radius = math.radians(half) * EARTH_KM * size
    if certainty(box, Incident("a", lon=lon, lat=lat, uncertainty_km=radius)) == "certain":
        assert box.covers(*reached(lon, lat, radius * 0.999, way))


@settings(deadline=None)
@given(box=boxes(), lon=lons, lat=lats)
def test_the_nearest_point_of_a_box_is_as_near_as_any_on_its_edge(box, lon, lat):
    assume(not box.covers(lon, lat))
    width = box.east - box.west + (360 if box.crosses else 0)
    steps = [i / 200 for i in range(201)]
    edge = [(box.west + width * t, y) for t in steps for y in (box.south, box.north)]
    edge += [
        (x, box.south + (box.north - box.south) * t) for t in steps for x in (box.west, box.east)
    ]
    sampled = min(distance_km(lon, lat, x, y) for x, y in edge)
    coarse = math.radians(max(width, box.north - box.south)) * EARTH_KM / 200
    nearest = distance_to_box_km(box, lon, lat)
    assert nearest <= sampled + 1e-6
    assert nearest >= sampled - coarse


@given(
    ring=st.lists(corners, min_size=3, max_size=6, unique=True),
    sides=st.tuples(corners, corners),
)
def test_an_area_touches_a_box_where_shapely_says_so(ring, sides):
    polygon = Polygon(ring)
    assume(polygon.is_valid)
    (west, east), (south, north) = (
        sorted((sides[0][0], sides[1][0])),
        sorted((sides[0][1], sides[1][1])),
    )
    point = polygon.representative_point()
    area = ((*ring, ring[0]),)
    found = touches(Bbox(west, south, east, north), point.x, point.y, area=area)
    assert found == box(west, south, east, north).intersects(polygon)


FIJI = Incident("fiji", lon=179.9, lat=-17, uncertainty_km=50)
SEA = Incident(  # long and slanting, as the Red Sea is: its bounds hold much dry land
    "sea", lon=38, lat=20, area=(((32.5, 30), (43.5, 12.5), (42, 12.5), (32, 30), (32.5, 30)),)
)
REGION = Incident("region", lon=36, lat=33, geo_precision=3)
TOWN = Incident("town", lon=36, lat=33, geo_precision=1)


@pytest.mark.parametrize(
    ("incident", "text", "how"),
    [
        (TOWN, "35,32,37,34", "certain"),
        (TOWN, "36,33,37,34", "certain"),
        (TOWN, "36.001,33,37,34", None),
        (REGION, "35,32,37,34", "possible"),
        (REGION, "-180,-90,180,90", "possible"),
        (FIJI, "179,-18,-179,-16", "certain"),
        (FIJI, "179,-18,180,-16", "possible"),
        (FIJI, "-180,-18,-179,-16", "possible"),
        (FIJI, "-179.5,-18,-179,-16", None),
        (FIJI, "-180,-90,180,90", "certain"),
        (SEA, "30,10,45,31", "certain"),
        (SEA, "38,18,40,21", "possible"),
        (SEA, "33,13,35,15", None),
        (SEA, "33,10,45,12.499999999999999", None),
        (Incident("unmapped", uncertainty_km=5), "-180,-90,180,90", None),
    ],
)
def test_how_an_incident_lies_to_a_box(incident, text, how):
    assert certainty(Bbox.parse(text), incident) == how


def test_a_circle_round_a_pole_reaches_all_round():
    assert certainty(Bbox(-60, 85, -50, 90), Incident("a", lon=100, lat=89, uncertainty_km=300))
    extent = extent_of(100, 89, 300)
    assert (extent.west, extent.east, extent.north) == (-180, 180, 90)


def test_a_country_on_both_sides_of_the_antimeridian_does_not_reach_round_the_globe():
    rings = (
        ((30, 50), (180, 60), (180, 70), (30, 50)),
        ((-180, 60), (-170, 65), (-180, 70), (-180, 60)),
    )
    extent = extent_of(100, 60, area=rings)
    assert (extent.west, extent.east) == (30, 190)
    assert (
        certainty(Bbox(20, 40, -160, 80), Incident("ru", lon=100, lat=60, area=rings)) == "certain"
    )
    assert certainty(Bbox(-160, 40, 20, 80), Incident("ru", lon=100, lat=60, area=rings)) is None
