import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from geomap.cli import main
from geomap.daybook import NAME
from geomap.store import Query, Store

FIRST = """Example update, 4 March 2026

An airstrike killed two people in Jabalia in the northern Gaza Strip on 4 March.
The army arrested four men in Tubas on 4 March.
"""
SECOND = """Example update, 5 March 2026

The airstrike in Jabalia in the northern Gaza Strip on 4 March killed five people.
Shelling hit Khan Younis on 5 March and injured three people.
"""
PRODUCTS = "csv,geojson"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GEOMAP_STORE", raising=False)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "update_2026-03-04.txt").write_text(FIRST)
    (folder / "update_2026-03-05.txt").write_text(SECOND)

    def command(*words):
        return CliRunner().invoke(main, [str(w) for w in words], prog_name="geomap")

    return command


def summary(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def names(folder="daily"):
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_day_has_all_its_products_and_an_index_with_links_that_work(run):
    result = run("daily", "in/update_2026-03-05.txt")
    assert result.exit_code == 0, result.output
    day = "2026-03-05"
    suffixes = (".csv", ".geojson", ".gpkg", ".html", ".png", "-report.docx")
    assert names() == sorted([*(day + s for s in suffixes), NAME, "index.html"])
    page = Path("daily/index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    assert {f"{day}.html", f"{day}.png", f"{day}-report.docx"} <= links
    assert all(Path("daily", link).is_file() for link in links)
    with sqlite3.connect("daily/2026-03-05.gpkg") as db:
        layers = dict(db.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert layers["incidents"] == "features"


def test_what_has_not_changed_is_not_made_again(run):
    options = ("-o", "out", "--products", PRODUCTS, "--summary", "json")
    first = summary(run("daily", "in", *options))
    assert [day["made"] for day in first["days"]] == [True, True]
    times = {path: path.stat().st_mtime_ns for path in Path("out").iterdir() if path.name != NAME}
    again = summary(run("daily", "in", *options))
    assert again["bulletins"] == {"read": 0, "unchanged": 2, "failed": []}
    assert [day["made"] for day in again["days"]] == [False, False]
    assert again["days"][0]["files"] == first["days"][0]["files"]
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert "2 editions unchanged" in run("daily", "in", *options[:4]).stderr


@pytest.mark.parametrize("what", ["bulletin", "file", "products", "store", "correction"])
def test_what_has_changed_is_made_again_and_nothing_else(run, what):
    options = ["-o", "out", "--products", PRODUCTS]
    assert run("daily", "in", *options).exit_code == 0
    made = [True, True]
    if what == "bulletin":
        Path("in/update_2026-03-05.txt").write_text(SECOND + "Clashes broke out in Jenin.\n")
        made = [False, True]
    elif what == "file":
        Path("out/2026-03-04.csv").unlink()
        made = [True, False]
    elif what == "products":
        options[-1] = "csv"
    elif what == "store":
        Path("incidents.gpkg").unlink()
        made = [False, False]  # the same incidents come out of the bulletins again
    else:
        with Store("incidents.gpkg") as store:
            shelling = next(i for i in store.incidents(Query()) if i.place == "Khan Younis")
        assert run("correct", shelling.id, "--reject", "--reason", "a drill").exit_code == 0
        made = [False, True]
    again = summary(run("daily", "in", *options, "--summary", "json"))
    assert [day["made"] for day in again["days"]] == made
    if what == "correction":
        assert "Khan Younis" not in Path("out/2026-03-05.csv").read_text()
    if what == "store":
        assert again["bulletins"]["read"] == 2


def test_a_day_says_what_is_new_gone_and_corrected(run):
    first, second = summary(run("daily", "in", "--products", PRODUCTS, "--summary", "json"))["days"]
    assert first["day_before"] is None
    assert second["day_before"] == "2026-03-04"
    assert (second["new"], second["gone"], second["corrected"]) == (1, 1, 1)
    assert (second["killed"], second["injured"]) == (5, 3)
    text = run("daily", "in", "--products", "csv").stdout
    assert "Since 2026-03-04: 1 new, 1 no longer reported, 1 corrected" in text


def test_a_period_is_an_edition_of_its_own_from_bulletins_or_from_the_store(run):
    options = ("--products", PRODUCTS, "--summary", "json")
    summary(run("daily", "in", *options))
    days = summary(run("daily", "--since", "2026-03-04", "--until", "2026-03-05", *options))["days"]
    assert [(day["since"], day["until"]) for day in days] == [
        ("2026-03-04", "2026-03-04"),
        ("2026-03-05", "2026-03-05"),
        ("2026-03-04", "2026-03-05"),
    ]
    assert Path("daily/2026-03-04_2026-03-05.csv").is_file()
    assert days[2]["incidents"] >= 3
    one = summary(run("daily", "in", "--since", "2026-03-05", *options))["days"]
    assert [day["until"] for day in one] == ["2026-03-05"]


def test_files_are_named_as_ocha_names_them_when_asked(run):
    run("daily", "in/update_2026-03-05.txt", "--names", "ocha", "--products", "html,docx,csv")
    assert names() == [
        "PSE_daily-incidents_data_20260305.csv",
        "PSE_daily-incidents_report_20260305.docx",
        "PSE_daily-incidents_web_20260305.html",
        NAME,
        "index.html",
    ]
    run(
        "daily", "in/update_2026-03-05.txt", "--names", "ocha", "--code", "opt", "--products", "csv"
    )
    assert "OPT_daily-incidents_data_20260305.csv" in names()


def test_one_bad_bulletin_does_not_stop_a_night_run_when_asked(run):
    Path("in/broken.pdf").write_bytes(b"%PDF-1.4 broken")
    strict = run("daily", "in", "--products", "csv")
    assert strict.exit_code == 2
    assert not Path("daily").exists()
    lenient = run("daily", "in", "--products", "csv", "--keep-going", "--summary", "json")
    assert lenient.exit_code == 1
    assert "1 bulletin left out" in lenient.stderr
    told = json.loads(lenient.stdout)
    assert told["bulletins"]["failed"][0]["source"].endswith("broken.pdf")
    assert Path("daily/2026-03-05.csv").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no bulletin was named"),
        (("in", "--products", "png,doc"), "'doc' is not a product"),
        (("in", "--since", "2026-03-05", "--until", "2026-03-01"), "2026-03-05 lies after"),
        (("in", "--definition", "mine.toml"), "mine.toml"),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_written(run, words, said):
    result = run("daily", *words)
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert not Path("daily").exists() or names() == []


@pytest.mark.parametrize("text", ["", "{", '{"version": 0}', '{"version": 1, "bulletins": []}'])
def test_a_damaged_daybook_costs_time_and_nothing_else(run, text):
    Path("daily").mkdir()
    Path("daily", NAME).write_text(text)
    days = summary(run("daily", "in", "--products", "csv", "--summary", "json"))["days"]
    assert [day["made"] for day in days] == [True, True]


def test_an_arabic_definition_makes_an_arabic_index(run):
    Path("ar.toml").write_text('language = "ar"\ntitle = "حوادث اليوم"\n')
    run("daily", "in", "--products", "csv", "--definition", "ar.toml")
    page = Path("daily/index.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert "حوادث وردت في 5 مارس 2026" in page


@pytest.mark.parametrize("place", ["before", "after"])
def test_quiet_prints_nothing(run, place):
    words = ["daily", "in", "--products", "csv"]
    result = run("-q", *words) if place == "before" else run(*words, "-q")
    assert result.output == ""


def test_verbose_names_each_step(run):
    said = run("daily", "in", "--products", "csv", "--verbose").stderr
    assert "reading Example update, 4 March 2026" in said
    assert "drawing 2026-03-05" in said


def test_colour_is_for_terminals_and_not_for_those_who_want_none(run, monkeypatch):
    words = ["daily", "in/update_2026-03-05.txt", "--products", "csv"]
    coloured = CliRunner().invoke(main, words, color=True).stdout
    assert "\x1b[" in coloured
    Path("daily", NAME).unlink()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(main, words, color=True).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands(run, shell):
    script = run("completion", shell)
    assert script.exit_code == 0
    assert f"_GEOMAP_COMPLETE={shell}_complete" in script.stdout
    env = {
        "_GEOMAP_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "geomap da",
        "COMP_CWORD": "da" if shell == "fish" else "1",
    }
    said = CliRunner().invoke(main, [], env=env, prog_name="geomap").stdout
    assert "daily" in said
