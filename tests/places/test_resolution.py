import numpy as np
import pytest

from geomap.places.candidate import find_names, spoken_countries
from geomap.places.gazetteer import default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.recognition import default_recogniser
from geomap.places.resolution import EVIDENCE, FEATURES, default_weights, resolve
from geomap.places.sighting import find_sightings
from geomap.places.tokens import tokenize
from geomap.places.traits import TRAITS, find_traits


def names_of(text, *wanted):
    gazetteer, lexicon = default_gazetteer(), default_lexicon()
    tokens = tokenize(text, lexicon)
    sightings = find_sightings(tokens, gazetteer, lexicon)
    accepted = [
        k
        for k, s in enumerate(sightings)
        if tokens.text[tokens.start[s.first] : tokens.end[s.last]] in wanted
    ]
    names = find_names(tokens, sightings, accepted, gazetteer)
    resolve(names, gazetteer, spoken_countries(sightings, gazetteer))
    return {name.key: name for name in names}


def chosen(name):
    gazetteer = default_gazetteer()
    index = int(name.places[name.chosen])
    return gazetteer.name_of(index), str(gazetteer.country[index])


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Valencia was flooded, Spanish officials said. Madrid sent troops.", "ES"),
        ("Valencia was flooded, Venezuelan officials said. Caracas sent troops.", "VE"),
    ],
)
def test_a_people_draws_a_name_to_its_country(text, country):
    assert chosen(names_of(text, "Valencia", "Madrid", "Caracas")["valencia"])[1] == country


def test_a_container_after_a_comma_decides():
    name = names_of("They met in Springfield, Ohio, on Monday.", "Springfield", "Ohio")
    gazetteer = default_gazetteer()
    place = int(name["springfield"].places[name["springfield"].chosen])
    assert gazetteer.name_of(int(gazetteer.admin1[place])) == "Ohio"


def test_shares_of_belief_add_up_to_one():
    for name in names_of(
        "From Tripoli to San Jose and Paris.", "Tripoli", "San Jose", "Paris"
    ).values():
        assert name.share.sum() == pytest.approx(1)
        assert 0 < name.score < 1


def test_one_name_means_one_place_in_a_document():
    names = names_of("Tripoli is tense. In Tripoli, Lebanon, shops closed.", "Tripoli", "Lebanon")
    assert len(names["tripoli"].mentions) == 2
    assert chosen(names["tripoli"])[1] == "LB"


def test_no_names_are_no_trouble():
    resolve([], default_gazetteer(), {})


def test_shipped_weights_name_every_feature():
    weights = default_weights()
    assert len(weights.first) == len(weights.second) == len(FEATURES)
    assert len(weights.chance) == len(EVIDENCE) + 1


def test_recognition_gives_chances():
    chances = default_recogniser().chances(np.zeros((3, len(TRAITS)), np.float32))
    assert chances.shape == (3,)
    assert len(set(chances.tolist())) == 1
    assert 0 < chances[0] < 1


def test_every_sighting_has_all_traits():
    gazetteer, lexicon = default_gazetteer(), default_lexicon()
    tokens = tokenize("Gen. John Smith left Paris, Texas, for the US-led talks (in Bern).", lexicon)
    sightings = find_sightings(tokens, gazetteer, lexicon)
    assert find_traits(tokens, sightings, gazetteer, lexicon).shape == (len(sightings), len(TRAITS))
