import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import InputError
from geomap.incidents.dateline import find_issue_date, require_issue_date
from geomap.model import Bulletin

APRIL_12 = dt.date(2024, 4, 12)


@pytest.mark.parametrize(
    "text",
    [
        "GAZA CITY, 12 April 2024 - Shells hit a street.",
        "KYIV, April 12, 2024 (Example Desk) -- Two people died.",
        "Port Sudan, Sudan, Friday, 12 April 2024 – Drones fell.",
        "GENEVA/AMMAN (12 April 2024) – The toll rose.",
        "Daily note\nFriday, 12 April 2024\n\nShells hit Rafah on 10 April 2024.",
        "April 12, 2024, 5:30 pm ET\nShells hit Rafah.",
        "12.04.2024\n\nShells hit Rafah.",
        "**Date:** 2024-04-12\nShells hit Rafah.",
        "Issued: Friday, 12 April 2024",
        "Published on 12 April 2024 by Example Desk",
        "Last updated: 12 April 2024, 18:00 UTC",
        "Issue no. 14 | 12 April 2024 | 18:00 UTC",
        "12 April 2024 – Situation Report 14",
        "As of 3:00 pm ET, April 12, 2024",
        "The data cut-off for this product is 3:00 pm ET, 12 April 2024.",
        "Reporting period: 6-12 April 2024",
        "Weekly digest, 6 - 12 April 2024\n\nMali.",
        "# Flash update (12 April 2024)\n\nA quake struck.",
        "Iran Update, April 12, 2024\n\nShells hit Rafah.",
        "Home | News\n12 April 2024\nShells hit Rafah.",
    ],
)
def test_a_dateline_gives_the_day(text):
    assert find_issue_date(text) == APRIL_12


@pytest.mark.parametrize(
    "text",
    [
        "On 12 April 2024 shells hit Rafah.",
        "Shells hit Rafah on 12 April 2024.",
        "Two years since 7 October 2023",
        "As of January 3, 2024, no evidence of any involvement of that country has been reported.",
        "Report as of 04/05/2024",
        "04/05/2024",
        "April 12",
        "Weekly note, April 2024",
        "Data cut-off: 3:00 pm ET, April 12",
        "\n" * 3 + "Line\n" * 20 + "12 April 2024\n",
        "",
    ],
)
def test_what_is_no_dateline_gives_none(text):
    assert find_issue_date(text) is None


@pytest.mark.parametrize(
    "source",
    [
        "bulletins/gaza_2024-04-12.txt",
        "gaza_20240412.pdf",
        "2024_04_12.md",
        "sitrep-12apr2024.docx",
        "april-12-2024.html",
        "report_April_12_2024_final.md",
        "12.04.2024.txt",
        "C:\\bulletins\\gaza 2024-04-12.txt",
        "https://example.org/2024/04/12/gaza-note",
    ],
)
def test_a_file_name_gives_the_day(source):
    assert find_issue_date("Shells hit Rafah.", source=source) == APRIL_12


@pytest.mark.parametrize(
    "source", ["12-04-2024.txt", "12_04_2024.txt", "id20249999.txt", "2024/04/12/x.txt", "-", ""]
)
def test_a_name_that_may_be_two_days_or_none_gives_none(source):
    assert find_issue_date("Shells hit Rafah.", source=source) is None


def test_the_dateline_counts_before_metadata_title_and_name():
    known = {
        "title": "Daily note, 11 April 2024",
        "published": "2024-04-10T08:00:00",
        "source": "note_2024-04-09.txt",
    }
    dated = "ADEN, 12 April 2024 - Shells."
    assert find_issue_date(dated, **known) == APRIL_12
    assert find_issue_date("Shells.", **known) == dt.date(2024, 4, 10)
    known["published"] = ""
    assert find_issue_date("Shells.", **known) == dt.date(2024, 4, 11)
    known["title"] = ""
    assert find_issue_date("Shells.", **known) == dt.date(2024, 4, 9)


def test_a_dateline_without_a_year_takes_it_from_the_name():
    text = "Data cut-off: 3:00 pm ET, December 31\n\nShells."
    assert find_issue_date(text, source="note_2024-01-01.txt") == dt.date(2023, 12, 31)


def test_of_several_lone_dates_the_latest_is_the_issue():
    text = "Chronicle\n\n10 April 2024\nShells.\n\n12 April 2024\nRain.\n\n11 April 2024\nWind."
    assert find_issue_date(text) == APRIL_12


@pytest.mark.parametrize(
    ("bulletin", "message"),
    [
        (
            Bulletin("Shells.", source="a.txt"),
            "a.txt: no date of issue found\nSay --date YYYY-MM-DD.",
        ),
        (
            Bulletin("Report as of 04/05/2024", source="a.txt"),
            "a.txt: no date of issue found\n"
            "04/05/2024 may be 4 May 2024 or 5 April 2024. Say --date YYYY-MM-DD.",
        ),
        (
            Bulletin("Shells.", source="in/12-04-2024.txt"),
            "in/12-04-2024.txt: no date of issue found\n"
            "12-04-2024 may be 12 April 2024 or 4 December 2024. Say --date YYYY-MM-DD.",
        ),
    ],
)
def test_an_unknown_day_is_asked_for(bulletin, message):
    with pytest.raises(InputError) as error:
        require_issue_date(bulletin)
    assert str(error.value) == message
    assert error.value.exit_code == 2


def test_a_known_day_is_not_asked_for():
    assert require_issue_date(Bulletin("Shells.", APRIL_12)) == APRIL_12


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), st.text(max_size=200))
def test_running_text_never_moves_the_day_of_the_name(day, text):
    prose = f"Officials said that on {day.day} {day:%B %Y} {text!r} was heard near the town."
    assert find_issue_date(prose, source="note_2024-04-12.txt") == APRIL_12
