"""Commands that read text: `extract`, `geoparse`, `geocode`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geomap.cli.options import date_option, output_options, parse_point, put_out
from geomap.cli.terminal import place_feature, place_line, progress_bar, toponym_row
from geomap.errors import GeomapError

if TYPE_CHECKING:
    from geomap.model import Place


@click.command()
@click.argument("bulletins", nargs=-1, required=True)
@date_option
@output_options
@click.option("--explain", "why", is_flag=True, help="Say sentence by sentence what led to what.")
def extract(
    bulletins: tuple[str, ...],
    issued: dt.date | None,
    form: str | None,
    output: Path | None,
    hxl: bool,
    why: bool,
) -> None:
    """Print the incidents of BULLETINS, without a store.

    \b
    geomap extract bulletin.txt --format csv > incidents.csv
    geomap extract bulletin.txt --explain | less
    """
    from geomap.incidents.bulletin import read_bulletins, require_issue_date
    from geomap.incidents.extract import extract_bulletin

    read = read_bulletins(bulletins, issued=issued)
    for bulletin in read:
        require_issue_date(bulletin)
    if why:
        from geomap.incidents.explain import explain

        click.echo("\n\n".join("\n".join(explain(bulletin)) for bulletin in read))
        return
    found = []
    with progress_bar("Reading", len(read)) as step:
        for bulletin in read:
            found += extract_bulletin(bulletin)
            step(1)
    put_out(found, form, output, hxl)


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--explain", is_flag=True, help="Tell what spoke for and against each candidate.")
def geoparse(files: tuple[str, ...], explain: bool) -> None:
    """Print the place names of FILES with their points, as JSON lines.

    \b
    echo "Floods reached Sylhet." | geomap geoparse -
    """
    from geomap.incidents.bulletin import read_bulletins
    from geomap.places.explanation import explain as explain_text
    from geomap.places.explanation import explanation_lines
    from geomap.places.geoparse import geoparse

    for bulletin in read_bulletins(files):
        if explain:
            for explanation in explain_text(bulletin.text):
                click.echo("\n".join(explanation_lines(explanation)))
            continue
        for toponym in geoparse(bulletin.text, bulletin.issued):
            row = toponym_row(toponym)
            click.echo(json.dumps({**row, "source": bulletin.source}, ensure_ascii=False))


@click.command()
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

    found = {name: geocode(name, country=country, near=parse_point(near)) for name in names}
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
