"""Phrases that name a place by others: what they give in a text, and which words give nothing."""

import pytest
from shapely.geometry import Point, Polygon

from geomap.places import geocode, geoparse
from geomap.places.gazetteer import default_gazetteer
from geomap.places.modifier import find_modifier


def found(text):
    return {t.toponym: t for t in geoparse(text)}


@pytest.mark.parametrize(
    ("text", "toponym", "name", "extent_km"),
    [
        (
            "Shelling hit villages between Kupiansk and Svatove.",
            "between Kupiansk and Svatove",
            "between Kupyansk and Svatove",
            (20, 35),
        ),
        (
            "Gunmen stopped cars on the Kaduna-Abuja highway.",
            "Kaduna-Abuja highway",
            "Kaduna-Abuja highway",
            (70, 95),
        ),
        (
            "The road from Kabul to Kandahar was mined.",
            "The road from Kabul to Kandahar",
            "Kabul-Kandahar road",
            (200, 260),
        ),
        ("Fighting went on on the Pokrovsk axis.", "Pokrovsk axis", "Pokrovsk axis", (20, 30)),
        (
            "In the Kupyansk direction, 12 attacks were repelled.",
            "Kupyansk direction",
            "Kupyansk direction",
            (20, 30),
        ),
        (
            "Attacks in the Pokrovsk and Lyman directions failed.",
            "Pokrovsk",
            "Pokrovsk direction",
            (20, 30),
        ),
        (
            "Shelling in western Aleppo countryside.",
            "western Aleppo countryside",
            "western Aleppo countryside",
            (30, 120),
        ),
        (
            "Shells fell on Idlib's southern countryside.",
            "Idlib's southern countryside",
            "southern Idlib countryside",
            (20, 60),
        ),
        (
            "Strikes hit the vicinity of Saraqib.",
            "the vicinity of Saraqib",
            "vicinity of Saraqib",
            (4, 8),
        ),
        ("Kyiv suburbs were hit.", "Kyiv suburbs", "outskirts of Kyiv", (20, 40)),
        (
            "Villages east of the Euphrates were shelled.",
            "east of the Euphrates",
            "east of Euphrates",
            (5, 700),
        ),
        (
            "A camp 20 km outside Kherson burned.",
            "20 km outside Kherson",
            "20 km from Kherson",
            (20, 25),
        ),
        (
            "Fighting along the Thailand-Cambodia border displaced thousands.",
            "Thailand-Cambodia border",
            "border of Thailand and Cambodia",
            (200, 450),
        ),
        (
            "Fire was exchanged on the Lebanese-Israeli border.",
            "Lebanese-Israeli border",
            "border of Lebanon and Israel",
            (30, 70),
        ),
    ],
)
def test_a_phrase_is_one_toponym_with_its_own_place(text, toponym, name, extent_km):
    place = found(text)[toponym].place
    assert (place.name, place.match) == (name, "computed")
    assert extent_km[0] <= place.extent_km <= extent_km[1]


@pytest.mark.parametrize(
    ("text", "toponym", "extent_km"),
    [
        ("A tanker was attacked off the coast of Oman.", "off the coast of Oman", 1100),
        ("Migrants were rescued off the Libyan coast.", "off the Libyan coast", 1200),
        ("A ferry sank off Lampedusa.", "off Lampedusa", 50),
        ("Off Hodeidah, a ship was boarded.", "Off Hodeidah", 80),
        ("A quake struck 70 km off the coast of Miyagi.", "70 km off the coast of Miyagi", 250),
        ("A quake struck off eastern Taiwan.", "off eastern Taiwan", 250),
        ("Pirates sailed off Somalia's eastern coast.", "off Somalia's eastern coast", 700),
    ],
)
def test_what_is_off_a_coast_lies_at_sea(text, toponym, extent_km):
    place = found(text)[toponym].place
    assert place.kind == "sea"
    assert default_gazetteer().country_at(place.lon, place.lat) == ""
    assert place.extent_km <= extent_km
    assert any(Polygon(ring).contains(Point(place.lon, place.lat)) for ring in place.area)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Talks between Moscow and Kyiv resumed.", {"Moscow", "Kyiv"}),
        ("Trade between China and India grew.", {"China", "India"}),
        ("Flights between London and Dublin were cancelled.", {"London", "Dublin"}),
        ("Shells hit Lviv along with Kyiv.", {"Kyiv", "Lviv"}),
        ("The army cut off Latakia from the sea.", {"Latakia"}),
        ("He took off for Paris by ship.", {"Paris"}),
        ("Prices were 20% off in London.", {"London"}),
        ("The Rome-Berlin axis collapsed.", {"Rome", "Berlin"}),
        ("Ukraine changed direction after Paris.", {"Ukraine", "Paris"}),
        ("Boats left the coast of Chad for Libya.", {"Chad", "Libya"}),
        ("The road between Kabul and London is long.", {"Kabul", "London"}),
    ],
)
def test_ordinary_words_move_nothing(text, names):
    toponyms = found(text)
    assert toponyms
    assert set(toponyms) <= names
    assert all(t.place is None or t.place.match != "computed" for t in toponyms.values())


def test_what_goes_along_a_river_is_the_river_and_not_its_town():
    place = found("Drones flew along the Dnipro near Kherson.")["Dnipro"].place
    assert (place.name, place.kind) == ("Dnipro River", "river")


@pytest.mark.parametrize(
    ("name", "shown", "kind"),
    [
        ("along the Dnipro", "Dnipro River", "river"),
        ("along the Blue Line", "Blue Line", "border"),
        ("along Wadi Gaza", "Wadi Gaza", "wadi"),
        ("off the coast of Oman", "off Oman", "sea"),
        ("off Lampedusa", "off Lampedusa", "sea"),
        ("Pokrovsk axis", "Pokrovsk axis", "region"),
        ("the Goma to Bukavu road", "Goma-Bukavu road", "region"),
        ("Hama northern countryside", "northern Hama countryside", "region"),
        ("Khartoum's outskirts", "outskirts of Khartoum", "region"),
        ("the border between Sudan and Chad", "border of Sudan and Chad", "border"),
        ("Syria's border with Turkey", "border of Syria and Turkey", "border"),
        ("southern suburbs of Beirut", "Dahiyeh", "region"),
        ("Kherson region", "Kherson", "province"),
        ("Kherson oblast", "Kherson", "province"),
    ],
)
def test_geocode_reads_the_same_phrases(name, shown, kind):
    place = geocode(name)
    assert (place.name, place.kind) == (shown, kind)


@pytest.mark.parametrize("name", ["Kabul-Lima border", "off the coast of Chad", "between Chad and"])
def test_a_phrase_that_cannot_be_is_no_place(name):
    assert geocode(name) is None


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("on the ", " axis", "axis"),
        ("in the ", " direction", "axis"),
        ("in ", "'s outskirts", "outskirts"),
        ("in northern ", " countryside", "countryside"),
        ("off the ", " coast", "off"),
        ("along the banks of the ", "", "line"),
        ("in north of ", "", "part"),
    ],
)
def test_words_on_both_sides_move_a_name(before, after, rule):
    text = f"It was {before}Kherson{after} that day"
    start = len(f"It was {before}")
    found_there = find_modifier(text, start, start + len("Kherson"))
    assert found_there.rule == rule
    assert found_there.after == len(after)


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("north-western Pakistan", (71.0, 33.5), (62.5, 29.0)),
        ("south-eastern Turkey", (40.2, 37.9), (30.7, 36.9)),
        ("north-eastern Nigeria", (13.1, 11.8), (7.5, 9.1)),
    ],
)
def test_a_corner_of_a_leaning_country_is_where_news_puts_it(name, inside, outside):
    ring = Polygon(geocode(name).area[0])
    assert ring.contains(Point(inside))
    assert not ring.contains(Point(outside))


def test_a_region_and_the_town_that_it_is_called_after_are_two_places_of_one_text():
    toponyms = found("Troops left Aleppo. In Aleppo province, shelling went on.")
    kinds = {name: toponym.kind for name, toponym in toponyms.items()}
    assert kinds == {"Aleppo": "settlement", "Aleppo province": "province"}
