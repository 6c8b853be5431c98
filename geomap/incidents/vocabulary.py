"""Groups of everyday words that the rules lean on, from ``maps/vocabulary.csv``."""

from __future__ import annotations

import csv
from functools import cache

from geomap.content import content
from geomap.errors import ContentError


@cache
def vocabulary(group: str) -> frozenset[str]:
    """Give the words of a group, in lower case.

    Raises
    ------
    ContentError
        If the table holds no such group.

    Examples
    --------
    >>> "near" in vocabulary("at a place")
    True
    """
    try:
        return _groups()[group]
    except KeyError:
        raise ContentError(f"no group {group!r}", where="maps/vocabulary.csv") from None


@cache
def _groups() -> dict[str, frozenset[str]]:
    with content("maps/vocabulary.csv").open(encoding="utf-8", newline="") as file:
        return {row["group"]: frozenset(row["words"].split()) for row in csv.DictReader(file)}
