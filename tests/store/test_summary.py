import datetime as dt

import geopandas
import pytest
from shapely.geometry import Point, box

from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import to_frame
from geomap.store import Query
from geomap.store.summary import count_in_polygons, day_type_table, nearest

ROWS = [
    Incident("a", date=dt.date(2026, 5, 1), incident_type="battle", lon=1.0, lat=1.0),
    Incident("b", date=dt.date(2026, 5, 1), incident_type="battle", lon=2.0, lat=2.0),
    Incident("c", date=dt.date(2026, 5, 4), incident_type="hazard", lon=179.9, lat=0.0),
    Incident("d", incident_type="hazard"),
]


def test_polygons_count_what_lies_in_them_and_on_their_border():
    areas = geopandas.GeoDataFrame(
        {"name": list("xyz")},
        geometry=[box(0, 0, 2, 2), box(2, 2, 3, 3), box(9, 9, 10, 10)],
        crs=4326,
    )
    counted = count_in_polygons(to_frame(ROWS), areas.to_crs(3857))
    assert list(counted.incidents) == [2, 1, 0]
    assert counted.crs.to_epsg() == 3857
    with pytest.raises(InputError, match="no CRS"):
        count_in_polygons(to_frame(ROWS), areas.set_crs(None, allow_override=True))


def test_a_table_of_days_has_the_quiet_ones_too():
    table = day_type_table(to_frame(ROWS))
    assert [str(day)[:10] for day in table.index] == [f"2026-05-0{n}" for n in (1, 2, 3, 4)]
    assert table["battle"].tolist() == [2, 0, 0, 0]
    assert table["hazard"].tolist() == [0, 0, 0, 1]
    assert len(day_type_table(to_frame([]))) == 0


def test_the_nearest_place_is_near_across_the_antimeridian():
    places = geopandas.GeoDataFrame(
        index=["here", "there"], geometry=[Point(1, 2), Point(-179.9, 0)], crs=4326
    )
    found = nearest(to_frame(ROWS), places.to_crs(4087))
    assert found.nearest.tolist() == ["here", "here", "there"]
    assert found.distance_km.round(1).tolist() == [111.2, 111.1, 22.2]
    with pytest.raises(InputError, match="no places"):
        nearest(to_frame(ROWS), places.iloc[:0])


def test_a_selection_column_by_column_is_what_the_rows_are(store):
    from pandas.testing import assert_series_equal

    store.add(ROWS)
    frame, plain = store.select(), to_frame(store.incidents())
    for name in plain.columns.drop("geometry"):
        assert_series_equal(frame[name], plain[name])
    assert frame.geometry.equals(plain.geometry)
    assert list(store.select(Query(types="hazard")).id) == ["c", "d"]
