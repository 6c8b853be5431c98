"""What a bulletin says reaches a page as text: hostile payloads by every way that text takes.

folium writes such text as HTML into JavaScript; of its own sixteen ways most run it. Here
each payload goes into every field, and each way shows it, runs nothing and breaks nothing.
"""

import datetime as dt
import json
import re
from urllib.parse import quote

import folium
import pytest

from geomap.draw import build_map, write_map
from geomap.draw.definition import incident_types
from geomap.folium import IncidentLayer, offline, safe_popup
from geomap.model import Incident

DAY = dt.date(2024, 4, 12)
PAYLOADS = {
    "markup": '<img src=x onerror="window.broken=1">',
    "backtick": "a`+(window.broken=1)+`b",
    "template": "a${window.broken=1}b",
    "end of script": "</script><script>window.broken=1</script>",
    "backslash": "C:\\path\\20190221 \\8",
}
ODDITIES = {
    "template engine": "{{ 7 * 7 }}{% raw %}",
    "long": "x" * 100_000,
    "directions": "\u202eleft to right\u202c \u200f",
    "control": "nul \x00 and bell \x07",
    "address": "javascript:window.broken=1",
}
FIELDS = [
    *("sentence", "place", "doc_title", "section", "source", "subtype", "attribution", "admin1"),
    *("country", "trigger", "origin_place", "date_basis", "modality", "incident_type", "notes"),
]


def hostile(payload):
    """One incident for each field, with the payload in it, and a region of that name."""
    usual = {
        "incident_type": "battle",
        "doc_title": "Update 1",
        "doc_date": DAY,
        "source": "https://example.org/1",
        "date": DAY,
        "date_end": DAY,
        "date_precision": "day",
        "geo_precision": 1,
        "modality": "claimed",
        "fatalities": 1,
        "sentence": "A quiet line.",
        "lat": 32.0,
        "origin_lon": 35.0,
        "origin_lat": 33.0,
        "reasons": (payload,),
        "actors": ({"text": payload, "name": payload},),
        "tags": (payload,),
        "quantities": ({"what": payload, "text": payload, "start": 1, "end": 2},),
    }
    rows = [
        Incident(id=f"i{k}", **(usual | {"place": f"Place {k}", "lon": 35 + k / 5, name: payload}))
        for k, name in enumerate(FIELDS)
    ]
    area = (((34.0, 30.0), (35.0, 30.0), (35.0, 31.0), (34.0, 31.0), (34.0, 30.0)),)
    region = {"place": payload, "lon": 34.5, "lat": 30.5, "geo_precision": 3, "area": area}
    return [*rows, Incident(id="region", **(usual | region))]


def spot(page, lat, lon):
    return page.evaluate(
        "([lat, lon]) => { const p = map_1.latLngToContainerPoint([lat, lon]);"
        " const box = map_1.getContainer().getBoundingClientRect();"
        " return [p.x + box.x, p.y + box.y]; }",
        [lat, lon],
    )


def of_title(page):
    return page.locator("h1").inner_text()


def of_tip(page):
    page.mouse.move(*spot(page, 32.0, 35 + FIELDS.index("place") / 5))
    return page.locator(".gm-tip").inner_text()


def of_area(page):
    page.mouse.click(*spot(page, 30.2, 34.5))
    text = page.locator("article.gm-card h2").inner_text()
    page.keyboard.press("Escape")
    return text


def of_actors(page):
    return page.get_by_role("combobox").inner_text()


def of_list(page):
    page.get_by_role("button", name="List", exact=True).click()
    return page.locator(".gm-list").inner_text()


def of_cards(page):
    text = ""
    for k in range(page.locator(".gm-row").count()):
        page.locator(".gm-row").nth(k).click()
        card = page.locator("article.gm-card")
        card.get_by_text("Why here?").click()
        text += card.inner_text()
        for link in card.get_by_role("link").all():
            assert link.get_attribute("href").startswith("https://example.org")
        page.get_by_role("button", name="Back to the list").click()
    return text


def of_search(page, payload):
    page.get_by_role("searchbox").fill(payload[:150])
    page.get_by_text("hold").first.wait_for()
    return page.locator(".gm-found").inner_text()


def of_paper(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    text = page.locator(".gm-print-sources").text_content()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    return text


def of_download(page, form, tmp_path):
    page.get_by_text("Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=form).click()
    download.value.save_as(tmp_path / form)
    return (tmp_path / form).read_text(encoding="utf-8-sig")


def plain(text):
    """Text as a reader sees it: white space joined."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_every_way_through_the_page_shows_text_as_text(open_page, tmp_path, payload):
    page = open_page(build_map(hostile(payload), title=payload))
    shown = {
        "title": of_title(page),
        "tip": of_tip(page),
        "area": of_area(page),
        "actors": of_actors(page),
        "paper": of_paper(page),
        "list": of_list(page),
        "cards": of_cards(page),
        "CSV": of_download(page, "CSV", tmp_path).replace('""', '"'),
        "search": of_search(page, payload),
    }
    missing = [way for way, text in shown.items() if plain(payload) not in plain(text)]
    assert missing == []
    records = json.loads(of_download(page, "GeoJSON", tmp_path))["features"]
    assert payload in [record["properties"]["sentence"] for record in records]
    assert page.evaluate("window.broken") is None
    assert page.locator("img:not(.gm-print-map)").count() == 0


@pytest.mark.parametrize("payload", ODDITIES.values(), ids=ODDITIES)
def test_odd_text_breaks_nothing(open_page, payload):
    page = open_page(build_map(hostile(payload), title=payload))
    of_list(page)
    assert page.locator(".gm-row").count() == len(FIELDS) + 1
    of_cards(page)
    of_search(page, payload)
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_link_from_anyone_runs_nothing(open_page, payload):
    text = quote(payload, safe="")
    page = open_page(build_map(hostile("quiet")), f"#q={text}/a={text}/i={text}/t={text}/d={text}")
    page.get_by_text("0 incidents hold").wait_for()
    assert page.get_by_role("searchbox").input_value() == payload
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_definition_from_anyone_runs_nothing(open_page, tmp_path, payload):
    labels = "".join(f"{name} = {json.dumps(payload)}\n" for name in incident_types())
    text = f"title = {json.dumps(payload)}\n[labels]\n{labels}"
    (tmp_path / "map.toml").write_text(text)
    page = open_page(build_map(hostile("quiet"), definition=str(tmp_path / "map.toml")))
    assert payload in page.locator(".gm-types").first.inner_text()
    assert of_title(page) == payload
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_without_script_text_is_text(browser, tmp_path, payload):
    write_map(build_map(hostile(payload), title=payload), tmp_path / "map.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "map.html").as_uri())
    assert plain(payload) in plain(page.locator("noscript table").inner_text())
    assert page.locator("img").count() == 0
    context.close()


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_any_folium_map_shows_the_layer_s_text_as_text(open_page, tmp_path, payload):
    """The layer's name in the control, its card and its list in popups, and a safe popup."""
    made = folium.Map([32, 35], zoom_start=9, tiles=None)
    one, *more = hostile(payload)[:3]
    IncidentLayer([one], name=payload).add_to(made)
    IncidentLayer([Incident(**{**_fields(row), "lon": 35.6}) for row in more]).add_to(made)
    folium.Marker([32.3, 35], popup=safe_popup(payload)).add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    (tmp_path / "plain.html").write_text(offline(made), encoding="utf-8")
    page = open_page(tmp_path / "plain.html")
    page.wait_for_timeout(300)
    assert payload in page.locator(".leaflet-control-layers").inner_text()
    popup = page.locator(".leaflet-popup-content")
    for lat, lon in ((32.0, 35.0), (32.0, 35.6)):
        page.mouse.click(*spot(page, lat, lon))
        popup.get_by_text(payload).first.wait_for()
    page.locator(".leaflet-marker-icon").click()
    page.get_by_text(payload, exact=True).first.wait_for()
    assert page.evaluate("window.broken") is None
    assert page.locator(".leaflet-popup-content img").count() == 0


def _fields(row):
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def test_the_policy_lets_nothing_in_but_the_page_s_own(tmp_path):
    write_map(build_map(hostile("quiet")), tmp_path / "map.html")
    html = (tmp_path / "map.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*|'self'", policy)
