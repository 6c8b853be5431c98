import pytest

from geomap.incidents.number import find_numbers
from geomap.incidents.quantity import Toll, find_quantities, no_casualties, toll
from geomap.incidents.words import find_words


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("at least 21 civilians", 21, 21, None),
        ("up to 200 soldiers", None, None, 200),
        ("between 400 and 500 dead", None, 400, 500),
        ("20 to 30 fighters", None, 20, 30),
        ("two dozen rockets", 24, 24, 24),
        ("dozens of people", None, 24, None),
        ("thirty-two dead", 32, 32, 32),
        ("1,035 people", 1035, 1035, 1035),
        ("2 million people", 2_000_000, 2_000_000, 2_000_000),
        ("about 100 assailants", 100, None, None),
        ("a hundred fighters", 100, 100, 100),
        ("nearly 60 houses", 60, None, 60),
    ],
)
def test_numbers_carry_their_bounds(text, value, low, high):
    number = find_numbers(find_words(text), text)[0]
    assert (number.value, number.low, number.high) == (value, low, high)


@pytest.mark.parametrize("text", ["a ten-storey block", "one-way drones", "a 25-year-old man"])
def test_numbers_in_compounds_count_nothing(text):
    assert find_numbers(find_words(text), text) == []


def people(text, what="killed"):
    return toll(find_quantities(find_words(text), text), what)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The shelling killed three people and injured nine.", Toll(3, 3, 3)),
        ("At least 20 soldiers and one civilian died.", Toll(21, 21, None)),
        ("Three killed, two others injured in Goma.", Toll(3, 3, 3)),
        ("Soldiers killed a senior commander in Goma.", Toll(1, 1, 1)),
        ("The attack killed up to 200 soldiers.", Toll(None, None, 200)),
        ("The flood left 12 dead and 30 wounded.", Toll(12, 12, 12)),
        ("The death toll rose to 1,035.", Toll(1035, 1035, 1035)),
        ("Clashes killed dozens of people.", Toll(None, 24, None)),
        ("39 people were found dead.", Toll(39, 39, 39)),
        ("Rebels fired 30 rockets.", Toll()),
        ("A soldier killed in 2019 was buried.", Toll()),
        ("The storm claimed the lives of 20 people.", Toll(20, 20, 20)),
        ("The toll has risen to 21.", Toll(21, 21, 21)),
        ("At least 12 people, including three children, were killed.", Toll(12, 12, None)),
        ("Two jets killed 22 people, 19 of them civilians.", Toll(22, 22, 22)),
        ("The blast killed one and injured 11.", Toll(1, 1, 1)),
        ("The driver died.", Toll(1, 1, 1)),
        ("Soldiers shot a man dead.", Toll(1, 1, 1)),
        ("Mortars killed six displaced people.", Toll(6, 6, 6)),
        ("Four died in Glan and two in Sake.", Toll(None, 2, 4)),
        ("The army said 63 died, rebels said 400 died.", Toll(None, 63, 400)),
    ],
)
def test_deaths(text, wanted):
    assert people(text) == wanted


@pytest.mark.parametrize(
    ("text", "what", "value"),
    [
        ("The blast killed two and wounded 17 people.", "injured", 17),
        ("Shelling injured 300 residents.", "injured", 300),
        ("Eighteen people remained missing.", "missing", 18),
        ("Fighting displaced 4,000 families.", "displaced", 4000),
        ("Police arrested five people.", "arrested", 5),
        ("Gunmen abducted four traders.", "abducted", 4),
    ],
)
def test_other_fates(text, what, value):
    assert people(text, what).value == value


def test_attacks_and_weapons_are_not_people():
    text = "They carried out four attacks with 120 rockets."
    words = find_words(text)
    index = {word.lower: i for i, word in enumerate(words)}
    acts, weapons = [(index["attacks"],) * 2], [(index["rockets"],) * 2]
    acts, weapons = [(a, a + 1) for a, _ in acts], [(a, a + 1) for a, _ in weapons]
    found = find_quantities(words, text, acts, weapons)
    assert [(q.what, q.number.value) for q in found] == [("attacks", 4), ("weapons", 120)]


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("There were no casualties.", True),
        ("Mortars hit the port without causing casualties.", True),
        ("No deaths or injuries were reported.", True),
        ("No one was killed.", True),
        ("Casualties were reported.", False),
        ("No shelling was heard; two died.", False),
    ],
)
def test_the_text_may_say_that_nobody_was_hurt(text, none):
    assert no_casualties(find_words(text)) is none


def test_a_record_points_at_its_words():
    text = "Shelling killed at least 21 civilians."
    words = find_words(text)
    record = find_quantities(words, text)[0].record(words, text)
    assert text[record["start"] : record["end"]] == record["text"] == "at least 21 civilians"
    assert record["value"] == 21
