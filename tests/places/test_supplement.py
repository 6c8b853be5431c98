from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from geomap.errors import ContentError
from geomap.places import draft
from geomap.places import supplement as module
from geomap.places.gazetteer import Gazetteer
from geomap.places.geonames import AlternateName
from geomap.places.packed import Packed
from geomap.places.shelves import SHELVES, Shelves
from geomap.places.supplement import Supplement
from geomap.places.tables import Row


def town(number, name, lon, lat, country="LB", **more):
    return Row(f"geonames:{number}", name, "PPL", lon, lat, (country,), **more)


@pytest.fixture
def grown(small_gazetteer, tmp_path):
    """Give the gazetteer with more rows, names and corrections, and what was said of them."""

    def grow(*rows, corrections=(), names=(), base=small_gazetteer, out="grown.db"):
        folder = Path(mkdtemp(dir=tmp_path))
        problems = []
        supplement = Supplement(base, folder, problems.append)
        supplement.begin()
        for row in rows:
            supplement.add(row)
        supplement.begin()
        for row in corrections:
            supplement.correct(row)
        supplement.begin()
        for number, name in names:
            supplement.name(AlternateName(number, name))
        supplement.write(tmp_path / out, {"added": []}, lambda _: None)
        supplement.close()
        return Gazetteer.open(tmp_path / out), supplement.tally, problems

    return grow


def index(path):
    filed = {}
    for text, entry in Shelves(Packed(path)).items():
        filed.setdefault(text, []).append(entry)
    return filed


def test_nothing_added_changes_nothing(grown, small_gazetteer, tmp_path):
    grown()
    before, after = Packed(small_gazetteer), Packed(tmp_path / "grown.db")
    assert index(small_gazetteer) == index(tmp_path / "grown.db")
    for name in before.columns:
        if name not in ("entry", "name_entry"):
            assert np.array_equal(before[name], after[name]), name


def test_an_added_place_is_found_by_each_of_its_names(grown):
    known, tally, _ = grown(town(500, "Wadi Zar", 6.0, 6.0, names=("Wadi Sar", "وادي زار")))
    for name in ("Wadi Zar", "wadi sar", "وادي زار"):
        (place,) = known.lookup(name)
        assert (place.place_id, place.lon, place.lat) == ("geonames:500", 6.0, 6.0)
    assert (place.country, place.kind, place.source) == ("LB", "settlement", "GeoNames 500")
    assert known.place_by_id("geonames:500").name == "Wadi Zar"
    assert (tally.new, tally.known) == (1, 0)
    assert [named.name for named in known.prefixes("wadi zar was shelled")] == ["wadi zar"]
    assert known.lookup("Wady Zaar", countries=["LB"])[0].match == "key"


def test_an_added_place_lies_in_its_province_and_parent(grown):
    row = town(500, "Tell Nun", 3.5, 7.5, admin1="LB.01", parent="geomap:karam")
    place = grown(row)[0].place_by_id("geonames:500")
    assert (place.admin1, place.parent) == ("North Ar", "geomap:karam")


def test_a_place_without_a_country_gets_that_of_its_point(grown):
    row = Row("user:x", "Tell Nun", "CMP", 15.0, 5.0)
    assert grown(row)[0].place_by_id("user:x").country == "SY"


def test_a_place_may_lie_in_several_countries(grown):
    row = Row("user:x", "Tell Nun", "STM", 10.0, 5.0, ("LB", "SY"))
    known, _, _ = grown(row)
    assert known.countries_of(known.index_of("user:x")) == ["LB", "SY"]
    assert known.place_by_id("user:x").country == ""


def test_every_place_is_found_by_its_id(grown):
    rows = [town(n, f"Town {n}", n % 10, 5) for n in (99999, 5, 1000, 20, 100000)]
    known, _, _ = grown(*rows, Row("user:b", "B", "PPL", 1, 1), Row("a:1", "A", "PPL", 2, 2))
    for i in range(len(known)):
        assert known.index_of(known.place(i).place_id) == i
    assert known.place_by_id("geonames:7") is None


@pytest.mark.parametrize(
    ("row", "of"),
    [
        (town(101, "Dura el Tahta", 4.0, 6.0), "geonames:101"),
        (town(100, "Karam el Fawqa", 3.0, 7.0), "geomap:karam"),
        (town(777, "Karam", 3.01, 7.01, names=("Karam el Fawqa",)), "geomap:karam"),
        (Row("geonames:9", "Karam Airport", "AIRP", 3.06, 7.02, ("LB",)), "icao:ARAR"),
        (Row("geonames:9", "Red Lake", "LK", 6.1, 3.1, ("LB",), ("Bohairat",)), "geomap:red-lake"),
        (Row("geonames:9", "Red Lake", "LK", 6.1, 3.1, (), ("Bohairat",)), "geomap:red-lake"),
    ],
)
def test_a_place_that_is_known_stays_as_it_is_and_gains_names(grown, row, of):
    known, tally, problems = grown(row)
    (place, *_) = known.lookup([row.name, *row.names][-1])
    assert place.place_id == of
    assert (tally.new, tally.known, problems) == (0, 1, [])
    assert known.place_by_id("geonames:777") is None


@pytest.mark.parametrize(
    "row",
    [
        town(777, "Karam", 13.0, 7.0, "SY"),  # in another country
        town(777, "Karam", 3.5, 7.0),  # 55 km away
        Row("geonames:777", "Karam", "HLL", 3.0, 7.0, ("LB",)),  # of another kind
        town(777, "Dura", 4.0, 6.0),  # GeoNames itself tells them apart
        Row("geonames:100", "Karam Wells", "LCTY", 3.0, 7.0, ("LB",)),  # cited, but no town
    ],
)
def test_a_namesake_is_another_place(grown, row):
    known, tally, _ = grown(row)
    assert tally.new == 1
    assert known.place_by_id(row.place_id).lon == row.lon


def test_what_is_added_ranks_below_our_own_tables(grown):
    rows = [town(500, "Karam", 8.0, 2.0), Row("geonames:501", "Red Lake", "LK", 14, 3, ("SY",))]
    known, _, _ = grown(*rows)
    assert known.lookup("Karam")[0].place_id == "geomap:karam"
    assert known.lookup("Red Lake")[0].place_id == "geomap:red-lake"


def test_a_town_with_inhabitants_ranks_by_them(grown):
    known, _, _ = grown(town(500, "Dura", 8.0, 2.0, population=10**6))
    assert [p.place_id for p in known.lookup("Dura")] == [
        "geonames:500",
        "geonames:102",
        "geonames:101",
    ]


def test_a_second_place_with_an_id_is_named_and_left_out(grown):
    known, tally, problems = grown(
        town(500, "First", 1, 1, where="f:1"),
        town(500, "Second", 2, 2, where="f:2"),
        town(101, "Dura", 4, 6, where="f:3"),
        town(101, "Third", 4, 6, where="f:4"),
    )
    assert problems == [
        "f:2: a second place with id 'geonames:500'",
        "f:4: a second place with id 'geonames:101'",
    ]
    assert known.lookup("Second") == known.lookup("Third") == []
    assert (tally.new, tally.known) == (1, 1)


def test_alternate_names_go_to_base_places_and_to_added_ones(grown):
    known, tally, _ = grown(
        town(500, "Tell Nun", 3.5, 7.5),
        names=[(500, "Thel Noon"), (100, "Charam"), (101, "Dorres"), (999, "Nobody")],
    )
    assert known.lookup("Thel Noon")[0].place_id == "geonames:500"
    assert known.lookup("Charam")[0].place_id == "geomap:karam"
    assert known.lookup("Dorres")[0].place_id == "geonames:101"
    assert known.lookup("Nobody") == []
    assert (tally.names, tally.names_of_new, tally.strange_names) == (3, 1, 1)


def correction(place_id, name, lon, lat, **more):
    return Row(place_id, name, "", lon, lat, source="mine.csv", **more)


def test_a_correction_stands_in_for_what_it_corrects(grown):
    known, tally, _ = grown(corrections=[correction("geomap:karam", "Karam Town", 3.2, 7.1)])
    for name in ("Karam Town", "Qaram", "Karam"):
        place = known.lookup(name)[0]
        assert (place.place_id, place.lon, place.lat) == ("geomap:karam", 3.2, 7.1)
    assert place.name == "Karam Town"
    assert (place.population, place.extent_km, place.admin1) == (5000, 2.0, "North Ar")
    assert place.country == "LB"
    assert place.source.startswith("mine.csv; instead of geomap:karam")
    assert known.place_by_id("geomap:karam").lon == 3.2
    assert [p.lon for p in known.lookup("Karam")].count(3.0) == 0
    assert tally.corrected == 1


def test_a_correction_outranks_larger_places_of_its_name(grown):
    row = correction("me:1", "Dura", 7.0, 2.0, countries=("LB",))
    known, _, _ = grown(town(500, "Dura", 8, 2, population=10**7), corrections=[row])
    assert known.lookup("Dura")[0].place_id == "me:1"


def test_a_correction_keeps_the_outline_and_what_lies_in_it(grown):
    known, _, _ = grown(corrections=[correction("geonames:10", "Upper Ar", 5.0, 7.5)])
    assert known.place_by_id("geomap:karam").admin1 == "Upper Ar"
    assert known.province("LB.01") == known.index_of("geonames:10")
    known, _, _ = grown(corrections=[correction("geonames:1", "Arland", 4.0, 4.0)], out="b.db")
    place = known.place_by_id("geonames:1")
    assert (place.kind, len(place.area[0])) == ("country", 5)
    assert known.country_at(5, 5) == "LB"


def test_later_additions_do_not_undo_a_correction(grown, tmp_path):
    grown(corrections=[correction("me:karam", "Karam", 3.01, 7.01, countries=("LB",))], out="a.db")
    known, _, _ = grown(
        town(100, "Karam", 3.0, 7.0, names=("Kharam",)),
        names=[(100, "Charam")],
        base=tmp_path / "a.db",
    )
    for name in ("Karam", "Kharam", "Charam"):
        assert known.lookup(name)[0].place_id == "me:karam"
    assert known.index_of("geomap:karam") is None


def test_additions_in_two_steps_are_those_of_one(grown, tmp_path):
    one, two = town(500, "Tell Nun", 3.5, 7.5), town(501, "Tell Mim", 4.5, 7.5)
    grown(town(500, "Tell Nun", 3.5, 7.5), town(501, "Tell Mim", 4.5, 7.5), out="both.db")
    grown(one, out="first.db")
    grown(two, base=tmp_path / "first.db", out="second.db")
    assert (tmp_path / "both.db").read_bytes() == (tmp_path / "second.db").read_bytes()


def test_a_large_index_is_parted_into_shelves_and_read_as_one(grown, monkeypatch, tmp_path):
    rows = [
        town(500 + n, f"{a}{b} tell", n % 10, 5)
        for n, (a, b) in enumerate((a, b) for a in "abcdexyzعش" for b in "aeiou ")
    ]
    whole, _, _ = grown(*rows)
    monkeypatch.setattr(draft, "ONE_TRIE", 10)
    parted, _, _ = grown(*rows, out="parted.db")
    assert parted.meta["shelves"] == "parted-names-a"
    assert len(list((tmp_path / "parted-names-a").iterdir())) == SHELVES
    assert sorted(index(tmp_path / "grown.db").items()) == sorted(
        index(tmp_path / "parted.db").items()
    )
    for text in ("aa tell and", "x tell", "y", "عa tell", "karam camp", "nobody", ""):
        assert [n.name for n in parted.prefixes(text)] == [n.name for n in whole.prefixes(text)]
    again, _, _ = grown(base=tmp_path / "parted.db", out="again.db")
    assert again.lookup("aa tell")[0].place_id == "geonames:500"
    grown(out="parted.db", base=tmp_path / "parted.db")
    assert [path.name for path in tmp_path.glob("parted-names-*")] == ["parted-names-b"]
    monkeypatch.undo()
    grown(out="parted.db")
    assert not list(tmp_path.glob("parted-names-*"))


def test_tables_of_another_version_are_refused(small_gazetteer, tmp_path, monkeypatch):
    monkeypatch.setattr(module.tables, "read_kinds", lambda *_: {})
    with pytest.raises(ContentError, match=r"kinds\.csv"):
        Supplement(small_gazetteer, tmp_path, print)
