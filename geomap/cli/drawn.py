"""Commands that draw: `map`, `picture`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from geomap.cli.options import query_options, read_or_ask, store_option


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
@click.option("--title", help="Title of the picture.")
def picture(
    source: str | None, output: Path, title: str | None, store: str, **options: Any
) -> None:
    """Make a picture (PNG, SVG or PDF by suffix) of what the query finds, or of SOURCE.

    \b
    geomap picture --since 2026-03-01 -o week.pdf
    """
    from geomap.draw import write_picture

    write_picture(read_or_ask(source, store, options), output, title=title)
    click.echo(output, err=True)
