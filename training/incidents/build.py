"""Turn the marked texts into plain texts, docs.json and gold.jsonl.

    python training/incidents/build.py             write texts/, docs.json, gold.jsonl
    python training/incidents/build.py --check     fail if what is written is not what is marked
    python training/incidents/build.py --flat DIR [--part open|kept|all]
                                                   copy texts, docs.json and gold.jsonl
                                                   into one folder, as scorers like it

How a text is marked is told in README.md beside this file.
"""

import argparse
import csv
import json
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SLOTS = {"news": 24, "article": 8, "bulletin": 28}
KEPT_SEED = 20260304
MARK = re.compile(r"\{([^:{}]+): ?([^{}]*)\}")
TOLERANCE = {"day": 0, "week": 6, "month": 31, "year": 366, "unknown": 99999}
PRECISION = {"w": "week", "m": "month", "y": "year"}
SUBTYPES = {
    "battle": "armed_clash ground_assault territory_change",
    "explosion": "airstrike drone_strike shelling rocket_missile ied_mine suicide_bomb chemical",
    "interception": "intercept aircraft_shootdown weapons_seizure",
    "civilians": "attack abduction sexual_violence property",
    "unrest": "protest riot crackdown",
    "security": "arrest raid deployment withdrawal restriction",
    "humanitarian": "displacement casualty_report infrastructure aid_incident aid_delivery",
    "hazard": "earthquake flood storm landslide wildfire fire collapse crash crowd_crush explosion"
    " epidemic",
}
CLASSES = {
    "st": ("statement", "statement.announcement"),
    "co": ("condemnation", "statement.announcement"),
    "th": ("threat", "statement.threat"),
    "cl": ("claim", "statement.claim"),
    "dc": ("denied_claim", "statement.claim"),
    "di": ("diplomacy", "diplomacy.meeting"),
    "ag": ("diplomacy", "diplomacy.agreement"),
    "sa": ("diplomacy", "diplomacy.sanction_legal"),
    "ne": ("negotiation", "diplomacy.negotiation"),
    "df": ("diplomacy_future", None),
    "bg": ("background", None),
    "fu": ("followup", None),
    "ng": ("negated", None),
    "an": ("analysis", None),
    "hy": ("hypothetical", None),
    "ec": ("economic", None),
    "cu": ("cumulative", None),
    "ti": ("title", None),
    "da": ("dateline", None),
    "sv": ("survey", None),
    "ss": ("status", None),
    "op": ("opinion", None),
    "pl": ("plan", None),
    "ex": ("exercise", None),
    "me": ("metaphor", None),
    "sp": ("sport", None),
    "ce": ("cessation", None),
    "av": ("anniversary", None),
    "ob": ("objective", None),
    "fc": ("forecast", None),
    "he": ("heading", None),
}
ACCEPTED = {"cu": ["humanitarian"]}


@dataclass
class Document:
    """One marked text on its way to plain text and gold."""

    name: str
    head: dict[str, str]
    text: str = ""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    gold: list[dict] = field(default_factory=list)
    records: dict[str, dict] = field(default_factory=dict)

    def span(self, surface: str, start: int, end: int) -> tuple[int, int]:
        """Find `surface` in the sentence, or else as the last one before it (a heading)."""
        for flags in (0, re.IGNORECASE):
            pattern = re.compile(rf"(?<!\w){re.escape(surface)}(?!\w)", flags)
            if found := pattern.search(self.text, start, end):
                return found.span()
            if before := list(pattern.finditer(self.text, 0, start)):
                return before[-1].span()
        raise ValueError(f"{self.name}: no {surface!r} in or before {self.text[start:end]!r}")

    def entry(self, kind: str, start: int, end: int) -> dict:
        """Begin a line of gold; its number follows the order of the file."""
        return {
            "kind": kind,
            "doc": self.name,
            "id": f"{self.name}#{len(self.gold) + 1:03d}",
            "start": start,
            "end": end,
            "text": self.text[start:end],
        }


def read_places() -> dict[str, dict]:
    """Read the table of places that the records name by key."""
    with (HERE / "places.csv").open(encoding="utf-8", newline="") as lines:
        return {row["key"]: row for row in csv.DictReader(lines)}


def strip_marks(document: Document, marked: str) -> None:
    """Lay down the plain text and note where each mark begins and ends."""
    parts, at, length = [], 0, 0
    for number, mark in enumerate(MARK.finditer(marked)):
        before = marked[at : mark.start()]
        length += len(before)
        tag, sentence = mark.groups()
        key = tag.strip() if tag.strip().isdigit() else f"{tag.strip()}\t{number}"
        if key in document.spans:
            raise ValueError(f"{document.name}: mark {key} twice")
        document.spans[key] = (length, length + len(sentence))
        parts += [before, sentence]
        length += len(sentence)
        at = mark.end()
    document.text = "".join(parts) + marked[at:]
    if "{" in document.text or "}" in document.text:
        raise ValueError(f"{document.name}: a brace is left over")


def read_date(written: str, document: Document) -> tuple[str | None, str, int]:
    """Read `03-04`, `2020-03~m`, `d` (the document's own) or `?`."""
    if written == "?":
        return None, "unknown", TOLERANCE["unknown"]
    if written == "d":
        return document.head["date"], "day", 1
    day, _, code = written.partition("~")
    precision = PRECISION[code] if code else "day"
    if re.fullmatch(r"\d\d-\d\d", day):
        day = f"{document.head['date'][:4]}-{day}"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise ValueError(f"{document.name}: date {written!r}")
    return day, precision, TOLERANCE[precision]


def place_of(written: str, places: dict[str, dict], document: Document, start: int, end: int):
    """Read `Key` or `Surface=Key`."""
    surface, _, key = written.rpartition("=")
    row = places[key]
    surface = surface or re.split(r",| \(", key)[0]
    first, last = document.span(surface, start, end)
    return {
        "surface": document.text[first:last],
        "start": first,
        "end": last,
        "name": re.split(r",| \(", key)[0],
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        "tolerance_km": float(row["tolerance_km"]),
        "kind": row["kind"],
    }


def point(key: str, places: dict[str, dict]) -> dict:
    """Give a launch point as the gold states it."""
    row = places[key]
    return {
        "name": re.split(r",| \(", key)[0],
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        "tolerance_km": float(row["tolerance_km"]),
        "kind": row["kind"],
    }


def add_record(document: Document, line: str, places: dict[str, dict]) -> None:
    """Add one incident: a full record, or `=N` for another mention of record N."""
    cells = [cell.strip() for cell in line.split("|")]
    number = cells[0]
    start, end = document.spans[number]
    entry = document.entry("incident", start, end)
    if cells[1].startswith("="):
        source = document.records[cells[1][1:]]
        flags = cells[2].split() if len(cells) > 2 else []
        entry |= {k: v for k, v in source.items() if k not in entry}
        if len(cells) > 3 and cells[3]:
            entry["place"] = place_of(cells[3], places, document, start, end)
        else:
            place = entry["place"] = dict(source["place"])
            place["start"], place["end"] = document.span(place["surface"], start, end)
        entry["fatalities"] = entry["injured"] = None
        entry["optional"] = False
    else:
        cells += [""] * (6 - len(cells))
        kind, _, subtype = cells[1].partition(".")
        if subtype not in SUBTYPES[kind].split():
            raise ValueError(f"{document.name}: {cells[1]}")
        date, precision, tolerance = read_date(cells[3], document)
        entry |= {
            "type": kind,
            "subtype": subtype,
            "type_alt": [],
            "date": date,
            "date_precision": precision,
            "date_tolerance_days": tolerance,
            "place": place_of(cells[2], places, document, start, end),
            "actors": [actor.strip() for actor in cells[5].split(";") if actor.strip()],
            "fatalities": None,
            "injured": None,
            "event": entry["id"],
            "background": False,
            "optional": False,
            "doubtful": False,
        }
        flags = cells[4].split()
    for flag in flags:
        set_flag(entry, flag, document, places)
    label = number
    while label in document.records:
        label = f"{number}.{int(label.partition('.')[2] or 1) + 1}"
    document.records[label] = entry
    document.gold.append(entry)


def set_flag(entry: dict, flag: str, document: Document, places: dict[str, dict]) -> None:
    """Set one short flag of a record: `k4`, `i12`, `bg`, `opt`, `alt=battle`, `t1`..."""
    name, _, value = flag.partition("=")
    if re.fullmatch(r"[kit]\d+", flag):
        key = {"k": "fatalities", "i": "injured", "t": "date_tolerance_days"}[flag[0]]
        entry[key] = int(flag[1:])
    elif flag in ("bg", "opt", "dbt"):
        entry[{"bg": "background", "opt": "optional", "dbt": "doubtful"}[flag]] = True
    elif name == "alt":
        entry["type_alt"] = value.split(",")
        unknown = set(entry["type_alt"]) - set(SUBTYPES) - {"statement", "diplomacy"}
        if unknown:
            raise ValueError(f"{document.name}: alt {unknown}")
    elif name == "ev":
        entry["event"] = document.records[value]["event"]
    elif name == "r":
        entry["place"]["tolerance_km"] = float(value)
    elif name == "from":
        entry["origin"] = point(value.replace("_", " "), places)
    else:
        raise ValueError(f"{document.name}: flag {flag!r}")


def add_sentence(document: Document, tag: str, start: int, end: int) -> None:
    """Add a marked sentence that holds no incident, or one that is not scored."""
    if tag == "ignore":
        document.gold.append(document.entry("ignore", start, end))
        return
    tag, _, extra = tag.partition("+")
    tag, _, surfaces = tag.partition("@")
    short, _, nonkinetic = tag.partition("/")
    name, usual = CLASSES[short]
    found = []
    for surface in filter(None, surfaces.split(";")):
        first, last = document.span(surface, start, end)
        found.append({"surface": document.text[first:last], "start": first, "end": last})
    document.gold.append(
        document.entry("negative", start, end)
        | {
            "class": name,
            "nonkinetic": nonkinetic or usual,
            "accept": extra.split(",") if extra else ACCEPTED.get(short, []),
            "places": found,
        }
    )


def read_document(path: Path, places: dict[str, dict]) -> Document:
    """Read one marked text: head, text and records, parted by lines of `===`."""
    head, text, records = re.split(r"^===\n", path.read_text(encoding="utf-8"), flags=re.M)
    document = Document(path.stem, dict(line.split(": ", 1) for line in head.splitlines()))
    strip_marks(document, text.strip() + "\n")
    lines = [line for line in records.splitlines() if line.strip()]
    for line in lines:
        try:
            add_record(document, line, places)
        except (KeyError, IndexError) as error:
            raise ValueError(f"{path.name}: {line!r}: {error!r}") from error
    for key, (start, end) in document.spans.items():
        if not key.isdigit():
            add_sentence(document, key.partition("\t")[0], start, end)
        elif key not in document.records:
            raise ValueError(f"{path.name}: mark {key} has no record")
    check(document)
    return document


def check(document: Document) -> None:
    """Make sure that every offset points at what the gold quotes."""
    for entry in document.gold:
        for spot in (entry, entry.get("place"), *entry.get("places", [])):
            if spot:
                quoted = spot.get("text", spot.get("surface"))
                assert document.text[spot["start"] : spot["end"]] == quoted, entry
        text = entry["text"]
        assert text and text == text.strip(), entry


def kept_slots() -> dict[str, set[int]]:
    """Draw the third of each kind that is kept for totals; the draw is by number, not by text."""
    draw = random.Random(KEPT_SEED)
    return {
        kind: set(draw.sample(range(1, count + 1), round(count / 3)))
        for kind, count in SLOTS.items()
    }


def build() -> tuple[dict[str, str], str, str]:
    """Build the plain texts, docs.json and gold.jsonl."""
    places, kept = read_places(), kept_slots()
    documents = [read_document(path, places) for path in sorted(HERE.glob("marked/*.txt"))]
    docs = {}
    for document in documents:
        kind, number = document.name.split("_")[:2]
        docs[document.name] = {
            "date": document.head["date"],
            "chars": len(document.text),
            "range": None,
            "kind": kind,
            "kept": int(number) in kept[kind],
        }
    gold = [json.dumps(e, ensure_ascii=False) for d in documents for e in d.gold]
    texts = {document.name: document.text for document in documents}
    listed = json.dumps(docs, indent=1, ensure_ascii=False) + "\n"
    return texts, listed, "".join(f"{line}\n" for line in gold)


def copy(folder: Path, part: str, texts: dict[str, str], docs: str, gold: str) -> None:
    """Lay one part of it into one folder: DOC.txt, docs.json and gold.jsonl."""
    wanted = {"open": (False,), "kept": (True,), "all": (False, True)}[part]
    chosen = {name: doc for name, doc in json.loads(docs).items() if doc["kept"] in wanted}
    lines = [line for line in gold.splitlines() if json.loads(line)["doc"] in chosen]
    folder.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        (folder / f"{name}.txt").write_text(texts[name], encoding="utf-8")
    (folder / "docs.json").write_text(json.dumps(chosen, indent=1) + "\n", encoding="utf-8")
    (folder / "gold.jsonl").write_text("".join(f"{x}\n" for x in lines), encoding="utf-8")


def main() -> None:
    """Write, check or copy."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true")
    options.add_argument("--flat", type=Path, metavar="DIR")
    options.add_argument("--part", choices=["open", "kept", "all"], default="all")
    chosen = options.parse_args()
    texts, docs, gold = build()
    files = {HERE / "texts" / f"{name}.txt": text for name, text in texts.items()}
    files |= {HERE / "docs.json": docs, HERE / "gold.jsonl": gold}
    if chosen.check:
        stale = [p.name for p, text in files.items() if p.read_text(encoding="utf-8") != text]
        sys.exit(f"not as marked: {', '.join(stale)}" if stale else 0)
    if chosen.flat:
        copy(chosen.flat, chosen.part, texts, docs, gold)
        return
    (HERE / "texts").mkdir(exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    entries = [json.loads(line) for line in gold.splitlines()]
    print(len(texts), "texts,", dict(Counter(entry["kind"] for entry in entries)))


if __name__ == "__main__":
    main()
