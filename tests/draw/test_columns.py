import base64
import datetime as dt
import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.draw.columns import BLOCK, NEVER, NOWHERE, TEXT_FIELDS, to_columns
from geomap.model import Incident

TYPES = ("explosion", "battle", "statement", "other")
DAY = dt.date(2024, 4, 12)


def incident(n=0, **fields):
    usual = {
        "event_id": f"e{n}",
        "date": DAY,
        "date_end": DAY,
        "date_precision": "day",
        "incident_type": "battle",
        "place": "Tubas",
        "sentence": f"Sentence {n}.",
        "lon": 35.37,
        "lat": 32.32,
        "geo_precision": 1,
    }
    return Incident(id=f"id{n:04}", **(usual | fields))


def streams(columns):
    return [gzip.decompress(base64.b64decode(line)) for line in columns.lines().split("\n")]


def read_back(columns):
    """Read the lines as the page does: head, arrays by name, text blocks."""
    head, packed, *blocks = streams(columns)
    head = json.loads(head)
    arrays, at = {}, 0
    for name, dtype in head["columns"]:
        size = np.dtype(dtype).itemsize
        planes = np.frombuffer(packed, "u1", head["n"] * size, at).reshape(size, head["n"])
        arrays[name] = np.ascontiguousarray(planes.T).view(dtype).ravel()
        at += arrays[name].nbytes
    assert at == len(packed)
    sizes = [min(BLOCK, head["n"] - start) for start in range(0, head["n"], BLOCK)]
    pairs = zip(blocks, sizes, strict=True)
    return head, arrays, [expanded(json.loads(block), size) for block, size in pairs]


def expanded(block, size):
    one_for_all = {name: v["every"] for name, v in block.items() if isinstance(v, dict)}
    return block | {name: [value] * size for name, value in one_for_all.items()}


def test_the_order_of_the_incidents_does_not_matter():
    rows = [incident(n, date=DAY - dt.timedelta(days=n % 3)) for n in range(20)]
    assert to_columns(rows, TYPES).lines() == to_columns(rows[::-1], TYPES).lines()


def test_mentions_of_an_event_are_one_and_the_surest_comes_first():
    rows = [
        incident(1, event_id="raid", confidence=0.5),
        incident(2, event_id="raid", confidence=0.9),
        incident(3, event_id="raid", place="Jenin"),
    ]
    head, arrays, blocks = read_back(to_columns(rows, TYPES))
    assert head["events"] == 2
    surest = blocks[0]["id"].index("id0002")
    assert arrays["event"][surest] == arrays["event"][blocks[0]["id"].index("id0001")]
    assert surest < blocks[0]["id"].index("id0001")


def mention(n, issued, **fields):
    doc = {"doc_id": f"doc{issued}", "doc_date": DAY + dt.timedelta(days=issued)}
    return incident(n, **({"event_id": "raid"} | doc | fields))


@pytest.mark.parametrize(
    ("earlier", "later", "told"),
    [
        ({"fatalities": 3}, {"fatalities": 5}, [1, 2]),
        ({"place_id": "a"}, {"place_id": "b", "place": "Jenin"}, [1, 2]),
        ({"date": DAY}, {"date": DAY - dt.timedelta(days=1)}, [1, 2]),
        ({"fatalities": 3}, {"fatalities": None}, [0, 0]),
        ({"fatalities": 3}, {"fatalities": 3}, [0, 0]),
        ({"event_id": "other", "fatalities": 3}, {"fatalities": 5}, [0, 0]),
        ({"doc_id": "doc1", "place": "Jenin", "fatalities": 1}, {"fatalities": 5}, [0, 0]),
    ],
    ids=["more killed", "elsewhere", "another day", "not said", "same", "another event", "one doc"],
)
def test_a_later_bulletin_corrects_an_earlier_one(earlier, later, told):
    rows = [mention(1, 0, **earlier), mention(2, 1, **later)]
    _, arrays, blocks = read_back(to_columns(rows, TYPES))
    state = dict(zip(blocks[0]["id"], arrays["told"], strict=True))
    assert [state["id0001"], state["id0002"]] == told
    if told == [1, 2]:
        assert arrays["event"][0] == arrays["event"][1]


@pytest.mark.parametrize("modality", ["threatened", "planned", "hypothetical"])
def test_what_has_not_happened_is_drawn_with_the_statements(modality):
    row = incident(incident_type="explosion", modality=modality)
    _, arrays, blocks = read_back(to_columns([row], TYPES))
    assert TYPES[arrays["type"][0]] == "statement"
    assert blocks[0]["incident_type"] == ["explosion"]


def test_a_type_that_nobody_knows_is_the_last():
    _, arrays, _ = read_back(to_columns([incident(incident_type="picnic")], TYPES))
    assert TYPES[arrays["type"][0]] == "other"


@pytest.mark.parametrize(
    ("lon", "lat"), [(None, 32.0), (35.0, None), (float("nan"), 32.0), (float("inf"), 32.0)]
)
def test_without_both_coordinates_there_is_no_point(lon, lat):
    _, arrays, _ = read_back(to_columns([incident(lon=lon, lat=lat)], TYPES))
    assert arrays["lon"][0] == arrays["lat"][0] == NOWHERE


def test_offsets_are_counted_from_the_sentence():
    row = incident(sentence="Shells hit.", sentence_start=900, sentence_end=911)
    row = replace(row, trigger="hit", trigger_start=907, trigger_end=910)
    _, _, (block,) = read_back(to_columns([row], TYPES))
    assert [block[k][0] for k in ("sentence_start", "sentence_end")] == [900, 0]
    assert [block[k][0] for k in ("trigger_start", "trigger_end")] == [7, 10]


def test_events_told_once_need_no_column():
    assert "event" not in to_columns([incident(1), incident(2)], TYPES).columns


def test_without_a_day_there_is_no_day():
    _, arrays, _ = read_back(to_columns([incident(date=None, date_end=None)], TYPES))
    assert arrays["day"][0] == NEVER


@pytest.mark.parametrize(
    ("source", "public"),
    [
        ("/home/ada/bulletins/no1.txt", "no1.txt"),
        ("C:\\Users\\ada\\no1.txt", "no1.txt"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("", ""),
    ],
)
def test_a_path_of_the_maker_does_not_travel(source, public):
    head, _, _ = read_back(to_columns([incident(source=source)], TYPES))
    assert head["documents"][0][3] == public


def test_who_takes_part_is_a_dictionary_of_sets():
    army, police = {"name": "army"}, {"text": "police", "name": ""}
    rows = [
        incident(1, actors=(police, army, army)),
        incident(2),
        incident(3, actors=(army, police)),
    ]
    head, arrays, _ = read_back(to_columns(rows, TYPES))
    assert head["actors"] == [["army", "police"], []]
    assert arrays["actors"].tolist() == [0, 1, 0]


def test_what_json_has_no_word_for_is_unknown():
    row = incident(uncertainty_km=float("nan"), confidence=float("inf"))
    _, arrays, blocks = read_back(to_columns([row], TYPES))
    assert arrays["radius"][0] == 0
    assert "confidence" not in blocks[0]


def test_a_lone_surrogate_does_not_stop_the_page():
    _, _, blocks = read_back(to_columns([incident(sentence="\ud800!")], TYPES))
    assert blocks[0]["sentence"] == ["?!"]


def test_an_area_is_written_as_steps():
    ring = ((35.0, 33.0), (35.5, 33.0), (35.5, 33.25), (35.0, 33.0))
    head, arrays, _ = read_back(to_columns([incident(area=(ring,))], TYPES))
    assert head["areas"] == [[[350000, 330000, 5000, 0, 0, 2500, -5000, -2500]]]
    assert arrays["area"][0] == 1


def test_no_incident_gives_an_empty_page():
    head, arrays, blocks = read_back(to_columns([], TYPES))
    assert head["n"] == 0 and blocks == []
    assert all(len(array) == 0 for array in arrays.values())


texts = st.text(max_size=60)
rows = st.lists(
    st.builds(
        Incident,
        id=texts,
        event_id=st.sampled_from(["", "a", "b"]),
        doc_title=texts,
        date=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)),
        incident_type=st.sampled_from([*TYPES, ""]),
        place=texts,
        country=st.none() | texts,
        sentence=texts,
        fatalities=st.none() | st.integers(0, 10**6),
        confidence=st.floats(0, 1),
        reasons=st.lists(texts, max_size=3).map(tuple),
        lon=st.none() | st.floats(-180, 180),
        lat=st.none() | st.floats(-90, 90),
        geo_precision=st.none() | st.sampled_from([1, 2, 3, 4]),
        modality=st.sampled_from(["asserted", "claimed", "denied", "threatened"]),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(rows)
def test_what_is_written_is_read_back(incidents):
    head, arrays, blocks = read_back(to_columns(incidents, TYPES))
    found = []
    for i in range(head["n"]):
        block = blocks[i // BLOCK]
        text = {name: values[i % BLOCK] for name, values in block.items()}
        place, _, country, _ = head["places"][arrays["place"][i]]
        day = arrays["day"][i]
        date = dt.date.fromisoformat(head["day0"]) + dt.timedelta(days=int(day))
        placed = arrays["lon"][i] != NOWHERE
        found.append(
            (
                text.get("id", ""),
                text.get("sentence", ""),
                text.get("fatalities"),
                text.get("reasons", []),
                place,
                country,
                None if day == NEVER else date,
                round(float(arrays["lon"][i])) if placed else None,
                head["modalities"][arrays["flags"][i] >> 4],
            )
        )
    expected = [
        (
            r.id,
            r.sentence,
            r.fatalities,
            list(r.reasons),
            r.place,
            r.country,
            r.date,
            None if r.lon is None or r.lat is None else round(r.lon * 1e6),
            r.modality,
        )
        for r in incidents
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_a_field_that_nobody_fills_costs_nothing():
    _, _, blocks = read_back(to_columns([incident()], TYPES))
    assert set(blocks[0]) < set(TEXT_FIELDS)
    assert "notes" not in blocks[0]


def test_type_and_event_are_written_only_where_they_surprise():
    rows = [
        incident(1, event_id="id0001"),
        incident(2, event_id="id0001"),
        incident(3, event_id=""),
    ]
    _, _, blocks = read_back(to_columns(rows, TYPES))
    assert blocks[0]["event_id"] == ["", None, "id0001"]
    assert "incident_type" not in blocks[0]


def test_long_text_comes_in_blocks():
    _, _, blocks = read_back(to_columns([incident(n) for n in range(BLOCK + 1)], TYPES))
    assert [len(block["id"]) for block in blocks] == [BLOCK, 1]


def test_the_last_block_of_a_changed_incident_alone_changes():
    rows = [incident(n, place=f"P{n:04}") for n in range(BLOCK + 1)]
    changed = [*rows[:-1], replace(rows[-1], sentence="Other.")]
    before, after = (to_columns(r, TYPES).lines().split("\n") for r in (rows, changed))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, True, False]
