import re

import folium
import pytest
from folium.plugins import FastMarkerCluster, Fullscreen, MarkerCluster

from geomap.errors import InputError
from geomap.folium import IncidentLayer, offline, safe_popup
from geomap.model import Incident

PAYLOADS = [
    '<img src=x onerror="window.broken=1">',
    "a`+(window.broken=1)+`b",
    "a${window.broken=1}b",
    "</script><script>window.broken=1</script>",
    "C:\\path\\20190221 \\8",
    "{{ 7 * 7 }}",
]


def plain(*children):
    made = folium.Map([32, 35], tiles=None)
    for child in children:
        child.add_to(made)
    return made


def test_an_empty_map_holds_leaflet_and_nothing_else():
    html = offline(plain())
    assert "Leaflet 1.9" in html
    for unused in ("jQuery", "Bootstrap v", "awesome-marker-icon", "glyphicon"):
        assert unused not in html


@pytest.mark.parametrize(
    ("element", "library"),
    [
        (folium.Marker([32, 35], popup="x"), "jQuery"),
        (folium.Marker([32, 35], icon=folium.Icon("red")), "awesome-marker-icon"),
        (folium.Marker([32, 35], icon=folium.Icon("red")), "font/woff2"),
        (MarkerCluster(), "MarkerClusterGroup"),
        (FastMarkerCluster([[32, 35]]), "MarkerClusterGroup"),
        (IncidentLayer([Incident("a")]), "const geomap ="),
    ],
)
def test_a_map_holds_the_libraries_that_it_uses(element, library):
    assert library in offline(plain(element))


def test_nothing_points_elsewhere():
    html = offline(
        plain(folium.Marker([32, 35], popup="x", icon=folium.Icon("red")), MarkerCluster())
    )
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", html)
    assert "Content-Security-Policy" in html


def test_a_library_that_is_missing_is_named():
    with pytest.raises(InputError, match="FullScreen"):
        offline(plain(Fullscreen()))


def test_a_library_that_cannot_be_fetched_is_named(monkeypatch):
    def fail(url, timeout):
        raise OSError("no network")

    monkeypatch.setattr("geomap.draw.offline.urlopen", fail)
    with pytest.raises(InputError, match="cannot be fetched: no network"):
        offline(plain(Fullscreen()), download=True)


def test_the_same_map_gives_the_same_bytes():
    first, second = (offline(plain(folium.Marker([32, 35], popup="x"))) for _ in range(2))
    assert first == second


def test_a_map_can_still_be_saved_as_folium_does(tmp_path):
    made = plain(folium.Marker([32, 35]))
    before = made.get_root().render()
    offline(made)
    assert made.get_root().render() == before


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_safe_popup_holds_no_markup_and_no_code(text):
    html = plain(folium.Marker([32, 35], popup=safe_popup(text))).get_root().render()
    script = html.rsplit("<script>", 1)[1]
    for sign in ("<img", "`+", "${window", "</script><", "\\2019", "{{"):
        assert sign not in script
