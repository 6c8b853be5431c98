"""GDAL reads the store as it is, and what it writes is taken in."""

import sqlite3

import geopandas
import pyogrio
import pytest
from shapely.geometry import Point

from geomap.model import Bulletin, Incident
from geomap.store import Query, Store
from geomap.store.schema import add_functions


@pytest.fixture
def filled(store, path):
    store.add(
        [
            Incident(
                "tubas", lon=35.37, lat=32.32, uncertainty_km=2.0, fatalities=3, sentence="Raid"
            ),
            Incident("sana", lon=44.2, lat=15.35, uncertainty_km=9.0, sentence="Airstrike"),
            Incident("nowhere", place="al-Nowhere", sentence="Shelling"),
        ],
        [Bulletin("Raid. Airstrike. Shelling.", title="Day 1")],
    )
    store.close()
    return path


def test_gdal_lists_incidents_bulletins_corrections_and_nothing_else(filled):
    layers = dict(pyogrio.list_layers(filled))
    assert layers == {"incidents": "Point", "bulletins": None, "corrections": None}


def test_gdal_reads_every_row_with_its_type(filled):
    frame = geopandas.read_file(filled, layer="incidents")
    assert len(frame) == 3
    assert frame.crs.to_epsg() == 4326
    assert sorted(frame.id) == ["nowhere", "sana", "tubas"]
    assert frame.set_index("id").geometry["sana"] == Point(44.2, 15.35)
    assert frame.set_index("id").geometry["nowhere"] is None
    about = pyogrio.read_info(filled, layer="incidents")
    kinds = dict(zip(about["fields"], about["ogr_types"], strict=True))
    assert kinds["date"] == "OFTDate"
    assert kinds["fatalities"] == "OFTInteger64"
    assert kinds["uncertainty_km"] == "OFTReal"
    assert about["geometry_type"] == "Point"
    assert tuple(about["total_bounds"]) == (35.37, 15.35, 44.2, 32.32)
    assert about["capabilities"]["fast_spatial_filter"]


def test_gdal_filters_by_box(filled):
    frame = pyogrio.read_dataframe(filled, layer="incidents", bbox=(35, 32, 36, 33))
    assert list(frame.id) == ["tubas"]


def test_gdal_reads_while_geomap_has_the_store_open(filled):
    with Store(filled) as store:
        store.add([Incident("more", lon=1.0, lat=2.0)])
        assert len(pyogrio.read_dataframe(filled, layer="incidents")) == 4


def test_rows_that_gdal_appends_are_found(filled):
    frame = geopandas.GeoDataFrame(
        {"place": ["Doha", "Doha"], "sentence": "Talks resumed", "incident_type": "diplomacy"},
        geometry=[Point(51.5, 25.3)] * 2,
        crs=4326,
    )
    pyogrio.write_dataframe(frame, filled, layer="incidents", append=True)
    with Store(filled) as store:
        asked = Query(bbox="51,25,52,26", text="talks", types="diplomacy")
        found = list(store.incidents(asked))
    assert [one.place for one in found] == ["Doha", "Doha"]
    assert len({one.id for one in found if len(one.id) == 16}) == 2


@pytest.fixture
def gis(filled):
    """Edit as a GIS does: through the table, with the functions of GeoPackage and no FTS5."""
    db = sqlite3.connect(filled)
    add_functions(db)
    yield db
    db.close()


def edit(gis, *statements):
    with gis:
        for statement in statements:
            gis.execute(statement)


def test_a_point_moved_elsewhere_is_found_where_it_is_now(filled, gis):
    edit(
        gis,
        "UPDATE incidents SET geom = (SELECT geom FROM incidents WHERE id = 'sana')"
        " WHERE id = 'tubas'",
    )
    with Store(filled) as store:
        assert store.count(Query(bbox="35,32,36,33")) == 0
        assert store.count(Query(bbox="44,15,45,16")) == 2


def test_words_changed_and_changed_again_are_found_in_their_last_form(filled, gis):
    edit(gis, "UPDATE incidents SET sentence = 'Search' WHERE id = 'tubas'")
    edit(gis, "UPDATE incidents SET sentence = 'Arrests' WHERE id = 'tubas'")
    with Store(filled) as store:
        assert [store.count(Query(text=word)) for word in ("Raid", "Search", "Arrests")] == [
            0,
            0,
            1,
        ]


def test_a_row_deleted_elsewhere_is_gone(filled, gis):
    edit(gis, "DELETE FROM incidents WHERE id = 'tubas'")
    with Store(filled) as store:
        assert store.count() == 2
        assert store.count(Query(text="Raid")) == store.count(Query(bbox="35,32,36,33")) == 0


def test_a_row_replaced_in_one_stroke_is_found_by_its_new_words(filled, gis):
    edit(gis, "INSERT OR REPLACE INTO incidents (fid, id, sentence) VALUES (1, 'tubas', 'Arrests')")
    with Store(filled) as store:
        assert [store.count(Query(text=word)) for word in ("Raid", "Arrests")] == [0, 1]
        assert store.count(Query(bbox="35,32,36,33")) == 0


def test_an_edit_is_noticed_by_a_store_that_is_open(filled, gis):
    with Store(filled) as store:
        assert store.count(Query(text="Raid")) == 1
        edit(gis, "UPDATE incidents SET sentence = 'Arrests' WHERE id = 'tubas'")
        assert store.count(Query(text="Raid")) == 0


def test_what_was_edited_by_hand_outlives_the_next_run(filled, gis):
    edit(gis, "UPDATE incidents SET fatalities = 4 WHERE id = 'tubas'")
    with Store(filled) as store:
        changes = store.add([Incident("tubas", fatalities=3), Incident("sana", fatalities=1)])
        assert (changes.new, changes.changed) == (0, 1)
        assert {one.id: one.fatalities for one in store.incidents()}["tubas"] == 4
