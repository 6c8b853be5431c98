"""Commands that draw: `map`, `picture`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from geomap.cli.options import query_options, read_or_ask, store_option
from geomap.cli.terminal import warnings_as_notes

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
    click.echo(output, err=True)


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
    click.echo(output, err=True)
