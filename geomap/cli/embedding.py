"""The live map in other pages: `embed`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("page", type=click.Path(path_type=Path))
@click.option("--src", default="", help="Address of PAGE as the other page sees it.")
@click.option("--title", default="", help="For screen readers; without it that of PAGE.")
@click.option("--width", default="100%", show_default=True, help="Pixels, or with a unit.")
@click.option("--height", default="640", show_default=True, help="Pixels, or with a unit.")
@click.option("--srcdoc", is_flag=True, help="With all of PAGE in it, where no file can lie.")
def embed(page: Path, src: str, title: str, width: str, height: str, srcdoc: bool) -> None:
    """Print the HTML that shows the map PAGE inside another page, in a sandbox.

    \b
    geomap embed map.html --height 480 > snippet.html
    """
    from geomap.draw.embed import iframe

    click.echo(iframe(page, src=src, title=title, width=width, height=height, srcdoc=srcdoc))
