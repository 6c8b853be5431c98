"""The `geomap` command: reads options, calls one function, writes the result."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from geomap import __version__
from geomap.cli_gazetteer import gazetteer
from geomap.errors import GeomapError, InputError
from geomap.terminal import count as count_of
from geomap.terminal import note, place_feature, place_line, print_day, toponym_row

if TYPE_CHECKING:
    from geomap.model import Incident, Place
    from geomap.store import Match, Query

FORMATS = ("table", "geojson", "geojsonl", "csv")


class Geomap(click.Group):
    """Prints what a person can mend after "Error: " and exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a `GeomapError` ends it with one clear message."""
        try:
            return super().invoke(ctx)
        except GeomapError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:  # `geomap query | head`: the reader has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands along the road, not by the alphabet."""
        return list(self.commands)


@click.group(cls=Geomap, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="geomap")
def main() -> None:
    """Turn war and disaster bulletins into incident maps, offline.

    Start with: geomap daily BULLETIN.txt
    """


def _day(ctx: click.Context, param: click.Parameter, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


DAY: dict[str, Any] = {"type": click.DateTime(["%Y-%m-%d"]), "callback": _day}


def _store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--store",
        default="incidents.gpkg",
        envvar="GEOMAP_STORE",
        show_default=True,
        show_envvar=True,
        help="GeoPackage that keeps the incidents.",
    )(command)


def _date_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--date",
        "issued",
        **DAY,
        help="Date of issue. Without it: dateline, title, file name.",
    )(command)


def _format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help="Default: table on a terminal, geojsonl in a pipe.",
    )(command)


def _query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = [
        click.option("--bbox", metavar="W,S,E,N", help="Degrees; W > E crosses 180°."),
        click.option("--since", **DAY, help="First day."),
        click.option("--until", **DAY, help="Last day, included."),
        click.option("--type", "types", multiple=True, help="Incident type; may be repeated."),
        click.option("--actor", default="", help="Words in an actor's name."),
        click.option("--text", default="", help="Words in sentence, place or actors."),
        click.option("--within", metavar="PLACE", help="In a place's or a GeoJSON file's outline."),
        click.option("--near", metavar="PLACE", help="Near a place, or LON,LAT; with --km."),
        click.option("--km", type=click.FloatRange(min=0), default=10.0, show_default=True),
        click.option("--certain", is_flag=True, help="Only what lies surely inside the box."),
        click.option("--limit", type=click.IntRange(min=1), help="At most so many."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@click.argument("bulletins", nargs=-1, required=True)
@_date_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("daily"),
    show_default=True,
    help="Folder for the day's files.",
)
@_store_option
@click.option("--strict", is_flag=True, help="Exit with 1 if something was not mapped.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def daily(
    bulletins: tuple[str, ...],
    issued: dt.date | None,
    output: Path,
    store: str,
    strict: bool,
    quiet: bool,
) -> None:
    """Make the day's map, picture, table and GeoJSON of BULLETINS.

    A bulletin is a text, HTML, PDF or Word file, a folder of them, a URL, or - for
    stdin. What they report is kept in the store; run again, nothing doubles.

    \b
    geomap daily examples/levant
    """
    from geomap.daily import make_daily
    from geomap.record import told_once

    say = _quietly if quiet or not sys.stderr.isatty() else note
    days = make_daily(bulletins, output, store, issued, say)
    unmapped = sum(i.lon is None for day in days for i in told_once(day.incidents))
    if not quiet:
        for day in days:
            print_day(day)
    if strict and unmapped:
        raise GeomapError(f"{count_of(unmapped, 'incident')} without a place on the map")


def _quietly(line: str) -> None:
    pass


@main.command()
@click.argument("bulletins", nargs=-1, required=True)
@_date_option
@_format_option
def extract(bulletins: tuple[str, ...], issued: dt.date | None, form: str | None) -> None:
    """Print the incidents of BULLETINS, without a store.

    \b
    geomap extract bulletin.txt --format csv > incidents.csv
    """
    from geomap.incidents.bulletin import read_bulletins, require_issue_date
    from geomap.incidents.extract import extract_bulletin

    read = read_bulletins(bulletins, issued=issued)
    for bulletin in read:
        require_issue_date(bulletin)
    _print([i for bulletin in read for i in extract_bulletin(bulletin)], form)


@main.command()
@click.argument("files", nargs=-1, required=True)
def geoparse(files: tuple[str, ...]) -> None:
    """Print the place names of FILES with their points, as JSON lines.

    \b
    echo "Floods reached Sylhet." | geomap geoparse -
    """
    from geomap.incidents.bulletin import read_bulletins
    from geomap.places.geoparse import geoparse

    for bulletin in read_bulletins(files):
        for toponym in geoparse(bulletin.text, bulletin.issued):
            row = toponym_row(toponym)
            click.echo(json.dumps({**row, "source": bulletin.source}, ensure_ascii=False))


@main.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--country", help="ISO 3166-1 code of the country to look in, like PS.")
@click.option("--near", metavar="LON,LAT", help="Prefer places near this point.")
@click.option("--all", "every", is_flag=True, help="Show every candidate, not the best five.")
@click.option("--online", is_flag=True, help="Ask Nominatim too: the names leave this machine.")
@click.option("--format", "form", type=click.Choice(("table", "geojsonl")), default="table")
def geocode(
    names: tuple[str, ...],
    country: str | None,
    near: str | None,
    every: bool,
    online: bool,
    form: str,
) -> None:
    """Print what the gazetteer knows of NAMES, all candidates with scores.

    \b
    geomap geocode Jabalia "northern Gaza Strip" Tripoli
    """
    from geomap.places.geocode import geocode

    found = {name: geocode(name, country=country, near=_point(near)) for name in names}
    asked = _ask_online(names, country) if online else {}
    for name, place in found.items():
        rivals = [place, *place.candidates] if place else []
        shown = rivals if every else rivals[:5]
        rivals, shown = rivals + asked.get(name, []), shown + asked.get(name, [])
        if form == "geojsonl":
            for rank, candidate in enumerate(shown, 1):
                click.echo(json.dumps(place_feature(name, rank, candidate), ensure_ascii=False))
            continue
        click.echo(click.style(name, bold=True) + ("" if shown else ": no match"))
        for candidate in shown:
            click.echo(place_line(candidate))
        if len(rivals) > len(shown):
            click.echo(f"  and {len(rivals) - len(shown)} more (--all)")
    if not any(found.values()) and not any(asked.values()):
        raise GeomapError(
            "no place of that name is known",
            todo="Check the spelling, or add the place: see gazetteer/README.md.",
        )


def _ask_online(names: Iterable[str], country: str | None) -> dict[str, list[Place]]:
    from geomap.places.online import MATCH, SOURCE, geocode_online

    asked = {name: geocode_online(name, country) for name in names}
    click.echo(f"{MATCH}: {SOURCE}, https://www.openstreetmap.org/copyright", err=True)
    return asked


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        lon, lat = (float(number) for number in text.split(","))
    except ValueError:
        raise InputError(f"{text!r} is not lon,lat", where="--near") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"{text!r} is not on the globe", where="--near", todo="lon comes first.")
    return lon, lat


@main.command()
@click.argument("sources", nargs=-1, required=True)
@_store_option
def add(sources: tuple[str, ...], store: str) -> None:
    """Put incidents (GeoJSON, JSON lines or CSV as geomap writes them) into the store.

    \b
    geomap extract bulletins/*.txt --format geojsonl | geomap add -
    """
    from geomap.store import Store
    from geomap.store.exchange import read_incidents

    incidents = [i for source in sources for i in read_incidents(_input(source))]
    with Store(store) as open_store:
        added = open_store.add(incidents)
    click.echo(
        f"{count_of(added, 'incident')} new or changed, of {len(incidents):,} read", err=True
    )


@main.command()
@_query_options
@click.option("--count", metavar="BY,...", help="Count by day, month, type, actor, country, ...")
@_format_option
@_store_option
def query(form: str | None, store: str, count: str | None, **options: Any) -> None:
    """Print the incidents in a box, a period, of a type; or count them.

    Without --certain, an incident whose area touches the box counts as possible,
    and says so.

    \b
    geomap query --bbox 34.2,31.2,34.6,31.6 --since 2026-03-01 --format csv
    """
    from geomap.store import Store
    from geomap.store.counts import write_counts

    with Store(store) as open_store:
        if count:
            by = tuple(part.strip() for part in count.split(","))
            counts = open_store.count_by(*by, query=_query(options))
            chosen = form or ("table" if sys.stdout.isatty() else "csv")
            write_counts(by, counts, sys.stdout, chosen)
        else:
            _print(open_store.matches(_query(options)), form)


@main.command(name="import")
@click.argument("tables", nargs=-1, required=True)
@_store_option
@click.option("--strict", is_flag=True, help="Change nothing if a row cannot be read.")
def import_(tables: tuple[str, ...], store: str, strict: bool) -> None:
    """Put TABLES of other makers (ACLED, UCDP GED, GDELT, USGS) into the store.

    Rows that cannot be read are named by file and line; the rest is kept.

    \b
    geomap import GEDEvent_v23_1.csv
    """
    from geomap.store import Store
    from geomap.store.tables import read_table

    read = [read_table(_input(table)) for table in tables]
    rejected = [problem for one in read for problem in one.rejected]
    for problem in rejected:
        click.echo(problem, err=True)
    if rejected and strict:
        raise GeomapError(f"{count_of(len(rejected), 'row')} cannot be read; nothing was changed")
    incidents = [incident for one in read for incident in one.incidents]
    with Store(store) as open_store:
        added = open_store.add(incidents)
    click.echo(
        f"{count_of(added, 'incident')} new or changed, of {len(incidents):,} read; "
        f"{count_of(len(rejected), 'row')} left out",
        err=True,
    )


@main.group(name="store")
def store_() -> None:
    """Look after the store.

    \b
    geomap store check
    """


@store_.command(name="check")
@_store_option
def check_store(store: str) -> None:
    """Read every page, row and index of the store, and name what is damaged.

    \b
    geomap store check --store incidents.gpkg
    """
    from geomap.store import Store

    with Store(store) as open_store:
        problems = open_store.check()
    for problem in problems:
        click.echo(problem)
    if problems:
        raise GeomapError(f"{count_of(len(problems), 'problem')} in the store", where=store)
    click.echo("the store is whole", err=True)


@main.command(name="map")
@click.argument("source", required=False)
@_query_options
@_store_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("map.html"), show_default=True
)
@click.option("--title", help="Title of the page.")
@click.option("--definition", default="incidents", help="A TOML file that says what the map is.")
def map_(
    source: str | None,
    output: Path,
    title: str | None,
    definition: str,
    store: str,
    **options: Any,
) -> None:
    """Make a map of what the query finds, or of SOURCE (GeoJSON or CSV, - is stdin).

    \b
    geomap query --type hazard --format geojson | geomap map - -o hazards.html
    """
    from geomap.draw import build_map, write_map

    found = _incidents(source, store, options)
    write_map(build_map(found, title=title, definition=definition), output)
    click.echo(output, err=True)


@main.command()
@click.argument("source", required=False)
@_query_options
@_store_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("map.png"), show_default=True
)
@click.option("--title", help="Title of the picture.")
def picture(
    source: str | None, output: Path, title: str | None, store: str, **options: Any
) -> None:
    """Make a picture (PNG, SVG or PDF by suffix) of what the query finds, or of SOURCE.

    \b
    geomap picture --since 2026-03-01 -o week.pdf
    """
    from geomap.draw import write_picture

    write_picture(_incidents(source, store, options), output, title=title)
    click.echo(output, err=True)


main.add_command(gazetteer)


def _query(options: dict[str, Any]) -> Query:
    """Make a query of the options; places are looked up in the gazetteer."""
    from geomap.store import Query

    asked = {k: v for k, v in options.items() if k not in ("within", "near", "km")}
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
        return _point(name) or (0.0, 0.0)
    place = _known_place(name, "--near")
    return place.lon, place.lat


def _known_place(name: str, where: str) -> Place:
    from geomap.places.geocode import geocode

    place = geocode(name)
    if place is None:
        raise InputError(f"no place {name!r} is known", where=where)
    return place


def _incidents(source: str | None, store: str, options: dict[str, Any]) -> list[Incident]:
    """Read incidents from a file when one is named, else ask the store."""
    if source is not None:
        from geomap.store.exchange import read_incidents

        if any(value for name, value in options.items() if name != "km"):
            raise InputError(
                "query options choose from the store, not from a file",
                where=source,
                todo="Pipe: geomap query ... --format geojson | geomap map -",
            )
        return list(read_incidents(_input(source)))
    from geomap.store import Store

    with Store(store) as open_store:
        return list(open_store.incidents(_query(options)))


def _input(source: str) -> Path | TextIO:
    return sys.stdin if source == "-" else Path(source)


def _print(incidents: Iterable[Incident | Match], form: str | None) -> None:
    from geomap.store.exchange import write_incidents

    write_incidents(incidents, sys.stdout, _form(form))


def _form(form: str | None) -> str:
    return form or ("table" if sys.stdout.isatty() else "geojsonl")
