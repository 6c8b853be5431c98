import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.draw.definition import incident_types
from geomap.draw.scene import Extent, circle, fit, gather, project, regions
from geomap.model import Incident

lons = st.floats(-179, 179)
lats = st.floats(-80, 80)


def incident(n, lon, lat, kind="battle", precision=1, **more):
    return Incident(
        id=f"{n:04}", incident_type=kind, lon=lon, lat=lat, geo_precision=precision, **more
    )


def test_the_types_keep_the_order_of_their_table():
    assert list(incident_types())[:2] == ["explosion", "battle"]


@given(points=st.lists(st.tuples(lons, lats), min_size=1, max_size=20))
def test_four_fifths_of_the_points_lie_in_the_window(points):
    extent = fit([incident(n, *p) for n, p in enumerate(points)], aspect=1.4)
    inside = sum(extent.covers(*project(*p)) for p in points)
    assert extent.width == 1 or inside >= 0.8 * len(points)


def test_one_missile_over_the_sea_does_not_shrink_the_rest():
    near = [incident(1, 34.48, 31.53), incident(2, 34.39, 31.45)]
    sea = incident(3, 39.8, 18.5, "interception", 4)
    assert fit([*near, sea], 1.4) == fit(near, 1.4)
    assert fit([sea], 1.4).covers(*project(39.8, 18.5))


def test_one_far_pin_gives_way_to_the_many():
    near = [incident(n, 34.4 + n / 50, 31.5) for n in range(9)]
    far = incident(99, 44.9, 12.8)
    extent = fit([*near, far], 1.4)
    assert all(extent.covers(*project(i.lon, i.lat)) for i in near)
    assert not extent.covers(*project(far.lon, far.lat))
    assert fit([near[0], far], 1.4).covers(*project(far.lon, far.lat))


def test_a_single_pin_has_a_setting():
    extent = fit([incident(1, 34.48, 31.53)], 1.4)
    assert extent.km(extent.width) == pytest.approx(30, rel=0.01)


def test_no_incident_shows_the_world():
    assert fit([], 1.4).width == 1


def test_symbols_that_would_touch_become_one_with_a_count_for_each_type():
    rows = [
        incident(1, 34.48, 31.53),
        incident(2, 34.481, 31.531, "explosion"),
        incident(3, 35.37, 32.32),
    ]
    symbols = gather(rows, fit(rows, 1.4), lambda total: 5e-5)
    assert sorted(s.counts for s in symbols) == [
        (("battle", 1),),
        (("explosion", 1), ("battle", 1)),
    ]


@given(points=st.lists(st.tuples(lons, lats), max_size=30), radius=st.floats(1e-5, 0.1))
def test_gathering_loses_nobody_and_leaves_no_touching_symbols(points, radius):
    rows = [incident(n, *p) for n, p in enumerate(points)]
    whole = Extent(-0.5, -0.5, 0.5, 0.5)
    symbols = gather(rows, whole, lambda total: radius)
    assert sum(s.total for s in symbols) == len(rows)
    assert all(math.hypot(a.x - b.x, a.y - b.y) >= 2 * radius for a, b in combinations(symbols, 2))


def test_a_region_is_an_area_and_never_a_pin():
    ring = ((35.0, 33.0), (36.0, 33.0), (35.5, 33.5), (35.0, 33.0))
    rows = [
        incident(1, 35.4, 33.2, precision=3, place="southern Lebanon", area=(ring,)),
        incident(2, 35.4, 33.2, precision=3, place="southern Lebanon", area=(ring,)),
        incident(3, 35.4, 32.9, precision=3, place="Galilee", uncertainty_km=20.0),
        incident(4, 35.4, 33.2, precision=2, place="Nabatieh"),
    ]
    found = {region.place: region for region in regions(rows)}
    assert found["southern Lebanon"].total == 2
    assert found["southern Lebanon"].rings == (ring,)
    assert len(found["Galilee"].rings[0]) == 49
    assert "Nabatieh" not in found


def test_a_circle_has_its_radius():
    ring = circle(35.0, 60.0, 111.319)
    assert max(lat for _, lat in ring) == pytest.approx(61.0, abs=0.01)
    assert max(lon for lon, _ in ring) == pytest.approx(37.0, abs=0.02)
