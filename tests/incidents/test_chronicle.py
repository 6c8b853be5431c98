import datetime as dt

import pytest

from geomap.incidents.dates import find_dates
from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin

ISSUED = dt.date(2024, 3, 20)


def days(text, issued=ISSUED):
    return [span.since.isoformat() for span in find_dates(text, issued)]


def told(text, issued=ISSUED):
    found = extract_bulletin(Bulletin(text, issued))
    words = ("statement", "diplomacy")
    return [(i.place, str(i.date)) for i in found if i.incident_type not in words]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A mine went off on the 18th.", ["2024-03-18"]),
        ("On the 26th soldiers shelled Goma.", ["2024-02-26"]),
        ("They met on the 18th floor.", []),
        ("It was the 38th attack.", []),
        ("On the 5th day rebels fled.", []),
        ("From the 3rd Brigade came no word.", []),
        ("Two years ago to the day a wall fell.", ["2022-03-20"]),
        (
            "Weekly note, 4-10 March 2024\n\nOn Friday shells hit Goma.",
            ["2024-03-04", "2024-03-08"],
        ),
        ("Weekly note\n\nOn Friday shells hit Goma.", ["2024-03-15"]),
        ("Timeline of 2019\n\nOn 7 May water rose.", ["2019-01-01", "2019-05-07"]),
        ("2020 Tana floods\n\nOn 7 May water rose.", ["2020-05-07"]),
        ("Air campaign (autumn 2019)\n\nOn 7 May jets came.", ["2019-05-07"]),
        ("Two killed in Goma\n\nOn 7 March jets came.", ["2024-03-07"]),
    ],
)
def test_a_day_is_read_in_the_period_that_the_text_is_about(text, wanted):
    assert days(text)[-len(wanted) :] == wanted if wanted else days(text) == []


def test_a_paragraph_that_begins_with_its_day_keeps_it():
    text = "Log\n\n5 March. Jets bombed Goma.\n\n9 March: Shells hit Bukavu. A drone hit Beni."
    assert told(text) == [
        ("Goma", "2024-03-05"),
        ("Bukavu", "2024-03-09"),
        ("Beni", "2024-03-09"),
    ]


def test_in_a_chronicle_what_is_undated_goes_on_with_the_day_before():
    text = (
        "Violence in Ituri, 2022\n\nOn 9 January militiamen shot two men dead in Bunia. "
        "Rebels burned a market in Beni.\n\nOn 4 May shells hit Goma."
    )
    assert told(text) == [
        ("Bunia", "2022-01-09"),
        ("Beni", "2022-01-09"),
        ("Goma", "2022-05-04"),
    ]


def test_a_causative_had_is_no_past_perfect():
    (found,) = extract_bulletin(Bulletin("The prosecutor had four men arrested in Niamey.", ISSUED))
    assert (found.temporal, found.date) == ("current", ISSUED)
