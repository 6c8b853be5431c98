import datetime as dt

import pytest

from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin

ISSUED = dt.date(2026, 5, 14)


def kinetic(text):
    found = extract_bulletin(Bulletin(text, ISSUED))
    return [i for i in found if i.incident_type not in ("statement", "diplomacy")]


@pytest.mark.parametrize(
    "denial",
    [
        "The ministry said that no one was killed.",
        "The army denied the report.",
        "The governor dismissed the claim.",
    ],
)
def test_a_denial_in_the_next_sentence_makes_it_a_claim(denial):
    (found,) = kinetic(f"Shells hit a market in Kherson. {denial}")
    assert found.modality == "claimed"
    assert "denied in the next sentence" in found.reasons


@pytest.mark.parametrize(
    "after",
    [
        "The mayor said that two people were killed.",
        "No shops were open.",
        "The army denied that it had lost a drone, after shells hit Nikopol.",
    ],
)
def test_what_denies_nothing_leaves_it_asserted(after):
    assert kinetic(f"Shells hit a market in Kherson. {after}")[0].modality == "asserted"


def test_a_denial_does_not_reach_over_a_paragraph():
    text = "Shells hit a market in Kherson.\n\nThe army denied the report from Lima."
    assert kinetic(text)[0].modality == "asserted"


def test_headline_and_body_with_different_tolls_are_one_event():
    title, body = kinetic(
        "Bomb kills nine in Kabul\n\nA bomb exploded in Kabul on Tuesday, killing eleven people."
    )
    assert title.event_id == body.event_id


@pytest.mark.parametrize(
    "second",
    [
        "A second bomb exploded in Kabul on Tuesday.",
        "Another blast hit Kabul on Tuesday.",
        "A bomb exploded in Kabul on Tuesday, killing four people.",
    ],
)
def test_what_the_text_counts_apart_stays_apart(second):
    text = f"Bombs in Kabul\n\nA bomb exploded in Kabul on Tuesday, killing nine people. {second}"
    body = kinetic(text)[-2:]
    assert body[0].event_id != body[1].event_id


@pytest.mark.parametrize(
    ("text", "subtype"),
    [
        ("Two traders were killed in Goma.", "casualty_report"),
        ("Two traders were killed by gunmen in Goma.", "attack"),
        ("Gunmen killed two traders in Goma.", "attack"),
        ("Two traders were killed in a landslide in Goma.", "landslide"),
    ],
)
def test_a_toll_without_a_cause_is_only_a_toll(text, subtype):
    assert [i.subtype for i in kinetic(text)] == [subtype]


def test_villages_on_both_sides_of_a_border_are_two_events():
    found = kinetic(
        "Israeli aircraft struck Kfar Kila on Tuesday. "
        "Hezbollah fired rockets at Metula on Tuesday."
    )
    assert len({i.event_id for i in found}) == len(found) == 2


def test_an_air_strike_and_a_rocket_at_one_place_are_two_events():
    found = kinetic("Jets bombed Kherson on Tuesday. Rebels fired rockets at Kherson on Tuesday.")
    assert len({i.event_id for i in found}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "In Nablus hundreds attended the funeral of a man who had died on 3 May.",
        "Leaders in Goma paid tribute to two soldiers who were killed in an ambush.",
    ],
)
def test_a_funeral_is_no_new_death(text):
    assert kinetic(text) == []


def test_two_unknown_villages_of_one_province_are_two_incidents():
    found = kinetic(
        "Gunmen attacked Qwarbelyah in Kaduna State. Gunmen attacked Zolumbiri in Kaduna State."
    )
    assert len({i.id for i in found}) == len({i.event_id for i in found}) == len(found)


def test_a_strike_in_another_clause_does_not_type_a_ground_attack():
    found = kinetic("Troops attacked near Robotyne, and jets struck a depot in Engels.")
    assert [i.incident_type for i in found] == ["battle", "explosion"]
