"""The commands under `geomap gazetteer`: compile, add to, check the places."""

from __future__ import annotations

from pathlib import Path

import click

from geomap.cli.terminal import count as count_of
from geomap.cli.terminal import note, progress_bar, tell
from geomap.errors import GeomapError


@click.group()
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

    report = compile_gazetteer(content("gazetteer") / "gazetteer.db", progress=note)
    for problem in report.problems:
        click.echo(problem)
    if report.problems:
        raise GeomapError("the tables have problems")
    tell(
        f"{report.path}: {report.places:,} places, {report.names:,} names, "
        f"{report.areas:,} outlines, {report.size / 1e6:.0f} MB in {report.seconds:.0f} s",
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
    tell(
        f"{done.path}: {count_of(tally.new, 'new place')}, {tally.known:,} known before, "
        f"{tally.corrected:,} corrected, {count_of(tally.names, 'name')} added; "
        f"{count_of(done.places, 'place')} in all",
    )
    if tally.strange_names:
        strange = count_of(tally.strange_names, "name")
        tell(f"{strange} of places that are not known left out")
    if done.problems:
        tell(f"{count_of(done.problems, 'problem')} above; all else was added")


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
        raise GeomapError(f"{count_of(len(problems), 'problem')} in the tables of places")
    tell("every row is in order")
