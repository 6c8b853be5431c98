import gzip
import zipfile

import pytest

from geomap.places.geonames import FeatureCodes, read_dump
from geomap.places.geonames import read_alternate_names as read_names


def rows_and_problems(path, read=read_dump):
    problems, ticks = [], []
    rows = list(read(path, problems.append, ticks.append))
    return rows, problems, sum(ticks)


def test_a_line_of_a_dump_is_a_place(dump, line):
    path = dump(line(5, "Saïda", 35.37, 33.56, others="Sidon,Saida", population=163554))
    (row,), problems, read = rows_and_problems(path)
    assert (row.place_id, row.name, row.names) == ("geonames:5", "Saïda", ("Sidon", "Saida"))
    assert (row.lon, row.lat, row.population) == (35.37, 33.56, 163554)
    assert (row.countries, row.admin1, row.feature_code) == (("LB",), "LB.01", "PPL")
    assert row.where == f"{path}:1"
    assert problems == []
    assert read == path.stat().st_size


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("5\tSaida\n", "2 columns, not 19"),
        ("x" * (1 << 20) + "x\n", "longer than a megabyte"),
        ("\n", "1 columns, not 19"),
    ],
)
def test_a_malformed_line_is_named_and_the_rest_is_read(dump, line, bad, what):
    path = dump(line(1, "One", 1, 1), bad, line(3, "Three", 3, 3))
    rows, problems, _ = rows_and_problems(path)
    assert [row.name for row in rows] == ["One", "Three"]
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:2: ")
    assert what in problems[0]


@pytest.mark.parametrize(
    ("number", "name", "lon", "lat", "more", "what"),
    [
        (5, "", 1, 1, {}, "the name is empty"),
        (5, "Five", 181, 1, {}, "lon 181, lat 1 is not on the globe"),
        (5, "Five", 1, -90.5, {}, "lat -90.5 is not on the globe"),
        (5, "Five", 1, "nan", {}, "lat nan is not on the globe"),
        (5, "Five", 1, "x", {}, "could not convert string to float: 'x'"),
        ("x", "Five", 1, 1, {}, "invalid literal for int"),
        (-5, "Five", 1, 1, {}, "geonameid -5 is out of range"),
        (99999999999, "Five", 1, 1, {}, "geonameid 99999999999 is out of range"),
        (5, "Five", 1, 1, {"population": "many"}, "invalid literal for int"),
        (5, "Five", 1, 1, {"feature_class": "Z"}, "feature class 'Z' is unknown"),
    ],
)
def test_a_wrong_value_is_named(dump, line, number, name, lon, lat, more, what):
    path = dump(line(1, "One", 1, 1), line(number, name, lon, lat, **more))
    rows, problems, _ = rows_and_problems(path)
    assert [row.name for row in rows] == ["One"]
    assert problems[0].startswith(f"{path}:2: ")
    assert what in problems[0]


def test_a_line_in_another_encoding_is_named(dump, line, tmp_path):
    path = tmp_path / "AR.txt"
    path.write_bytes(line(1, "Saïda", 1, 1).encode("latin-1") + line(2, "Two", 2, 2).encode())
    rows, problems, _ = rows_and_problems(path)
    assert [row.name for row in rows] == ["Two"]
    assert problems == [f"{path}:1: not UTF-8: invalid continuation byte at byte 4"]


def test_packed_files_are_read_past_the_readme(dump, line, tmp_path):
    text = "".join(line(n, f"Place {n}", 1, 1) for n in range(1, 400))
    with zipfile.ZipFile(tmp_path / "AR.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("readme.txt", "What the columns mean")
        packed.writestr("AR.txt", text)
    with gzip.open(tmp_path / "AR.txt.gz", "wt", encoding="utf-8") as packed:
        packed.write(text)
    for name in ("AR.zip", "AR.txt.gz"):
        rows, problems, _ = rows_and_problems(tmp_path / name)
        assert (len(rows), problems) == (399, [])


def test_a_cut_off_gzip_gives_what_it_holds(dump, line, tmp_path):
    text = "".join(line(n, f"Place {n * 7919 % 1000}", 1, 1) for n in range(1, 4000))
    path = tmp_path / "AR.txt.gz"
    whole = gzip.compress(text.encode())
    path.write_bytes(whole[: len(whole) // 2])
    rows, problems, _ = rows_and_problems(path)
    assert 100 < len(rows) < 3999
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:")
    assert "cut off or damaged" in problems[0]


@pytest.mark.parametrize("kept", [0.5, 0.98])
def test_a_cut_off_zip_is_named(line, tmp_path, kept):
    path = tmp_path / "AR.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("AR.txt", line(1, "One", 1, 1))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    rows, problems, _ = rows_and_problems(path)
    assert rows == []
    assert problems == [f"{path}:1: the file is cut off or damaged: File is not a zip file"]


def test_a_zip_with_a_flipped_byte_is_named(line, tmp_path):
    path = tmp_path / "AR.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("AR.txt", line(1, "One", 1, 1))
    data = bytearray(path.read_bytes())
    data[data.index(b"One")] ^= 1
    path.write_bytes(data)
    _, problems, _ = rows_and_problems(path)
    assert "Bad CRC-32" in problems[0]


NAMES = [
    "1\t5\ten\tSidon\t1\t\t\t\n",
    "2\t5\tlink\thttps://example.org\t\t\t\t\n",
    "3\t5\tiata\tSDN\t\t\t\t\n",
    "4\t6\tar\tصيدا\t\t\t\t\t\t\n",
]


def test_names_are_read_and_codes_and_links_are_none(dump):
    path = dump(*NAMES, name="names.txt")
    names, problems, _ = rows_and_problems(path, read_names)
    assert names == [(5, "Sidon"), (6, "صيدا")]
    assert problems == []


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("1\t5\ten\tSidon\n", "4 columns, not 8 or 10"),
        ("1\tx\ten\tSidon\t\t\t\t\n", "invalid literal for int"),
        ("1\t5\ten\t\t\t\t\t\n", "the name is empty"),
    ],
)
def test_a_malformed_name_is_named(dump, bad, what):
    path = dump(NAMES[0], bad, name="names.txt")
    names, problems, _ = rows_and_problems(path, read_names)
    assert len(names) == 1
    assert problems[0].startswith(f"{path}:2: ")
    assert what in problems[0]


@pytest.mark.parametrize(
    ("feature_class", "code", "ours"),
    [
        ("P", "PPL", "PPL"),
        ("P", "PPLA3", "PPL"),
        ("P", "PPLX", "PPLX"),
        ("A", "ADM3H", "ADM3"),
        ("A", "PCLI", "PCLI"),
        ("H", "STMI", "STM"),
        ("H", "WADM", "WAD"),
        ("S", "PSTB", "CRSS"),
        ("S", "PSN", "PS"),
        ("S", "MNMT", "MNMT"),
        ("S", "MNAU", "MN"),
        ("S", "CMPRF", "CMP"),
        ("T", "ISLET", "ISL"),
        ("T", "UNHEARD", "LCTY"),
        ("", "", "AREA"),
    ],
)
def test_the_codes_of_geonames_are_told_in_ours(feature_class, code, ours):
    assert FeatureCodes().ours(feature_class, code) == ours
