"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from geomap.errors import InputError

if TYPE_CHECKING:
    from geomap.model import Incident, Place
    from geomap.store import Match, Query

FORMATS = (
    *("table", "geojson", "geojsonl", "csv", "acled"),
    *("gpkg", "fgb", "kml", "shp", "xlsx", "parquet"),
)


def _day(ctx: click.Context, param: click.Parameter, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


DAY: dict[str, Any] = {
    "type": click.DateTime(["%Y-%m-%d"]),
    "metavar": "YYYY-MM-DD",
    "callback": _day,
}


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --store."""
    return click.option(
        "--store",
        default="incidents.gpkg",
        envvar="GEOMAP_STORE",
        show_default=True,
        show_envvar=True,
        help="GeoPackage, or postgresql:// URL, that keeps the incidents.",
    )(command)


def date_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --date, the day of issue."""
    return click.option(
        "--date",
        "issued",
        **DAY,
        help="Date of issue. Without it: dateline, title, file name.",
    )(command)


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --format; `put_out` knows what it means."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help="Default: by the suffix of -o; table on a terminal, geojsonl in a pipe.",
    )(command)


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --format, -o and --hxl; `put_out` knows what they mean."""
    for option in (
        click.option("--hxl", is_flag=True, help="Add a row of HXL tags (CSV, ACLED)."),
        click.option(
            *("-o", "--output"),
            type=click.Path(path_type=Path),
            help="File to write; its suffix decides the format. A folder takes monthly Parquet.",
        ),
        format_option,
    ):
        command = option(command)
    return command


def query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_query` turns into a query."""
    options = [
        click.option("--bbox", multiple=True, metavar="W,S,E,N", help="W > E crosses 180°."),
        click.option("--since", **DAY, help="First day."),
        click.option("--until", **DAY, help="Last day, included."),
        click.option("--type", "types", multiple=True, help="Incident type; may be repeated."),
        click.option("--modality", multiple=True, help="As asserted, claimed; may be repeated."),
        click.option("--actor", default="", help="Words in an actor's name."),
        click.option("--text", default="", help="Words in sentence, place or actors."),
        click.option("--within", metavar="PLACE", help="In a place's or a GeoJSON file's outline."),
        click.option("--near", metavar="PLACE", help="Near a place, or LON,LAT; with --km."),
        click.option("--km", type=click.FloatRange(min=0), default=10.0, show_default=True),
        click.option("--certain", is_flag=True, help="Only what lies surely inside the box."),
        click.option("--rejected", is_flag=True, help="With what was rejected as no incident."),
        click.option("--newest", is_flag=True, help="The newest first."),
        click.option("--limit", type=click.IntRange(min=1), help="At most so many."),
        click.option("--after", default="", metavar="CURSOR", help="Go on after a page."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


_OTHERWISE = ("within", "near", "km", "rejected", "newest")


def make_query(options: dict[str, Any]) -> Query:
    """Make a query of the options; places are looked up in the gazetteer."""
    from geomap.store import Query

    asked = {k: v for k, v in options.items() if k not in _OTHERWISE}
    asked["include_rejected"] = options["rejected"]
    asked["newest_first"] = options["newest"]
    if options["within"]:
        asked["within"] = _outline(options["within"])
    if options["near"]:
        asked["near"] = (*_position(options["near"]), options["km"])
    return Query(**asked)


def _outline(name: str) -> Any:
    """Give the outline of a place, or what a GeoJSON file holds."""
    if Path(name).is_file():
        return Path(name).read_text(encoding="utf-8")
    place = _known_place(name, "--within")
    if not place.area:
        raise InputError(
            f"{name!r} has no known outline", where="--within", todo="Use --near with --km."
        )
    return [[ring] for ring in place.area]


def _position(name: str) -> tuple[float, float]:
    if re.fullmatch(r"\s*-?[\d.]+\s*,\s*-?[\d.]+\s*", name):
        return parse_point(name) or (0.0, 0.0)
    place = _known_place(name, "--near")
    return place.lon, place.lat


def _known_place(name: str, where: str) -> Place:
    from geomap.places.geocode import geocode

    place = geocode(name)
    if place is None:
        raise InputError(f"no place {name!r} is known", where=where)
    return place


def parse_point(text: str | None) -> tuple[float, float] | None:
    """Read "lon,lat" in degrees."""
    if text is None:
        return None
    try:
        lon, lat = (float(number) for number in text.split(","))
    except ValueError:
        raise InputError(f"{text!r} is not lon,lat", where="--near") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"{text!r} is not on the globe", where="--near", todo="lon comes first.")
    return lon, lat


def read_or_ask(source: str | None, store: str, options: dict[str, Any]) -> list[Incident]:
    """Read incidents from a file when one is named, else ask the store."""
    if source is not None:
        from geomap.store.exchange import read_incidents

        if any(value for name, value in options.items() if name != "km"):
            raise InputError(
                "query options choose from the store, not from a file",
                where=source,
                todo="Pipe: geomap query ... --format geojson | geomap map -",
            )
        return list(read_incidents(opened(source)))
    from geomap.store import Store

    with Store(store) as open_store:
        return list(open_store.incidents(make_query(options)))


def outlines(by: Sequence[str], counts: Sequence[tuple[Any, ...]]) -> dict[Any, Any]:
    """Give the outlines of the countries and provinces counted by, as the gazetteer knows them."""
    from geomap.places.geocode import geocode
    from geomap.record import area_geometry
    from geomap.store.coding import country_name

    found: dict[Any, Any] = {}
    for *key, _ in counts:
        named = dict(zip(by, key, strict=True))
        country, admin1 = named.get("country"), named.get("admin1")
        place = geocode(admin1, country=country) if admin1 else None
        if country and not admin1:
            place = geocode(country_name(country))
        if place and place.area:
            found[tuple(key)] = area_geometry(place.area)
    return found


def opened(source: str) -> Path | TextIO:
    """Give what to read: a path, or stdin for -."""
    return sys.stdin if source == "-" else Path(source)


def put_out(
    incidents: Iterable[Incident | Match], form: str | None, output: Path | None, hxl: bool
) -> None:
    """Write incidents to a file, or print them; what the format loses is said on stderr."""
    from geomap.store.formats import TEXTS, write_file, write_text

    if output:
        for line in write_file(incidents, output, form or "", hxl=hxl):
            click.echo(f"{output}: {line}", err=True)
        return
    form = chosen_format(form)
    if form not in TEXTS:
        raise InputError(f"{form} is written to a file", todo="Name it with -o.")
    write_text(incidents, sys.stdout, form, hxl=hxl)


def chosen_format(form: str | None) -> str:
    """Give the format asked for; else a table for a person, JSON lines for a pipe."""
    return form or ("table" if sys.stdout.isatty() else "geojsonl")
