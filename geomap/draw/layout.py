"""Where things stand on the sheet: head, map, histogram, panel, foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geomap.draw.sheet import INK, Box, Sheet

MARGIN, GAP = 15.0, 10.0
TITLE, SUBTITLE, FOOT = 15.0, 9.0, 6.8
"""Sizes of letters."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Parts of the sheet; the panel stands beside the map, on upright paper below it."""

    map: Box
    strip: Box | None
    panel: Box
    upright: bool


def lay_out(sheet: Sheet, title: str, subtitle: str, foot: Sequence[str], *, strip: bool) -> Layout:
    """Write head and foot, and divide what is left between map, histogram and panel.

    Parameters
    ----------
    title
        At most two lines of it are shown.
    foot
        Paragraphs, at most two lines each.
    strip
        Whether room for a histogram is kept below the map.
    """
    margin, gap = sheet.pt(MARGIN), sheet.pt(GAP)
    wide = sheet.width - 2 * margin
    top = _write_head(sheet, title, subtitle, margin, wide)
    bottom = _write_foot(sheet, foot, margin, wide)
    upright = sheet.width < sheet.height * 1.05
    panel_width = wide if upright else max(sheet.pt(150), min(sheet.pt(178), sheet.width * 0.28))
    panel_height = sheet.pt(165) if upright else top - bottom
    panel_x = margin if upright else sheet.width - margin - panel_width
    panel = Box(panel_x, bottom, panel_width, panel_height)
    below = bottom + panel_height + gap if upright else bottom
    map_width = wide if upright else wide - panel_width - gap
    strip_height = sheet.pt(50) if strip else 0.0
    above = below + strip_height + (sheet.pt(6) if strip else 0.0)
    return Layout(
        Box(margin, above, map_width, top - above),
        Box(margin, below, map_width, strip_height) if strip else None,
        panel,
        upright,
    )


def _write_head(sheet: Sheet, title: str, subtitle: str, margin: float, wide: float) -> float:
    y = sheet.height - margin * 0.6
    for line in sheet.lines(title, wide, TITLE, "bold", most=2):
        y -= sheet.letters(TITLE) * 1.16
        sheet.write(margin, y, line, TITLE, weight="bold", color=INK, va="baseline")
    y -= sheet.pt(2)
    for line in sheet.lines(subtitle, wide, SUBTITLE, most=2):
        y -= sheet.letters(SUBTITLE) * 1.35
        sheet.write(margin, y, line, SUBTITLE, va="baseline")
    return y - sheet.pt(9)


def _write_foot(sheet: Sheet, foot: Sequence[str], margin: float, wide: float) -> float:
    lines = [line for words in foot for line in sheet.lines(words, wide, FOOT, most=2)]
    step = sheet.letters(FOOT) * 1.32
    y = margin * 0.7 + step * len(lines)
    top = y + sheet.pt(6)
    for line in lines:
        y -= step
        sheet.write(margin, y, line, FOOT, va="baseline")
    return top
