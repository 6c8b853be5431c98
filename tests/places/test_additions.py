import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from geomap.errors import ContentError, GeomapError, InputError
from geomap.places import additions, gazetteer
from geomap.places.additions import Source, add_sources, fetch, is_country
from geomap.places.gazetteer import Gazetteer
from geomap.places.packed import Packed, write_packed


@pytest.fixture
def home(tmp_path, monkeypatch, small_gazetteer):
    """A user's file that is not there yet, over the small gazetteer."""
    monkeypatch.setenv("GEOMAP_GAZETTEER", str(tmp_path / "home" / "mine.db"))
    monkeypatch.setattr(additions, "shipped_gazetteer", lambda: small_gazetteer)
    return tmp_path / "home"


@pytest.fixture
def add(home):
    """Add sources, and give the summary, the problems and the gazetteer that comes of it."""

    def run(*sources, strict=False):
        problems = []
        summary = add_sources(sources, strict=strict, report=problems.append)
        return summary, problems, Gazetteer.open(home / "mine.db")

    return run


@pytest.fixture
def table(tmp_path):
    def write(name, *rows):
        path = tmp_path / name
        path.write_text("\n".join(["place_id,name,kind,country,lon,lat", *rows]), "utf-8")
        return path

    return write


def test_dumps_tables_collections_and_names_are_told_apart(add, dump, line, table, tmp_path):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [7, 7]},
        "properties": {"name": "Tell Gim"},
    }
    collection = tmp_path / "tells.geojson"
    collection.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    names = dump("1\t500\ten\tThel Noon\t\t\t\t\n", name="names.txt")
    summary, problems, known = add(
        Source(names, "names"),
        Source(table("corrections.csv", "geomap:karam,Karam,,,3.5,7.5"), "corrections"),
        Source(dump(line(500, "Tell Nun", 5, 5))),
        Source(table("mine.csv", "me:1,Tell Bet,camp,LB,6,6")),
        Source(collection),
    )
    assert problems == []
    assert (summary.tally.new, summary.tally.corrected, summary.tally.names) == (3, 1, 1)
    assert summary.places == 9 + 3
    for name in ("Tell Nun", "Thel Noon", "Tell Bet", "Tell Gim"):
        assert known.lookup(name), name
    assert known.lookup("Karam")[0].lon == 3.5
    assert known.meta["added"] == [
        *("places/AR.txt", "places/mine.csv", "places/tells.geojson"),
        *("corrections/corrections.csv", "names/names.txt"),
    ]


def test_what_was_added_before_stays(add, dump, line, table):
    add(Source(dump(line(500, "Tell Nun", 5, 5))))
    summary, _, known = add(Source(table("mine.csv", "me:1,Tell Bet,camp,LB,6,6")))
    assert summary.tally.new == 1
    assert known.lookup("Tell Nun")
    assert known.lookup("Tell Bet")


def test_a_file_of_the_same_name_replaces_the_one_before(add, table):
    add(Source(table("mine.csv", "me:1,Tell Bet,camp,LB,6,6", "me:2,Tell Dal,camp,LB,6,7")))
    _, _, known = add(Source(table("mine.csv", "me:1,Tell Bet,camp,LB,7,7")))
    assert known.lookup("Tell Bet")[0].lon == 7
    assert known.lookup("Tell Dal") == []


def test_a_file_deleted_from_the_folder_is_gone_with_the_next_compiling(add, table, home):
    add(Source(table("one.csv", "me:1,Tell Bet,camp,LB,6,6")))
    add(Source(table("two.csv", "me:2,Tell Dal,camp,LB,6,7")))
    (home / "mine-added" / "places" / "one.csv").unlink()
    _, _, known = add()
    assert known.lookup("Tell Bet") == []
    assert known.lookup("Tell Dal")


def test_a_newer_gazetteer_takes_over_what_was_added(
    add, table, small_gazetteer, monkeypatch, tmp_path
):
    add(Source(table("one.csv", "me:1,Tell Bet,camp,LB,6,6")))
    packed, newer = Packed(small_gazetteer), tmp_path / "newer.db"
    columns = {name: packed[name] for name in packed.columns}
    write_packed(newer, packed.trie, columns, {**packed.meta, "issue": "newer"})
    monkeypatch.setattr(additions, "shipped_gazetteer", lambda: newer)
    _, _, known = add(Source(table("two.csv", "me:2,Tell Dal,camp,LB,6,7")))
    assert known.meta["issue"] == "newer"
    assert known.lookup("Tell Bet")
    assert known.lookup("Tell Dal")


def test_strictly_nothing_changes_if_a_row_is_wrong(add, home, table):
    good, bad = (
        table("good.csv", "me:1,Tell Bet,camp,LB,6,6"),
        table("bad.csv", "me:2,,camp,LB,6,6"),
    )
    add(Source(good))
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(GeomapError, match="1 rows cannot be used; nothing was changed"):
        add(Source(bad), strict=True)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    _, problems, _ = add(Source(bad))
    assert problems == [f"{bad}:2: the name is empty"]


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (9999, "none of its names is of a place that is known"),
        (101, "none of its names is of a place that was added with it; is it of another dump?"),
    ],
)
def test_names_for_another_dump_are_named(add, dump, line, number, what):
    names = dump(f"1\t{number}\ten\tElsewhere\t\t\t\t\n", name="names.txt")
    _, problems, _ = add(Source(dump(line(500, "Tell Nun", 5, 5))), Source(names, "names"))
    assert problems == [f"{names}: {what}"]


@pytest.mark.parametrize(
    ("name", "text", "role", "what"),
    [
        ("names.txt", "1\t5\ten\tSidon\t\t\t\t\n", "places", "holds alternate names, not places"),
        ("mine.csv", "name,lon,lat\n", "names", "is no table of GeoNames' alternate names"),
    ],
)
def test_a_file_in_the_wrong_role_is_refused(add, home, dump, name, text, role, what):
    with pytest.raises(InputError, match=what):
        add(Source(dump(text, name=name), role))
    assert not home.exists()


@pytest.mark.parametrize("path", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_refused(add, tmp_path, path):
    with pytest.raises(InputError, match="cannot be read"):
        add(Source(tmp_path / path))


def test_nothing_to_add_is_said(add):
    with pytest.raises(InputError, match="nothing to add"):
        add()


def test_a_damaged_file_is_named_and_the_others_are_added(add, dump, line, tmp_path):
    path = tmp_path / "BR.zip"
    path.write_bytes(b"PK\x03\x04 cut off")
    _, problems, known = add(Source(path), Source(dump(line(500, "Tell Nun", 5, 5))))
    assert problems == [f"{path}:1: the file is cut off or damaged: File is not a zip file"]
    assert known.lookup("Tell Nun")


def test_no_half_file_is_left_when_the_disk_is_full(add, home, table, monkeypatch):
    add(Source(table("one.csv", "me:1,Tell Bet,camp,LB,6,6")))
    before = (home / "mine.db").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geomap.places.draft.write_packed", full)
    with pytest.raises(GeomapError, match="cannot be written"):
        add(Source(table("two.csv", "me:2,Tell Dal,camp,LB,6,7")))
    assert (home / "mine.db").read_bytes() == before
    assert not list(home.glob(".adding-*"))


def test_what_killed_additions_have_left_is_swept_away_after_a_day(add, home, table):
    old, young = home / ".adding-old", home / ".adding-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (1, 1))
    add(Source(table("one.csv", "me:1,Tell Bet,camp,LB,6,6")))
    assert [path.name for path in home.glob(".adding-*")] == [".adding-young"]


@pytest.mark.parametrize(
    ("word", "code"), [("LB", True), ("lb", True), ("LBN", False), ("LB.txt", False), ("L1", False)]
)
def test_two_letters_are_a_country_unless_a_file_is_so_called(word, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_country(word) is code
    (tmp_path / word).touch()
    assert not is_country(word)


def test_a_code_that_is_no_country_is_refused_before_anything_is_fetched(home):
    with pytest.raises(InputError, match="no country 'QQ'"):
        fetch(["LB", "QQ"])


def test_reading_says_when_the_added_places_are_of_another_version(home, add, table, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("GEOMAP_GAZETTEER", str(home / "mine.db"))
    for wrong in ("missing", "foreign"):
        gazetteer.default_gazetteer.cache_clear()
        with pytest.raises(ContentError) as caught:
            gazetteer.default_gazetteer()
        assert "geomap gazetteer add" in caught.value.todo
        if wrong == "missing":
            home.mkdir()
            (home / "mine.db").write_bytes(b"x" * 100)
    gazetteer.default_gazetteer.cache_clear()


@contextmanager
def serving(folder):
    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=folder)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_command_fetches_a_country_and_geocode_knows_it(tmp_path, line):
    for path, text in (
        ("LB.zip", line(99000001, "Aaynata el Qadmeh", 35.44, 33.12, code="PPLX")),
        ("alternatenames/LB.zip", "1\t99000001\ten\tOldtown of Aaynata\t\t\t\t\n"),
    ):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("LB.txt", text)
        target = tmp_path / "export" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(buffer.getvalue())

    def geomap(*words):
        command = [sys.executable, "-c", "from geomap.cli import main; main()", *words]
        environment = {**os.environ, "GEOMAP_GEONAMES": url, "XDG_DATA_HOME": str(tmp_path)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    with serving(tmp_path / "export") as url:
        told = geomap("gazetteer", "add", "LB").stderr
    assert "1 new place, 0 known before, 0 corrected, 1 name added" in told
    found = geomap("geocode", "Oldtown of Aaynata", "--format", "geojsonl").stdout
    place = json.loads(found.splitlines()[0])
    assert place["properties"]["place_id"] == "geonames:99000001"
    assert place["properties"]["kind"] == "neighbourhood"
