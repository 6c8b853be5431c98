"""Build maps of many incidents and measure them in Chromium with software rendering.

    python benchmarks/map.py                     the whole table, about ten minutes
    python benchmarks/map.py 10000 --ways geomap GeoJson

The incidents are invented: 15 towns, half of the incidents exactly on a town's
point, eight types, 14 days, 32 words each. A million come without text. folium's
own ways are measured beside ours in the same run, as far as they come within the
limit of time; their libraries come from ``maps/vendor/``, since a page of folium's
asks a CDN for them.

Printed: seconds to build and write, megabytes of HTML, peak memory, seconds until
the page has drawn everything and sat still for a second, milliseconds from a click
on a filter to the next frame (median, most), milliseconds a frame while the map is
dragged (median, 95 of 100), requests that left the page; first the machine's load.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import math
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.content import content
from geomap.draw.offline import _VENDORED
from geomap.model import Incident

TOWNS = [
    *(
        ("Gaza City", 34.4668, 31.5017),
        ("Khan Yunis", 34.3060, 31.3462),
        ("Rafah", 34.2455, 31.2969),
    ),
    *(("Deir al-Balah", 34.3519, 31.4181), ("Jabaliya", 34.5360, 31.5388)),
    *(("Jenin", 35.3001, 32.4635), ("Nablus", 35.2544, 32.2211), ("Hebron", 35.0998, 31.5326)),
    *(("Ramallah", 35.2034, 31.9038), ("Tulkarm", 35.0286, 32.3104), ("Tyre", 35.2038, 33.2704)),
    *(("Jerusalem", 35.2137, 31.7683), ("Aita ash-Shab", 35.4333, 33.1167)),
    *(("Jericho", 35.4617, 31.8611), ("Bethlehem", 35.2024, 31.7054)),
]
TYPES = ["explosion", "battle", "interception", "civilians", "security", "unrest", "hazard"]
WORDS = re.findall(
    r"\w+",
    "strike residential building eastern neighbourhood reported killed injured forces raided camp "
    "overnight detained residents clashes vehicles road checkpoint farmland olive grove settlers "
    "ambulance crews recovered artillery shelling drone hit motorcycle school sheltering displaced "
    "families aid convoy crossing closed statement said sources local medics military",
)


def incidents(n: int, text: bool = True) -> Iterator[Incident]:
    """Invent incidents, the same ones for the same number."""
    chance = random.Random(7)
    for k in range(n):
        place, lon, lat = chance.choice(TOWNS)
        if chance.random() > 0.5:
            lat += chance.gauss(0, 3) / 111
            lon += chance.gauss(0, 3) / (111 * math.cos(math.radians(lat)))
        day = dt.date(2026, 8, 1) + dt.timedelta(days=chance.randrange(14))
        number = chance.randrange(400)
        sentence = " ".join(chance.choices(WORDS, k=32)).capitalize() + "." if text else ""
        start = chance.randrange(9000)
        name = hashlib.sha256(str(k).encode()).hexdigest()[:16]
        yield Incident(
            id=name if text else "",
            event_id=name if text else "",
            doc_id=f"{number:012x}",
            doc_title=f"Bulletin {number}",
            doc_date=dt.date(2026, 8, 1) + dt.timedelta(days=number % 14),
            source=f"https://example.org/b/{number}",
            date=day,
            date_end=day,
            date_precision="day",
            incident_type=chance.choice(TYPES),
            place=place,
            country="PS",
            geo_precision=2,
            uncertainty_km=3.0,
            sentence=sentence,
            sentence_start=start if text else None,
            sentence_end=start + len(sentence) if text else None,
            confidence=round(chance.uniform(0.5, 1), 2) if text else 0.9,
            lon=round(lon, 5),
            lat=round(lat, 5),
        )


def build_ours(n: int, path: Path, text: bool = True) -> float:
    """Build and write geomap's page; give the seconds without inventing the data."""
    from geomap.draw import build_map, write_map

    rows = list(incidents(n, text))
    start = time.perf_counter()
    write_map(build_map(rows), path)
    return time.perf_counter() - start


def build_folium(way: str, n: int, path: Path) -> float:
    """Build and write one of folium's own pages."""
    import folium
    from folium.plugins import FastMarkerCluster, MarkerCluster

    rows = list(incidents(n))
    start = time.perf_counter()
    made = folium.Map([31.9, 35], zoom_start=8, tiles=None, max_zoom=18)
    made.options["maxZoom"] = 18
    if way == "FastMarkerCluster":
        FastMarkerCluster([[r.lat, r.lon, r.sentence] for r in rows]).add_to(made)
    elif way == "GeoJson":
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [r.lon, r.lat]},
                "properties": {"text": r.sentence},
            }
            for r in rows
        ]
        collection = {"type": "FeatureCollection", "features": features}
        popup = folium.GeoJsonPopup(fields=["text"])
        folium.GeoJson(collection, popup=popup).add_to(made)
    else:
        parent = MarkerCluster().add_to(made) if way == "MarkerCluster" else made
        for r in rows:
            folium.Marker([r.lat, r.lon], popup=r.sentence).add_to(parent)
    made.save(path)
    return time.perf_counter() - start


WATCH = """
(() => { const b = window.bench = {last: 0, gaps: null}; let before = performance.now();
const frame = () => { const now = performance.now(); if (now - before > 50) b.last = now;
  if (b.gaps) b.gaps.push(now - before); before = now; requestAnimationFrame(frame); };
requestAnimationFrame(frame);
new PerformanceObserver(l => { for (const e of l.getEntries())
  b.last = Math.max(b.last, e.startTime + e.duration);
}).observe({type: 'longtask', buffered: true});
addEventListener('load', () => b.load = performance.now());
b.quiet = (ms, cap) => new Promise(done => { const from = performance.now(); const look = () => {
  const now = performance.now();
  if (b.load && now - Math.max(b.last, b.load, from) > ms || now - from > cap)
  done(Math.max(b.last, b.load || 0)); else setTimeout(look, 50); }; look(); }); })();
"""
PAN = """
async () => { const map = Object.values(window).find(v => v instanceof L.Map);
const box = map.getContainer(), frame = () => new Promise(r => requestAnimationFrame(r));
const send = (t, el, x, y) => el.dispatchEvent(new MouseEvent(t, {bubbles: true, cancelable: true,
  view: window, clientX: x, clientY: y, button: 0, buttons: 1}));
let x = box.clientWidth * .75, y = box.clientHeight * .5; const pane = map.getPane('mapPane');
await frame(); bench.gaps = []; send('mousedown', pane, x, y);
for (let i = 0; i < 60; i++) {
  send('mousemove', document.body, x -= 8, y + i % 7); await frame(); }
const gaps = bench.gaps.sort((a, b) => a - b); bench.gaps = null;
send('mouseup', document.body, x, y);
return [gaps[gaps.length >> 1], gaps[Math.floor(gaps.length * .95)]]; }
"""
FILTER = """
async () => { const took = []; const frame = () => new Promise(r => requestAnimationFrame(r));
const clicks = [...document.querySelectorAll('.gm-type:not(.gm-ghost)')].slice(0, 4);
const bars = [...document.querySelectorAll('.gm-bar')];
const enter = () => new KeyboardEvent('keydown', {key: 'Enter', bubbles: true});
const steps = [...clicks, ...clicks].map(b => () => b.click());
steps.push(...[3, 9].map(k => () => bars[k].dispatchEvent(enter())));
for (const step of steps) { const from = performance.now(); step(); await frame();
  await new Promise(r => setTimeout(r, 0)); took.push(performance.now() - from);
  await new Promise(r => setTimeout(r, 200)); }
return took; }
"""


def measure(path: Path, limit: float) -> dict[str, Any]:
    """Open a page in Chromium and time it."""
    from playwright.sync_api import Route, sync_playwright

    left: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:")):
            route.continue_()
            return
        left.append(url)
        name = _VENDORED.get(url.split("?")[0].rsplit("/", 1)[-1], "")
        found = content(f"maps/vendor/{name}") if name else None
        route.fulfill(path=str(found)) if found else route.fulfill(body="")

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(limit * 1000)
        page.add_init_script(WATCH)
        page.route("**/*", answer)
        page.goto(path.as_uri(), wait_until="load")
        interactive = page.evaluate(f"bench.quiet(1000, {limit * 1000:.0f})")
        found: dict[str, Any] = {"interactive_s": round(interactive / 1000, 2)}
        if page.locator(".gm-type").count():
            took = page.evaluate(FILTER)
            found["filter_ms"] = [round(statistics.median(took)), round(max(took))]
        found["pan_p50_p95_ms"] = [round(gap, 1) for gap in page.evaluate(PAN)]
        found["requests"] = len(left)
        browser.close()
    return found


def build(way: str, n: int, path: str) -> None:
    """Build one page in this process and print what it took."""
    text = way != "geomap without text"
    ours = way.startswith("geomap")
    took = build_ours(n, Path(path), text) if ours else build_folium(way, n, Path(path))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = Path(path).stat().st_size / 1e6
    print(json.dumps({"build_s": round(took, 2), "html_mb": round(size, 2), "memory_mb": memory}))


def attempt(way: str, n: int, path: Path, limit: float) -> dict[str, Any]:
    """Build a page and measure it, or say what stopped it."""
    name = "geomap without text" if way == "geomap" and n >= 1_000_000 else way
    command = [sys.executable, __file__, str(n), "--build", name, str(path)]
    row: dict[str, Any] = {"way": name, "n": n}
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit)
        row |= json.loads(done.stdout)
        row |= measure(path, limit)
    except subprocess.TimeoutExpired:
        row["stopped"] = f"not built in {limit:.0f} s"
    except Exception as error:
        row["stopped"] = str(error).split("\n")[0]
    return row


def table(rows: list[dict[str, Any]]) -> str:
    """Set the figures out as a table."""
    columns = ["way", "n", "build_s", "html_mb", "memory_mb", "interactive_s"]
    columns += ["filter_ms", "pan_p50_p95_ms", "requests", "stopped"]
    cells = [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def main() -> None:
    """Measure each way for each number of incidents."""
    ways = ["geomap", "Marker", "MarkerCluster", "FastMarkerCluster", "GeoJson"]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("numbers", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--ways", nargs="+", choices=ways, default=ways)
    parser.add_argument("--limit", type=float, default=120, help="seconds for each step")
    parser.add_argument("--build", nargs=2, metavar=("WAY", "PATH"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.build:
        build(asked.build[0], asked.numbers[0], asked.build[1])
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for n in asked.numbers:
            for way in asked.ways:
                load = os.getloadavg()[0]
                rows.append(attempt(way, n, Path(folder) / "map.html", asked.limit))
                print(f"load {load:.1f}", json.dumps(rows[-1]), file=sys.stderr, flush=True)
    print(table(rows))


if __name__ == "__main__":
    main()
