import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from geomap.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GEOMAP_STORE", raising=False)

    def command(*words, text=None):
        return CliRunner().invoke(main, [str(w) for w in words], input=text, prog_name="geomap")

    return command


BULLETIN = """Example update, 5 March 2026

An airstrike killed three people in Jabalia in the northern Gaza Strip on 5 March.
The army arrested four men in Tubas.
The group threatened to attack ships in the Red Sea.
"""


@pytest.fixture
def bulletin(tmp_path):
    path = tmp_path / "update_2026-03-05.txt"
    path.write_text(BULLETIN, encoding="utf-8")
    return path


COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_ends_with_a_line_to_copy(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"geomap {command}" in result.output.replace(f"Usage: geomap {command}", "")


def test_help_loads_no_heavy_library():
    code = (
        "import sys; from click.testing import CliRunner; from geomap.cli import main;"
        "CliRunner().invoke(main, ['--help']);"
        "print([m for m in ('geopandas', 'folium', 'pandas', 'numpy', 'matplotlib')"
        " if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_query_loads_neither_geopandas_nor_folium(run, bulletin):
    assert run("daily", bulletin, "-q").exit_code == 0
    code = (
        "import sys; from geomap.cli import main\n"
        "try: main(['query', '--bbox', '34,31,35,32'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('geopandas', 'folium', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"
    assert "Jabalia" in said.stdout


def test_daily_writes_its_files_and_says_what_it_did(run, bulletin, tmp_path):
    result = run("daily", bulletin)
    assert result.exit_code == 0, result.output
    assert "Jabalia" in result.stdout and "Tubas" in result.stdout
    names = sorted(p.name for p in (tmp_path / "daily").iterdir())
    assert [name for name in names if name.startswith("2026-03-05")] == [
        f"2026-03-05{suffix}"
        for suffix in ("-report.docx", ".csv", ".geojson", ".gpkg", ".html", ".png")
    ]
    features = json.loads((tmp_path / "daily/2026-03-05.geojson").read_text())["features"]
    strike = next(f for f in features if f["properties"]["place"] == "Jabalia")
    assert strike["properties"]["incident_type"] == "explosion"
    assert strike["properties"]["fatalities"] == 3
    assert strike["properties"]["date"] == "2026-03-05"
    kinetic = [f for f in features if f["properties"]["incident_type"] != "statement"]
    assert all("Red Sea" not in f["properties"]["place"] for f in kinetic)


def test_daily_twice_changes_nothing(run, bulletin, tmp_path):
    run("daily", bulletin)
    files = sorted((tmp_path / "daily").iterdir())
    before = [p.read_bytes() for p in files]
    assert run("daily", bulletin).exit_code == 0
    assert [p.read_bytes() for p in files] == before


def test_what_one_command_writes_the_next_one_reads(run, bulletin, tmp_path):
    extracted = run("extract", bulletin, "--format", "geojsonl")
    assert extracted.exit_code == 0
    added = run("add", "-", text=extracted.stdout)
    assert "new or changed" in added.stderr
    found = run("query", "--bbox", "34,31,35,32", "--format", "geojson")
    assert [f["properties"]["place"] for f in json.loads(found.stdout)["features"]] == ["Jabalia"]
    assert run("map", "-", "-o", "box.html", text=found.stdout).exit_code == 0
    assert "Jabalia" in (tmp_path / "box.html").read_text()
    assert run("picture", "-", "-o", "box.svg", text=found.stdout).exit_code == 0
    assert (tmp_path / "box.svg").exists()


def test_geoparse_gives_json_lines(run):
    result = run("geoparse", "-", text="Floods reached Sylhet in Bangladesh.")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(r["toponym"], r["country"]) for r in rows] == [("Sylhet", "BD"), ("Bangladesh", "BD")]


def test_geocode_gives_candidates_or_no_match(run):
    assert "LY" in run("geocode", "Tripoli").stdout
    assert "LB" in run("geocode", "Tripoli").stdout
    nobody = run("geocode", "Qwertyzxcv")
    assert nobody.exit_code == 1
    assert "no match" in nobody.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("query", "--bbox", "29,5,42,-5"), "south"),
        (("query", "--bbox", "29,5,42"), "four numbers"),
        (("query", "--type", "flod"), "flod"),
        (("query", "--since", "yesterday"), "yesterday"),
        (("query", "--since", "2026-03-05", "--until", "2026-03-01"), "after"),
        (("daily", "missing.txt"), "missing.txt"),
        (("geocode", "Gaza", "--near", "here"), "here"),
        (("map", "missing.geojson"), "missing.geojson"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_and_exits_with_2(run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_query_without_a_store_says_how_to_get_one(run):
    result = run("query")
    assert result.exit_code == 1
    assert "incidents.gpkg" in result.stderr


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("scan.pdf", b"%PDF-1.4 broken", "scan.pdf"),
        ("noise.txt", bytes(range(256)) * 20, "noise.txt"),
    ],
)
def test_a_bad_bulletin_leaves_nothing_behind(run, tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    result = run("daily", name, "--date", "2026-03-05")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "daily").exists()
    assert not (tmp_path / "incidents.gpkg").exists()


def test_a_bulletin_without_a_date_is_a_question_back(run, tmp_path):
    (tmp_path / "note.txt").write_text("Shelling hit Kharkiv overnight, killing two people.")
    result = run("daily", "note.txt")
    assert result.exit_code == 2
    assert "--date" in result.stderr


def test_a_bulletin_without_places_is_an_honest_empty_map(run, tmp_path):
    (tmp_path / "note.txt").write_text("Nothing was reported. The editors rest.\n")
    result = run("daily", "note.txt", "--date", "2026-03-05")
    assert result.exit_code == 0
    assert "0 incidents on the map" in result.stdout
    assert (tmp_path / "daily/2026-03-05.png").exists()


def test_an_output_folder_that_is_a_file_is_refused(run, bulletin, tmp_path):
    (tmp_path / "out").write_text("kept")
    result = run("daily", bulletin, "-o", "out")
    assert result.exit_code == 2
    assert "is a file, not a folder" in result.stderr
    assert (tmp_path / "out").read_text() == "kept"


def test_strict_fails_when_something_was_not_mapped(run, tmp_path):
    (tmp_path / "b.txt").write_text("An airstrike killed two people in Qarzabadulla.\n")
    lenient = run("daily", "b.txt", "--date", "2026-03-05")
    assert lenient.exit_code == 0
    assert "Found, and not on the map: 1" in lenient.stdout
    strict = run("daily", "b.txt", "--date", "2026-03-05", "--strict")
    assert strict.exit_code == 1
    assert "without a place" in strict.stderr


def test_the_public_names_are_there_however_often_they_are_asked_for():
    import geomap

    for name in geomap.__all__:
        assert getattr(geomap, name) is getattr(geomap, name)
    assert callable(geomap.extract) and callable(geomap.geocode) and callable(geomap.geoparse)


def test_a_query_asks_within_and_near_a_place_and_counts(run, bulletin):
    run("daily", bulletin, "-q")

    def places(*words):
        lines = run("query", *words, "--format", "geojsonl").stdout.splitlines()
        return sorted(json.loads(line)["properties"]["place"] for line in lines)

    assert places("--within", "Gaza Strip") == ["Jabalia"]
    assert places("--near", "Tubas", "--km", "5") == ["Tubas"]
    assert places("--near", "35.37,32.32", "--km", "5") == ["Tubas"]
    counted = run("query", "--count", "type", "--format", "csv").stdout.splitlines()
    assert "explosion,1" in counted
    assert run("query", "--within", "Qwertyzxcv").exit_code == 2
    assert run("query", "--count", "colour").exit_code == 2


def test_a_table_of_another_maker_is_imported_and_bad_rows_are_named(run, tmp_path):
    feed = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "x1",
                "properties": {"mag": 6.1, "place": "Palu", "time": 1767225600000},
                "geometry": {"type": "Point", "coordinates": [39.93, 38.69, 10.0]},
            },
            {"type": "Feature", "id": "x2", "properties": {"mag": 5}, "geometry": None},
        ],
    }
    (tmp_path / "quakes.geojson").write_text(json.dumps(feed))
    strict = run("import", "quakes.geojson", "--strict")
    assert strict.exit_code == 1
    result = run("import", "quakes.geojson")
    assert result.exit_code == 0, result.output
    assert "1 incident new or changed" in result.stderr
    assert "hazard" in run("query", "--format", "csv").stdout


def test_a_store_is_checked(run, bulletin, tmp_path):
    run("daily", bulletin, "-q")
    assert run("store", "check").exit_code == 0
    path = tmp_path / "incidents.gpkg"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = bytes(4096)
    path.write_bytes(data)
    assert run("store", "check").exit_code == 1


def test_a_day_of_the_store_is_a_picture_a_report_and_a_frame(run, bulletin, tmp_path):
    run("daily", bulletin, "-q", "--products", "html")
    drawn = run("picture", "--size", "social", "--as-of", "2026-03-05T18:00+0200", "-o", "a.svg")
    assert drawn.exit_code == 0, drawn.output
    assert "as of 5 March 2026, 18:00 UTC+02:00" in (tmp_path / "a.svg").read_text()
    told = run("report", "--day", "2026-03-05", "--title", "A day", "-o", "a.md", "-o", "a.tex")
    assert told.stderr.split() == ["a.md", "a-map.png", "a.tex", "a-map.pdf"]
    assert "An airstrike killed three people" in (tmp_path / "a.md").read_text()
    framed = run("embed", "daily/2026-03-05.html", "--height", "30rem")
    assert 'src="2026-03-05.html"' in framed.stdout and "height:30rem" in framed.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("picture", "--size", "a4", "--dpi", "1200"), "139 megapixels"),
        (("report", "-o", "a.odt"), "is not a kind of report"),
        (("report", "--template", "mine.md", "-o", "a.md"), "mine.md"),
        (("embed", "nothing.html"), "nothing.html"),
    ],
)
def test_what_cannot_be_drawn_says_why(run, bulletin, words, said):
    run("extract", bulletin, "-o", "a.geojson")
    result = run("add", "a.geojson") and run(*words)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_the_readme_shows_what_geocode_prints(run):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    command, _, shown = readme.partition("$ geomap ")[2].partition("```")[0].partition("\n")
    assert run(*shlex.split(command)).stdout == shown
