"""The world of the store's tests: how to draw an incident, and a store in a folder."""

import datetime as dt
import importlib.util
import itertools
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from geomap.model import Incident
from geomap.record import DATES, FIELDS, FLOATS, INTEGERS, LISTS
from geomap.store import Store
from geomap.store.query import known_types

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
lons = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.999, -179.999])
lats = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0])
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)) | st.dates(
    dt.date(2026, 5, 1), dt.date(2026, 5, 9)
)
whole_numbers = st.integers(0, 2**40)
actors = st.fixed_dictionaries(
    {"text": texts, "name": texts, "role": st.sampled_from(["actor1", "actor2"])},
    optional={"start": whole_numbers, "end": whole_numbers},
)
quantities = st.fixed_dictionaries({"what": texts, "value": whole_numbers | st.none()})


@st.composite
def triangles(draw: st.DrawFn) -> Any:
    corner = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
    ring = draw(st.lists(corner, min_size=3, max_size=4))
    return (*ring, ring[0])


def _values(name: str, default: Any) -> st.SearchStrategy[Any]:
    if name in DATES:
        return st.none() | days
    if name == "geo_precision":
        return st.sampled_from([None, 1, 2, 3, 4])
    if name in INTEGERS:
        return st.none() | whole_numbers
    if name == "uncertainty_km":
        return st.none() | st.floats(0, 3000) | st.just(0.0)
    if name in FLOATS:
        return st.floats(0, 1) if name == "confidence" else st.none() | st.floats(-90, 90)
    if name in LISTS:
        kind = {"actors": actors, "quantities": quantities}.get(name, texts)
        return st.lists(kind, max_size=2).map(tuple)
    if name == "incident_type":
        return st.sampled_from(known_types())
    if name == "temporal":
        return st.sampled_from(["current", "background"])
    if default is None:
        return st.none() | texts.filter(bool)
    return texts if default == "" else texts.filter(bool)


@st.composite
def drawn_incidents(draw: st.DrawFn) -> Incident:
    """Draw any incident that the record allows."""
    values = {f.name: _values(f.name, f.default) for f in fields(Incident) if f.name in FIELDS}
    values["id"] = texts.filter(bool)
    point = draw(st.none() | st.tuples(lons, lats))
    lon, lat = point or (None, None)
    area = draw(st.just(()) | st.lists(triangles(), max_size=2).map(tuple)) if point else ()
    return Incident(**draw(st.fixed_dictionaries(values)), lon=lon, lat=lat, area=area)


st.register_type_strategy(Incident, drawn_incidents())


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start PostgreSQL with PostGIS, and give its URL; without it, CI fails and others skip."""
    module = Path(__file__).parents[2] / "benchmarks" / "server.py"
    spec = importlib.util.spec_from_file_location("server", module)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    if not found.programs():
        pytest.fail(found.MISSING) if os.environ.get("CI") else pytest.skip(found.MISSING)
    with found.postgres("fsync=off", "max_wal_size=200MB") as url:
        yield url


@pytest.fixture(scope="session")
def _schemas() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def database(server: str, _schemas: Iterator[int]) -> str:
    """Give the URL of an empty schema, as good as a database of its own."""
    import psycopg

    name = f"test_{next(_schemas)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute("SET client_min_messages = warning")
        db.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        db.execute(f"CREATE SCHEMA {name}")
    return f"{server}?options=-csearch_path%3D{name},public"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "incidents.gpkg"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path, wait_s=0.1) as store:
        yield store
