"""What analysts ask next of a GeoDataFrame of incidents: per area, per day, near what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.store.extent import EARTH_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

_AT_ONCE = 1000


def count_in_polygons(incidents: GeoDataFrame, polygons: GeoDataFrame) -> GeoDataFrame:
    """Count incidents in polygons, an incident on a border in each that shares it.

    Points decide, as in any GIS; `Store.count` with ``within`` tells surely from
    possibly inside.

    Returns
    -------
    GeoDataFrame
        The polygons in their order and CRS, with a column ``incidents``.

    Raises
    ------
    InputError
        If the polygons have no CRS.
    """
    import numpy

    if polygons.crs is None:
        raise InputError("the polygons have no CRS", todo="polygons.set_crs('EPSG:4326')")
    points = incidents[incidents.geometry.notna()].to_crs(polygons.crs)
    polygon, _ = points.sindex.query(polygons.geometry, predicate="intersects")
    counted = polygons.copy()
    counted["incidents"] = numpy.bincount(polygon, minlength=len(polygons))
    return counted


def day_type_table(incidents: GeoDataFrame) -> DataFrame:
    """Count incidents by day and type.

    Returns
    -------
    DataFrame
        A row for each day from the first to the last, quiet ones too
        (``DatetimeIndex``), a column for each type by name. Undated ones are left out.
    """
    import pandas

    dated = incidents[incidents["date"].notna()]
    days = pandas.to_datetime(dated["date"])
    table = pandas.crosstab(days, dated["incident_type"])
    if len(table):
        table = table.reindex(pandas.date_range(days.min(), days.max()), fill_value=0)
    return table.rename_axis(index="date", columns="incident_type")


def nearest(incidents: GeoDataFrame, places: GeoDataFrame) -> DataFrame:
    """Find the place nearest to each incident, along the great circle.

    Parameters
    ----------
    places
        Points in any CRS, such as hospitals or crossings.

    Returns
    -------
    DataFrame
        Indexed as the incidents that are mapped: ``nearest``, the index of the
        place, and ``distance_km``.

    Raises
    ------
    InputError
        If there are no places.
    """
    import numpy
    import pandas

    places = places[places.geometry.notna()].to_crs("EPSG:4326")
    if not len(places):
        raise InputError("there are no places to be near to")
    mapped = incidents[incidents.geometry.notna()]
    there, here = _on_the_sphere(places), _on_the_sphere(mapped)
    at = numpy.zeros(len(mapped), dtype=int)
    for start in range(0, len(mapped), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        at[some] = (here[some] @ there.T).argmax(axis=1)
    chord = numpy.linalg.norm(here - there[at], axis=1)
    km = 2 * EARTH_KM * numpy.arcsin(numpy.minimum(chord / 2, 1))
    found = {"nearest": places.index[at], "distance_km": km}
    return pandas.DataFrame(found, index=mapped.index)


def _on_the_sphere(points: GeoDataFrame) -> NDArray[Any]:
    """Give points as unit vectors, whose dot product tells how near they are."""
    import numpy

    lon, lat = numpy.radians(points.geometry.x), numpy.radians(points.geometry.y)
    flat = numpy.cos(lat)
    return numpy.column_stack([flat * numpy.cos(lon), flat * numpy.sin(lon), numpy.sin(lat)])
