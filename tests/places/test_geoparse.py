import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.places import geoparse
from geomap.places.geoparse import find_mentions


def found(text):
    return {t.toponym: t for t in geoparse(text)}


@pytest.mark.parametrize(
    ("text", "toponym", "country", "kind"),
    [
        ("Shells fell on Kherson at dawn.", "Kherson", "UA", "settlement"),
        (
            "A blast shook Tripoli. Libyan forces moved out of Misrata.",
            "Tripoli",
            "LY",
            "settlement",
        ),
        (
            "Hezbollah men in Tripoli, north of Beirut, put up posters.",
            "Tripoli",
            "LB",
            "settlement",
        ),
        ("The tanker crossed the Red Sea on Monday.", "Red Sea", "", "sea"),
        ("Police in Paris, Texas, closed a road.", "Paris", "US", "settlement"),
        ("Protesters filled the streets of Tbilisi in Georgia.", "Georgia", "GE", "country"),
    ],
)
def test_a_name_means_the_place_that_the_text_speaks_of(text, toponym, country, kind):
    place = found(text)[toponym]
    assert (place.country, place.kind) == (country, kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jordan Henderson signed for two more years.", "Jordan"),
        ("A court heard that Paris Jackson had sung.", "Paris"),
        ("Israeli and Palestinian negotiators left the room.", "Israeli"),
        ("Hamas rejected the offer.", "Hamas"),
    ],
)
def test_persons_peoples_ships_and_movements_are_no_places(text, name):
    assert not [t for t in geoparse(text) if name in t.toponym]


@pytest.mark.parametrize(
    ("text", "toponym", "parent"),
    [
        ("Rockets hit northern Israel.", "northern Israel", "Israel"),
        ("Troops reached the outskirts of Khartoum.", "the outskirts of Khartoum", "Khartoum"),
        ("Fighting 15 km south of Kharkiv went on.", "15 km south of Kharkiv", "Kharkiv"),
        ("A raid in the north of Lebanon failed.", "the north of Lebanon", "Lebanon"),
    ],
)
def test_words_that_move_a_name_belong_to_the_toponym(text, toponym, parent):
    place = found(text)[toponym]
    assert place.place.match == "computed"
    assert place.place.name.endswith(parent)
    assert place.place.parent + "#" in place.place.place_id


def test_a_name_that_nobody_knows_is_recognised_and_left_without_a_point():
    place = found("Clashes went on in Qzzyrtplash, near Aleppo.")["Qzzyrtplash"]
    assert place.place is None
    assert place.lon is None
    assert place.score == 0


def test_an_ambiguous_name_keeps_its_rivals():
    place = found("A fire broke out in Springfield on Monday, officials in Illinois said.")
    springfield = place["Springfield"]
    assert {c.admin1 for c in springfield.candidates} & {"Massachusetts", "Missouri"}
    if springfield.place is not None:
        assert springfield.place.admin1 == "Illinois"


def test_find_mentions_gives_the_names_without_places():
    text = "Shells fell on Kherson and Nikopol."
    assert [(m.start, m.text) for m in find_mentions(text)] == [(15, "Kherson"), (27, "Nikopol")]


def test_the_day_of_issue_may_be_given():
    assert geoparse("Rain in Lima, Peru.", dt.date(2026, 5, 4)) == geoparse("Rain in Lima, Peru.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00\ufffd",
        "A" * 100_000,
        "🚀" * 500,
        "\u202eKyiv\u202c",
        "<img src=x onerror=a>",
    ],
)
def test_odd_text_is_no_trouble(text):
    for toponym in geoparse(text):
        assert text[toponym.start : toponym.end] == toponym.toponym


WORDS = [
    "Kyiv",
    "northern",
    "Gaza",
    "of",
    "the",
    "outskirts",
    "Jordan",
    "said",
    "in",
    ".",
    ",",
    "15 km",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=25))
def test_toponyms_quote_the_text_and_never_overlap(words):
    text = " ".join(words)
    toponyms = geoparse(text)
    assert all(text[t.start : t.end] == t.toponym for t in toponyms)
    assert all(a.end <= b.start for a, b in pairwise(toponyms))


def test_the_same_text_gives_the_same_answer():
    text = "Shelling in Donetsk, Kherson and the outskirts of Kharkiv."
    assert geoparse(text) == geoparse(text)


@pytest.mark.parametrize("name", ["Port-au-Prince", "Aix-en-Provence", "Stratford-upon-Avon"])
def test_small_words_within_a_name_belong_to_it(name):
    (toponym,) = geoparse(f"Residents left {name} on Sunday.")
    assert (toponym.toponym, toponym.place.name) == (name, name)


@pytest.mark.parametrize(
    ("name", "precision"),
    [("Goma", 1), ("Arizona", 3), ("Lake Chad", 3), ("Kenya", 4), ("the Red Sea", 4)],
)
def test_a_region_is_known_less_exactly_than_a_town(name, precision):
    (toponym,) = geoparse(f"Floods have reached {name}.")
    assert toponym.geo_precision == precision


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("* Kosti. Nine hundred families came by boat.\n* Kassala: schools closed.", "Kosti"),
        ("Zaria (Kaduna State): bandits abducted a trader.", "Kaduna State"),
        ("Tel Aviv (Israel): a rocket fell.", "Israel"),
        ("Kherson region: two wounded by a drone in Bilozerka.", "Kherson region"),
        ("2 Feb | Gao | Mali | Ambush | 7\n3 Feb | Tera | Niger | Raid | 1", "Tera"),
    ],
)
def test_labels_and_cells_of_bulletins_are_places(text, place):
    assert place in found(text)


def test_the_first_word_of_a_text_may_name_nothing():
    assert geoparse("Hamas") == []
    assert geoparse("Xq") == [] or geoparse("Xq")[0].place is None


@pytest.mark.parametrize("name", ["Deir ez-Zor", "Umm ar-Rasas", "Ras al-Ayn"])
def test_an_article_inside_a_name_is_part_of_it(name):
    assert [t.toponym for t in geoparse(f"Clashes near {name} killed two.")] == [name]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Russia shelled Donetsk and Zaporizhzhia oblasts.", ["country", "province", "province"]),
        ("Protests in Homs and Hama governorates.", ["province", "province"]),
        ("Kherson was shelled. In Kherson region two people died.", ["settlement", "province"]),
        ("Shelling hit the cities of Kharkiv and Sumy.", ["settlement", "settlement"]),
    ],
)
def test_a_type_word_tells_a_province_from_its_town(text, kinds):
    assert [t.kind for t in geoparse(text)] == kinds
