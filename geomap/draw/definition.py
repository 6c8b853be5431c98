"""What a map is: a TOML file in ``maps/`` that an editor writes without Python."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from geomap.content import content
from geomap.errors import ContentError

_Check = Callable[[Any], str | None]
"""Says what is wrong with a value, or None."""


@dataclass(frozen=True, slots=True)
class IncidentType:
    """A row of ``maps/types.csv``: how incidents of a type are named and drawn."""

    id: str
    label: str
    shape: str
    light: str
    dark: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """What a map is.

    Attributes
    ----------
    title
        Used when the map gets none of its own.
    language
        BCP 47 tag; a catalogue ``maps/page/lang/TAG.json`` exists.
    period
        ``all``, or ``last-day`` to open on the latest day.
    types
        In legend order; ``shown`` says which are on at first.
    panels
        Which of `PANELS` the page has.
    extent
        West, south, east, north of what the map opens on; None to fit the incidents.
    tiles
        Name of an online basemap, as xyzservices has it, the path of a PMTiles file,
        or "" for none.
    """

    title: str
    language: str
    period: str
    types: tuple[IncidentType, ...]
    panels: tuple[str, ...]
    extent: tuple[float, float, float, float] | None
    tiles: str

    @property
    def words(self) -> dict[str, Any]:
        """The page's own words in this language."""
        return _catalogue(self.language)


PERIODS = ("all", "last-day")
PANELS = ("filters", "timeline", "list", "download", "share", "locator")


def read_definition(name: str) -> Definition:
    """Read the definition of a map.

    Parameters
    ----------
    name
        Name of a definition that ships with geomap (``incidents``, ``daily``), or
        the path of a TOML file; ``maps/README.md`` lists the keys.

    Raises
    ------
    ContentError
        If there is no such file, or a key or value in it is not known; names the
        line.
    """
    known = sorted(path.stem for path in content("maps").glob("*.toml"))
    if not name.endswith(".toml") and name not in known:
        unknown = f"{name!r} is no map of geomap's; those are {_listed(known)}"
        raise ContentError(unknown, todo="A definition of your own is a file that ends in .toml.")
    path = Path(name) if name.endswith(".toml") else content(f"maps/{name}.toml")
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"cannot be read: {error}", where=str(path)) from error
    if str(table.get("tiles", "")).endswith(".pmtiles"):
        table["tiles"] = str(path.parent / table["tiles"])
    for key, value in table.items():
        check = _CHECKS.get(key)
        wrong = check(value) if check else f"not a key of a map; those are {_listed(_CHECKS)}"
        if wrong:
            raise ContentError(f"{key}: {wrong}", where=f"{path}:{_line_of(key, wrong, text)}")
    return _defined(table)


def _line_of(key: str, wrong: str, text: str) -> int:
    """Find the line of a key; within a table, that of the entry which is wrong."""
    lines = text.split("\n")
    start = re.compile(rf"""\s*(?:["']?{re.escape(key)}["']?\s*=|\[\s*["']?{re.escape(key)}\b)""")
    first = next((n for n, line in enumerate(lines) if start.match(line)), 0)
    if not lines[first].lstrip().startswith("["):
        return first + 1
    for n, line in enumerate(lines[first + 1 :], first + 2):
        name = line.split("=")[0].strip().strip("\"'")
        if name and re.match(rf"'?{re.escape(name)}\b", wrong):
            return n
    return first + 1


def _defined(table: dict[str, Any]) -> Definition:
    known = incident_types()
    language = table.get("language", "en")
    off = table.get("off", [name for name, kind in known.items() if not kind.shown])
    labels = _catalogue(language) | {f"type.{k}": v for k, v in table.get("labels", {}).items()}
    colours = table.get("colours", {})
    types = []
    for kind in (known[name] for name in table.get("types", known)):
        light, dark = colours.get(kind.id, (kind.light, kind.dark))
        label = labels.get(f"type.{kind.id}", kind.label)
        shown = kind.id not in off
        types.append(replace(kind, label=label, light=light, dark=dark, shown=shown))
    return Definition(
        title=table.get("title", "Incidents"),
        language=language,
        period=table.get("period", "all"),
        types=tuple(types),
        panels=tuple(table.get("panels", PANELS)),
        extent=tuple(table["extent"]) if "extent" in table else None,
        tiles=table.get("tiles", ""),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else f"{value!r} is not a text"


def _one_of(names: Callable[[], Iterable[str]]) -> _Check:
    def check(value: Any) -> str | None:
        return None if value in names() else f"{value!r} is none of {_listed(names())}"

    return check


def _some_of(names: Callable[[], Iterable[str]]) -> _Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return f"{value!r} is not a list"
        return next(filter(None, map(_one_of(names), value)), None)

    return check


def _by_type(fits: Callable[[Any], bool], what: str) -> _Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return f"{value!r} is not a table"
        for name, entry in value.items():
            if name not in incident_types():
                return f"{name!r} is none of {_listed(incident_types())}"
            if not fits(entry):
                return f"{name} = {entry!r} is not {what}"
        return None

    return check


def _is_colours(value: Any) -> bool:
    pair = isinstance(value, list) and len(value) == 2
    return pair and all(re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)) for colour in value)


def _extent(value: Any) -> str | None:
    numbers = isinstance(value, list) and len(value) == 4
    if not numbers or not all(isinstance(v, (int, float)) for v in value):
        return f"{value!r} is not [west, south, east, north]"
    west, south, east, north = value
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        return f"{value!r} is not west < east and south < north in degrees"
    return None


def _tiles(value: Any) -> str | None:
    from geomap.draw.tiles import wrong_with

    return wrong_with(value) if isinstance(value, str) else f"{value!r} is not a text"


@cache
def incident_types() -> dict[str, IncidentType]:
    """Read ``maps/types.csv``: id to type, in the order of the file."""
    with content("maps/types.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["incident_type"]: IncidentType(
                row["incident_type"],
                row["label"],
                row["shape"],
                row["light"],
                row["dark"],
                row["shown"] == "1",
            )
            for row in csv.DictReader(file)
        }


@cache
def languages() -> tuple[str, ...]:
    """Name the languages that the page speaks."""
    return tuple(sorted(path.stem for path in content("maps/page/lang").glob("*.json")))


@cache
def _catalogue(language: str) -> dict[str, Any]:
    path = content(f"maps/page/lang/{language}.json")
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return words


_CHECKS: dict[str, _Check] = {
    "title": _text,
    "language": _one_of(languages),
    "period": _one_of(lambda: PERIODS),
    "types": _some_of(incident_types),
    "off": _some_of(incident_types),
    "labels": _by_type(lambda value: isinstance(value, str), "a text"),
    "colours": _by_type(_is_colours, 'a pair ["#rrggbb", "#rrggbb"] for light and dark'),
    "panels": _some_of(lambda: PANELS),
    "extent": _extent,
    "tiles": _tiles,
}
