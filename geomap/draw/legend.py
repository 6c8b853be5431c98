"""The panel of a picture: types with their counts, how to read the signs, notes, locator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.patches import Ellipse, FancyArrowPatch

from geomap.draw.chart import draw_donut, draw_marker
from geomap.draw.definition import IncidentType
from geomap.draw.scene import Symbol
from geomap.draw.sheet import INK, SOFT, Box, Sheet

LABEL, NOTE = 8.4, 7.2
"""Sizes of letters."""
LOCATOR_HEIGHT, LEAST_LOCATOR = 84.0, 44.0


@dataclass(frozen=True)
class Legend:
    """What the panel says.

    Attributes
    ----------
    heading
        Above the types.
    rows
        Types with their number of incidents, in legend order.
    signs
        Sign (donut, area, arrow, hollow) and what it means, for those on the map.
    notes
        What the eye cannot see on the map.
    """

    heading: str
    rows: Sequence[tuple[IncidentType, int]]
    signs: Sequence[tuple[str, str]]
    notes: Sequence[str]


def draw_legend(sheet: Sheet, panel: Box, legend: Legend, *, upright: bool) -> Box | None:
    """Draw the panel from its top down; on upright paper the rest stands beside the types.

    Returns
    -------
    Box or None
        Room that is left for a locator.
    """
    width = (panel.width - sheet.pt(18)) / 2 if upright else panel.width
    y = _draw_types(sheet, Box(panel.x, panel.y, width, panel.height), legend)
    if upright:
        column = Box(panel.x + width + sheet.pt(18), panel.y, width, panel.height)
        y = column.top
    else:
        column = Box(panel.x, panel.y, width, panel.height)
        y -= sheet.pt(3)
    y = _draw_signs(sheet, column, y, legend.signs)
    y = _write_notes(sheet, column, y, legend.notes)
    room = y - sheet.pt(6) - column.y
    if room < sheet.pt(LEAST_LOCATOR):
        return None
    return Box(column.x, column.y, column.width, min(room, sheet.pt(LOCATOR_HEIGHT)))


def _draw_types(sheet: Sheet, box: Box, legend: Legend) -> float:
    step = sheet.letters(LABEL) * 1.62
    y = box.top - step * 0.55
    sheet.write(box.x, y, legend.heading, LABEL, weight="bold")
    for kind, n in legend.rows:
        y -= step
        x = box.x + sheet.pt(5)
        draw_marker(sheet.canvas, sheet.x(x), y, kind, sheet.pt(7.6))
        count = f"{n:,}"
        room = box.width - sheet.pt(20) - sheet.measure(count, LABEL, "bold")
        label = sheet.lines(kind.label, room, LABEL, most=1)[0]
        sheet.write(x + sheet.pt(11), y, label, LABEL, color=INK)
        sheet.write(box.right, y, count, LABEL, "right", weight="bold", color=INK)
    return y - step * 0.6


def _draw_signs(sheet: Sheet, box: Box, y: float, signs: Iterable[tuple[str, str]]) -> float:
    step = sheet.letters(NOTE) * 1.3
    for sign, words in signs:
        lines = sheet.lines(words, box.width - sheet.pt(24), NOTE, most=2)
        y -= max(step * 0.4, sheet.pt(8 if sign == "donut" else 4)) + step * 0.35
        _SIGNS[sign](sheet, sheet.x(box.x + sheet.pt(9)), y)
        for line in lines:
            sheet.write(box.x + sheet.pt(23), y, line, NOTE)
            y -= step
        y += step * 0.35
    return y


def _write_notes(sheet: Sheet, box: Box, y: float, notes: Iterable[str]) -> float:
    step = sheet.letters(NOTE) * 1.3
    for note in notes:
        y -= step * 0.4
        for line in sheet.lines(note, box.width, NOTE, most=4):
            if y - step < box.y:
                return y
            y -= step
            sheet.write(box.x, y, line, NOTE, va="baseline")
    return y


def _donut(sheet: Sheet, x: float, y: float) -> None:
    kinds = {
        name: IncidentType(name, "", "circle", colour, colour, True)
        for name, colour in (("one", SOFT), ("other", "#b9c2c7"))
    }
    symbol = Symbol(x, y, (("one", 2), ("other", 1)))
    draw_donut(sheet.canvas, symbol, sheet.pt(7.4), kinds, sheet)


def _area(sheet: Sheet, x: float, y: float) -> None:
    style: dict[str, Any] = {"fc": "#e9ecee", "ec": SOFT, "lw": 0.9, "ls": (0, (3, 2.5))}
    sheet.canvas.add_artist(Ellipse((x, y), sheet.pt(17), sheet.pt(9), **style))


def _arrow(sheet: Sheet, x: float, y: float) -> None:
    half = sheet.pt(8) * (-1 if sheet.rtl else 1)
    style = "-|>,head_length=3.2,head_width=1.8"
    sheet.canvas.add_artist(
        FancyArrowPatch(
            *((x - half, y), (x + half, y)),
            arrowstyle=style,
            linestyle=(0, (3, 2)),
            color=SOFT,
            lw=1.0,
            shrinkA=0,
            shrinkB=0,
        )
    )


def _hollow(sheet: Sheet, x: float, y: float) -> None:
    kind = IncidentType("denied", "", "circle", SOFT, SOFT, True)
    draw_marker(sheet.canvas, x, y, kind, sheet.pt(7.6), hollow=True)


_SIGNS: dict[str, Callable[[Sheet, float, float], None]] = {
    "donut": _donut,
    "area": _area,
    "arrow": _arrow,
    "hollow": _hollow,
}
