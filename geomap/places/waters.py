"""Seas as English news names them, with Natural Earth's outlines."""

from __future__ import annotations

import re
from pathlib import Path

from geomap.places import tables
from geomap.places.outline import inner_point, joined, simplified
from geomap.places.spelling import fold
from geomap.places.tables import Outline, Row

SEA_TOLERANCE, SEA_ISLET = 0.02, 0.001
"""Degrees and square degrees."""
SEA_WORDS = (
    (r"strait|channel|passage|sound|bosporus|dardanelles|mandeb", "STRT"),
    (r"\bgulf\b|\bgolfo\b", "GULF"),
    (r"\bbay\b|\bbah[ií]a\b|\bba[ií]a\b|\bbight\b|fjord|lagoon", "BAY"),
    (r"ocean|^(north|south) (atlantic|pacific)$", "OCN"),
    (r"\briver\b", "STM"),
    (r"\blake\b|\blagoa\b", "LK"),
)
"""What the name of a body of water says of its kind, the first that fits."""


def named_seas(folder: Path, seas: list[tuple[str, Outline]], problems: list[str]) -> list[Row]:
    """Name seas as English news does, and add those that are made of several."""
    whole = dict(reversed(seas))
    named: dict[str, tuple[str, list[str]]] = {}
    rows = []
    for where, parts, name, others in tables.read_seas(folder, problems):
        unknown = [part for part in parts if part not in whole]
        if unknown:
            problems.append(f"{where}: Natural Earth knows no {', '.join(unknown)}")
        elif len(parts) == 1:
            named[parts[0]] = name, others
        else:
            rows.append(_sea(name, joined(whole[part] for part in parts), others))
    for part, outline in whole.items():
        name, others = named.get(part, (part, []))
        rows.append(_sea(name, outline, others))
    return rows


def _sea(name: str, whole: Outline, others: list[str]) -> Row:
    outline = simplified(whole, SEA_TOLERANCE, SEA_ISLET)
    lon, lat = inner_point(outline)
    words = name.casefold()
    code = next((code for word, code in SEA_WORDS if re.search(word, words)), "SEA")
    return Row(
        f"naturalearth:{fold(name).replace(' ', '-')}",
        name,
        code,
        lon,
        lat,
        names=tuple(others),
        curated=bool(others),
        source="Natural Earth",
        outline=outline,
    )
