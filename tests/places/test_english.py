"""How English news names provinces and districts, and what it takes for a place of a name."""

import pytest

from geomap.places import english, geocode
from geomap.places.packages import Subdivision
from geomap.places.provinces import provinces
from geomap.places.tables import Row


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [
        ("Cebu province", "PH", "province"),
        ("Cotabato province", "PH", "province"),
        ("Maguindanao del Sur", "PH", "province"),
        ("Sulu", "PH", "province"),
        ("Sultan Kudarat", "PH", "province"),
        ("Yagha province", "BF", "province"),
        ("East Nusa Tenggara", "ID", "province"),
        ("Wardak province", "AF", "province"),
        ("Deir ez-Zor Governorate", "SY", "province"),
        ("Deir Ezzor governorate", "SY", "province"),
        ("Rural Damascus", "SY", "province"),
        ("Khyber Pakhtunkhwa", "PK", "province"),
        ("Lower Shabelle", "SO", "province"),
        ("Kalmykia", "RU", "province"),
        ("Chittagong division", "BD", "province"),
        ("Quang Nam province", "VN", "district"),
        ("Guatemala department", "GT", "province"),
        ("Masisi territory", "CD", "district"),
        ("Malakal county", "SS", "district"),
        ("Palma district", "MZ", "district"),
        ("Chouf district", "LB", "district"),
        ("North Wollo zone", "ET", "district"),
        ("Nduga regency", "ID", "district"),
        ("Saravan county", "IR", "district"),
        ("Koro cercle", "ML", "district"),
    ],
)
def test_a_unit_is_found_by_its_english_name(name, country, kind):
    place = geocode(name)
    assert (place.country, place.kind) == (country, kind)
    assert place.match in ("exact", "folded")
    assert place.extent_km >= 10


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Mecca", "SA"),
        ("Philadelphia", "US"),
        ("Plymouth", "GB"),
        ("Valencia", "ES"),
        ("Fez", "MA"),
    ],
)
def test_a_name_means_the_town_that_news_means(name, country):
    place = geocode(name)
    assert (place.country, place.kind) == (country, "settlement")


def test_type_words_stand_behind_each_name_of_a_unit_but_behind_no_other_type_word():
    row = Row("geonames:1", "Ar", "ADM2", 0, 0, ("LB",), ("Ar Region", "Arr", "عر"))
    english.add_typed_names([row], {("LB", "ADM2"): english.Unit(["district", "caza"], "ADM2")})
    assert row.names[:3] == ("Ar Region", "Arr", "عر")
    assert {"Ar district", "Ar caza", "Arr district", "Arr caza"} == set(row.names[3:])


def test_a_foreign_type_word_is_no_part_of_a_units_name():
    row = Row("geonames:1", "Kabupaten Nduga", "ADM2", 0, 0, ("ID",))
    english.add_typed_names([row], {("ID", "ADM2"): english.Unit(["regency"], "ADM2")})
    assert (row.name, row.names) == ("Nduga", ("Kabupaten Nduga", "Nduga regency"))


def test_a_unit_without_towns_is_placed_by_the_town_that_bears_its_name():
    unit = Subdivision(7, "LB.01.77", "", "Karam District", "", (), 2, [])
    seats = {("LB.01", "karam"): (35.0, 33.0)}
    (row,) = provinces([], [unit], seats)
    assert (row.place_id, row.lon, row.lat) == ("geonames:7", 35.0, 33.0)
    assert row.extent_km >= 20
    assert provinces([], [unit], {}) == []


def test_a_name_of_ours_replaces_the_one_that_the_package_has():
    row = Row("geonames:1", "Makkah", "PPL", 0, 0, ("SA",))
    problems = []
    english.name_places(
        [row], {"geonames:1": ("Mecca", ["Mekka"]), "geonames:9": ("X", [])}, problems
    )
    assert (row.name, row.names) == ("Mecca", ("Makkah", "Mekka"))
    assert problems == ["gazetteer/names.csv: no package knows geonames:9"]
