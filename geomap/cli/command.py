"""The `geomap` command: each verb reads options, calls one function, writes the result."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from geomap import __version__
from geomap.cli.correcting import correct
from geomap.cli.daily import daily
from geomap.cli.drawn import map_, picture, report
from geomap.cli.embedding import embed
from geomap.cli.gazetteer import gazetteer
from geomap.cli.shell import completion
from geomap.cli.stored import add, import_, query, store_, sync
from geomap.cli.text import extract, geocode, geoparse
from geomap.errors import GeomapError


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
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but data and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Name each step of long work.")
@click.pass_context
def main(context: click.Context, quiet: bool, verbose: bool) -> None:
    """Turn war and disaster bulletins into incident maps, offline.

    Start with: geomap daily BULLETIN.txt
    """
    if os.environ.get("NO_COLOR"):
        context.color = False


for command in (
    daily,
    extract,
    geoparse,
    geocode,
    add,
    query,
    correct,
    import_,
    store_,
    sync,
    map_,
    picture,
    report,
    embed,
    gazetteer,
    completion,
):
    main.add_command(command)
