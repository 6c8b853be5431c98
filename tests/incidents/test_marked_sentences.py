import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
FOLDER = HERE / "training" / "sentences"
FILES = sorted(FOLDER.glob("*.csv"))
COLUMNS = ["sentence", "clause", "trigger", "label", "subtype", "modality", "temporal", "reason"]
MODALITIES = {"asserted", "claimed", "denied", "threatened", "planned", "hypothetical"}
REASONS = set(re.findall(r"^\| `([a-z-]+)` \|", (FOLDER / "README.md").read_text("utf-8"), re.M))
REASONS -= set(COLUMNS)


def read(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def subtypes():
    return {(row["incident_type"], row["subtype"]) for row in read(HERE / "maps" / "subtypes.csv")}


def skeleton(sentence):
    """Keep the small words: what is left when names and numbers change."""
    return re.sub(r"\w*[A-Z\d]\w*", "X", sentence)


def faults(row):
    judged = row["clause"] or row["sentence"]
    kind = (row["label"], row["subtype"])
    none = row["label"] == "none"
    checks = {
        "blanks": all(value == " ".join(value.split()) for value in row.values()),
        "clause in sentence": row["clause"] in row["sentence"],
        "clause is not all": row["clause"] != row["sentence"],
        "trigger in clause": row["trigger"] in judged,
        "trigger unless none": none != bool(row["trigger"]),
        "type": none or row["label"] in {incident_type for incident_type, _ in subtypes()},
        "subtype": kind in subtypes() | {("none", ""), ("hazard", "")},
        "modality": row["modality"] in MODALITIES | ({""} if none else set()),
        "temporal": row["temporal"] in {"current", "background"},
        "reason": row["reason"] in (REASONS if none else {""}),
    }
    return [name for name, good in checks.items() if not good]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_is_marked_with_known_words_that_stand_in_the_sentence(path):
    rows = read(path)
    assert list(rows[0]) == COLUMNS
    assert [(row["sentence"], faults(row)) for row in rows if faults(row)] == []


def test_no_sentence_comes_twice_even_with_other_names_unless_another_clause_is_judged():
    counts = Counter(
        (skeleton(row["sentence"]), skeleton(row["clause"])) for path in FILES for row in read(path)
    )
    assert [text for text, count in counts.items() if count > 1] == []


def test_half_are_negatives_and_every_type_is_taught():
    labels = Counter(row["label"] for path in FILES for row in read(path))
    assert 0.4 < labels["none"] / labels.total() < 0.6
    assert set(labels) == {incident_type for incident_type, _ in subtypes()} | {"none"}
