import json

import pytest
from geopy.distance import geodesic
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from geomap.errors import InputError
from geomap.model import Incident
from geomap.store import Query
from geomap.store.extent import distance_km
from geomap.store.region import Near, Shape, bounds, polygons_of, relations

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
SQUARE = ((35, 32), (36, 32), (36, 33), (35, 33), (35, 32))
HOLE = ((35.4, 32.4), (35.6, 32.4), (35.6, 32.6), (35.4, 32.6), (35.4, 32.4))
FIJI = {  # cut at the antimeridian, as RFC 7946 asks
    "type": "MultiPolygon",
    "coordinates": [
        [[[177, -20], [180, -20], [180, -15], [177, -15], [177, -20]]],
        [[[-180, -20], [-178, -20], [-178, -15], [-180, -15], [-180, -20]]],
    ],
}


def point(lon, lat, radius_km=None, area=(), known=True):
    return Shape(lon, lat, radius_km, area, known)


@settings(deadline=None)
@given(lon=lons, lat=lats, km=st.floats(0.1, 4000), near=st.tuples(lons, lats))
def test_near_is_measured_along_the_ellipsoid(lon, lat, km, near):
    distance = geodesic((lat, lon), (near[1], near[0])).km
    assume(abs(distance / km - 1) > 2e-3)
    (how,) = relations(Near(*near, km), [point(lon, lat)])
    assert how == ("certain" if distance < km else None)


@settings(deadline=None)
@given(
    *(st.floats(-3, 3), st.floats(-60, 60), st.floats(1, 150), st.floats(1, 300)),
    st.sampled_from([0, 178.5, -180]),
)
def test_a_circle_near_a_point_is_inside_touching_or_outside(east, lat, radius, km, lon):
    there = (lon + east + 180) % 360 - 180
    distance = distance_km(lon, lat, there, lat)
    (how,) = relations(Near(lon, lat, km), [point(there, lat, radius)])
    slack = 0.01 * (distance + radius + km)
    if distance + radius < km - slack:
        assert how == "certain"
    elif distance - radius > km + slack:
        assert how is None
    elif distance + radius > km + slack and distance - radius < km - slack:
        assert how == "possible"


@settings(deadline=None)
@example([(0.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (1e-45, 1.0)], 1.0, 0.0)
@given(st.lists(st.tuples(lons, lats), min_size=3, max_size=6), lons, lats)
def test_a_point_lies_in_a_polygon_where_shapely_says_so(ring, lon, lat):
    polygon = Polygon(ring)
    assume(polygon.is_valid and polygon.area and polygon.boundary.distance(Point(lon, lat)) > 1e-6)
    (how,) = relations(polygons_of(polygon), [point(lon, lat)])
    # A polygon that reaches both sides of the antimeridian holds both names of it.
    same = [Point(lon, lat), *([Point(-lon, lat)] if abs(lon) == 180 else [])]
    assert how == ("certain" if any(map(polygon.covers, same)) else None)


@settings(deadline=None)
@given(st.lists(st.tuples(lons, lats), min_size=3, max_size=5), lons, lats)
def test_the_bounds_of_a_region_hold_it(ring, lon, lat):
    polygons = polygons_of([[ring]])
    assume(relations(polygons, [point(lon, lat)]) == ["certain"])
    assert bounds(polygons).covers(lon, lat)


@pytest.mark.parametrize(
    ("shape", "how"),
    [
        (point(35.2, 32.5), "certain"),
        (point(35.5, 32.5), None),
        (point(35.5, 32.5, 5.0), None),
        (point(35.5, 32.5, 15.0), "possible"),
        (point(35.2, 32.2, 5.0), "certain"),
        (point(35.2, 32.2, 500.0), "possible"),
        (point(35.2, 32.2, known=False), "possible"),
        (point(36.1, 32.2, 5.0), None),
        (point(36.1, 32.2, 15.0), "possible"),
        (point(35.2, 32.2, area=(SQUARE,)), "possible"),
        (
            point(35.1, 32.1, area=(((35.1, 32.1), (35.2, 32.1), (35.2, 32.2), (35.1, 32.1)),)),
            "certain",
        ),
    ],
)
def test_how_a_shape_lies_to_a_polygon_with_a_hole(shape, how):
    assert relations(polygons_of([[SQUARE, HOLE]]), [shape]) == [how]


@pytest.mark.parametrize(
    ("shape", "how"),
    [
        (point(180, -17, 50.0), "certain"),
        (point(-180, -17, 50.0), "certain"),
        (point(-177.5, -17, 90.0), "possible"),
        (point(176.5, -17, 90.0), "possible"),
        (point(0, -17, 50.0), None),
    ],
)
def test_a_region_across_the_antimeridian_is_one(shape, how):
    assert relations(polygons_of(FIJI), [shape]) == [how]
    assert bounds(polygons_of(FIJI)).crosses


def test_a_circle_round_a_pole_is_found():
    near = Near(20, 89, 300)
    assert relations(near, [point(-170, 89.5), point(20, 86)]) == ["certain", None]
    assert relations(near, [point(0, 89.9, 400.0)]) == ["possible"]


@pytest.mark.parametrize(
    "value",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        json.dumps({"type": "Polygon", "coordinates": [SQUARE]}),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
            ],
        },
        box(35, 32, 36, 33),
        [[SQUARE]],
        [[SQUARE[:-1]]],
    ],
)
def test_polygons_are_read_as_people_have_them(value):
    (polygon,) = polygons_of(value)
    assert set(polygon[0]) == set(SQUARE)
    assert polygon[0][0] == polygon[0][-1]


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"within": "{"}, "is not JSON"),
        ({"within": {"type": "Point", "coordinates": [1, 2]}}, "Point is not a polygon"),
        ({"within": {"type": "Polygon"}}, "cannot be read"),
        ({"within": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}, "a ring of 2 corners"),
        ({"within": [[[(1, 2), (3, 95), (5, 6)]]]}, "corner 3,95 is not on the globe"),
        ({"within": [[]]}, "has no rings"),
        ({"near": (35, 32)}, "is not lon, lat and km"),
        ({"near": (35, 132, 5)}, "not on the globe"),
        ({"near": (35, 32, 0)}, "0 km is not a distance"),
        ({"near": (35, 32, float("nan"))}, "nan km is not a distance"),
    ],
)
def test_a_region_that_cannot_be_meant_is_refused(asked, what):
    with pytest.raises(InputError, match=what):
        Query(**asked)


@pytest.fixture
def filled(store):
    places = {"tubas": (35.37, 32.32), "jenin": (35.3, 32.46), "suva": (178.44, -18.14)}
    store.add(
        [
            *(
                Incident(name, lon=lon, lat=lat, uncertainty_km=2.0)
                for name, (lon, lat) in places.items()
            ),
            Incident("valley", lon=35.5, lat=32.3, uncertainty_km=40.0),
            Incident("nowhere"),
        ]
    )
    return store


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"near": (35.37, 32.32, 5)}, {"tubas": "certain", "valley": "possible"}),
        (
            {"near": (35.37, 32.32, 20)},
            {"tubas": "certain", "jenin": "certain", "valley": "possible"},
        ),
        ({"near": (35.37, 32.32, 20), "certain": True}, {"tubas": "certain", "jenin": "certain"}),
        ({"within": FIJI}, {"suva": "certain"}),
        (
            {"within": [[SQUARE, HOLE]], "near": (35.3, 32.46, 3)},
            {"jenin": "certain", "valley": "possible"},
        ),
        (
            {"within": [[SQUARE]], "bbox": "35.34,32,36,33"},
            {"tubas": "certain", "valley": "possible"},
        ),
        (
            {"within": [[SQUARE]], "bbox": "35.37,32,36,33"},
            {"tubas": "possible", "valley": "possible"},
        ),
        ({"near": (35.3, 32.46, 20), "newest_first": True, "limit": 1}, {"jenin": "certain"}),
    ],
)
def test_the_store_answers_regions(filled, asked, found):
    query = Query(**asked)
    matches = {match.incident.id: match.certainty for match in filled.matches(query)}
    assert matches == found
    assert filled.count(query) == len(found)
