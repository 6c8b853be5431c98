import pytest

from geomap.incidents.classifier import features_of, likelihood
from geomap.incidents.scene import read_scene
from geomap.incidents.structure import Sentence


def likely(text):
    scene = read_scene(Sentence(0, len(text), "body", 0), text, ())
    assert scene is not None
    return likelihood(scene.words, scene.text, scene.signals)


@pytest.mark.parametrize(
    ("told", "untold"),
    [
        ("A flood swept away nine houses in Sukkur on Monday.", "The opera ends with a flood."),
        ("Gunmen shot two traders dead in Zaria.", "The film was shot in Zaria."),
        (
            "Police arrested two men in Lima.",
            "Arrests in Lima doubled compared with a year before.",
        ),
    ],
)
def test_news_is_likelier_than_what_sounds_like_it(told, untold):
    assert likely(told) > 0.5 > likely(untold)


def test_names_and_figures_are_all_alike():
    one = read_scene(Sentence(0, 31, "body", 0), "Shells hit Kherson at 12 houses", ())
    other = read_scene(Sentence(0, 30, "body", 0), "Shells hit Gorlov at 34 houses", ())
    assert features_of(one.words, one.text, one.signals) == features_of(
        other.words, other.text, other.signals
    )
