"""How often the right one of several places of a name is found, and whether scores hold.

usage: python benchmarks/namesakes.py [--list]

Measures `geoparse` on the texts under `training/held_out/`, which are never trained on, and on
the places of the open texts under `training/incidents/`, whose points were looked up one by one.
Prints for both how many names were placed rightly, left blank, placed wrongly and placed in a
wrong country, then a table of scores against how often they held. `--list` names the wrong ones.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from geomap.model import Toponym
from geomap.places import default_gazetteer, geoparse

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "training"))
from corpus import read_texts  # noqa: E402
from train_geoparse import link, parse  # noqa: E402

NEAR_KM = 25.0
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True)
class Case:
    """A name of a text with what geomap made of it; ``right`` has the point, or None if unknown."""

    where: str
    name: str
    right: tuple[float, float] | None
    country: str
    near_km: float
    answer: Toponym | None

    @property
    def verdict(self) -> str:
        """Give right, blank, wrong or abroad."""
        place = self.answer.place if self.answer else None
        if place is None:
            return "blank"
        reach = self.near_km + (place.extent_km if place.match == "computed" else 0.0)
        if self.right is not None and distance_km(self.right, (place.lon, place.lat)) <= reach:
            return "right"
        return "wrong" if place.country == self.country else "abroad"


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give the distance of two points given as lon, lat."""
    (x, y), (u, v) = np.radians(a), np.radians(b)
    h = np.sin((v - y) / 2) ** 2 + np.cos(y) * np.cos(v) * np.sin((u - x) / 2) ** 2
    return float(12742 * np.arcsin(np.sqrt(h)))


def held_out() -> Iterator[Case]:
    """Give the names of the held-out texts but those that no gazetteer is expected to hold."""
    gazetteer = default_gazetteer()
    for doc in read_texts(ROOT / "training" / "held_out"):
        parsed = parse(doc, gazetteer)
        linked = link(parsed, 0, gazetteer)
        answers = geoparse(doc.text)
        for name, right in zip(linked.names, linked.right, strict=True):
            mark = parsed.place(name.mentions[0])
            if mark is None or mark.hint == "?":
                continue
            best = int(name.places[np.argmax(right)]) if right.any() else -1
            point, reach = None, NEAR_KM
            country = mark.hint.partition(".")[0].partition(":")[0] or doc.countries[0]
            if best >= 0:
                point = (float(gazetteer.lon[best]), float(gazetteer.lat[best]))
                reach = max(NEAR_KM, float(gazetteer.extent_km[best]))
                country = str(gazetteer.country[best])
            found = overlapping(answers, mark.start, mark.end)
            yield Case(doc.id, doc.text[mark.start : mark.end], point, country, reach, found)


def incidents() -> Iterator[Case]:
    """Give the places of incidents in the open texts, each name once a text."""
    folder = ROOT / "training" / "incidents"
    docs = json.loads((folder / "docs.json").read_text("utf-8"))
    kept = {doc for doc, about in docs.items() if about["kept"]}
    countries = {line.split(",")[0]: line.split(",")[1] for line in open_places(folder)}
    seen: set[tuple[str, str]] = set()
    answers: dict[str, list[Toponym]] = {}
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        doc, place = row["doc"], row.get("place")
        if doc in kept or not place or place.get("start") is None:
            continue
        if (doc, place["surface"]) in seen or place.get("lat") is None:
            continue
        seen.add((doc, place["surface"]))
        if doc not in answers:
            answers[doc] = geoparse((folder / "texts" / f"{doc}.txt").read_text("utf-8"))
        found = overlapping(answers[doc], place["start"], place["end"])
        point = (place["lon"], place["lat"])
        reach = max(NEAR_KM, place["tolerance_km"])
        yield Case(doc, place["surface"], point, countries.get(place["name"], ""), reach, found)


def open_places(folder: Path) -> list[str]:
    """Give the lines of the table of places."""
    return (folder / "places.csv").read_text("utf-8").splitlines()[1:]


def overlapping(toponyms: list[Toponym], start: int, end: int) -> Toponym | None:
    """Give the toponym that overlaps a stretch of the text."""
    return next((t for t in toponyms if t.start < end and t.end > start), None)


def main() -> None:
    """Print the tables."""
    cases = []
    print(f"{'texts':12}{'names':>7}{'right':>8}{'blank':>8}{'wrong':>8}{'abroad':>8}")
    for label, found in (("held out", [*held_out()]), ("incidents", [*incidents()])):
        verdicts = [case.verdict for case in found]
        shares = [verdicts.count(v) / len(found) for v in ("right", "blank", "wrong", "abroad")]
        print(f"{label:12}{len(found):7}" + "".join(f"{share:8.1%}" for share in shares))
        cases += found
    placed = [c for c in cases if c.answer is not None and c.answer.place is not None]
    scores = np.array([c.answer.score if c.answer else 0.0 for c in placed])
    right = np.array([c.verdict == "right" for c in placed])
    print(f"\n{'score':12}{'names':>7}{'said':>8}{'right':>8}")
    for low, high in pairwise(BINS):
        here = (low <= scores) & (scores < high)
        if here.any():
            said, held = scores[here].mean(), right[here].mean()
            print(f"{low:4.2f}-{min(high, 1):<7.2f}{here.sum():7}{said:8.2f}{held:8.2f}")
    if "--list" in sys.argv:
        for case in placed:
            if case.verdict != "right" and case.answer and case.answer.place:
                place = case.answer.place
                what = f"{place.name}, {place.admin1}, {place.country} {place.score:.2f}"
                print(f"{case.where}: {case.name} ({case.country}) -> {what}, {place.kind}")


if __name__ == "__main__":
    main()
