"""Incidents as a sheet of a workbook (XLSX), out and in; needs ``geomap[xlsx]``."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from geomap.errors import GeomapError, InputError
from geomap.model import Incident
from geomap.record import DATES, FIELDS, LISTS, to_properties

_MOST = 32_767  # characters of a cell
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
COLUMNS = (*FIELDS, "lon", "lat", "area")


def write_sheet(incidents: Sequence[Incident], path: Path) -> list[str]:
    """Write incidents as the first sheet, a row each; say what was lost, a line each.

    Dates are dates, and a text that looks like a formula stays a text.
    """
    _need_openpyxl()
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("incidents")
    sheet.freeze_panes = "A2"
    book.properties.creator = "geomap"
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)  # same bytes
    sheet.append(COLUMNS)
    cut = 0
    for incident in incidents:
        cells = []
        for name, value in _cells(incident).items():
            text = _fitted(value)
            cut += text != value
            cell = WriteOnlyCell(sheet, value=text)
            if isinstance(text, str):
                cell.data_type = "s"
            elif name in DATES and value is not None:
                cell.number_format = "yyyy-mm-dd"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
    return [f"{cut:,} texts cut to what a cell holds"] if cut else []


def read_sheet(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the rows of the first sheet, each with its place in the file (``:7``) before it.

    Cells are texts as a CSV has them, dates in ISO 8601, empty ones "".

    Raises
    ------
    InputError
        If it is no workbook.
    """
    _need_openpyxl()
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, OSError, ValueError) as error:
        raise InputError(f"is no workbook: {error}", where=str(path)) from error
    rows = sheet.iter_rows(values_only=True)
    header = [str(cell or "") for cell in next(rows, ())]
    for number, row in zip(count(2), rows, strict=False):
        if any(cell is not None for cell in row):
            yield f":{number}", dict(zip(header, map(_text, row), strict=False))
    book.close()


def _cells(incident: Incident) -> dict[str, Any]:
    cells = to_properties(incident)
    cells |= {name: json.dumps(cells[name], ensure_ascii=False) if cells[name] else None
              for name in LISTS}  # fmt: skip
    cells |= {name: getattr(incident, name) for name in (*DATES, "lon", "lat")}
    cells["area"] = json.dumps(incident.area) if incident.area else None
    return {name: cells[name] for name in COLUMNS}


def _fitted(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _UNPRINTABLE.sub(" ", value)[:_MOST]


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return (cell.date() if midnight else cell).isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)


def _need_openpyxl() -> None:
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        todo = "pip install 'geomap[xlsx]'"
        raise GeomapError("workbooks need openpyxl", todo=todo) from None
