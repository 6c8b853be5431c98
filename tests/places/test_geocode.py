"""Geocoding: what a person who asks for a place would be shown."""

import pytest

from geomap.errors import InputError
from geomap.places.geocode import geocode


@pytest.mark.parametrize(
    ("name", "country", "kind", "lon", "lat", "within_km"),
    [
        ("Jabalia", "PS", ("settlement", "camp"), 34.4835, 31.5272, 4),
        ("Nuseirat", "PS", ("camp", "settlement"), 34.3926, 31.4486, 3),
        ("Tubas", "PS", ("settlement",), 35.3699, 32.3209, 3),
        ("Tubas, West Bank", "PS", ("settlement",), 35.3699, 32.3209, 3),
        ("Golan Heights", "", ("region",), 35.75, 33.0, 25),
        ("Wadi Gaza", "PS", ("wadi",), 34.40, 31.45, 6),
        ("Tripoli, Lebanon", "LB", ("settlement",), 35.844, 34.434, 5),
        ("Tripoli, Libya", "LY", ("settlement",), 13.187, 32.887, 10),
        ("Paris, Texas", "US", ("settlement",), -95.556, 33.661, 5),
        ("Paris, TX", "US", ("settlement",), -95.556, 33.661, 5),
        ("Kherson, Ukraine", "UA", ("settlement",), 32.617, 46.637, 8),
    ],
)
def test_a_name_gives_the_place_that_is_meant(name, country, kind, lon, lat, within_km):
    from geomap.places.measure import distance_km

    place = geocode(name)
    assert place is not None
    assert place.country == country
    assert place.kind in kind
    assert distance_km(place.lon, place.lat, lon, lat) <= within_km


def test_a_sea_is_an_area_with_its_point_in_the_water():
    place = geocode("the Red Sea")
    assert place.kind == "sea"
    assert place.area
    assert place.extent_km > 500
    assert 34 < place.lon < 44


def test_a_name_of_two_places_gives_both():
    place = geocode("Tripoli")
    assert {place.country, *(rival.country for rival in place.candidates)} >= {"LY", "LB"}


@pytest.mark.parametrize("name", ["Qwertyuiop", "xx yy zz", "", " ", ",", "north of", "12 km"])
def test_no_match_is_an_answer(name):
    assert geocode(name) is None


def test_a_country_is_strict():
    assert geocode("Jabalia", country="PS").country == "PS"
    assert geocode("Jabalia", country="palestine").country == "PS"
    assert geocode("Kherson", country="NZ") is None


def test_a_sound_counts_within_a_country():
    assert geocode("Nouseyrat") is None
    assert geocode("Nouseyrat", country="PS").name == "Nuseirat"


def test_a_point_nearby_decides():
    assert geocode("Tripoli", near=(35.5, 33.9)).country == "LB"


@pytest.mark.parametrize(
    ("name", "shown", "parent"),
    [
        ("southern Lebanon", "southern Lebanon", "Lebanon"),
        ("the northern Gaza Strip", "northern Gaza Strip", "Gaza Strip"),
        ("northern Gaza", "northern Gaza Strip", "Gaza Strip"),
        ("southern Red Sea", "southern Red Sea", "Red Sea"),
        ("the northern part of the Gaza Strip", "northern Gaza Strip", "Gaza Strip"),
        ("15 km south of Kherson", "15 km south of Kherson", "Kherson"),
        ("the outskirts of Khartoum", "outskirts of Khartoum", "Khartoum"),
        ("north of Aleppo", "north of Aleppo", "Aleppo"),
        ("between Kharkiv and Sumy", "between Kharkiv and Sumy", "Kharkiv"),
    ],
)
def test_words_round_a_name_move_it(name, shown, parent):
    place = geocode(name)
    assert (place.name, place.match) == (shown, "computed")
    assert place.parent == geocode(parent).place_id


@pytest.mark.parametrize(
    ("name", "country"),
    [("South Sudan", "SS"), ("Northern Ireland", "GB"), ("North Macedonia", "MK")],
)
def test_a_direction_in_a_proper_name_is_no_part(name, country):
    place = geocode(name)
    assert (place.name, place.country) == (name, country)


@pytest.mark.parametrize("country", ["ZZ", "Atlantis"])
def test_an_unknown_country_is_refused(country):
    with pytest.raises(InputError, match=country):
        geocode("Gaza", country=country)


@pytest.mark.parametrize("near", [(200.0, 0.0), (0.0, -91.0)])
def test_a_point_off_the_globe_is_refused(near):
    with pytest.raises(InputError, match="not on the globe"):
        geocode("Gaza", near=near)


def test_rivals_come_with_the_answer_and_do_not_hold_it():
    place = geocode("Springfield")
    assert 1 <= len(place.candidates) <= 10
    assert place.place_id not in {rival.place_id for rival in place.candidates}
