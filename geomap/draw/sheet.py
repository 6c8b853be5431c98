"""The paper of a picture: its sizes by name, and writing on it in points."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from geomap.draw.lettering import plain
from geomap.errors import InputError

INK, SOFT, PAPER = "#1c2126", "#5b646b", "#ffffff"
SMALLEST_PT = 6.4
MOST_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """Paper: width and height in inches, dots per inch, and how large its letters are."""

    width_in: float
    height_in: float
    dpi: int
    letters: float


SIZES = {
    "screen": Size(10.0, 6.6, 160, 1.05),
    "a4": Size(297 / 25.4, 210 / 25.4, 200, 1.2),
    "a4-portrait": Size(210 / 25.4, 297 / 25.4, 200, 1.1),
    "letter": Size(11.0, 8.5, 200, 1.2),
    "slide": Size(40 / 3, 7.5, 144, 1.5),
    "column": Size(160 / 25.4, 118 / 25.4, 200, 0.88),
    "social": Size(8.0, 4.5, 150, 0.98),
}
"""``column`` is the 16 cm between the margins of a report; ``social`` has 1200 x 675 pixels."""


def read_size(name: str, dpi: int | None = None) -> Size:
    """Give paper of a name in `SIZES`, or of millimetres like ``180x120``.

    Raises
    ------
    InputError
        If there is no such size, or the picture would have over 100 megapixels.
    """
    size = SIZES.get(name.lower()) or _in_millimetres(name)
    size = replace(size, dpi=dpi or size.dpi)
    pixels = size.width_in * size.height_in * size.dpi**2
    if pixels > MOST_PIXELS:
        most = int((MOST_PIXELS / (size.width_in * size.height_in)) ** 0.5)
        raise InputError(
            f"{name} at {size.dpi} dpi has {pixels / 1e6:,.0f} megapixels; 100 are the most",
            todo=f"Ask for at most {most} dpi, or write an SVG or a PDF.",
        )
    return size


def _in_millimetres(name: str) -> Size:
    match = re.fullmatch(r"(\d{2,4})\s*[x×]\s*(\d{2,4})", name)
    if not match or min(int(part) for part in match.groups()) < 80:
        raise InputError(
            f"{name!r} is not a size of a picture",
            todo=f"Choose {', '.join(SIZES)}, or millimetres from 80x80 up, like 180x120.",
        )
    width, height = (int(part) / 25.4 for part in match.groups())
    return Size(width, height, 200, min(1.5, max(0.85, (width * height / 66) ** 0.5)))


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the sheet in points, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width


class Sheet:
    """A figure to write on in points; in languages from right to left it is mirrored."""

    def __init__(self, size: Size, rtl: bool):
        self.size, self.rtl = size, rtl
        self.width, self.height = size.width_in * 72, size.height_in * 72
        inches = (size.width_in, size.height_in)
        self.figure = Figure(figsize=inches, dpi=size.dpi, facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self._widths: dict[tuple[str, float, str], float] = {}

    def pt(self, points: float) -> float:
        """Scale a length to this paper."""
        return points * self.size.letters

    @cached_property
    def canvas(self) -> Any:
        """Axes over the whole sheet, in points."""
        axes = self.figure.add_axes((0, 0, 1, 1), facecolor="none", zorder=5)
        axes.set_axis_off()
        axes.set_xlim(0, self.width)
        axes.set_ylim(0, self.height)
        return axes

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """Give a box as matplotlib wants it for axes, mirrored if need be."""
        x = self.width - box.right if self.rtl else box.x
        return (
            *(x / self.width, box.y / self.height),
            *(box.width / self.width, box.height / self.height),
        )

    def x(self, x: float) -> float:
        """Mirror a position if need be."""
        return self.width - x if self.rtl else x

    def letters(self, size: float) -> float:
        """Give a size of letters on this paper; none is too small to read."""
        return max(SMALLEST_PT, size * self.size.letters)

    def write(
        self, x: float, y: float, words: str, size: float = 7.4, ha: str = "left", **style: Any
    ) -> Any:
        """Write words at a point, as they are: a dollar sign is no formula."""
        if self.rtl and ha != "center":
            ha = "right" if ha == "left" else "left"
        style = {"color": SOFT, "va": "center", **style, "ha": ha}
        shown = plain(words, True if self.rtl else None)
        return self.canvas.text(
            self.x(x), y, shown, size=self.letters(size), parse_math=False, **style
        )

    def lines(
        self, words: str, width: float, size: float = 7.4, weight: str = "normal", most: int = 9
    ) -> list[str]:
        """Break words into at most so many lines of a width in points."""
        space = self.measure("n n", size, weight) - self.measure("nn", size, weight)
        lines: list[list[str]] = []
        room = 0.0
        for word in _split_long(words):
            needed = self.measure(word, size, weight)
            if not lines or needed > room:
                if len(lines) == most:
                    lines[-1] = [self._shortened(" ".join(lines[-1]), width, size, weight)]
                    break
                lines.append([])
                room = width
            lines[-1].append(word)
            room -= needed + space
        return [" ".join(line) for line in lines]

    def _shortened(self, line: str, width: float, size: float, weight: str) -> str:
        while line and self.measure(line + "…", size, weight) > width:
            line = line[:-1]
        return line.rstrip(" ,;:") + "…"

    def measure(self, words: str, size: float = 7.4, weight: str = "normal") -> float:
        """Give the width of words in points."""
        key = (words, size, weight)
        if key not in self._widths:
            text = self.write(0, 0, words, size, weight=weight)
            self._widths[key] = text.get_window_extent().width * 72 / self.size.dpi
            text.remove()
        return self._widths[key]

    def fill(self, box: Box, colour: str) -> None:
        """Fill a box."""
        x = self.width - box.right if self.rtl else box.x
        self.canvas.add_artist(Rectangle((x, box.y), box.width, box.height, fc=colour, lw=0))


def _split_long(words: str) -> list[str]:
    """Split at spaces, and words that no line holds at every fortieth letter."""
    return [part for word in words.split() for part in textwrap.wrap(word, 40) or [word]]
