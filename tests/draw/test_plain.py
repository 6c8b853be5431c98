import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest

from geomap.draw.definition import read_definition
from geomap.draw.plain import ROWS, plain_page
from geomap.model import Incident

DAY = dt.date(2024, 4, 12)
INCIDENTS = read_definition("incidents")


def incident(n=0, **fields):
    usual = {"incident_type": "battle", "place": "Tubas", "lon": 35.37, "lat": 32.32, "date": DAY}
    return Incident(id=f"i{n:04}", **(usual | fields))


def svg(rows, definition=INCIDENTS):
    return ET.fromstring(re.search(r"<svg viewBox.*?</svg>", plain_page(rows, definition), re.S)[0])


def texts(rows):
    return [element.text for element in svg(rows).iter("text")]


def test_a_place_with_several_gets_a_number_and_a_name():
    rows = [incident(1), incident(2), incident(3, place="Gaza", lon=34.46, lat=31.5)]
    assert texts(rows) == ["2", "Tubas", "Gaza"]


@pytest.mark.parametrize(
    "fields",
    [{"incident_type": "statement"}, {"temporal": "background"}, {"lon": None, "lat": None}],
    ids=["said", "context", "no place"],
)
def test_what_the_map_does_not_show_at_first_is_in_the_table_alone(fields):
    html = plain_page([incident(1, place="Elsewhere", **fields)], INCIDENTS)
    assert "<svg" not in html and "Elsewhere" in html


def test_a_region_is_an_area_with_its_name():
    ring = ((35.0, 32.0), (35.5, 32.0), (35.5, 32.5), (35.0, 32.0))
    rows = [incident(1, place="the north", geo_precision=3, area=(ring,))]
    titles = [element.text for element in svg(rows).iter("title")]
    assert titles == ["the north: 1"] and texts(rows) == []


def test_the_latest_are_shown_and_the_rest_counted():
    rows = [incident(n, date=DAY - dt.timedelta(days=n)) for n in range(ROWS + 5)]
    html = plain_page(rows, INCIDENTS)
    assert html.count("<tr>") == ROWS + 1
    assert f"latest {ROWS} of {ROWS + 5}" in html


def test_hostile_text_is_text():
    html = plain_page(
        [incident(1, place='<img src=x onerror="x">\x07', sentence="</td>")], INCIDENTS
    )
    assert "<img" not in html and "</td></td>" not in html and "\x07" not in html
    assert any("<img src=x" in text for text in texts([incident(1, place="<img src=x>")]))
