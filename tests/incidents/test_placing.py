"""Where an incident is put when several places are named for one."""

import datetime as dt

import pytest

from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin
from geomap.places.gazetteer import default_gazetteer


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Settlers torched homes in Duma, south of Nablus, and in Beitin.", ["Duma", "Beitin"]),
        ("The quake was felt in Puerto Rico, a United States commonwealth.", ["Puerto Rico"]),
        ("Rockets were fired at the United States Embassy in Iraq.", ["Iraq"]),
        ("A bomb struck the Jolo Cathedral in Mindanao, Philippines.", ["Jolo"]),
        (
            "Gunmen killed six people in Kwatakwashi, a village 12 km west of Gusau.",
            ["Gusau*"],
        ),
        ("In El Fasher, shelling of Abu Shouk camp killed at least 14 people.", ["Abu Shouk"]),
        (
            "Shelling wounded four in Odesa, and an explosion killed two in Kherson.",
            ["Odesa", "Kherson"],
        ),
    ],
)
def test_an_incident_stands_where_the_text_puts_it(text, places):
    found = extract_bulletin(Bulletin(text, dt.date(2024, 5, 15)))
    assert [named(i.place_id) for i in found] == places


def named(place_id):
    """Give a place's name, with a star where it was computed from another."""
    place = default_gazetteer().place_by_id(place_id.split("#")[0])
    return place.name + "*" * ("#" in place_id)


def test_an_unknown_quarter_lies_round_the_town_that_the_text_speaks_of():
    text = "A bomb killed three people in Kismayo. Mortars landed in a camp at Dalhisqo."
    known, unknown = extract_bulletin(Bulletin(text, dt.date(2024, 5, 15)))
    assert (unknown.place, unknown.place_id) == ("Dalhisqo", known.place_id)
    assert unknown.geo_precision == 3
    assert unknown.uncertainty_km >= 25
    assert any("not known" in reason for reason in unknown.reasons)


def test_a_guess_for_one_label_is_none_for_another():
    text = """Weekly note

    • Kismayo: Mortars landed in a camp at Dalhisqo.
    • Beledweyne: Gunmen raided a camp at Dalhisqo."""
    found = extract_bulletin(Bulletin(text, dt.date(2024, 5, 15)))
    assert [i.place for i in found] == ["Dalhisqo", "Dalhisqo"]
    assert len({i.place_id for i in found}) == 2
