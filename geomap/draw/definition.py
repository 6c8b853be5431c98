"""What a map is: a TOML file in ``maps/`` that an editor writes without Python."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from geomap.content import content
from geomap.errors import ContentError


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
        BCP 47 tag; a catalogue ``maps/page/lang/TAG.json`` must exist.
    period
        ``all``, or ``last-day`` to open on the latest day.
    types
        In legend order; ``shown`` says which are on at first.
    """

    title: str
    language: str
    period: str
    types: tuple[IncidentType, ...]

    @property
    def words(self) -> dict[str, Any]:
        """The page's own words in this language."""
        return _catalogue(self.language)


_KEYS = {"title": str, "language": str, "period": str, "types": list, "off": list}
_PERIODS = ("all", "last-day")


def read_definition(name: str) -> Definition:
    """Read the definition of a map.

    Parameters
    ----------
    name
        Name of a definition that ships with geomap (``incidents``, ``daily``), or
        the path of a TOML file.

    Raises
    ------
    ContentError
        If there is no such file, or a key or value in it is not known; names the
        line.
    """
    path = Path(name) if name.endswith(".toml") else content(f"maps/{name}.toml")
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"cannot be read: {error}", where=str(path)) from error
    return _checked(table, text, path)


def _checked(table: dict[str, Any], text: str, path: Path) -> Definition:
    def wrong(key: str, what: str, todo: str) -> ContentError:
        line = re.search(rf"^[ \t]*{re.escape(key)}\s*=", text, re.M)
        number = text.count("\n", 0, line.start()) + 1 if line else 1
        return ContentError(f"{key}: {what}", where=f"{path}:{number}", todo=todo)

    for key, value in table.items():
        if key not in _KEYS:
            raise wrong(key, "not a key of a map", f"Known keys: {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[key]):
            raise wrong(key, f"{value!r} is not a {_KEYS[key].__name__}", "Mend the value.")
    if (period := table.get("period", "all")) not in _PERIODS:
        raise wrong("period", f"{period!r} is not known", f"One of: {', '.join(_PERIODS)}.")
    if (language := table.get("language", "en")) not in languages():
        raise wrong("language", f"no catalogue for {language!r}", f"{', '.join(languages())}.")
    known = incident_types()
    for key in ("types", "off"):
        for name in table.get(key, ()):
            if name not in known:
                raise wrong(key, f"{name!r} is no type", f"Types: {', '.join(known)}.")
    off = table.get("off", [name for name, kind in known.items() if not kind.shown])
    words = _catalogue(language)
    types = tuple(
        IncidentType(
            kind.id,
            words.get(f"type.{kind.id}", kind.label),
            kind.shape,
            kind.light,
            kind.dark,
            kind.id not in off,
        )
        for kind in (known[name] for name in table.get("types", known))
    )
    return Definition(table.get("title", "Incidents"), language, period, types)


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
