"""Write docs/accuracy.md: what geomap gets right, on which texts, by which command.

usage: python benchmarks/accuracy.py SETS

SETS is a folder with `geoparsing/score.py` and `bulletins/score.py` beside their
texts and gold: public corpora (GeoWebNews, half of LGL) and bulletins marked for
geomap. No weights were fitted to the corpora, and nothing that is shipped was chosen with their
errors in view (docs/errors.md).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPORA = {
    "bulletins": "18 war bulletins with traps",
    "geowebnews": "GeoWebNews, 200 news texts",
    "lgl_half": "LGL, 294 local-news texts",
}


FIGURES = {
    "precision": "precision",
    "event_recall": "events found",
    "f1": "F1",
    "type_accuracy": "type right",
    "date_accuracy": "date right",
    "past_event_date_accuracy": "past events dated right",
    "fatalities_accuracy": "deaths right where stated",
    "median_location_error_km": "median error of place, km",
    "negative_fp_rate": "sentences without an incident that get one",
    "nonkinetic_recall": "statements and talks found",
}


def main() -> None:
    """Measure both stages and write the page."""
    sets = Path(sys.argv[1])
    parts = [
        f"# Accuracy\n\nMeasured on {dt.date.today().isoformat()} by "
        "`python benchmarks/accuracy.py SETS`; the open sets are small, so differences of two "
        "or three points mean little. geomap does what it does without a network, without a GPU "
        "and without a language model.\n",
        names(),
        toponyms(sets / "geoparsing"),
        incidents(sets / "bulletins"),
        (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"),
    ]
    (ROOT / "docs" / "accuracy.md").write_text("\n".join(parts), encoding="utf-8")


def names() -> str:
    """Give the table of single names, asked without and with their country."""
    said = run([sys.executable, str(ROOT / "benchmarks" / "names.py")])
    table = said.split("\n\n")[1]
    return (
        "## Single names\n\n200 names as bulletins spell them, of all theatres and kinds, drawn "
        "before looking into the tables (`benchmarks/names.csv`), in per cent: found, first "
        "candidate right, any candidate right, wrong. Three names in four of the right ones come "
        f"from our own tables.\n\n```\n{table}\n```\n"
    )


def toponyms(folder: Path) -> str:
    """Give the table of place names found and resolved."""
    adapter = f"{sys.executable} {ROOT / 'benchmarks' / 'geoparse_adapter.py'}"
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "figures.json")
        run([sys.executable, str(folder / "score.py"), "--run", adapter, "--json", str(out)])
        figures = json.loads(out.read_text(encoding="utf-8"))["corpora"]
    rows = {name: figures[name] for name in CORPORA if name in figures}
    lines = [
        "## Place names\n",
        "`ovF`: F1 of names found (overlapping spans). `e2e161`: F1 of names found and placed "
        "within 161 km, the measure of published systems. `e2eMap`: the same within 10 to 25 km, "
        "or a country's own extent: is the pin right on a map?\n",
        "| texts | ovP | ovR | ovF | e2e161 | e2eMap | country right |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        cells = " | ".join(f"{row[k]:.3f}" for k in ("ovP", "ovR", "ovF", "e2e161", "e2eMap"))
        lines.append(f"| {CORPORA[name]} | {cells} | {row['ctry']:.3f} |")
    return "\n".join(lines) + "\n"


def incidents(folder: Path) -> str:
    """Give the table of incidents found: texts read while rules were written, and others."""
    documents = list(json.loads((folder / "docs.json").read_text(encoding="utf-8")))
    reports = ROOT / "training" / "incidents"
    marked = json.loads((reports / "docs.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        flat = Path(scratch, "reports")
        build = [sys.executable, str(reports / "build.py"), "--flat", str(flat)]
        run(build)
        shutil.copy(folder / "score.py", flat)
        apart = score(folder, {"read": documents[0::2], "apart": documents[1::2], "all": documents})
        kept = {
            flag: [name for name in marked if marked[name]["kept"] is flag]
            for flag in (True, False)
        }
        ours = score(flat, {"read": kept[False], "kept": kept[True]})
    columns = {
        "open set: all": apart["all"],
        "read": apart["read"],
        "not read": apart["apart"],
        "invented reports: read": ours["read"],
        "not read ": ours["kept"],
    }
    lines = [
        "## Incidents\n",
        "News, encyclopaedia articles and bulletins. *Read* are texts whose errors were looked at "
        "while rules and words were written; *not read* are texts whose totals alone were. Systems "
        "of this kind reach F1 0.5 to 0.6 on texts they were not made for. An incident that "
        "is found without a known place counts against precision here; on the map it is no pin but "
        "a line in the list of what was not mapped.\n",
        "| figure | " + " | ".join(name.strip() for name in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
        "| texts | " + " | ".join(str(row["documents"]) for row in columns.values()) + " |",
        "| events | " + " | ".join(str(row["gold_events"]) for row in columns.values()) + " |",
    ]
    for key, label in FIGURES.items():
        cells = ["-" if row[key] is None else f"{row[key]:.3f}" for row in columns.values()]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def score(folder: Path, parts: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Extract a folder of texts once and score some of them at a time."""
    with tempfile.TemporaryDirectory() as out:
        run([sys.executable, str(ROOT / "benchmarks" / "incidents.py"), out, str(folder)])
        scorer = [sys.executable, str(folder / "score.py"), out, "--json", "--docs"]
        said = {name: json.loads(run([*scorer, ",".join(part)])) for name, part in parts.items()}
    return {name: figures.get("scores", figures) for name, figures in said.items()}


def run(command: list[str]) -> str:
    """Run a command and give what it printed; its own errors are shown."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


if __name__ == "__main__":
    main()
