"""Places from Nominatim, OpenStreetMap's geocoder: only when asked for, one question a second.

Answers are kept on disk, so that no question is asked twice, as its usage policy
wishes: https://operations.osmfoundation.org/policies/nominatim/
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from geomap import __version__
from geomap.errors import GeomapError, InputError
from geomap.files import cannot_write, make_folder
from geomap.model import Place
from geomap.places.home import data_folder
from geomap.places.measure import distance_km

SERVER = "https://nominatim.openstreetmap.org"
VARIABLE = "GEOMAP_NOMINATIM"
"""Environment variable that names another server."""
SOURCE = "Nominatim, © OpenStreetMap contributors"
MATCH = "online"
ANSWERS = 10
DELAY_S = 1.0
TIMEOUT_S = 20
SURE = 0.9
"""The highest score: the importance that Nominatim gives is none of ours."""
LEAST_KM = 0.05

KINDS = {
    **dict.fromkeys(("country",), "country"),
    **dict.fromkeys(("state", "province", "region", "state_district"), "province"),
    **dict.fromkeys(("county", "district", "municipality"), "district"),
    **dict.fromkeys(("city", "town", "village", "hamlet", "isolated_dwelling"), "settlement"),
    **dict.fromkeys(
        ("suburb", "quarter", "neighbourhood", "city_district", "borough"), "neighbourhood"
    ),
    **dict.fromkeys(("aerodrome", "airfield", "heliport"), "airport"),
    **dict.fromkeys(("hospital", "clinic"), "hospital"),
    **dict.fromkeys(("peak", "volcano", "hill", "ridge", "mountain_range"), "mountain"),
    **dict.fromkeys(("water", "lake", "reservoir", "lagoon"), "lake"),
    **dict.fromkeys(("river", "stream"), "river"),
    **dict.fromkeys(("island", "islet", "archipelago"), "island"),
    **dict.fromkeys(("sea", "bay", "ocean"), "sea"),
    **dict.fromkeys(("locality", "valley", "plain", "peninsula"), "region"),
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary", "highway"), "corridor"),
    **{"strait": "strait", "canal": "canal", "wadi": "wadi", "cape": "cape", "desert": "desert"},
    **{"dam": "dam", "bridge": "bridge", "border_control": "crossing", "harbour": "port"},
    **{"refugee_site": "camp", "military": "base", "base": "base", "forest": "forest"},
}
"""Our kinds for OpenStreetMap's; what is not here is a facility."""


def geocode_online(name: str, country: str | None = None) -> list[Place]:
    """Ask Nominatim for the places of a name, best first.

    Parameters
    ----------
    name
        In any language.
    country
        ISO 3166-1 alpha-2 code to look in.

    Returns
    -------
    list of Place
        With ``match`` "online"; ids like ``osm:node/240109189``. Empty if
        Nominatim knows no such place.

    Raises
    ------
    InputError
        If `country` is no such code.
    GeomapError
        If the server cannot be reached or refuses to answer.
    """
    server = os.environ.get(VARIABLE, SERVER)
    if country and not (len(country) == 2 and country.isalpha()):
        raise InputError(f"{country!r} is no ISO 3166-1 code", todo="Nominatim wants one, like PS.")
    question = json.dumps([server, " ".join(name.split()), (country or "").upper()])
    with _Memory() as memory:
        answer = memory.recall(question)
        if answer is None:
            memory.wait()
            try:
                answer = _ask(server, name, country)
            finally:
                memory.note_asking()
            memory.keep(question, answer)
    return [_place(found) for found in answer]


def _ask(server: str, name: str, country: str | None) -> list[dict[str, Any]]:
    from geopy.exc import GeocoderServiceError

    try:
        found = _asker(server)(
            name,
            exactly_one=False,
            limit=ANSWERS,
            addressdetails=True,
            language="en",
            country_codes=country.lower() if country else None,
        )
    except GeocoderServiceError as error:
        raise GeomapError(
            f"Nominatim does not answer: {error or type(error).__name__}",
            where=server,
            todo="Is there a network? Without --online the gazetteer answers alone.",
        ) from None
    return [location.raw for location in found or ()]


@cache
def _asker(server: str) -> Any:
    from geopy.adapters import URLLibAdapter
    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim

    address = urlsplit(server)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise InputError(f"{server!r} is no http address", where=VARIABLE)
    geocoder = Nominatim(
        domain=f"{address.netloc}{address.path}",
        scheme=address.scheme,
        user_agent=f"geomap/{__version__}",
        timeout=TIMEOUT_S,
        adapter_factory=URLLibAdapter,
    )
    return RateLimiter(
        geocoder.geocode, min_delay_seconds=DELAY_S, max_retries=0, swallow_exceptions=False
    )


class _Memory:
    """What was asked and answered, on disk."""

    def __enter__(self) -> _Memory:
        path = data_folder() / "nominatim.sqlite"
        make_folder(path.parent)
        try:
            self._file = sqlite3.connect(path)
            self._file.executescript(
                "CREATE TABLE IF NOT EXISTS answers (question TEXT PRIMARY KEY, answer TEXT);"
                "CREATE TABLE IF NOT EXISTS asked (one INTEGER PRIMARY KEY, at REAL)"
            )
        except sqlite3.Error as error:
            raise cannot_write(path, OSError(str(error))) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._file.commit()
        self._file.close()

    def recall(self, question: str) -> list[dict[str, Any]] | None:
        """Give the answer to a question that was asked before, or None."""
        row = self._file.execute(
            "SELECT answer FROM answers WHERE question = ?", (question,)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def keep(self, question: str, answer: list[dict[str, Any]]) -> None:
        """Keep an answer."""
        told = json.dumps(answer, ensure_ascii=False)
        self._file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (question, told))

    def wait(self) -> None:
        """Wait until a second has passed since any command on this machine has asked."""
        row = self._file.execute("SELECT at FROM asked").fetchone()
        since = time.time() - row[0] if row else DELAY_S
        if 0 <= since < DELAY_S:
            time.sleep(DELAY_S - since)

    def note_asking(self) -> None:
        """Note that a question was asked just now."""
        self._file.execute("INSERT OR REPLACE INTO asked VALUES (1, ?)", (time.time(),))


def _place(found: Mapping[str, Any]) -> Place:
    address = found.get("address") or {}
    lon, lat = float(found["lon"]), float(found["lat"])
    south, north, west, east = (float(side) for side in found["boundingbox"])
    corners = [(x, y) for x in (west, east) for y in (south, north)]
    reach = max(distance_km(lon, lat, x, y) for x, y in corners)
    said = (found.get("addresstype"), found.get("type"), found.get("class"))
    country = str(address.get("country_code", "")).upper()
    return Place(
        f"osm:{found.get('osm_type')}/{found.get('osm_id')}",
        found.get("name") or str(found["display_name"]).partition(",")[0],
        lon,
        lat,
        next((KINDS[word] for word in said if word in KINDS), "facility"),
        country,
        admin1=str(address.get("state", "")),
        extent_km=max(LEAST_KM, round(reach, 2)),
        source=SOURCE,
        parent=country,
        match=MATCH,
        score=round(min(SURE, float(found.get("importance") or 0)), 4),
    )
