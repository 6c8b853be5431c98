"""The main job as a command: `daily`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from geomap.cli.options import date_option, store_option
from geomap.cli.terminal import count as count_of
from geomap.cli.terminal import note, print_day
from geomap.errors import GeomapError


@click.command()
@click.argument("bulletins", nargs=-1, required=True)
@date_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("daily"),
    show_default=True,
    help="Folder for the day's files.",
)
@store_option
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
