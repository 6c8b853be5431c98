import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geomap.errors import InputError
from geomap.store import Bbox

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("29,-5,42", "not four numbers"),
        ("29,-5,42,5,7", "not four numbers"),
        ("29,-5,42,north", "not four numbers"),
        ("", "not four numbers"),
        ("29,5,42,-5", "south 5 lies above north -5"),
        ("-181,0,10,5", "west -181 is not within -180..180"),
        ("0,0,10,95", "north 95 is not within -90..90"),
        ("nan,0,10,5", "west nan is not within"),
        ("0,-inf,10,5", "south -inf is not within"),
    ],
)
def test_parse_says_what_is_wrong(text, what):
    with pytest.raises(InputError, match=what):
        Bbox.parse(text)


def test_a_box_of_words_is_refused():
    with pytest.raises(InputError, match="south '3' is not a number"):
        Bbox(1, "3", 2, 4)


@pytest.mark.parametrize("lon", [170, 179, 180, -180, -171])
def test_a_box_across_the_antimeridian_covers_both_sides(lon):
    assert Bbox(170, -20, -170, 20).covers(lon, 0)


@pytest.mark.parametrize("lon", [169.9, 0, -169.9])
def test_a_box_across_the_antimeridian_leaves_out_the_rest_of_the_globe(lon):
    assert not Bbox(170, -20, -170, 20).covers(lon, 0)


def test_both_names_of_the_antimeridian_are_one_meridian():
    assert Bbox(-180, 0, -170, 1).covers(180, 0.5)
    assert Bbox(170, 0, 180, 1).covers(-180, 0.5)


@given(west=lons, east=lons, lon=lons)
def test_a_box_and_its_complement_cover_the_globe(west, east, lon):
    assume(west != east)
    assert Bbox(west, -90, east, 90).covers(lon, 0) or Bbox(east, -90, west, 90).covers(lon, 0)


@given(west=lons, east=lons, south=lats, north=lats)
def test_a_box_reads_back_from_its_text(west, east, south, north):
    assume(south <= north)
    box = Bbox(west, south, east, north)
    assert Bbox.parse(str(box)) == box


def test_edges_belong_to_the_box():
    box = Bbox(30, 10, 40, 20)
    assert all(box.covers(lon, lat) for lon in (30, 35, 40) for lat in (10, 15, 20))
