import pytest

from geomap.incidents.clause import find_clauses
from geomap.incidents.site import find_sites
from geomap.incidents.trigger import find_triggers
from geomap.incidents.words import find_words
from geomap.model import Toponym

NAMES = ("Goma", "Sake", "Ituri", "Kenya", "Uganda", "Doha", "Bukavu")


def sites(text):
    """Find the parts of the names above, taken for places that nobody has resolved."""
    words = find_words(text)
    found = sorted((text.find(name), name) for name in NAMES if name in text)
    toponyms = [
        Toponym(at, at + len(name), name, kind="country" if name in NAMES[3:5] else "settlement")
        for at, name in found
    ]
    return {
        s.toponym.toponym: s for s in find_sites(words, toponyms, find_triggers(words, text), text)
    }


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Shells fell in Goma.", "Goma", "at"),
        ("Shells fell in the western outskirts of Goma.", "Goma", "at"),
        ("Two died on the road near Goma.", "Goma", "at"),
        ("Rebels shelled Goma.", "Goma", "target"),
        ("Rockets were fired into Goma.", "Goma", "target"),
        ("The attack on Goma failed.", "Goma", "target"),
        ("Goma was shelled by rebels.", "Goma", "target"),
        ("Goma was the target of an attack.", "Goma", "target"),
        ("Goma came under fire.", "Goma", "target"),
        ("The shelling of Goma went on.", "Goma", "target"),
        ("Rebels fired rockets from Sake.", "Sake", "origin"),
        ("Soldiers withdrew from Sake.", "Sake", "left"),
        ("People fled from Sake.", "Sake", "left"),
        ("Men from Sake were killed.", "Sake", "home"),
        ("Kenya threatened Uganda with an attack.", "Kenya", "subject"),
        ("Kenya said that rebels attacked.", "Kenya", "subject"),
        ("Goma protesters burned tyres.", "Goma", "attribute"),
        ("Goma-based rebels attacked.", "Goma", "actor"),
        ("The Kenya government condemned the attack.", "Kenya", "actor"),
        ("The president of Kenya condemned the attack.", "Kenya", "actor"),
        ("Rebels were attacked by Uganda.", "Uganda", "actor"),
        ("He told reporters in Doha that rebels attacked.", "Doha", "speech"),
        ("Speaking in Doha, he praised the attack.", "Doha", "speech"),
        ("Negotiations between Kenya and Uganda began.", "Kenya", "actor"),
        ("Three towns, including Goma, were shelled.", "Goma", "at"),
        ("A mine on the Goma-Sake road killed two.", "Goma", "at"),
        ("Kenya's president met the envoy.", "Kenya", "actor"),
        ("Shells fell on Goma's airport.", "Goma", "target"),
    ],
)
def test_the_part_a_name_plays(text, name, role):
    assert sites(text)[name].role == role


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Shells fell in Goma, Sake and Bukavu.", True),
        ("Shells fell in Goma and in Sake.", True),
        ("Shells fell in Goma as well as Sake.", True),
        ("Shells fell in Goma while talks began in Sake.", False),
    ],
)
def test_lists_share_a_chain(text, listed):
    found = sites(text)
    assert (found["Goma"].chain == found["Sake"].chain) is listed


@pytest.mark.parametrize(
    ("text", "name", "apposed"),
    [
        ("Shells fell in Goma, Ituri province.", "Ituri", True),
        ("Shells fell in Goma in the Ituri province.", "Ituri", True),
        ("Shells fell in Goma, a town of Ituri.", "Ituri", True),
        ("Shells fell in Goma, Sake and Ituri.", "Sake", False),
        ("Shells fell in Goma, Sake and Ituri.", "Ituri", False),
    ],
)
def test_containers_are_told_from_lists(text, name, apposed):
    assert sites(text)[name].apposed is apposed


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Rebels attacked Goma.", 1),
        ("The army warned of strikes after a rocket fell.", 2),
        ("Rebels, who fled, shelled Goma; the army left.", 3),
        ("The army said that rebels shelled Goma.", 2),
        ("At 12:59 shells fell.", 1),
        ("The army — an old one — left.", 3),
        ("Shells fell that day.", 1),
        ("Rebels left Goma and were beaten.", 2),
    ],
)
def test_clauses_are_counted(text, clauses):
    assert len(find_clauses(find_words(text))) == clauses


def test_a_clause_goes_on_after_a_bracket():
    clauses = find_clauses(find_words("The army (an old one) left Goma."))
    assert [c.head for c in clauses] == [0, clauses[1].first, 0]
