"""Files of other programs, out and in."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.errors import GeomapError, InputError
from geomap.model import Incident
from geomap.store.exchange import read_incidents
from geomap.store.formats import FORMATS, write_file
from geomap.store.parquet import read_parquet, write_months, write_parquet
from geomap.store.tables import read_table

RING = ((38.0, 19.0), (39.0, 19.0), (38.0, 21.0), (38.0, 19.0))
FULL = Incident(
    "a1",
    date=dt.date(2026, 3, 5),
    date_end=dt.date(2026, 3, 6),
    doc_date=dt.date(2026, 3, 6),
    incident_type="explosion",
    subtype="airstrike",
    place="Tubas",
    country="PS",
    geo_precision=1,
    uncertainty_km=2.5,
    fatalities=0,
    actors=({"text": "the army", "role": "actor1", "start": 3},),
    quantities=({"what": "killed", "value": None},),
    sentence="=1+1 удар قصف 'quoted', \"said\" <b>",
    sentence_start=0,
    confidence=0.5,
    reasons=("why",),
    tags=("x",),
    lon=35.37,
    lat=32.32,
)
SEA = Incident("b2", incident_type="hazard", place="Red Sea", lon=38.5, lat=20.0, area=(RING,))
BLANK = Incident("c3", incident_type="statement", sentence="No place is named.")
ROWS = [FULL, SEA, BLANK]


@pytest.mark.parametrize("suffix", ["geojson", "geojsonl", "csv", "gpkg", "fgb", "kml", "xlsx"])
def test_what_is_written_comes_back_as_it_was(tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    assert write_file(ROWS, path) == []
    assert sorted(read_incidents(path), key=lambda one: one.id) == ROWS
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]


def test_parquet_comes_back_as_it_was_in_hilbert_order(tmp_path):
    path = tmp_path / "out.parquet"
    write_file(ROWS, path)
    assert read_parquet(path) == read_incidents(path)
    assert sorted(read_parquet(path), key=lambda one: one.id) == ROWS
    assert read_parquet(path)[-1] == BLANK


printable = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


@settings(deadline=None, max_examples=12)
@given(drawn=st.lists(st.from_type(Incident), max_size=3, unique_by=lambda one: one.id))
def test_any_incident_survives_parquet(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("any") / "any.parquet"
    write_parquet(drawn, path)
    assert {one.id: one for one in read_parquet(path)} == {one.id: one for one in drawn}


@settings(deadline=None, max_examples=12)
@given(text=st.text(printable, min_size=1, max_size=40).map(str.strip).filter(bool))
@pytest.mark.parametrize("suffix", ["fgb", "kml", "xlsx", "gpkg"])
def test_any_printed_text_survives(tmp_path_factory, suffix, text):
    path = tmp_path_factory.mktemp("any") / f"any.{suffix}"
    one = replace(FULL, sentence=text, place=text)
    write_file([one], path)
    assert read_incidents(path) == [one]


def test_a_shapefile_says_what_it_loses(tmp_path):
    path = tmp_path / "out.shp"
    lost = write_file([replace(FULL, sentence="ü" * 200), SEA, BLANK], path)
    assert "names of columns are cut to ten characters" in lost
    assert "sentence cut to 254 bytes in 1 of 3 rows" in lost
    full, sea, blank = read_incidents(path)
    assert (full.sentence, full.date, full.fatalities) == ("ü" * 127, dt.date(2026, 3, 5), 0)
    assert (sea.area, blank.lon) == ((RING,), None)


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "kml", "shp", "xlsx", "parquet"])
def test_no_incidents_make_an_empty_file(tmp_path, suffix):
    path = tmp_path / f"none.{suffix}"
    write_file([], path)
    assert path.exists()
    assert read_incidents(path) == []


@pytest.mark.parametrize("suffix", ["geojson", "csv", "fgb", "kml", "shp", "xlsx", "parquet"])
def test_the_same_incidents_give_the_same_bytes(tmp_path, suffix):
    both = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        path = tmp_path / name / f"out.{suffix}"
        write_file(ROWS, path)
        both.append(path.read_bytes())
    assert both[0] == both[1]


def test_a_text_that_looks_like_a_formula_is_a_text_in_a_workbook(tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "out.xlsx"
    write_file([FULL, replace(FULL, id="b", sentence="x" * 40_000 + "\x01")], path)
    book = load_workbook(path)
    header = [cell.value for cell in book.active[1]]
    cell = book.active[2][header.index("sentence")]
    assert (cell.data_type, cell.value) == ("s", FULL.sentence)
    assert book.active[2][header.index("date")].is_date


def test_gdal_reads_what_is_written(tmp_path):
    for suffix in ("fgb", "kml", "shp", "gpkg"):
        path = tmp_path / f"out.{suffix}"
        write_file(ROWS, path)
        frame = pyogrio.read_dataframe(path, layer="incidents" if suffix == "gpkg" else 0)
        assert frame.crs.to_epsg() == 4326
        assert sorted(frame.geometry.dropna().x) == [35.37, 38.5]


def test_geoparquet_passes_the_public_validator(tmp_path):
    path = tmp_path / "out.parquet"
    write_parquet([*ROWS, *(replace(FULL, id=f"{n}", lon=n / 10) for n in range(50))], path)
    command = [Path(sys.executable).with_name("geoparquet-validator"), "check", path]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def test_geopandas_reads_geoparquet_by_its_covering(tmp_path):
    import geopandas

    write_months(ROWS, tmp_path / "months")
    parts = sorted(path.name for path in (tmp_path / "months").iterdir())
    assert parts == ["2026-03.parquet", "undated.parquet"]
    found = geopandas.read_parquet(tmp_path / "months" / parts[0], bbox=(35, 32, 36, 33))
    assert list(found.id) == ["a1"]
    assert sorted(one.id for one in read_parquet(tmp_path / "months")) == ["a1", "b2", "c3"]


def test_a_draft_in_a_folder_of_parts_is_passed_over(tmp_path):
    write_months(ROWS, tmp_path)
    (tmp_path / ".half.parquet").write_bytes(b"PAR1 half")
    assert len(read_parquet(tmp_path)) == 3


def test_damage_in_a_page_is_found(tmp_path):
    from pyarrow.parquet import ParquetFile

    path = tmp_path / "out.parquet"
    write_parquet([replace(FULL, id=f"{n}", sentence=f"{n * 7919}" * 9) for n in range(400)], path)
    with ParquetFile(path) as file:
        about = file.metadata.row_group(0).column(file.schema_arrow.names.index("sentence"))
    data = bytearray(path.read_bytes())
    data[about.data_page_offset + about.total_compressed_size // 2] ^= 255
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"out.parquet: cannot be read"):
        read_parquet(path)


@pytest.mark.parametrize(
    ("name", "format", "what"),
    [
        ("out.docx", "", "suffix '.docx' is not known"),
        ("out.csv", "kml", "is not named as kml is"),
        ("out", "xlsx", "suffix '' is not known"),
    ],
)
def test_a_file_of_no_known_format_is_refused(tmp_path, name, format, what):
    with pytest.raises(InputError, match=what):
        write_file(ROWS, tmp_path / name, format)


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "kml", "shp", "xlsx", "parquet"])
def test_what_is_no_such_file_is_refused(tmp_path, suffix):
    path = tmp_path / f"bad.{suffix}"
    with pytest.raises(InputError, match="cannot be read"):
        read_table(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(GeomapError, match=f"bad.{suffix}"):
        read_table(path)


def test_csv_with_hxl_tags_is_read_back(tmp_path):
    path = tmp_path / "out.csv"
    write_file(ROWS, path, hxl=True)
    tags = path.read_text(encoding="utf-8").splitlines()[1].split(",")
    assert {"#event+id", "#geo+lat", "#affected+killed"} <= set(tags)
    assert read_incidents(path) == ROWS


def test_every_format_of_the_command_line_is_known():
    from geomap.cli.options import FORMATS as OFFERED

    assert set(OFFERED) == set(FORMATS)


MAPPING = """
name = "desk"
date_format = "%d/%m/%Y"
[columns]
id = "No"
date = "When"
place = "Where"
lon = "X"
lat = "Y"
incident_type = "What"
fatalities = "Dead"
actor1 = "Who"
[types]
"Air raid" = "explosion/airstrike"
"*" = "security"
[fixed]
country = "YE"
"""
DESK = (
    "No;When;Where;X;Y;What;Dead;Who\n"
    "7;02/05/2026;Aden;45.0;12.8;Air raid;3;Group A\n"
    "8;2026-05-02;Aden;45.0;12.8;Air raid;;\n"
    "9;03/05/2026;;;;Checkpoint;;\n"
)


@pytest.fixture
def by(tmp_path):
    from geomap.store.mapping import read_mapping

    (tmp_path / "desk.toml").write_text(MAPPING, encoding="utf-8")
    return read_mapping(tmp_path / "desk.toml")


def test_any_table_is_read_by_a_mapping(by):
    (raid, check), (why,) = read_table(io.StringIO(DESK), by)
    assert (raid.id, raid.date, raid.lon, raid.country) == (
        *("desk:7", dt.date(2026, 5, 2)),
        *(45.0, "YE"),
    )
    assert (raid.incident_type, raid.subtype, raid.fatalities) == ("explosion", "airstrike", 3)
    assert raid.actors == ({"text": "Group A", "name": "Group A", "role": "actor1"},)
    assert (check.incident_type, check.lon, check.date_basis) == ("security", None, "imported")
    assert why.startswith("input:3: ")


def test_geojson_and_layers_of_others_are_read_by_a_mapping(by, tmp_path):
    import geopandas
    from shapely.geometry import Point, box

    rows = [dict(zip(*(line.split(";") for line in DESK.split("\n")[:2]), strict=True))]
    frame = geopandas.GeoDataFrame(rows, geometry=[Point(45.5, 12.9)], crs=4326).drop(
        columns=["X", "Y"]
    )
    frame.to_crs(3857).to_file(tmp_path / "desk.gpkg")
    frame.to_file(tmp_path / "desk.geojson")
    frame.set_geometry([box(45, 12, 46, 13)]).to_file(tmp_path / "area.shp")
    plain = replace(by, columns={k: v for k, v in by.columns.items() if k not in ("lon", "lat")})
    for name in ("desk.gpkg", "desk.geojson"):
        (found,), rejected = read_table(tmp_path / name, plain)
        assert rejected == []
        assert (found.id, round(found.lon, 6), round(found.lat, 6)) == ("desk:7", 45.5, 12.9)
    (found,), _ = read_table(tmp_path / "area.shp", plain)
    assert (found.lon, found.lat, len(found.area[0])) == (45.5, 12.5, 5)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[columns]\nplace = 'x'", "no column gives the id"),
        ("[columns]\nid = 'x'\ncolour = 'y'", "'colour' is no field"),
        ("[columns]\nid = 'x'\n[types]\na = 'war'", "incident type 'war'"),
        ("[colums]\nid = 'x'", "'colums' is no part"),
        ("id = ", "is not TOML"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path, text, what):
    from geomap.store.mapping import read_mapping

    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(InputError, match=what):
        read_mapping(tmp_path / "m.toml")


GTD = {
    **{"eventid": "202605020001", "iyear": "2026", "imonth": "5", "iday": "2"},
    **{"country_txt": "Yemen", "provstate": "Aden", "city": "Al Mansura"},
    **{"latitude": "12.8571", "longitude": "44.9786", "specificity": "1", "vicinity": "0"},
    **{"summary": "A car bomb went off.", "doubtterr": "0", "suicide": "0", "success": "1"},
    **{"attacktype1_txt": "Bombing/Explosion", "targtype1_txt": "Police", "gname": "Group A"},
    **{"nkill": "4", "nwound": "", "weaptype1_txt": "Explosives", "resolution": ""},
}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, {"incident_type": "explosion", "date": dt.date(2026, 5, 2), "fatalities": 4}),
        ({"suicide": "1"}, {"subtype": "suicide_bomb"}),
        ({"iday": "0"}, {"date_end": dt.date(2026, 5, 31), "date_precision": "month"}),
        ({"imonth": "0", "iday": "0"}, {"date_precision": "year"}),
        ({"nkill": "-99"}, {"fatalities": None}),
        ({"nkill": ""}, {"fatalities": None}),
        ({"nkill": "2.5"}, {"fatalities": 2}),
        ({"vicinity": "1"}, {"geo_precision": 2}),
        ({"specificity": "4"}, {"geo_precision": 3}),
        ({"latitude": "", "longitude": ""}, {"lon": None}),
        (
            {"attacktype1_txt": "Armed Assault", "targtype1_txt": "Military"},
            {"incident_type": "battle", "subtype": "armed_clash"},
        ),
        ({"attacktype1_txt": "Armed Assault"}, {"incident_type": "civilians"}),
        ({"resolution": "2026-05-04"}, {"date_end": dt.date(2026, 5, 4)}),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_gtd_becomes_incidents(tmp_path, suffix, change, fields):
    from openpyxl import Workbook

    row = GTD | change
    path = tmp_path / f"gtd.{suffix}"
    if suffix == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([row, row.values()])
    else:
        book = Workbook()
        book.active.append(list(row))
        book.active.append([int(v) if v.isdigit() else v or None for v in row.values()])
        book.save(path)
    (found,), rejected = read_table(path)
    assert rejected == []
    assert {name: getattr(found, name) for name in fields} == fields
    assert (found.id, found.country) == ("gtd:202605020001", "YE")


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:georss="http://www.georss.org/georss"><channel><title>Alerts</title>
<item><title>Flood in Aden</title><guid>f1</guid><link>https://example.org/1</link>
<pubDate>Sat, 02 May 2026 23:30:00 -0200</pubDate><georss:point>12.8 45.0</georss:point></item>
<item><title>Flood far off</title><guid>f2</guid><pubDate>soon</pubDate></item>
<item><title>Flood somewhere</title><guid>f3</guid><pubDate>Sat, 02 May 2026 01:00:00 GMT</pubDate>
</item></channel></rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://www.georss.org/georss">
<entry><id>urn:1</id><title>Storm</title><updated>2026-05-02T10:00:00Z</updated>
<link href="https://example.org/s"/><g:box>12 44 14 46</g:box></entry></feed>
"""
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<rss><channel><item><title>&f;</title><guid>1</guid><pubDate>Sat, 02 May 2026 01:00:00 GMT</pubDate>
</item></channel></rss>
"""


def test_a_feed_becomes_incidents_of_the_type_that_was_said():
    (flood, nowhere), (why,) = read_table(io.StringIO(RSS), kind="hazard/flood")
    assert (flood.id, flood.date, flood.lon, flood.lat) == (
        *("feed:f1", dt.date(2026, 5, 3)),
        *(45.0, 12.8),
    )
    assert (flood.incident_type, flood.subtype, nowhere.lon) == ("hazard", "flood", None)
    assert why == "input:5: 'soon' is not a day"
    (storm,), _ = read_table(io.StringIO(ATOM), kind="hazard/storm")
    assert (storm.lon, storm.lat, storm.source) == (45.0, 13.0, "https://example.org/s")
    with pytest.raises(InputError, match="does not say of what type"):
        read_table(io.StringIO(RSS))


def test_a_feed_cannot_open_files():
    (found,), _ = read_table(io.StringIO(BOMB), kind="hazard")
    assert found.sentence == ""


def test_problems_become_a_table():
    from geomap.store.tables import write_rejected

    file = io.StringIO()
    write_rejected(["a.csv:3: x is: not", "b.geojson: feature 3: 'y' is missing"], file)
    rows = list(csv.reader(io.StringIO(file.getvalue())))
    assert rows[1:] == [["a.csv", "3", "x is: not"], ["b.geojson", "feature 3", "''y' is missing"]]


def test_json_numbers_stay_numbers(tmp_path):
    path = tmp_path / "out.geojson"
    write_file([FULL], path)
    assert json.loads(path.read_text())["features"][0]["properties"]["uncertainty_km"] == 2.5
