"""The gazetteer: what a name means, from the compiled file."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import ContentError
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.spelling import fold


@pytest.fixture(scope="module")
def known():
    return default_gazetteer()


@pytest.mark.parametrize(
    ("name", "place", "country", "kind"),
    [
        ("Gaza", "Gaza City", "PS", "settlement"),
        ("Nuseirat", "Nuseirat", "PS", "camp"),
        ("غزة", "Gaza City", "PS", "settlement"),
        ("חיפה", "Haifa", "IL", "settlement"),
        ("Київ", "Kyiv", "UA", "settlement"),
        ("Kiev", "Kyiv", "UA", "settlement"),
        ("Харьков", "Kharkiv", "UA", "settlement"),
        ("Odessa", "Odesa", "UA", "settlement"),
        ("Sao Paulo", "São Paulo", "BR", "settlement"),
        ("Diyarbakir", "Diyarbakır", "TR", "settlement"),
        ("Hodeidah", "Hodeidah", "YE", "settlement"),
        ("Donetsk", "Donetsk", "UA", "settlement"),
        ("Donetsk Oblast", "Donetsk", "UA", "province"),
        ("Aleppo governorate", "Aleppo", "SY", "province"),
        ("Georgia", "Georgia", "GE", "country"),
        ("Lebanon", "Lebanon", "LB", "country"),
        ("the Netherlands", "Netherlands", "NL", "country"),
        ("Burma", "Myanmar", "MM", "country"),
        ("DRC", "Democratic Republic of the Congo", "CD", "country"),
        ("Türkiye", "Turkey", "TR", "country"),
        ("Côte d’Ivoire", "Ivory Coast", "CI", "country"),
        ("California", "California", "US", "province"),
        ("Washington", "Washington", "US", "settlement"),
        ("Red Sea", "Red Sea", "", "sea"),
        ("Horn of Africa", "Horn of Africa", "", "region"),
        ("Europe", "Europe", "", "continent"),
        ("Nevatim airbase", "Nevatim Air Base", "IL", "base"),
    ],
)
def test_the_first_candidate_is_what_the_news_means(known, name, place, country, kind):
    first = known.lookup(name)[0]
    assert (first.name, first.country, first.kind) == (place, country, kind)


@pytest.mark.parametrize(
    "name", ["US", "U.S.", "USA", "United States", "the United States", "Estados Unidos"]
)
def test_names_of_a_country_mean_it(known, name):
    assert known.lookup(name)[0].place_id == "geonames:6252001"


def test_country_points_are_those_of_geonames(known):
    place = known.place_by_id("geonames:6252001")
    assert (place.lon, place.lat) == (-98.5, 39.76)


def test_all_places_of_a_name_are_candidates(known):
    countries = [place.country for place in known.lookup("Tripoli")]
    assert countries[:2] == ["LY", "LB"]


def test_a_nonsense_name_has_no_candidates(known):
    assert known.lookup("Qxyzzyqua") == []
    assert known.lookup("") == []


def test_a_country_hint_puts_places_there_first(known):
    assert known.lookup("Tripoli", countries=["LB"])[0].country == "LB"


def test_a_point_nearby_puts_close_places_first(known):
    assert known.lookup("Tripoli", near=(35.5, 33.9))[0].country == "LB"


def test_a_town_goes_before_the_province_named_after_it(known):
    kinds = [place.kind for place in known.lookup("Idlib")]
    assert kinds.index("settlement") < kinds.index("province")


def test_a_missing_facility_falls_back_on_its_town_and_says_so(known):
    place = known.lookup("Kupiansk military hospital")
    assert not place or place[0].match == "typed"
    place = known.lookup("Kupiansk hospital")[0]
    assert (place.kind, place.match) == ("settlement", "typed")
    assert place.score < known.lookup("Kupiansk")[0].score


def test_a_lake_never_falls_back_on_a_town(known):
    assert all(place.kind != "settlement" for place in known.lookup("Lake Kupiansk"))


def test_names_that_sound_alike_are_found_within_a_country_only(known):
    assert known.lookup("Nouseyrat") == []
    found = known.lookup("Nouseyrat", countries=["PS"])
    assert found[0].match == "key"
    assert all(place.country == "PS" for place in found)


def test_scores_fall_from_first_to_last_within_a_level(known):
    for name in ("Tripoli", "Victoria", "Springfield", "Gaza"):
        scores = [place.score for place in known.lookup(name) if place.match == "exact"]
        assert scores == sorted(scores, reverse=True)
        assert sum(place.score for place in known.lookup(name)) <= 0.96


@given(st.text(max_size=40))
def test_any_text_can_be_looked_up(text):
    for place in default_gazetteer().lookup(text, countries=["UA"]):
        assert 0 <= place.score <= 1
        assert place.match in ("exact", "folded", "typed", "key")


def test_names_in_a_text_end_at_the_end_of_a_word(known):
    folded = fold("New York City marathon")
    assert [named.name for named in known.prefixes(folded)][-2:] == ["new york", "new york city"]
    assert "new" not in [named.name for named in known.prefixes("newport")]


def test_prefixes_agree_with_looking_each_name_up(known):
    folded = fold("Deir al-Balah, central Gaza Strip")
    for named in known.prefixes(folded):
        again = known.named(named.name)
        assert again is not None
        assert list(again.places) == list(named.places)


def test_ordinary_words_are_told_apart(known):
    assert known.named("reading").word
    assert not known.named("kharkiv").word


def test_columns_say_what_places_say(known):
    rng = np.random.default_rng(7)
    for index in rng.integers(0, len(known), 200).tolist():
        place = known.place(index)
        assert place.lon == known.lon[index]
        assert place.kind == known.kinds[known.kind[index]]
        assert place.country == known.country[index]
        assert known.index_of(place.place_id) is not None


def test_every_place_is_on_the_globe_and_has_an_extent(known):
    assert np.all(np.abs(known.lon) <= 180)
    assert np.all(np.abs(known.lat) <= 90)
    assert np.all(known.extent_km > 0)
    assert np.all(known.weight > 0)


@pytest.mark.parametrize(
    ("lon", "lat", "country"),
    [
        (34.47, 31.5, "PS"),
        (35.2, 31.9, "PS"),
        (30.5, 50.4, "UA"),
        (34.1, 44.95, "UA"),
        (28.3, -29.6, "LS"),
        (121.5, 25.03, "TW"),
        (20.9, 42.6, "XK"),
        (-13.2, 26.0, "EH"),
        (2.35, 48.86, "FR"),
        (38.0, 21.0, ""),
        (-150.0, 0.0, ""),
    ],
)
def test_a_point_lies_in_its_country(known, lon, lat, country):
    assert known.country_at(lon, lat) == country


def test_towns_lie_in_their_country(known):
    rng = np.random.default_rng(5)
    towns = np.flatnonzero((known.kind == known.kinds.index("settlement")) & (known.country != ""))
    some = rng.choice(towns, 500, replace=False).tolist()
    right = sum(
        known.country_at(float(known.lon[i]), float(known.lat[i])) == known.country[i] for i in some
    )
    assert right / len(some) > 0.95


def test_the_point_of_a_sea_lies_in_its_water(known):
    for name in ("Red Sea", "Black Sea", "Sea of Azov", "Gulf of Aden", "Persian Gulf"):
        place = known.lookup(name)[0]
        index = known.index_of(place.place_id)
        assert known.contains(index, place.lon, place.lat), name


def test_rings_are_closed(known):
    for place_id in ("geonames:6252001", "geonames:690791"):
        for ring in known.place_by_id(place_id).area:
            assert ring[0] == ring[-1]
            assert len(ring) >= 4


def test_a_missing_file_says_what_to_run(tmp_path):
    with pytest.raises(ContentError, match="geomap gazetteer build"):
        Gazetteer.open(tmp_path / "gazetteer.db")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"\0" * 4096])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "gazetteer.db"
    path.write_bytes(content)
    with pytest.raises(ContentError, match="not a gazetteer"):
        Gazetteer.open(path)


def test_opening_and_asking_loads_no_heavy_library():
    code = (
        "import json, sys; from geomap.places.gazetteer import default_gazetteer as g;"
        "g().lookup('Gaza'); print(json.dumps(sorted(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stdout))
    assert loaded.isdisjoint({"geopandas", "pandas", "shapely", "folium", "matplotlib", "geopy"})
