"""Cells of a grid to count in: squares of degrees, and H3's hexagons (``geomap[h3]``)."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

from geomap.errors import GeomapError, InputError
from geomap.model import Ring

CELLS = ("cell", "h3")
"""Kinds of grid; ``cell:0.5`` has squares of half a degree, ``h3:5`` resolution 5."""

_LEAST, _MOST = 0.001, 90.0


def cell_of(grid: str) -> Callable[[float, float], str]:
    """Give what says in which cell of a grid a lon, lat lies.

    A square is named by its southwest corner, ``34.5,31``.

    Raises
    ------
    InputError
        If the grid is not known, or its size is out of range.

    Examples
    --------
    >>> cell_of("cell:0.5")(34.9, 31.2)
    '34.5,31'
    """
    kind, _, said = grid.partition(":")
    if kind == "cell":
        size = _size(said)
        return lambda lon, lat: f"{_edge(lon, size, 180):g},{_edge(lat, size, 90):g}"
    if not said.isdigit() or int(said) > 15:
        raise InputError(f"h3 resolution {said!r} is not 0 to 15", todo="As in h3:5.")
    try:
        import h3
    except ImportError:
        todo = "pip install 'geomap[h3]', or count by cell:0.5"
        raise GeomapError("counts by H3 need h3", todo=todo) from None
    return lambda lon, lat: str(h3.latlng_to_cell(lat, lon, int(said)))


def cell_rings(grid: str, cell: str) -> tuple[Ring, ...]:
    """Give the outline of a cell; one across the antimeridian is cut there."""
    kind, _, said = grid.partition(":")
    if kind == "cell":
        west, south = (float(part) for part in cell.split(","))
        size = _size(said)
        return (_box(west, south, min(west + size, 180), min(south + size, 90)),)
    import h3

    corners = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
    for pole in (-90.0, 90.0):
        if h3.latlng_to_cell(pole, 0, int(said)) == cell:
            return (_cap(sorted(corners), pole),)
    if max(x for x, _ in corners) - min(x for x, _ in corners) <= 180:
        return ((*corners, corners[0]),)
    return _cut([(x + 360 if x < 0 else x, y) for x, y in corners])


def _size(said: str) -> float:
    try:
        size = float(said)
    except ValueError:
        size = 0.0
    if not _LEAST <= size <= _MOST:
        what = f"cell size {said!r} is not {_LEAST:g} to {_MOST:g} degrees"
        raise InputError(what, todo="As in cell:0.5.")
    return size


def _edge(degrees: float, size: float, most: float) -> float:
    """Give the lower edge; the last meridian and the pole lie in the cell before them."""
    step = floor(round(degrees / size, 9))
    edge = step * size
    return round(edge - size if edge >= most else edge, 9) + 0.0


def _box(west: float, south: float, east: float, north: float) -> Ring:
    return (west, south), (east, south), (east, north), (west, north), (west, south)


def _cap(corners: list[tuple[float, float]], pole: float) -> Ring:
    """Draw round a pole, from one side of the map to the other."""
    edge = (corners[0][1] + corners[-1][1]) / 2
    line = [(-180.0, edge), *corners, (180.0, edge)]
    return (*line, (180.0, pole), (-180.0, pole), line[0])


def _cut(corners: list[tuple[float, float]]) -> tuple[Ring, ...]:
    import shapely
    from shapely.affinity import translate

    whole = shapely.Polygon(corners)
    parts = (
        shapely.intersection(whole, shapely.box(0, -90, 180, 90)),
        translate(shapely.intersection(whole, shapely.box(180, -90, 540, 90)), -360),
    )
    return tuple(tuple((x, y) for x, y in part.exterior.coords) for part in parts)
