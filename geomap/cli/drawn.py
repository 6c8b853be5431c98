"""Commands that draw: `map`, `picture`, `report`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli.options import DAY, make_query, query_options, read_or_ask, store_option
from geomap.cli.terminal import tell, warnings_as_notes
from geomap.errors import InputError

if TYPE_CHECKING:
    from geomap.model import Incident

LONGEST_GAP = 14
"""Days back in which the last bulletin before counts as that of the day before."""
MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"])


def cut_off(moment: dt.datetime | None) -> dt.datetime | dt.date | None:
    """Give a day where no time was named."""
    bare = moment and moment.tzinfo is None and moment.time() == dt.time()
    return moment.date() if moment and bare else moment


@click.command(name="map")
@click.argument("source", required=False)
@query_options
@store_option
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

    found = read_or_ask(source, store, options)
    write_map(build_map(found, title=title, definition=definition), output)
    tell(output)


@click.command()
@click.argument("source", required=False)
@query_options
@store_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("map.png"), show_default=True
)
@click.option("--title", help="Title of the picture, a sentence.")
@click.option("--definition", default="incidents", help="A TOML file that says what the map is.")
@click.option(
    "--size",
    default="screen",
    show_default=True,
    help="screen, a4, a4-portrait, letter, slide, column (16 cm), social, or mm like 180x120.",
)
@click.option("--dpi", type=click.IntRange(36, 2400), help="Dots per inch of a PNG.")
@click.option("--as-of", type=MOMENT, help="The cut-off: a day, or 2026-03-05T15:00+0200.")
def picture(
    source: str | None,
    output: Path,
    title: str | None,
    definition: str,
    size: str,
    dpi: int | None,
    as_of: dt.datetime | None,
    store: str,
    **options: Any,
) -> None:
    """Make a picture (PNG, SVG or PDF by suffix) of what the query finds, or of SOURCE.

    \b
    geomap picture --since 2026-03-01 --size column -o week.pdf
    """
    from geomap.draw import write_picture

    found = read_or_ask(source, store, options)
    style = {"definition": definition, "size": size, "dpi": dpi, "as_of": cut_off(as_of)}
    with warnings_as_notes():
        write_picture(found, output, title, **style)
    tell(output)


@click.command()
@click.argument("source", required=False)
@query_options
@store_option
@click.option(
    "-o",
    "--output",
    "outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    default=[Path("report.md")],
    show_default="report.md",
    help="Ends in .md, .html, .docx or .tex; may be repeated.",
)
@click.option("--day", **DAY, help="Only bulletins of this day, compared with the day before.")
@click.option("--title", default="", help="Title of the report, a sentence.")
@click.option("--definition", default="incidents", help="A TOML file that says what the map is.")
@click.option(
    "--template", type=click.Path(path_type=Path), help="Your own; see maps/report/README.md."
)
@click.option("--size", default="column", show_default=True, help="Of the picture.")
@click.option("--as-of", type=MOMENT, help="The cut-off: a day, or 2026-03-05T15:00+0200.")
@click.option("--map", "live_map", default="", help="Address of the page, to link to.")
def report(
    source: str | None,
    outputs: tuple[Path, ...],
    day: dt.date | None,
    title: str,
    definition: str,
    template: Path | None,
    size: str,
    as_of: dt.datetime | None,
    live_map: str,
    store: str,
    **options: Any,
) -> None:
    """Make a report (Markdown, HTML, Word, LaTeX) of what the query finds, or of SOURCE.

    Picture with alt text, summary in numbers, incidents with quotes and sources.

    \b
    geomap report --day 2026-03-05 -o day.docx -o day.md
    """
    from geomap.draw import Topic, write_report
    from geomap.draw.summary import day_before

    if day and source:
        raise InputError("chooses from the store, not from a file", where="--day")
    earlier: list[Incident] = []
    recent: list[Incident] = []
    if day:
        recent = issued_up_to(store, day, options)
        found = [i for i in recent if i.doc_date == day]
        earlier = day_before(recent, day)
    else:
        found = read_or_ask(source, store, options)
    before = max((i.doc_date for i in earlier if i.doc_date), default=None)
    topic = Topic(title, day, cut_off(as_of), before, earlier, live_map)
    with warnings_as_notes():
        written = write_report(
            *(found, outputs, topic),
            definition=definition,
            template=template,
            size=size,
            context=recent,
        )
    for path in written:
        tell(path)


def issued_up_to(store: str, day: dt.date, options: dict[str, Any]) -> list[Incident]:
    """Give what bulletins of a day and of the fortnight before it report."""
    from geomap.store import Store

    since = day - dt.timedelta(days=LONGEST_GAP)
    query = replace(make_query(options), issued_since=since, issued_until=day)
    with Store(store) as open_store:
        return list(open_store.incidents(query))
