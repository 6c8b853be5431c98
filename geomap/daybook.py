"""The daybook: what was made from which bulletins, so that nothing is made twice.

It lies in the folder of the day's files as ``daybook.json``. Without it, all is made anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from geomap.content import content
from geomap.files import replacing
from geomap.incidents.extract import Unmapped
from geomap.model import Incident
from geomap.places.home import user_gazetteer

NAME = "daybook.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Known:
    """A bulletin that was read before: its document, its day, and what was not mapped."""

    doc_id: str
    issued: dt.date
    unmapped: tuple[Unmapped, ...]


@dataclass(slots=True)
class Daybook:
    """What was read and made in a folder.

    Attributes
    ----------
    bulletins
        By the digest of their bytes.
    made
        For each name of a day or period: the digest of what it was made of, its
        files, and what the index says of it.
    """

    bulletins: dict[str, Known] = field(default_factory=dict)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def is_made(self, name: str, digest: str, folder: Path) -> bool:
        """Say whether a day's files are there and would be made the same again."""
        entry = self.made.get(name, {})
        return entry.get("digest") == digest and all(
            (folder / file).is_file() for file in entry["files"]
        )


def read_daybook(folder: Path) -> Daybook:
    """Read the daybook of a folder; one that is missing, damaged or older is empty."""
    try:
        table = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if table["version"] != VERSION:
            return Daybook()
        bulletins = {
            key: Known(
                row["doc_id"],
                dt.date.fromisoformat(row["issued"]),
                tuple(Unmapped(*one) for one in row["unmapped"]),
            )
            for key, row in table["bulletins"].items()
        }
        return Daybook(bulletins, dict(table["made"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Daybook()


def write_daybook(daybook: Daybook, folder: Path) -> None:
    """Write the daybook into a folder."""
    table = {
        "version": VERSION,
        "bulletins": {
            key: {
                "doc_id": known.doc_id,
                "issued": known.issued.isoformat(),
                "unmapped": [list(one) for one in known.unmapped],
            }
            for key, known in sorted(daybook.bulletins.items())
        },
        "made": dict(sorted(daybook.made.items())),
    }
    with replacing(folder / NAME) as draft:
        draft.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def key_of(source: str, issued: dt.date | None) -> str | None:
    """Give the digest of a file's bytes and of what reads it; None for stdin and addresses."""
    path = Path(source)
    if source == "-" or not path.is_file():
        return None
    told = f"{maker()} {path.name} {issued}".encode()
    return hashlib.sha256(told + b"\0" + path.read_bytes()).hexdigest()


def digest_of(incidents: Iterable[Incident], settings: Mapping[str, object]) -> str:
    """Give the digest of what a day's files are made of."""
    whole = hashlib.sha256(f"{maker()} {sorted(settings.items())}".encode())
    for incident in incidents:
        whole.update(_digest(incident))
    return whole.hexdigest()


def _digest(incident: Incident) -> bytes:
    return hashlib.sha256(repr(incident).encode("utf-8", "surrogatepass")).digest()


@cache
def maker() -> str:
    """Give a digest of this geomap: its code, its tables, the user's gazetteer."""
    package = Path(__file__).parent
    files = [*package.rglob("*.py"), *content("maps").rglob("*.*")]
    files += [content("gazetteer") / "gazetteer.db", user_gazetteer()]
    whole = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            stat = path.stat()
            whole.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return whole.hexdigest()[:16]
