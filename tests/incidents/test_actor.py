import csv

import pytest

from geomap.content import content
from geomap.incidents.actor import find_actors, find_source, roles
from geomap.incidents.clause import find_clauses
from geomap.incidents.trigger import find_triggers
from geomap.incidents.words import find_words


def actors(text):
    return [actor.name for actor in find_actors(find_words(text), text)]


def parts(text):
    words = find_words(text)
    trigger = find_triggers(words, text)[0]
    clause = next(c for c in find_clauses(words) if c.first <= trigger.first < c.last)
    return {role: actor.name for actor, role in roles(find_actors(words, text), trigger, clause)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The IDF left.", ["Israel Defense Forces"]),
        ("RSF and SAF units met.", ["Rapid Support Forces", "Sudanese Armed Forces"]),
        ("ISWAP fighters fled.", ["Islamic State West Africa Province"]),
        ("Georgian troops left.", ["Georgian troops"]),
        ("Gunmen on motorcycles came.", ["Gunmen"]),
        ("The town is calm.", []),
        ("There he is.", []),
        ("He read a badr poem.", []),
    ],
)
def test_actors_are_found_by_name_and_by_pattern(text, names):
    assert actors(text) == names


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "JNIM attacked Malian soldiers in Ber.",
            {"actor1": "JNIM", "actor2": "Malian Armed Forces"},
        ),
        (
            "Malian soldiers were attacked by JNIM.",
            {"actor1": "JNIM", "actor2": "Malian Armed Forces"},
        ),
        ("A Houthi attack on a ship failed.", {"actor1": "Houthis"}),
        ("The IDF shelled Khiam.", {"actor1": "Israel Defense Forces"}),
    ],
)
def test_who_did_it_and_to_whom(text, wanted):
    assert parts(text) == wanted


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The army said that rebels shelled Goma.", "The army"),
        ("Rebels shelled Goma, according to residents.", "residents"),
        ("According to the health ministry, two died.", "the health ministry"),
        ("Rebels shelled Goma.", None),
    ],
)
def test_who_says_so(text, source):
    assert find_source(find_words(text), text, 0, len(text)) == source


def test_the_table_of_actors_is_whole():
    with content("maps/actors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 400
    assert [row["name"] for row in rows] == sorted((row["name"] for row in rows), key=str.lower)
    assert all(row["inter"] in "12345678" and row["kind"] for row in rows)
    aliases = [a.lower() for row in rows for a in row["aliases"].split("; ") if a]
    assert len(aliases) == len(set(aliases))
