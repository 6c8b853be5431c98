"""The index of a folder of daily maps: all days and periods, the latest first, with links."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from geomap.content import content
from geomap.draw.definition import read_definition
from geomap.draw.report import fill
from geomap.draw.wording import read_wording
from geomap.files import replacing

LABELS = {
    "html": "HTML",
    "png": "PNG",
    "svg": "SVG",
    "pdf": "PDF",
    "docx": "Word",
    "md": "Markdown",
    "tex": "LaTeX",
    "csv": "CSV",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
}


def write_overview(made: Mapping[str, Mapping[str, Any]], path: Path, definition: str) -> None:
    """Write the index from what the daybook says was made.

    A page that would be the same is left as it is.
    """
    defined = read_definition(definition)
    words = read_wording(defined.language)
    days = [_day(name, entry) for name, entry in sorted(made.items(), reverse=True)]
    keys = ("all_days", "day_column", "number", "killed", "change", "files", "signs")
    text = fill(
        content("maps/report/index.html"),
        {
            "title": defined.title,
            "language": defined.language,
            "direction": "rtl" if words.rtl else "ltr",
            "days": days,
            "latest": next((day for day in days if "_" not in day["name"]), None),
            "words": {key: words.say(key) for key in keys},
        },
    )
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def _day(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    files = dict(zip(entry["kinds"], entry["files"], strict=True))
    links = [
        {"label": LABELS[kind], "href": quote(files[kind])} for kind in LABELS if kind in files
    ]
    picture = next((files[kind] for kind in ("png", "svg") if kind in files), "")
    changes = [f"+{entry['new']}", f"−{entry['gone']}", f"~{entry['corrected']}"]
    return {
        "name": name,
        "title": entry["title"],
        "incidents": entry["incidents"],
        "killed": entry["killed"],
        "change": " ".join(changes) if entry["compared"] else "",
        "page": quote(files.get("html", "")),
        "picture": quote(picture),
        "links": links,
    }
