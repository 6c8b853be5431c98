"""Which format a file has, by its suffix, and how incidents are written to it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from geomap.errors import InputError
from geomap.files import replacing
from geomap.model import Incident
from geomap.store.query import Match

SUFFIXES = {
    **{".geojson": "geojson", ".json": "geojson", ".csv": "csv", ".txt": "table"},
    **{".geojsonl": "geojsonl", ".geojsons": "geojsonl", ".jsonl": "geojsonl"},
    **{".ndjson": "geojsonl", ".geojsonseq": "geojsonl", ".gpkg": "gpkg", ".fgb": "fgb"},
    **{".kml": "kml", ".shp": "shp", ".xlsx": "xlsx", ".parquet": "parquet"},
}
TEXTS = ("table", "geojson", "geojsonl", "csv", "acled")
"""Formats that can be printed; the others are written to a file."""
FORMATS = tuple(dict.fromkeys((*TEXTS, *SUFFIXES.values())))


def format_of(path: Path) -> str:
    """Say which format a file's suffix names.

    Raises
    ------
    InputError
        If it names none.
    """
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise InputError(f"suffix {path.suffix!r} is not known", where=str(path), todo=known)
    return SUFFIXES[path.suffix.lower()]


def write_file(
    incidents: Iterable[Incident | Match], path: Path, format: str = "", *, hxl: bool = False
) -> list[str]:
    """Write incidents to a file, whole or not at all; say what the format lost, a line each.

    Parameters
    ----------
    format
        One of `FORMATS`; without, the suffix decides. ``parquet`` to a folder
        writes one part a month.
    hxl
        With the row of HXL tags under the header (``csv`` and ``acled``).
    """
    form = format or format_of(path)
    if form in TEXTS:
        _write_text(incidents, path, form, hxl)
        return []
    rows = [row.incident if isinstance(row, Match) else row for row in incidents]
    if form == "parquet":
        _write_parquet(rows, path)
        return []
    if format_of(path) != form:
        raise InputError(f"is not named as {form} is", where=str(path), todo=f"Name it .{form}.")
    if form == "shp":
        return _write_shapefile(rows, path)
    with replacing(path) as draft:
        return _write_binary(rows, draft, form)


def write_text(
    incidents: Iterable[Incident | Match], file: TextIO, format: str, *, hxl: bool = False
) -> None:
    """Write incidents to an open text file, in one of `TEXTS`."""
    from geomap.store.acled import write_acled
    from geomap.store.exchange import write_incidents

    if format == "acled":
        write_acled(incidents, file, hxl=hxl)
    else:
        write_incidents(incidents, file, format, hxl=hxl)


def _write_text(incidents: Iterable[Incident | Match], path: Path, form: str, hxl: bool) -> None:
    with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        write_text(incidents, file, form, hxl=hxl)


def _write_parquet(rows: list[Incident], path: Path) -> None:
    from geomap.store.parquet import write_months, write_parquet

    if path.suffix == ".parquet" and not path.is_dir():
        write_parquet(rows, path)
    else:
        write_months(rows, path)


def _write_binary(rows: list[Incident], draft: Path, form: str) -> list[str]:
    if form == "xlsx":
        from geomap.store.workbook import write_sheet

        return write_sheet(rows, draft)
    if form == "gpkg":
        from geomap.store import Store

        draft.unlink()
        with Store(draft) as store:
            store.add(rows)
        return []
    from geomap.store.gdal import write_layer

    draft.unlink()
    return write_layer(rows, draft)


def _write_shapefile(rows: list[Incident], path: Path) -> list[str]:
    """Write the files that make a Shapefile; the one with the name that was asked comes last."""
    import tempfile

    from geomap.files import make_folder
    from geomap.store.gdal import write_layer

    make_folder(path.parent)
    with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        lost = write_layer(rows, Path(folder) / f"{path.stem}.shp")
        parts = sorted(Path(folder).iterdir(), key=lambda part: part.suffix == ".shp")
        for part in parts:
            part.replace(path.with_suffix(part.suffix))
    return lost
