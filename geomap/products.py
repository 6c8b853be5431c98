"""The files of a day or a period: page, picture, report, table, GeoJSON, GeoPackage."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geomap.content import content
from geomap.edition import Edition
from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import told_once

PRODUCTS = ("html", "png", "docx", "csv", "geojson", "gpkg")
"""What is made unless others are asked for; a report is one of docx, md, tex."""
KINDS = (*PRODUCTS, "md", "tex", "svg", "pdf")
SHORT_NAME = "daily-incidents"
_OCHA_SIZES = {"html": "web", "png": "screen", "svg": "screen", "pdf": "screen"}
_REPORTS = ("docx", "md", "tex")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants made, and how.

    Attributes
    ----------
    products
        Some of `KINDS`.
    definition
        Of the page, the picture and the report.
    ocha
        Name files ``CODE_short-name_size_YYYYMMDD``, as OCHA's guidelines do.
    code
        ISO 3166-1 alpha-3 code for those names; without it the most frequent
        country's, ``WLD`` where there is none.
    """

    products: tuple[str, ...] = PRODUCTS
    definition: str = "daily"
    ocha: bool = False
    code: str = ""

    def __post_init__(self) -> None:
        """Refuse a product that nobody can make."""
        for product in self.products:
            if product not in KINDS:
                raise InputError(
                    f"{product!r} is not a product", todo=f"Choose from {', '.join(KINDS)}."
                )


def file_names(edition: Edition, wish: Wish) -> dict[str, str]:
    """Give the name of each product."""
    if not wish.ocha:
        stem = edition.name
        return {p: f"{stem}-report.{p}" if p in _REPORTS else f"{stem}.{p}" for p in wish.products}
    code = wish.code or _code(edition.incidents)
    days = dict.fromkeys((edition.since, edition.until))
    when = "-".join(f"{day:%Y%m%d}" for day in days)
    sizes = {p: "report" if p in _REPORTS else _OCHA_SIZES.get(p, "data") for p in wish.products}
    return {p: f"{code}_{SHORT_NAME}_{size}_{when}.{p}" for p, size in sizes.items()}


def write_products(edition: Edition, folder: Path, wish: Wish) -> dict[str, Path]:
    """Write the products of an edition; gives them by kind, the picture of a report too."""
    paths = {kind: folder / name for kind, name in file_names(edition, wish).items()}
    page = paths["html"].name if "html" in paths else ""
    written = dict(paths)
    for kind, path in paths.items():
        if kind == "html":
            _write_page(edition, path, wish)
        elif kind in ("png", "svg", "pdf"):
            _write_picture(edition, path, wish)
        elif kind in _REPORTS:
            beside = _write_report(edition, path, wish, page)
            written |= {f"{kind} picture": one for one in beside}
        else:
            from geomap.store.formats import write_file

            write_file(edition.incidents, path)
    return written


def title_of(edition: Edition, definition: str) -> str:
    """Say what an edition is, in the language of its definition."""
    from geomap.draw.definition import read_definition
    from geomap.draw.wording import read_wording

    words = read_wording(read_definition(definition).language)
    return words.say("reported", period=words.period((edition.since, edition.until)))


def _write_page(edition: Edition, path: Path, wish: Wish) -> None:
    from geomap.draw import build_map, write_map

    title = title_of(edition, wish.definition)
    write_map(build_map(edition.recent, title=title, definition=wish.definition), path)


def _write_picture(edition: Edition, path: Path, wish: Wish) -> None:
    from geomap.draw import write_picture

    write_picture(
        *(edition.incidents, path, title_of(edition, wish.definition), _day(edition)),
        definition=wish.definition,
        context=edition.recent,
    )


def _write_report(edition: Edition, path: Path, wish: Wish, page: str) -> Sequence[Path]:
    from geomap.draw import Topic, write_report

    topic = Topic(
        title_of(edition, wish.definition),
        _day(edition),
        before=edition.before,
        earlier=edition.earlier,
        live_map=page,
    )
    rows, context = edition.incidents, edition.recent
    written: list[Path] = write_report(
        rows, path, topic, definition=wish.definition, context=context
    )
    return written[1:]


def _day(edition: Edition) -> dt.date | None:
    return edition.until if edition.since == edition.until else None


def _code(incidents: Iterable[Incident]) -> str:
    """Give the alpha-3 code of the country with the most incidents."""
    counts = Counter(i.country for i in told_once(incidents) if i.country in _codes())
    most = min(counts, key=lambda country: (-counts[country], country), default="")
    return _codes().get(most or "", "WLD")


@cache
def _codes() -> dict[str, str]:
    with content("maps/basemap/countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso"]: row["alpha3"] for row in csv.DictReader(file)}
