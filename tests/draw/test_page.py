import base64
import gzip
import re

import folium
import pytest
from branca.element import Element

from geomap.content import content
from geomap.draw.bundle import bundle, starter, stylesheet
from geomap.draw.offline import policy
from geomap.draw.page import Page, Raw
from geomap.errors import InputError

OWN_BYTES = 60_000


def program_of(html):
    """The scripts of a page, out of the block that they travel in."""
    block = re.search(r'id="gm-program">([^<]*)</script>', html)[1]
    return gzip.decompress(base64.b64decode(block)).decode()


def page(*children):
    made = folium.Map(tiles=None)
    for child in children:
        child.add_to(made)
    figure = Page("Title")
    figure.add_child(made)
    return figure


def test_the_bundle_holds_each_module_once_and_after_what_it_imports():
    names = re.findall(r"^const \$(\w+) = ", bundle(), re.M)
    assert sorted(names) == sorted(
        p.stem for p in content("maps/page").glob("*.js") if p.stem != "start"
    )
    for name in names:
        source = content(f"maps/page/{name}.js").read_text()
        for imported in re.findall(r"^import .* from '\./(\w+)\.js'", source, re.M):
            assert names.index(imported) < names.index(name)


def test_no_import_or_export_is_left_in_the_bundle():
    assert not re.search(r"^\s*(import|export)\b", bundle(), re.M)


def test_script_and_style_stay_small():
    packed = base64.b64encode(gzip.compress(bundle().encode(), 9))
    assert len(packed) + len(starter()) + len(stylesheet()) < OWN_BYTES


def test_the_scripts_of_a_page_travel_in_one_block():
    html = page(Raw("<script>var mine = 1</script>")).render()
    program = program_of(html)
    assert program.index("Leaflet 1.9") < program.index(bundle()) < program.index("L.map(")
    assert re.findall(r"<script>(.*?)</script>", html, re.S) == [starter()]


def test_the_policy_names_every_script_and_style():
    html = page().render()
    stated = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert stated == policy(html, program=program_of(html))
    assert "unsafe" not in stated
    assert stated.startswith("default-src 'none'; script-src 'sha256-")


def test_rendering_twice_gives_the_same_text():
    figure = page(folium.CircleMarker([1, 2]))
    assert figure.render() == figure.render()


def test_random_ids_do_not_reach_the_page():
    first, second = (page(folium.CircleMarker([1, 2])).render() for _ in range(2))
    assert first == second
    assert "circle_marker_2" in program_of(first)


def test_a_script_that_names_the_map_follows_its_new_name():
    figure = page()
    (made,) = figure._children.values()
    figure.script.add_child(Element(f"{made.get_name()}.setZoom(3);"))
    assert "map_1.setZoom(3)" in program_of(figure.render())


def test_jquery_comes_only_where_folium_uses_it():
    assert "jQuery" not in program_of(page().render())
    assert "jQuery" in program_of(page(folium.Marker([1, 2], popup="hello")).render())


def test_an_element_of_the_user_may_style_inline_but_not_script_inline():
    html = page(folium.Marker([1, 2], popup="hello")).render()
    stated = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert "style-src 'unsafe-inline'" in stated
    assert "unsafe" not in re.search(r"script-src[^;]*", stated)[0]


def test_a_library_that_geomap_does_not_have_is_named():
    from folium.plugins import Fullscreen

    with pytest.raises(InputError, match="FullScreen"):
        page(Fullscreen()).render()


def test_a_failed_rendering_leaves_the_figure_as_it_was():
    from folium.plugins import Fullscreen

    figure = page(Fullscreen())
    with pytest.raises(InputError):
        figure.render()
    assert not figure.script._children


def test_tiles_of_the_user_open_the_policy_for_their_host_alone():
    tiles = folium.TileLayer("https://{s}.tiles.example.org/{z}/{x}/{y}.png", attr="Example")
    html = page(tiles).render()
    assert "img-src data: blob: https://*.tiles.example.org;" in html


def test_the_end_of_a_script_in_a_popup_does_not_end_ours():
    html = page(folium.Marker([1, 2], popup="</script><script>alert(1)</script>")).render()
    assert "</script><script>alert" not in html


@pytest.mark.parametrize(
    "title", ["<b>&", "{{ 7 * 7 }}", "{policy}", "</title><script>1", "a\x00b"]
)
def test_a_title_is_text(title):
    figure = page()
    figure.title = title
    html = figure.render()
    assert "<b>&" not in html and "49" not in re.search("<title>(.*)</title>", html)[1]
    assert "<script>1" not in html and "\x00" not in html
    assert html.count("default-src 'none'") == 1


def test_braces_in_raw_text_are_no_template():
    assert Raw("{{ 1 + 1 }}{% if %}").render() == "{{ 1 + 1 }}{% if %}"


def test_a_notebook_shows_the_page_in_a_frame():
    shown = page()._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "Notebook Trusted" not in shown


def test_nothing_in_the_page_points_elsewhere():
    html = page(folium.Marker([1, 2], popup="hello")).render()
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", html)
    assert not re.search(
        r"url\((?!['\"]?data:|#)", re.sub(r"<script>.*?</script>", "", html, flags=re.S)
    )
