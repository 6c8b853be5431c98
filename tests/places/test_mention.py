import pytest

from geomap.places.gazetteer import default_gazetteer
from geomap.places.lexicon import BIT, default_lexicon
from geomap.places.modifier import find_modifier
from geomap.places.sighting import find_sightings
from geomap.places.tokens import tokenize


def sighted(text):
    lexicon = default_lexicon()
    tokens = tokenize(text, lexicon)
    return [
        (text[slice(*s.span(tokens))], s)
        for s in find_sightings(tokens, default_gazetteer(), lexicon)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Gaza's port", ["Gaza", "s", "port"]),
        ("U.S. troops", ["U.S.", "troops"]),
        ("US-backed", ["US", "backed"]),
        ("Be'eri and Ha'apai", ["Be'eri", "and", "Ha'apai"]),
    ],
)
def test_a_text_falls_into_words(text, words):
    assert tokenize(text, default_lexicon()).word == words


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("He left. Then came Gen. Smith", [True, False, True, False, False, False]),
        ("One\nTwo", [True, True]),
    ],
)
def test_a_sentence_opens_after_a_stop_but_not_after_a_title(text, opens):
    assert tokenize(text, default_lexicon()).opens == opens


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("in the Gaza Strip today", "Gaza Strip"),
        ("the Gulf of Aden route", "Gulf of Aden"),
        ("near al-Bab at noon", "al-Bab"),
        ("near St. Louis at noon", "St. Louis"),
        ("the Aleppo University Hospital fire", "Aleppo University Hospital"),
        ("on Interstate 40 west", "Interstate 40"),
        ("in Gainesville, Va., at noon", "Va."),
    ],
)
def test_the_longest_name_is_sighted(text, name):
    assert name in dict(sighted(text))


@pytest.mark.parametrize("text", ["a nice reading of the split", "the us and them", "IN OR ME"])
def test_small_words_and_bare_codes_are_not_sighted_as_places(text):
    assert not [s for _, s in sighted(text) if s.abbreviation]


def test_a_peoples_name_points_to_its_country():
    assert [s.demonym for _, s in sighted("Syrian troops")] == [("SY",)]


@pytest.mark.parametrize(
    ("before", "rule", "side", "km"),
    [
        ("in northern ", "part", "north", 0),
        ("in the north-eastern ", "part", "north-east", 0),
        ("in the south of ", "part", "south", 0),
        ("in the southern part of ", "part", "south", 0),
        ("south of ", "beyond", "south", 0),
        ("on the western outskirts of ", "outskirts", "west", 0),
        ("about 12.5 km (8 miles) north-west of ", "offset", "north-west", 12.5),
        ("some 50 nautical miles southwest of ", "offset", "south-west", 92.6),
    ],
)
def test_words_before_a_name_move_it(before, rule, side, km):
    text = f"It was {before}Kherson"
    found = find_modifier(text, len(text) - len("Kherson"))
    assert (found.rule, found.side, found.km) == (rule, side, km)


@pytest.mark.parametrize("before", ["in ", "the town of ", "12 miles from ", "Western "])
def test_other_words_do_not(before):
    text = f"It was {before}Kherson"
    found = find_modifier(text, len(text) - len("Kherson"))
    assert found is None or before == "Western "


def test_every_cue_of_the_table_is_a_known_one():
    assert all(0 < bits < 1 << len(BIT) for bits in default_lexicon().cues.values())
