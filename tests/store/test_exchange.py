import csv
import datetime as dt
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geomap.errors import InputError
from geomap.model import Incident
from geomap.store import Match
from geomap.store.exchange import read_incidents, write_incidents

FORMATS = ["geojson", "geojsonl", "csv"]
TUBAS = Incident(
    "tubas",
    date=dt.date(2026, 5, 1),
    incident_type="battle",
    place="Tubas",
    geo_precision=1,
    lon=35.37,
    lat=32.32,
    fatalities=2,
    actors=({"text": "the army", "role": "actor1"},),
    sentence='Raid in "Tubas", they said.',
)
SEA = Incident(
    "sea",
    place="Red Sea",
    lon=38.5,
    lat=20.0,
    area=(((38.0, 19.0), (39.0, 19.0), (38.0, 21.0), (38.0, 19.0)),),
)
HOSTILE = [
    "=1+1",
    "+49",
    "-3",
    "@SUM(A1)",
    "\tx",
    "\r\n=x",
    "'quoted'",
    "'",
    "''",
    "'=x",
    "a,b;c\nd\re",
    '"',
    "\0",
    "</script>\u2028",
    "قصف",
    "\ufeffx",
    "NA",
    "nan",
]


def written(incidents, format):
    file = io.StringIO(newline="")
    write_incidents(incidents, file, format)
    return file.getvalue()


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=50)
@given(incidents=st.lists(st.from_type(Incident), max_size=3))
def test_whatever_is_written_reads_back(format, incidents):
    if format == "geojsonl" and not incidents:
        return
    text = written(incidents, format)
    assert read_incidents(io.StringIO(text, newline="")) == incidents


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_it_was(tmp_path, format, text):
    incident = Incident("a", place=text, sentence=text, notes=text, tags=(text,))
    path = tmp_path / f"incidents.{format}"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_incidents([incident], file, format)
    assert read_incidents(path) == [incident]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-3", "@SUM(A1)", "\tx", "\r=x", "\n=x"])
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    incident = Incident("a", place=text, sentence=text, attribution=text, source=text)
    (row,) = csv.DictReader(io.StringIO(written([incident], "csv"), newline=""))
    assert row["place"] == row["sentence"] == row["attribution"] == row["source"] == "'" + text


def test_a_negative_longitude_stays_a_number():
    (row,) = csv.DictReader(io.StringIO(written([Incident("a", lon=-3.5, lat=-1.0)], "csv")))
    assert (row["lon"], row["lat"]) == ("-3.5", "-1.0")


def test_geojson_is_a_collection_of_points_with_the_area_beside():
    collection = json.loads(written([TUBAS, SEA, Incident("nowhere")], "geojson"))
    assert collection["type"] == "FeatureCollection"
    tubas, sea, nowhere = collection["features"]
    assert tubas["geometry"] == {"type": "Point", "coordinates": [35.37, 32.32]}
    assert tubas["properties"]["date"] == "2026-05-01"
    assert sea["area"]["type"] == "MultiPolygon"
    assert nowhere["geometry"] is None


@pytest.mark.parametrize("format", [*FORMATS, "table"])
def test_the_same_incidents_give_the_same_bytes(format):
    assert written([TUBAS, SEA], format) == written(iter([TUBAS, SEA]), format)


@pytest.mark.parametrize("format", FORMATS)
def test_certainty_is_written_and_is_no_part_of_the_incident(format):
    text = written([Match(TUBAS, "certain"), Match(SEA, "possible")], format)
    assert '"certainty":"possible"' in text or text.rstrip().endswith("possible")
    assert read_incidents(io.StringIO(text)) == [TUBAS, SEA]


def test_nothing_found_is_written_as_nothing():
    assert read_incidents(io.StringIO(written([], "geojson"))) == []
    assert read_incidents(io.StringIO(written([], "csv"))) == []
    assert written([], "geojsonl") == ""


def test_an_unknown_format_lists_the_known_ones():
    with pytest.raises(InputError, match=r"'kml' is not known\nKnown formats: table, geojson"):
        written([], "kml")


FEATURE = '{"type":"Feature","geometry":null,"properties":{"id":"a"}}'
POINT = '{"type":"Feature","geometry":{"type":"Point","coordinates":%s},"properties":{"id":"a"}}'


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "input: is empty"),
        ("\ufeff \n", "input: is empty"),
        ("<html>", "input:1: there is no column 'id'"),
        ("place,date\nTubas,2026-05-01\n", "input:1: there is no column 'id'"),
        ("id,date\na,2026-05-01\nb,yesterday\n", "input:3: date 'yesterday' cannot be read"),
        ("id,date\na\n", "input:2: does not have as many cells"),
        ("id,date\na,2026-05-01,b\n", "input:2: does not have as many cells"),
        ('id,date\n"a,2026-05-01\n', "input:2: is not CSV: unexpected end of data"),
        ("id,fatalities\na,few\n", "input:2: fatalities 'few' cannot be read"),
        ("id,lon,lat\na,35,132\n", "input:2: lon 35.0, lat 132.0 is not on the globe"),
        ("id,lon,lat\na,35,\n", "input:2: only one of lon and lat"),
        ("id,lon,lat\na,east,3\n", "input:2: lon 'east' is not a number"),
        ("id,lon,lat\na,nan,3\n", "input:2: lon 'nan' is not a number"),
        ("id,place\n,Tubas\n", "input:2: an incident has no id"),
        ("id,area\na,[[[1\n", "input:2: area"),
        ("id,actors\na,{\n", "input:2: actors"),
        ('{"type":"FeatureCollection"}', "input: is a FeatureCollection without features"),
        ('{"type":"FeatureCollection","features":[', "input:1: is not JSON"),
        ('{"type":"FeatureCollection","features":[3]}', "feature 1: is not a GeoJSON feature"),
        ('{"type":"FeatureCollection","features":[{}]}', "feature 1: is not a GeoJSON feature"),
        ("[1, 2]", "input: is JSON, but no GeoJSON"),
        ('{"name": "Tubas"}', "input: is JSON, but no GeoJSON"),
        (FEATURE + "\n{", "input:2: is not JSON"),
        (FEATURE + "\n\n3", "input:3: is not a GeoJSON feature"),
        (POINT % "[35]", "input:1: Point is not a point"),
        (POINT % '["x", 3]', "input:1: lon 'x' is not a number"),
        (POINT.replace("Point", "Polygon") % "[[]]", "input:1: Polygon is not a point"),
        (POINT.replace('"id":"a"', "") % "[1,2]", "input:1: an incident has no id"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, what):
    with pytest.raises(InputError) as refused:
        read_incidents(io.StringIO(text, newline=""))
    assert what in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file"):
        read_incidents(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_incidents(tmp_path)


def test_what_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(b"id,place\na,S\xe3o Paulo\n")
    with pytest.raises(InputError, match=r"latin\.csv: is not UTF-8 text: byte 12"):
        read_incidents(path)
    with path.open(encoding="utf-8") as file, pytest.raises(InputError, match="is not UTF-8"):
        read_incidents(file)


def test_lines_of_other_writers_are_read():
    lines = f"\x1e{FEATURE}\r\n\r\n\x1e{POINT % '[35.5, 32.5, 120.0]'}\r\n"
    first, second = read_incidents(io.StringIO(lines, newline=""))
    assert (first.id, first.lon, second.lon, second.lat) == ("a", None, 35.5, 32.5)


def test_a_csv_with_a_byte_order_mark_and_a_very_long_cell_is_read(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("id,sentence\na," + "x" * 200_000 + "\n", encoding="utf-8-sig")
    (incident,) = read_incidents(path)
    assert len(incident.sentence) == 200_000


@example(text="漢字" * 20)
@example(text="e\u0301" * 40)
@example(text="\x1b[2J\u202egnihtyna\r\n\0")
@given(text=st.text())
def test_a_table_keeps_its_lines_and_its_columns(text):
    lines = written([Incident("a", place=text, sentence=text)], "table").split("\n")
    assert len(lines) == 3
    assert lines[2] == ""
    assert not any(ord(c) < 32 or "\u202a" <= c <= "\u202e" for c in lines[1])


@pytest.mark.parametrize(
    ("deaths", "shown"),
    [
        ({}, "-"),
        ({"fatalities": 0}, "0"),
        ({"fatalities": 3, "fatalities_low": 1}, "3"),
        ({"fatalities_low": 4}, "4+"),
        ({"fatalities_low": 4, "fatalities_high": 9}, "4-9"),
        ({"fatalities_high": 9}, "<=9"),
    ],
)
def test_a_table_says_what_is_known_of_deaths(deaths, shown):
    line = written([Incident("a", sentence="Raid.", **deaths)], "table").split("\n")[1]
    assert line.split()[-2:] == [shown, "Raid."]


def test_a_table_is_aligned_and_says_what_is_not_mapped():
    nowhere = Incident(
        "b", place="al-" + "Nowhere " * 9, geo_precision=1, sentence="Shelling. " * 20
    )
    assert written([TUBAS, nowhere], "table") == (
        "date        type          place                     precision   deaths  sentence\n"
        "2026-05-01  battle        Tubas                     exact       2       "
        'Raid in "Tubas", they said.\n'
        "-           -             al-Nowhere Nowhere Nowh…  not mapped  -       "
        "Shelling. Shelling. Shelling. Shelling. Shelling. Shelling.…\n"
    )
