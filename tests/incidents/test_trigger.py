import pytest

from geomap.incidents.clause import find_clauses
from geomap.incidents.lexicon import senses
from geomap.incidents.trigger import Company, find_triggers, read_trigger
from geomap.incidents.words import find_words

FINITE = ("past", "present", "participle", "ing")


def read(text):
    """Read every trigger of a sentence; capitalised words inside it count as places."""
    words = find_words(text)
    triggers = find_triggers(words, text)
    clauses = find_clauses(words, {t.first for t in triggers if t.form in FINITE})
    places = [i for i, word in enumerate(words) if i and text[word.start].isupper()]
    company = Company(words, {"place": places})
    found = []
    for trigger in triggers:
        clause = next(c for c in clauses if c.first <= trigger.first < c.last)
        reading = read_trigger(trigger, clause, company)
        if reading is not None:
            found.append((text[trigger.start : trigger.end], reading))
    return found


def types(text):
    return {f"{r.incident_type}.{r.subtype}" for _, r in read(text)}


@pytest.mark.parametrize("sense", [s for s in senses() if s.incident_type], ids=str)
def test_each_row_of_the_table_reads_its_own_example(sense):
    readings = [reading for _, reading in read(sense.example)]
    wanted = (sense.phrase, sense.incident_type)
    assert wanted in [(r.phrase, r.incident_type) for r in readings]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Militants attacked the depot with drones.", "explosion.drone_strike"),
        ("Rebels fired missiles at Eilat.", "explosion.rocket_missile"),
        ("Gunners hit Orikhiv with artillery.", "explosion.shelling"),
        ("The assault on the base began with a suicide vest.", "battle.ground_assault"),
        ("The navy intercepted a missile over the strait.", "interception.intercept"),
        ("The navy intercepted a dhow with rifles.", "interception.weapons_seizure"),
        ("Rebels shot down a helicopter.", "interception.aircraft_shootdown"),
        ("Crews shot down a drone.", "interception.intercept"),
        ("Gunmen killed six villagers.", "civilians.attack"),
        ("The army killed six militants.", "battle.ground_assault"),
        ("Six villagers were killed by soldiers.", "civilians.attack"),
        ("Six soldiers were killed by gunmen.", "battle.ground_assault"),
        ("Insurgents raided a barracks.", "battle.ground_assault"),
        ("Police raided a flat.", "security.raid"),
        ("Protesters clashed with police.", "unrest.riot"),
        ("Militiamen clashed with soldiers.", "battle.armed_clash"),
        ("An explosion at a chemical plant killed two.", "hazard.explosion"),
        ("Bomb explosions shook the mosque.", "explosion.ied_mine"),
    ],
)
def test_the_company_of_a_word_decides_its_type(text, wanted):
    assert wanted in types(text)


@pytest.mark.parametrize(
    "text",
    [
        "He had a heart attack.",
        "They struck a deal on fish.",
        "The strike group left port.",
        "An attack helicopter landed.",
        "The fire brigade arrived.",
        "The navy intercepted a phone call.",
        "The orders of battle were published.",
        "The market was the target.",
        "The deadline was not met.",
        "The two prayed during Mass there.",
        "Shares in Tokyo fell.",
        "A hurricane watch was issued.",
    ],
)
def test_words_that_look_like_signals_are_none(text):
    kinetic = {t for t in types(text) if not t.startswith(("statement", "diplomacy"))}
    assert kinetic == set()


@pytest.mark.parametrize(
    ("text", "word", "noun"),
    [
        ("The attacks on Goma went on.", "attacks", True),
        ("Rebels attack the town.", "attack", False),
        ("They plan to attack.", "attack", False),
        ("Goma has been under blockade.", "blockade", True),
        ("In response to protests they left.", "protests", True),
    ],
)
def test_nouns_are_told_from_verbs(text, word, noun):
    trigger = next(
        t for t in find_triggers(find_words(text), text) if text[t.start : t.end] == word
    )
    assert trigger.is_noun is noun


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("Three people were killed.", True),
        ("Three killed in Reading.", True),
        ("Soldiers killed three.", False),
        ("Rebels have shelled the town.", False),
        ("The town had been shelled.", True),
    ],
)
def test_passives_are_told_from_actives(text, passive):
    assert find_triggers(find_words(text), text)[0].passive is passive


def test_every_subtype_of_a_trigger_stands_in_the_table_of_subtypes():
    import csv

    from geomap.content import content

    with content("maps/subtypes.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["incident_type"], row["subtype"]) for row in csv.DictReader(file)}
    used = {(s.incident_type, s.subtype) for s in senses() if s.incident_type}
    assert used <= known
    with content("maps/types.csv").open(encoding="utf-8", newline="") as file:
        types_known = {row["incident_type"] for row in csv.DictReader(file)}
    assert {t for t, _ in known} == types_known


def test_all_needed_contexts_are_known():
    import csv

    from geomap.content import content

    with content("maps/contexts.csv").open(encoding="utf-8", newline="") as file:
        known = {row["context"] for row in csv.DictReader(file)}
    needed = {n.lstrip("<>~") for s in senses() for n in s.needs | s.avoids}
    assert needed - {"place", "weapon"} <= known
