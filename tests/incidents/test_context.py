import datetime as dt

import pytest

from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin


def told(text):
    incidents = extract_bulletin(Bulletin(text, dt.date(2026, 5, 14)))
    words = ("statement", "diplomacy")
    return [(i.subtype, i.place) for i in incidents if i.incident_type not in words]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Shells hit Kherson on Monday. Two drones struck a depot in the city later.",
            [("shelling", "Kherson"), ("drone_strike", "Kherson")],
        ),
        (
            "Gunmen raided a market in Zaria. Police imposed a curfew there.",
            [("attack", "Zaria"), ("restriction", "Zaria")],
        ),
        ("Note\n\nZaria (Kaduna State): bandits abducted a trader.", [("abduction", "Zaria")]),
        ("Note\n\nZaria: thieves broke into a school.", [("property", "Zaria")]),
    ],
)
def test_a_sentence_without_a_place_takes_the_one_it_points_to(text, wanted):
    found = told(text)
    assert [place for _, place in found] == [place for _, place in wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Shells hit Kherson on Monday. Two drones struck a depot.",
        "Nigeria: bandits abducted two traders.",
        "Shells hit Kherson. There were clashes overnight.",
    ],
)
def test_what_points_nowhere_stays_unmapped(text):
    assert {place for _, place in told(text)} <= {"Kherson"}
    assert len(told(text)) <= 1
