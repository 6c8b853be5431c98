"""What the user has added to the gazetteer: the files, and the compiled file made of them.

Beside the compiled file lies a folder with a copy of each file that was added, so
that all can be compiled again when geomap comes with a newer gazetteer: delete one
there, add nothing, and it is gone.
"""

from __future__ import annotations

import filecmp
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from geomap.errors import ContentError, GeomapError, InputError
from geomap.files import cannot_write, make_folder, replacing
from geomap.places import geonames, supplied
from geomap.places.download import download_country
from geomap.places.gazetteer import Gazetteer
from geomap.places.home import shipped_gazetteer, stamp, user_gazetteer
from geomap.places.lines import DAMAGED, Report, Tick, opened
from geomap.places.supplement import Supplement, Tally
from geomap.places.tables import Row

Watch = Callable[[str, int], AbstractContextManager[Tick]]
"""Takes what is being done and its size in bytes; what it gives hears of each step."""

PLACES, CORRECTIONS, NAMES = "places", "corrections", "names"
ROLES = (PLACES, CORRECTIONS, NAMES)
"""What a file may hold, in the order in which they are read."""
DRAFTS, _DAY_S = ".adding-", 86_400
_CODE = re.compile("[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to add, and what it holds: one of `ROLES`."""

    path: Path
    role: str = PLACES


@dataclass(frozen=True, slots=True)
class Summary:
    """What an addition has changed: ``path`` is the compiled file, with ``places`` in all."""

    path: Path
    places: int
    tally: Tally
    problems: int


def unwatched(_: str, __: int) -> AbstractContextManager[Tick]:
    """Watch nothing."""
    return nullcontext(lambda _: None)


def is_country(word: str) -> bool:
    """Tell a country's code from the name of a file."""
    return bool(_CODE.fullmatch(word)) and not Path(word).exists()


def fetch(codes: Sequence[str], watch: Watch = unwatched) -> list[Source]:
    """Download GeoNames' dumps and alternate names of countries; the network is asked here only.

    Raises
    ------
    InputError
        If a code is no country's.
    GeomapError
        If the server cannot be reached, or sends what is damaged.
    """
    known = Gazetteer.open(shipped_gazetteer()).country_numbers
    for code in codes:
        if code.upper() not in known:
            raise InputError(f"no country {code!r}", todo="Give ISO 3166-1 codes such as LB.")
    folder = added_folder() / "downloads"
    sources = []
    for code in map(str.upper, codes):
        with watch(f"downloading {code}", 0) as tick:
            dump, names = download_country(code, folder, tick)
        sources += [Source(dump), Source(names, NAMES)]
    return sources


def added_folder() -> Path:
    """Give the folder with what was added; it need not be there."""
    compiled = user_gazetteer()
    return compiled.with_name(f"{compiled.stem}-added")


def kept_sources() -> list[Source]:
    """Give the files that were added before, in the order in which they are read."""
    folder = added_folder()
    return [Source(path, role) for role in ROLES for path in sorted((folder / role).glob("[!.]*"))]


def add_sources(
    new: Sequence[Source], *, strict: bool, report: Report, watch: Watch = unwatched
) -> Summary:
    """Compile a gazetteer of the one that came with geomap, what was added before, and more.

    Parameters
    ----------
    new
        Files to add. One of the name of an earlier one replaces it. None: compile
        again what is there.
    strict
        Change nothing if a row is wrong.
    report
        Hears of each row that is left out, by file and line.

    Raises
    ------
    InputError
        If a file cannot be read or is of no kind we know, or nothing was ever added.
    GeomapError
        If `strict`, and a row was wrong.
    """
    compiled, shipped = user_gazetteer(), shipped_gazetteer()
    kept = kept_sources()
    readers = {source: _reader(source) for source in (*kept, *new)}
    if not readers:
        raise InputError(
            "nothing to add", todo="Name files, or countries by their codes: `... add LB PS`."
        )
    replaced = {(source.path.name, source.role) for source in new}
    only_more = new and _is_current(compiled, shipped)
    if only_more and not any((old.path.name, old.role) in replaced for old in kept):
        base, sources = compiled, list(new)
    else:
        base = shipped
        sources = [old for old in kept if (old.path.name, old.role) not in replaced] + list(new)
    sources.sort(key=lambda source: ROLES.index(source.role))
    make_folder(compiled.parent)
    _sweep(compiled.parent)
    problems, made_of = _Problems(report), stamp(shipped)
    try:
        with tempfile.TemporaryDirectory(dir=compiled.parent, prefix=DRAFTS) as folder:
            supplement = Supplement(base, Path(folder), problems)
            try:
                for source in sources:
                    _read(source, readers[source], supplement, problems, watch)
                if strict and problems.count:
                    raise GeomapError(
                        f"{problems.count:,} rows cannot be used; nothing was changed",
                        todo="Mend them, or leave out --strict to add the others.",
                    )
                for source in new:
                    _keep(source)
                listed = [f"{source.role}/{source.path.name}" for source in kept_sources()]
                about = {"base": made_of, "added": listed}
                with watch("filing the names", supplement.entries) as tick:
                    supplement.write(compiled, about, tick)
                places = len(supplement)
            finally:
                supplement.close()
    except (OSError, sqlite3.Error) as error:
        raise cannot_write(compiled.parent, OSError(str(error))) from error
    return Summary(compiled, places, supplement.tally, problems.count)


def _sweep(folder: Path) -> None:
    """Take away what additions have left behind that were killed a day ago or more."""
    for left in folder.glob(f"{DRAFTS}*"):
        if time.time() - left.stat().st_mtime > _DAY_S:
            shutil.rmtree(left, ignore_errors=True)


class _Problems:
    """Counts what it passes on."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.count = 0

    def __call__(self, problem: str) -> None:
        self.count += 1
        self._report(problem)


def _is_current(compiled: Path, shipped: Path) -> bool:
    try:
        return bool(Gazetteer.open(compiled).meta.get("base") == stamp(shipped))
    except ContentError:
        return False


Reader = Callable[[Supplement, Report, Tick], Iterator[Row]]


def _reader(source: Source) -> Reader | None:
    """Tell by its beginning how to read a file of places; None for a table of names.

    A damaged file is read as what its name says, and named when it is read.
    """
    path = source.path
    try:
        with opened(path, lambda _: None) as file:
            start = file.read(2000).lstrip(b"\xef\xbb\xbf \r\n\t")
    except DAMAGED:
        start = b""
    line = start.partition(b"\n")[0]
    columns = line.count(b"\t") + 1
    if source.role == NAMES:
        if start and columns not in geonames.NAME_COLUMNS:
            raise InputError("is no table of GeoNames' alternate names", where=str(path))
        return None
    if columns in geonames.NAME_COLUMNS:
        raise InputError(
            "holds alternate names, not places", where=str(path), todo=f"Add it with --names {path}"
        )
    if start.startswith(b"{") or path.name.endswith("json"):
        return lambda into, report, tick: supplied.read_geojson(path, into.kinds, report, tick)
    if columns == geonames.COLUMNS or path.suffix in (".txt", ".zip"):
        return lambda into, report, tick: geonames.read_dump(path, report, tick)
    return lambda into, report, tick: supplied.read_csv(path, into.kinds, report, tick)


def _read(
    source: Source, reader: Reader | None, into: Supplement, report: Report, watch: Watch
) -> None:
    into.begin()
    with watch(f"reading {source.path.name}", source.path.stat().st_size) as tick:
        if reader is not None:
            take = into.correct if source.role == CORRECTIONS else into.add
            for row in reader(into, report, tick):
                take(row)
            return
        strange = into.tally.names, into.tally.names_of_new
        for alternate in geonames.read_alternate_names(source.path, report, tick):
            into.name(alternate)
        if strange == (into.tally.names, into.tally.names_of_new):
            report(f"{source.path}: none of its names is of a place that is known")
        elif into.tally.new and not into.tally.names_of_new:
            report(
                f"{source.path}: none of its names is of a place that was added with it; "
                "is it of another dump?"
            )


def _keep(source: Source) -> None:
    """Copy a file to those that were added, unless it is there."""
    path = added_folder() / source.role / source.path.name
    if not (path.exists() and filecmp.cmp(source.path, path)):
        with replacing(path) as draft:
            shutil.copyfile(source.path, draft)
