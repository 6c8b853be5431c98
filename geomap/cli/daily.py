"""The main job as a command: `daily`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli.options import DAY, date_option, store_option
from geomap.cli.terminal import asked_for, note, print_day, progress_bar, tell, warnings_as_notes
from geomap.cli.terminal import count as count_of
from geomap.errors import GeomapError, InputError

if TYPE_CHECKING:
    from geomap.daily import Day, Run


@click.command()
@click.argument("bulletins", nargs=-1)
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
@click.option("--since", **DAY, help="First day of issue; one edition of the period is added.")
@click.option("--until", **DAY, help="Last day of issue, included.")
@click.option("--products", help="Like html,png,docx,csv,geojson,gpkg (default); also md,tex,svg.")
@click.option("--definition", default="daily", help="A TOML file that says what the map is.")
@click.option("--names", type=click.Choice(("day", "ocha")), default="day", help="Of the files.")
@click.option("--code", default="", help="Country or crisis in OCHA's names, like PSE.")
@click.option("--summary", type=click.Choice(("text", "json")), default="text")
@click.option("--keep-going", is_flag=True, help="Leave out bulletins that cannot be read.")
@click.option("--strict", is_flag=True, help="Exit with 1 if something was not mapped.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Name each bulletin and day at work.")
def daily(
    bulletins: tuple[str, ...],
    issued: dt.date | None,
    output: Path,
    store: str,
    products: str | None,
    definition: str,
    names: str,
    code: str,
    summary: str,
    strict: bool,
    **options: Any,
) -> None:
    """Make the day's map, picture, report, table, GeoJSON and GeoPackage of BULLETINS.

    A bulletin is a text, HTML, PDF or Word file, a folder of them, a URL, or - for
    stdin. What they report is kept in the store; run again, nothing doubles, and what
    has not changed is not made again. Without BULLETINS, --since and --until publish
    what the store holds. Exit 0: done. 1: a bulletin left out, something not mapped
    with --strict, or the work failed. 2: what was asked or handed in cannot be read.

    \b
    geomap daily examples/levant
    """
    from geomap.daily import make_daily
    from geomap.products import PRODUCTS, Wish

    del options["verbose"], options["quiet"]
    if not bulletins and not (options["since"] or options["until"]):
        raise InputError("no bulletin was named", todo="geomap daily BULLETIN.txt")
    kinds = tuple(one.strip() for one in products.split(",")) if products else PRODUCTS
    wish = Wish(kinds, definition, names == "ocha", code.upper())
    said = note if asked_for("verbose") else lambda line: None
    with warnings_as_notes():
        run = make_daily(
            *(bulletins, output, store, issued, said), watch=progress_bar, wish=wish, **options
        )
    if summary == "json":
        click.echo(json.dumps(_summary(run), ensure_ascii=False, indent=1))
    elif not asked_for("quiet"):
        _print(run)
    for _, error in run.failed:
        click.echo(f"left out: {error}", err=True)
    _judge(run, strict=strict)


def _print(run: Run) -> None:
    for day in run.days:
        if day.made:
            print_day(day)
    same = [day for day in run.days if not day.made]
    if same:
        tell(f"{count_of(len(same), 'edition')} unchanged: {same[0].day} to {same[-1].day}")
    tell(run.index)


def _judge(run: Run, *, strict: bool) -> None:
    """End with an error if a bulletin was left out, or something was not mapped."""
    if run.failed:
        raise GeomapError(f"{count_of(len(run.failed), 'bulletin')} left out")
    unmapped = sum(_unplaced(day) for day in run.days if day.since == day.day)
    if strict and unmapped:
        raise GeomapError(f"{count_of(unmapped, 'incident')} without a place on the map")


def _unplaced(day: Day) -> int:
    from geomap.record import told_once

    return sum(one.lon is None for one in told_once(day.incidents))


def _summary(run: Run) -> dict[str, Any]:
    """Give what a run did as JSON-ready values, for cron jobs and CI."""
    return {
        "bulletins": {
            "read": run.read,
            "unchanged": run.known,
            "failed": [{"source": source, "error": str(error)} for source, error in run.failed],
        },
        "days": [_summary_of(day) for day in run.days],
        "index": str(run.index),
    }


def _summary_of(day: Day) -> dict[str, Any]:
    from geomap.draw.scene import shown_types
    from geomap.record import told_once

    happened = [i for i in told_once(day.incidents) if i.incident_type in shown_types()]
    return {
        "since": day.since.isoformat(),
        "until": day.day.isoformat(),
        "made": day.made,
        "incidents": len(happened),
        "mapped": sum(i.lon is not None for i in happened),
        "unplaced": _unplaced(day),
        "not_mapped": [one._asdict() for one in day.unmapped],
        "killed": sum(i.fatalities or 0 for i in happened),
        "injured": sum(i.injured or 0 for i in happened),
        "changed_rows": day.changed,
        "day_before": day.change.before and day.change.before.isoformat(),
        "new": len(day.change.new),
        "gone": len(day.change.gone),
        "corrected": len(day.change.corrected),
        "files": [str(path) for path in day.files],
    }
