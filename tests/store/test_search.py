"""Every query agrees with a plain loop over all incidents."""

import datetime as dt
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.model import Incident
from geomap.store import Bbox, Query, Store, cursor
from geomap.store.extent import certainty

DAYS = st.dates(dt.date(2026, 4, 28), dt.date(2026, 5, 12))
WORDS = st.sampled_from(["Tubas", "army", "Hôpital", "hopital", "air-strike", "قصف"])
# A billionth of a degree is a tenth of a millimetre; of much less SQLite's R-tree loses count.
NEARBY = st.floats(-12, 12).map(lambda degrees: round(degrees, 9))
DEGREES = NEARBY | st.sampled_from([-180, -179.5, 0, 5, 179.5, 180])
TYPES = st.sampled_from(["battle", "explosion", "statement"])
RINGS = st.lists(st.tuples(NEARBY, NEARBY), min_size=3, max_size=5)


@st.composite
def incidents(draw):
    """Draw incidents that lie close together, so that queries tell them apart."""
    drawn = []
    for number in range(draw(st.integers(1, 12))):
        point = draw(st.none() | st.tuples(DEGREES, NEARBY))
        ring = draw(st.none() | RINGS) if point else None
        date = draw(st.none() | DAYS)
        drawn.append(
            Incident(
                f"{number:02}",
                lon=point[0] if point else None,
                lat=point[1] if point else None,
                area=((*ring, ring[0]),) if ring else (),
                uncertainty_km=draw(st.none() | st.floats(0, 900).map(lambda km: round(km, 6))),
                geo_precision=draw(st.sampled_from([None, 1, 2, 3])),
                date=date,
                date_end=draw(st.none() | st.dates(date, dt.date(2026, 5, 12))) if date else None,
                incident_type=draw(TYPES),
                temporal=draw(st.sampled_from(["current", "background"])),
                modality=draw(st.sampled_from(["asserted", "claimed"])),
                tags=draw(st.sampled_from([(), (), ("rejected",)])),
                doc_date=draw(st.none() | DAYS),
                sentence=" ".join(draw(st.lists(WORDS, max_size=3))),
                actors=({"text": draw(WORDS), "name": draw(WORDS)},),
            )
        )
    return drawn


@st.composite
def queries(draw):
    south, north = sorted([draw(NEARBY), draw(NEARBY)])
    box = st.builds(lambda w, e: Bbox(w, south, e, north), DEGREES, DEGREES)
    since, until = draw(st.none() | DAYS), draw(st.none() | DAYS)
    issued_since, issued_until = draw(st.none() | DAYS), draw(st.none() | DAYS)
    return Query(
        bbox=draw(st.none() | box | st.lists(box, min_size=2, max_size=3)),
        since=since,
        until=max(since, until) if since and until else until,
        issued_since=issued_since,
        issued_until=issued_until,
        types=draw(st.lists(TYPES, max_size=2)),
        modality=draw(st.sampled_from([(), (), "claimed"])),
        include_rejected=draw(st.booleans()),
        actor=draw(st.just("") | WORDS),
        text=draw(st.just("") | WORDS),
        certain=draw(st.booleans()),
        include_background=draw(st.booleans()),
        newest_first=draw(st.booleans()),
        limit=draw(st.none() | st.integers(1, 5)),
        after=draw(st.sampled_from(["", "", "undated/03", "2026-05-04/05"])),
    )


def answer(query, incidents):
    """Answer a query in the plainest way."""
    found = [one for one in incidents if answers(query, one)]
    found.sort(key=lambda one: one.id)
    if query.newest_first:
        found.sort(key=lambda one: one.date or dt.date.min, reverse=True)
    else:
        found.sort(key=lambda one: one.date or dt.date.max)
    if query.after:
        found = [one for one in found if place(query, cursor(one)) > place(query, query.after)]
    how = [(one.id, best(query, one) if query.bbox else None) for one in found]
    return how[: query.limit]


def place(query, mark):
    """Say where in the order something stands that has this cursor."""
    day, _, id_ = mark.partition("/")
    if day == "undated":
        return (1, 0, id_)
    number = dt.date.fromisoformat(day).toordinal()
    return (0, -number if query.newest_first else number, id_)


def best(query, one):
    hows = {certainty(box, one) for box in query.boxes}
    return "certain" if "certain" in hows else "possible" if "possible" in hows else None


def answers(query, one):
    last = one.date_end or one.date
    names = " ".join(value for actor in one.actors for value in actor.values())
    return (
        (query.bbox is None or best(query, one) in ("certain", *_possible(query)))
        and (query.include_rejected or "rejected" not in one.tags)
        and (not query.modality or one.modality in query.modality)
        and (not query.since or bool(last and last >= query.since))
        and (not query.until or bool(one.date and one.date <= query.until))
        and (not query.issued_since or bool(one.doc_date and one.doc_date >= query.issued_since))
        and (not query.issued_until or bool(one.doc_date and one.doc_date <= query.issued_until))
        and (not query.types or one.incident_type in query.types)
        and (query.include_background or one.temporal != "background")
        and words(query.actor) <= words(names)
        and words(query.text) <= words(f"{one.sentence} {names}")
    )


def _possible(query):
    return () if query.certain else ("possible",)


def words(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return set(re.findall(r"\w+", plain.casefold()))


@settings(deadline=None, max_examples=80)
@given(incidents=incidents(), asked=st.lists(queries(), min_size=5, max_size=12))
def test_a_query_agrees_with_a_plain_loop(tmp_path_factory, incidents, asked):
    with Store(tmp_path_factory.mktemp("loop") / "incidents.gpkg") as store:
        store.add(incidents)
        for query in asked:
            found = [(match.incident.id, match.certainty) for match in store.matches(query)]
            assert found == answer(query, incidents), query
            assert store.count(query) == len(found)
            pages = [m.incident.id for page in store.pages(query, 2) for m in page]
            if query.limit is None:
                assert pages == [id_ for id_, _ in found]
