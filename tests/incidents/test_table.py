import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.incidents.extract import extract_bulletin
from geomap.incidents.table import as_prose, find_rows
from geomap.model import Bulletin

BARS = """Weekly roundup, 20 January 2024

Date | Place | Country | Event | Dead
13 Jan | Seytenga | Burkina Faso | Raid on a market, shops burnt | 9
14 Jan | Abala | Niger | Army patrol ambushed | 10
18 Jan | Tanguiéta | Benin | Forester abducted | 0
"""
MARKDOWN = """| Governorate | Location | Description | Killed | Injured |
|---|---|---|---|---|
| Khan Yunis | Abasan | Air strike on a house | 4 | 12 |
| Rafah | Hamadiyeh | Shelling near a school | | 3 |
"""


def rows_of(text):
    issued = dt.date(2024, 1, 20)
    return [
        (i.date.day, i.place, i.country, i.subtype, i.fatalities, i.injured)
        for i in extract_bulletin(Bulletin(text, issued))
    ]


def test_each_row_is_an_incident_at_the_place_of_its_column():
    assert rows_of(BARS) == [
        (13, "Seytenga", "BF", "property", 9, None),
        (14, "Abala", "NE", "armed_clash", 10, None),
        (18, "Tanguiéta", "BJ", "abduction", 0, None),
    ]


def test_tabs_part_cells_as_bars_do():
    assert rows_of(BARS.replace(" | ", "\t")) == rows_of(BARS)


def test_a_place_nobody_knows_is_drawn_in_what_its_row_puts_it_in():
    assert rows_of(MARKDOWN) == [
        (20, "Abasan", "PS", "airstrike", 4, 12),
        (20, "Hamadiyeh", "PS", "shelling", None, 3),
    ]


def test_a_row_is_quoted_as_it_stands():
    first = extract_bulletin(Bulletin(BARS, dt.date(2024, 1, 20)))[0]
    assert first.sentence == BARS.splitlines()[3]
    assert BARS[first.place_start : first.place_end] == "Seytenga"


@pytest.mark.parametrize("text", ["a | b | c", "a | b\nc | d", "Oil | gas | gold rose.\n\nx | y"])
def test_one_line_or_two_cells_make_no_table(text):
    assert find_rows(text) == []


@given(st.text(alphabet="ab1 |\t\n-:", max_size=80))
def test_prose_keeps_every_offset(text):
    rows = find_rows(text)
    prose = as_prose(text, rows)
    assert len(prose) == len(text)
    for row in rows:
        assert "|" not in prose[row.span.start : row.span.end]
        for column in row.columns:
            cell = text[column.span.start : column.span.end]
            assert prose[column.span.start : column.span.end] == cell != ""
