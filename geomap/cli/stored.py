"""Commands that keep and ask: `add`, `import`, `query`, `store`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from geomap.cli.options import (
    make_query,
    opened,
    outlines,
    output_options,
    put_out,
    query_options,
    store_option,
)
from geomap.cli.terminal import count as count_of
from geomap.cli.terminal import tell
from geomap.errors import GeomapError
from geomap.files import replacing

if TYPE_CHECKING:
    from geomap.store import Match


@click.command()
@click.argument("sources", nargs=-1, required=True)
@store_option
def add(sources: tuple[str, ...], store: str) -> None:
    """Put incidents (GeoJSON, JSON lines or CSV as geomap writes them) into the store.

    \b
    geomap extract bulletins/*.txt --format geojsonl | geomap add -
    """
    from geomap.store import Store
    from geomap.store.exchange import read_incidents

    incidents = [i for source in sources for i in read_incidents(opened(source))]
    with Store(store) as open_store:
        added = open_store.add(incidents)
    tell(f"{count_of(added, 'incident')} new or changed, of {len(incidents):,} read")


@click.command()
@query_options
@click.option("--count", metavar="BY,...", help="Count by day, type, admin1, cell:0.5, h3:5, ...")
@output_options
@store_option
def query(
    form: str | None,
    output: Path | None,
    hxl: bool,
    store: str,
    count: str | None,
    **options: Any,
) -> None:
    """Print the incidents in a box, a period, of a type; or count them.

    Without --certain, an incident whose area touches the box counts as possible,
    and says so.

    \b
    geomap query --bbox 34.2,31.2,34.6,31.6 --since 2026-03-01 --format csv
    """
    from geomap.store import Store
    from geomap.store.counts import write_counts
    from geomap.store.formats import format_of

    asked = make_query(options)
    with Store(store) as open_store:
        if not count:
            passed: list[str] = []
            put_out(_noted(open_store.matches(asked), passed), form, output, hxl)
            if asked.limit == len(passed):
                click.echo(f"the next page: --after {passed[-1]}", err=True)
            return
        by = tuple(part.strip() for part in count.split(","))
        counts = open_store.count_by(*by, query=asked)
    chosen = form or (output and format_of(output)) or ("table" if sys.stdout.isatty() else "csv")
    shapes = outlines(by, counts) if chosen == "geojson" else {}
    if output:
        with replacing(output) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            write_counts(by, counts, file, chosen, shapes)
    else:
        write_counts(by, counts, sys.stdout, chosen, shapes)


def _noted(matches: Iterable[Match], passed: list[str]) -> Iterator[Match]:
    """Pass matches on, and keep what a next page goes on after."""
    from geomap.store import cursor

    for match in matches:
        passed.append(cursor(match.incident))
        yield match


@click.command(name="import")
@click.argument("tables", nargs=-1, required=True)
@store_option
@click.option("--strict", is_flag=True, help="Change nothing if a row cannot be read.")
@click.option("--mapping", "mapped", metavar="TOML", help="Which column is what: docs/store.md.")
@click.option("--type", "kind", default="", help="Type of a feed's incidents, like hazard/flood.")
@click.option("--rejects", type=click.File("w"), help="A CSV of the rows that could not be read.")
def import_(
    tables: tuple[str, ...],
    store: str,
    strict: bool,
    mapped: str | None,
    kind: str,
    rejects: TextIO | None,
) -> None:
    """Put TABLES of other makers into the store: ACLED, UCDP GED, GTD, GDELT, USGS, GeoRSS.

    Or any CSV, workbook, GeoJSON, GeoPackage, FlatGeobuf, KML, Shapefile or
    GeoParquet, by a mapping. Rows that cannot be read are named by file and line;
    the rest is kept.

    \b
    geomap import GEDEvent_v23_1.csv
    """
    from geomap.store import Store
    from geomap.store.mapping import read_mapping
    from geomap.store.tables import read_table, write_rejected

    by = read_mapping(mapped) if mapped else None
    read = [read_table(opened(table), by, kind=kind) for table in tables]
    rejected = [problem for one in read for problem in one.rejected]
    for problem in rejected if not rejects else ():
        click.echo(problem, err=True)
    if rejects:
        write_rejected(rejected, rejects)
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


@click.command()
@click.argument("source")
@click.argument("target")
def sync(source: str, target: str) -> None:
    """Bring the store TARGET up to SOURCE, by id: files or postgresql:// URLs.

    Incidents, bulletins and corrections that TARGET lacks or has otherwise are
    carried over; nothing is taken out.

    \b
    geomap sync incidents.gpkg postgresql://desk@localhost/incidents
    """
    from geomap.store import Store
    from geomap.store.sync import sync

    with Store(source) as one, Store(target) as other:
        done = sync(one, other)
    click.echo(
        f"{count_of(done.new, 'incident')} new, {done.changed:,} changed, "
        f"{count_of(done.bulletins, 'bulletin')} new",
        err=True,
    )


@click.group(name="store")
def store_() -> None:
    """Look after the store.

    \b
    geomap store check
    """


@store_.command(name="check")
@store_option
def check_store(store: str) -> None:
    """Read every page, row and index of the store, and name what is damaged.

    \b
    geomap store check --store incidents.gpkg
    """
    from geomap.store import Store
    from geomap.store.postgres import without_password

    with Store(store) as open_store:
        problems = open_store.check()
    for problem in problems:
        click.echo(problem)
    if problems:
        where = without_password(store)
        raise GeomapError(f"{count_of(len(problems), 'problem')} in the store", where=where)
    tell("the store is whole")
