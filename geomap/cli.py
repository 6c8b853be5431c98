"""The `geomap` command: reads options, calls one function, writes the result."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from geomap import __version__
from geomap.errors import GeomapError, InputError
from geomap.terminal import count, place_feature, place_line, print_day, progress_bar, toponym_row

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

    note = _quietly if quiet or not sys.stderr.isatty() else _note
    days = make_daily(bulletins, output, store, issued, note)
    unmapped = sum(i.lon is None for day in days for i in told_once(day.incidents))
    if not quiet:
        for day in days:
            print_day(day)
    if strict and unmapped:
        raise GeomapError(f"{count(unmapped, 'incident')} without a place on the map")


def _quietly(line: str) -> None:
    pass


def _note(line: str) -> None:
    click.echo(f"  {line}", err=True)


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
    click.echo(f"{count(added, 'incident')} new or changed, of {len(incidents):,} read", err=True)


@main.command()
@_query_options
@_format_option
@_store_option
def query(form: str | None, store: str, **options: Any) -> None:
    """Print the incidents in a box, a period, of a type.

    Without --certain, an incident whose area touches the box counts as possible,
    and says so.

    \b
    geomap query --bbox 34.2,31.2,34.6,31.6 --since 2026-03-01 --format csv
    """
    from geomap.store import Store

    with Store(store) as open_store:
        _print(open_store.matches(_query(options)), form)


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


@main.group()
def gazetteer() -> None:
    """Compile and check the tables of places, and add to them.

    \b
    geomap gazetteer check
    """


@gazetteer.command()
def build() -> None:
    """Compile the gazetteer of this checkout (about a minute).

    \b
    pip install -e .[gazetteer] && geomap gazetteer build
    """
    from geomap.content import content
    from geomap.places.compile import compile_gazetteer

    report = compile_gazetteer(content("gazetteer") / "gazetteer.db", progress=_note)
    for problem in report.problems:
        click.echo(problem)
    if report.problems:
        raise GeomapError("the tables have problems")
    click.echo(
        f"{report.path}: {report.places:,} places, {report.names:,} names, "
        f"{report.areas:,} outlines, {report.size / 1e6:.0f} MB in {report.seconds:.0f} s",
        err=True,
    )


@gazetteer.command(name="add")
@click.argument("sources", nargs=-1)
@click.option(
    "--names",
    multiple=True,
    type=click.Path(path_type=Path),
    help="GeoNames' alternate names of places; may be repeated.",
)
@click.option(
    "--corrections",
    multiple=True,
    type=click.Path(path_type=Path),
    help="CSV or GeoJSON that outranks all other places; may be repeated.",
)
@click.option("--strict", is_flag=True, help="Change nothing if a row cannot be used.")
def add_places(
    sources: tuple[str, ...], names: tuple[Path, ...], corrections: tuple[Path, ...], strict: bool
) -> None:
    """Add places to the gazetteer of this user, from files or from GeoNames.

    SOURCES are files (GeoNames dumps as .txt or .zip, CSV with our columns, GeoJSON)
    or codes of countries, which are downloaded from GeoNames. Without any, what was
    added before is compiled again, as is needed after an update of geomap.

    \b
    geomap gazetteer add LB PS
    """
    from geomap.places.additions import Source, add_sources, fetch, is_country

    named = [source for source in sources if source != "geonames" or Path(source).exists()]
    codes = [source for source in named if is_country(source)]
    new = [Source(Path(source)) for source in named if source not in codes]
    new += [Source(path, "corrections") for path in corrections]
    new += [Source(path, "names") for path in names]
    new += fetch(codes, progress_bar)
    done = add_sources(new, strict=strict, report=_complain, watch=progress_bar)
    tally = done.tally
    click.echo(
        f"{done.path}: {count(tally.new, 'new place')}, {tally.known:,} known before, "
        f"{tally.corrected:,} corrected, {count(tally.names, 'name')} added; "
        f"{count(done.places, 'place')} in all",
        err=True,
    )
    if tally.strange_names:
        strange = count(tally.strange_names, "name")
        click.echo(f"{strange} of places that are not known left out", err=True)
    if done.problems:
        click.echo(f"{count(done.problems, 'problem')} above; all else was added", err=True)


def _complain(problem: str) -> None:
    click.echo(problem, err=True)


@gazetteer.command()
def check() -> None:
    """Check every row of our own place tables, and name each that is wrong.

    \b
    geomap gazetteer check
    """
    from geomap.places.check import check_tables

    problems = check_tables()
    for problem in problems:
        click.echo(problem)
    if problems:
        raise GeomapError(f"{count(len(problems), 'problem')} in the tables of places")
    click.echo("every row is in order", err=True)


def _query(options: dict[str, Any]) -> Query:
    from geomap.store import Query

    return Query(**options)


def _incidents(source: str | None, store: str, options: dict[str, Any]) -> list[Incident]:
    """Read incidents from a file when one is named, else ask the store."""
    if source is not None:
        from geomap.store.exchange import read_incidents

        if any(options.values()):
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

    chosen = form or ("table" if sys.stdout.isatty() else "geojsonl")
    write_incidents(incidents, sys.stdout, chosen)
