"""The page in a real browser, opened from a folder as a reader would."""

import datetime as dt
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from geomap.draw import build_map, write_map
from geomap.model import Incident

DAYS = [dt.date(2024, 4, 10) + dt.timedelta(days=k) for k in range(3)]


def incident(n, day, kind, place, lon, lat, sentence, **fields):
    usual = {
        "doc_title": "Update 1",
        "doc_date": DAYS[-1],
        "source": "https://example.org/1",
        "date": day,
        "date_end": day,
        "date_precision": "day",
        "date_basis": "explicit",
        "geo_precision": 1,
        "uncertainty_km": 2.0,
        "confidence": 0.9,
        "sentence_start": 100,
        "sentence_end": 100 + len(sentence),
        "reasons": ("exact name", f"rivals: {place} (US)"),
    }
    return Incident(
        id=f"id{n}",
        incident_type=kind,
        place=place,
        lon=lon,
        lat=lat,
        sentence=sentence,
        **(usual | fields),
    )


RAID = "Troops killed a man in Tubas during a raid, the army said."
WEEK = [
    incident(1, DAYS[0], "explosion", "Tyre", 35.2, 33.27, "A strike hit a road near Tyre."),
    incident(2, DAYS[1], "battle", "Jenin", 35.3, 32.46, "Gunmen fought soldiers in Jenin."),
    incident(3, DAYS[2], "explosion", "Gaza", 34.46, 31.5, "Two shells hit a house in Gaza."),
    incident(
        *(4, DAYS[2], "battle", "Tubas", 35.37, 32.32, RAID),
        modality="claimed",
        attribution="the army",
        fatalities=1,
        trigger="killed",
        trigger_start=107,
        trigger_end=113,
        place_start=123,
        place_end=128,
    ),
    incident(5, DAYS[2], "statement", "Beirut", 35.5, 33.89, "A spokesman vowed to answer."),
    incident(
        *(6, DAYS[0] - dt.timedelta(days=40), "explosion", "Sidon", 35.37, 33.56),
        "A strike in March had hit Sidon.",
        temporal="background",
    ),
    incident(7, DAYS[2], "unrest", "Nowhere", None, None, "People marched in Nowhere."),
]


@pytest.fixture
def week(open_page):
    return open_page(build_map(WEEK, title="A week"))


def count_of(page, label):
    return int(page.get_by_role("button", name=re.compile(f"^{label}")).locator("b").inner_text())


def shown(page):
    return page.locator(".gm-panel small").first.inner_text()


def test_the_page_counts_what_it_shows(week):
    assert week.get_by_role("heading", name="A week").is_visible()
    assert "5 incidents" in week.locator("#gm-subtitle").inner_text()
    assert count_of(week, "Explosions") == 2
    assert count_of(week, "Statements") == 1


def test_date_and_type_cross(week):
    week.get_by_role("button", name=re.compile("^Explosions")).click()
    assert shown(week) == "shown 3"
    week.locator(".gm-bar").nth(2).click()
    assert shown(week) == "shown 2"
    assert count_of(week, "Explosions") == 1
    week.get_by_role("button", name=re.compile("^Explosions")).click()
    assert shown(week) == "shown 3"
    week.get_by_role("button", name="Show all days").click()
    assert shown(week) == "shown 5"


def test_the_slider_moves_by_key_and_by_mouse(week):
    week.get_by_role("slider", name="First day").press("ArrowRight")
    assert shown(week) == "shown 4"
    week.get_by_role("slider", name="Last day").press("ArrowLeft")
    assert "Thu 11 April" in week.locator(".gm-period").inner_text()
    assert shown(week) == "shown 1"
    bars = week.locator(".gm-bar")
    bars.nth(0).hover()
    week.mouse.down()
    bars.nth(1).hover()
    week.mouse.up()
    assert shown(week) == "shown 2"


def test_play_steps_through_the_days_and_stops(week):
    week.locator(".gm-bar").nth(1).click()
    week.get_by_role("button", name="Play day by day").click()
    week.locator(".gm-period", has_text="12 April").wait_for()
    week.get_by_role("button", name="Play day by day").wait_for()


def test_the_list_opens_the_card_with_its_sentence(week):
    week.get_by_role("button", name="List", exact=True).click()
    week.get_by_role("button", name=re.compile("Tubas")).click()
    card = week.locator("article.gm-card")
    assert card.locator("blockquote").inner_text() == RAID
    assert card.locator("mark.gm-trigger").inner_text() == "killed"
    assert card.locator("mark.gm-place").inner_text() == "Tubas"
    text = card.inner_text()
    for piece in ("Fri 12 April 2024", "1, says the army", "±2 km", "claimed", "0.9", "Update 1"):
        assert piece in text
    card.get_by_text("Why here?").click()
    assert "rivals: Tubas (US)" in card.inner_text()
    assert (
        card.get_by_role("link", name="Update 1").get_attribute("href") == "https://example.org/1"
    )


def spot(page, lat, lon):
    """Where a point of the map is in the window."""
    return page.evaluate(
        "([lat, lon]) => { const p = map_1.latLngToContainerPoint([lat, lon]);"
        " const box = map_1.getContainer().getBoundingClientRect();"
        " return [p.x + box.x, p.y + box.y]; }",
        [lat, lon],
    )


def test_a_click_on_a_symbol_opens_its_card(week):
    at = spot(week, 32.32, 35.37)
    week.mouse.move(*at)
    assert "Tubas" in week.locator(".gm-tip").inner_text()
    week.mouse.click(*at)
    assert week.locator("article.gm-card h2").inner_text() == "Tubas"
    week.keyboard.press("Escape")
    assert not week.locator("article.gm-card").is_visible()


def test_a_point_that_several_share_opens_a_list(open_page):
    rows = [
        incident(n, DAYS[0], "battle", "Tubas", 35.37, 32.32, f"Fight number {n}.")
        for n in (1, 2, 3)
    ]
    page = open_page(build_map(rows))
    page.mouse.click(*spot(page, 32.32, 35.37))
    page.get_by_text("Fight number 2.").click()
    assert page.locator("article.gm-card blockquote").inner_text() == "Fight number 2."
    page.get_by_role("button", name="Back to the list").click()
    assert page.locator(".gm-row").count() == 3


def test_what_has_no_place_is_one_click_away(week):
    assert "1 incident has no place on this map" in week.locator(".gm-tray").first.inner_text()
    week.get_by_role("button", name="Show the list").click()
    assert week.locator(".gm-row").count() == 1
    assert "Nowhere" in week.locator(".gm-row").inner_text()


def test_context_from_earlier_comes_only_when_asked_for(week):
    week.get_by_role("button", name="List", exact=True).click()
    assert week.get_by_text("Sidon").count() == 0
    week.get_by_role("button", name=re.compile("Context from earlier")).click()
    week.get_by_role("button", name=re.compile("Sidon")).wait_for()


def test_certainty_leaves_what_is_certain(week):
    week.get_by_role("button", name="Exact place").click()
    assert shown(week) == "shown 5"
    week.get_by_role("button", name="Confirmed").click()
    assert shown(week) == "shown 4"


def test_an_actor_leaves_what_it_takes_part_in(open_page):
    where = ("battle", "Tubas", 35.37, 32.32)
    army, police = {"name": "army", "text": "troops"}, {"name": "police", "text": "officers"}
    rows = [
        incident(1, DAYS[0], *where, "Troops fought.", actors=(army,)),
        incident(2, DAYS[0], *where, "Officers and troops fought.", actors=(army, police)),
        incident(3, DAYS[0], *where, "Men fought."),
    ]
    page = open_page(build_map(rows))
    page.get_by_role("combobox").select_option("police")
    assert shown(page) == "shown 1"
    assert "a=police" in page.evaluate("location.hash")
    page.get_by_role("combobox").select_option(label="Anyone")
    assert shown(page) == "shown 3"


def test_search_finds_words_in_any_order_and_case(week):
    week.get_by_role("searchbox").fill("ARMY tubas")
    week.get_by_text("1 incident holds “ARMY tubas”").wait_for()
    assert shown(week) == "shown 1"
    week.get_by_role("searchbox").fill("")
    week.get_by_text("shown 5").wait_for()


def test_a_link_brings_everything_back(open_page):
    made = build_map(WEEK)
    page = open_page(made)
    page.locator(".gm-bar").nth(2).click()
    page.get_by_role("button", name=re.compile("^Explosions")).click()
    page.get_by_role("button", name="List", exact=True).click()
    page.get_by_role("button", name=re.compile("Tubas")).click()
    page.locator("article.gm-card").wait_for()
    anchor = page.evaluate("location.hash")
    again = open_page(made, anchor)
    assert again.locator("article.gm-card h2").inner_text() == "Tubas"
    assert shown(again) == "shown 2"
    assert again.evaluate("location.hash") == anchor


def test_back_closes_the_card_and_forward_opens_it(week):
    week.get_by_role("button", name="List", exact=True).click()
    week.get_by_role("button", name=re.compile("Tubas")).click()
    week.locator("article.gm-card").wait_for()
    week.evaluate("history.back()")
    week.locator(".gm-list").wait_for()
    week.evaluate("history.back()")
    week.locator(".gm-list").wait_for(state="detached")
    week.evaluate("history.forward()")
    week.locator(".gm-list").wait_for()
    week.evaluate("history.forward()")
    assert week.locator("article.gm-card h2").inner_text() == "Tubas"


@pytest.mark.parametrize(
    "anchor", ["#t=nothing", "#i=%3Cimg%3E", "#99/99/999", "#2026-01-01..2026-01-02"]
)
def test_a_link_that_makes_no_sense_does_no_harm(open_page, anchor):
    page = open_page(build_map(WEEK), anchor)
    assert page.get_by_role("button", name="List", exact=True).is_visible()


@pytest.mark.parametrize("form", ["GeoJSON", "CSV"])
def test_what_is_shown_can_be_downloaded(week, form, tmp_path):
    week.locator(".gm-bar").nth(2).click()
    week.get_by_text("Download").click()
    with week.expect_download() as download:
        week.get_by_role("button", name=form).click()
    path = tmp_path / "download"
    download.value.save_as(path)
    text = path.read_text(encoding="utf-8-sig")
    assert "Tubas" in text and "Tyre" not in text
    assert download.value.suggested_filename.startswith("incidents-2024-04-12.")


def test_a_downloaded_file_holds_the_record(week, tmp_path):
    import json

    from geomap.record import to_feature

    week.get_by_role("button", name="Confirmed").click()
    week.get_by_text("Download").click()
    with week.expect_download() as download:
        week.get_by_role("button", name="GeoJSON").click()
    download.value.save_as(tmp_path / "d.geojson")
    features = json.loads((tmp_path / "d.geojson").read_text())["features"]
    expected = {f["id"]: f for f in map(to_feature, WEEK)}
    assert len(features) == 4
    for feature in features:
        assert feature == expected[feature["id"]]


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2},
        {"viewport": {"width": 320, "height": 640}},
        {"viewport": {"width": 480, "height": 320}},
        {"reduced_motion": "reduce"},
        {"forced_colors": "active"},
    ],
    ids=["dark", "phone", "narrow", "frame", "calm", "forced colours"],
)
def test_every_reader_gets_the_page(open_page, options):
    page = open_page(build_map(WEEK, title="A week"), **options)
    page.get_by_role("button", name="List", exact=True).click()
    assert page.locator(".gm-row .gm-symbol path").first.is_visible()
    page.get_by_role("button", name=re.compile("Tubas")).click()
    assert page.locator("blockquote").inner_text() == RAID
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]


def test_the_canvas_shows_symbols_and_land(week):
    filled = week.evaluate(
        "[...document.querySelectorAll('.folium-map canvas')].map(c => {"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " const seen = new Set(); for (let k = 0; k < d.length; k += 4)"
        " if (d[k + 3] === 255) seen.add((d[k] << 16) + (d[k + 1] << 8) + d[k + 2]);"
        " return ['#821919', '#080c5e', '#f6f4ef', '#fffdf8'].map("
        " h => seen.has(parseInt(h.slice(1), 16))); })"
    )
    assert any(base[2] for base in filled), "no land"
    assert any(layer[0] and layer[1] for layer in filled), "no symbols"


@pytest.mark.parametrize("state", ["map", "card", "list", "compare", "signs"])
@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_the_page_is_accessible(open_page, state, options):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(build_map(WEEK, definition="daily"), **options)
    if state in ("card", "list"):
        page.get_by_role("button", name="List", exact=True).click()
    if state == "card":
        page.get_by_role("button", name=re.compile("Tubas")).click()
        page.get_by_text("Why here?").click()
    if state == "compare":
        page.get_by_role("button", name=re.compile("^Compare")).click()
    if state == "signs":
        if options.get("viewport"):
            page.get_by_text("Filters").click()
        page.get_by_text("How to read the signs").click()
    results = axe.run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", ["ar", "es", "fr", "he", "uk"])
def test_the_page_speaks(open_page, tmp_path, language):
    from geomap.draw.definition import read_definition

    path = tmp_path / "map.toml"
    path.write_text(f'language = "{language}"\nperiod = "last-day"\n')
    page = open_page(build_map(WEEK, definition=str(path)))
    words = read_definition(str(path)).words
    assert page.locator("html").get_attribute("lang") == language
    assert (page.locator("html").get_attribute("dir") == "rtl") == (language in ("ar", "he"))
    page.get_by_role("button", name=words["list"], exact=True).click()
    page.get_by_role("button", name=re.compile("Tubas")).click()
    text = page.locator("article.gm-card").inner_text()
    assert RAID in text and words["why_here"] in text and words["type.battle"] in text


def test_two_days_can_be_compared(open_page):
    page = open_page(build_map(WEEK, definition="daily"))
    page.get_by_role("button", name="Compare with 11 Apr").click()
    assert "3 new · 1 no longer" in page.locator(".gm-period").inner_text()
    anchor = page.evaluate("location.hash")
    again = open_page(build_map(WEEK, definition="daily"), anchor)
    assert "3 new · 1 no longer" in again.locator(".gm-period").inner_text()
    again.get_by_role("button", name="Stop comparing").click()
    assert "3 incidents" in again.locator(".gm-period").inner_text()


def test_a_corrected_event_says_what_was_said_before(open_page):
    first, second = (
        {"doc_id": f"d{k}", "doc_title": f"Update {k}", "doc_date": DAYS[k], "event_id": "raid"}
        for k in (0, 1)
    )
    where = ("battle", "Tubas", 35.37, 32.32)
    rows = [
        incident(1, DAYS[0], *where, "Troops killed three.", fatalities=3, **first),
        incident(2, DAYS[0], *where, "Troops killed five.", fatalities=5, **second),
    ]
    page = open_page(build_map(rows))
    assert shown(page) == "shown 1"
    page.get_by_role("button", name="List", exact=True).click()
    page.locator(".gm-row").click()
    card = page.locator("article.gm-card")
    assert card.locator("blockquote").inner_text() == "Troops killed five."
    assert "Update 0: Killed 3" in card.inner_text()


def test_the_layer_shows_its_card_in_any_folium_map(open_page, tmp_path):
    import folium

    from geomap.folium import IncidentLayer, offline

    made = folium.Map([32.32, 35.37], zoom_start=9, tiles=None)
    IncidentLayer(WEEK).add_to(made)
    path = tmp_path / "plain.html"
    path.write_text(offline(made), encoding="utf-8")
    page = open_page(path)
    page.wait_for_timeout(300)
    page.mouse.click(640, 400)
    page.get_by_text(RAID).wait_for()


def test_paper_gets_a_picture_in_light_colours(open_page):
    page = open_page(build_map(WEEK), color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    picture = page.locator(".gm-print-map")
    assert picture.is_visible() and not page.locator(".folium-map").is_visible()
    assert "Update 1" in page.locator(".gm-print-sources").inner_text()
    corner = picture.evaluate(
        "async (img) => { await img.decode(); const c = document.createElement('canvas');"
        " c.width = img.naturalWidth; c.height = img.naturalHeight; const x = c.getContext('2d');"
        " x.drawImage(img, 0, 0); return Array.from(x.getImageData(2, 2, 1, 1).data); }"
    )
    assert min(corner[:3]) > 180
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".folium-map").is_visible()


def test_without_script_there_is_a_table(open_page, browser, tmp_path):
    write_map(build_map(WEEK), tmp_path / "plain.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "plain.html").as_uri())
    table = page.locator("noscript table")
    assert table.is_visible()
    assert RAID in table.inner_text()
    still = page.locator("noscript svg[role=img]")
    assert still.is_visible()
    assert "Tubas" in still.text_content() and "Beirut" not in still.text_content()
    assert "OpenStreetMap" in page.locator("noscript").inner_text()
    context.close()


def test_the_page_works_in_a_frame_that_allows_scripts_only(browser, tmp_path):
    write_map(build_map(WEEK), tmp_path / "map.html")
    (tmp_path / "host.html").write_text(
        '<iframe sandbox="allow-scripts" src="map.html" width="900" height="600"></iframe>'
    )
    context = browser.new_context()
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "host.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="List", exact=True).click()
    frame.get_by_role("button", name=re.compile("Tubas")).click()
    frame.get_by_text(RAID).first.wait_for()
    assert errors == []
    context.close()


def test_a_folium_map_of_the_user_s_own_shows_the_layer_and_the_card(open_page):
    """Several layers, the layer control and a folium marker share the page."""
    import folium

    from geomap.draw import IncidentLayer

    made = build_map(WEEK)
    IncidentLayer(WEEK[:1], name="Second").add_to(made)
    folium.Marker([32, 35], popup="A marker of mine").add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    page = open_page(made)
    page.locator(".leaflet-marker-icon").click(force=True)
    page.get_by_text("A marker of mine").wait_for()
    page.get_by_label("Second").uncheck()
    assert page.get_by_role("checkbox", name="Incidents").is_checked()


@pytest.mark.parametrize(
    ("name", "colour"), [("raster", (10, 200, 30)), ("vector", None)], ids=["pictures", "vectors"]
)
def test_a_tile_file_of_the_user_travels_in_the_page(open_page, tmp_path, name, colour):
    """The files hold one tile of the whole world: green, or half land and half sea."""
    shutil.copy(Path(__file__).parent / "tiles" / f"{name}.pmtiles", tmp_path / "mine.pmtiles")
    (tmp_path / "mine.toml").write_text('tiles = "mine.pmtiles"\n')
    made = build_map(WEEK, definition=str(tmp_path / "mine.toml"))
    (tmp_path / "mine.pmtiles").unlink()
    page = open_page(made)
    kind = "canvas" if name == "vector" else "img"
    tile = page.locator(f".leaflet-tile-pane {kind}").first
    tile.wait_for()
    page.wait_for_timeout(300)
    seen = tile.evaluate(
        "(tile) => { const c = document.createElement('canvas'); c.width = c.height = 8;"
        " const x = c.getContext('2d'); x.drawImage(tile, 0, 0, 8, 8);"
        " return Array.from(x.getImageData(4, 4, 1, 1).data); }"
    )
    assert seen[3] == 255
    assert colour is None or tuple(seen[:3]) == colour


def test_a_question_takes_three_actions(open_page):
    """Where did a drone strike near Kharkiv yesterday? Asked of a page that opens on today."""
    near = {"place": "Vovchansk", "lon": 36.94, "lat": 50.29, "admin1": "Kharkiv"}
    rows = [
        incident(
            *(k, DAYS[k % 3], "explosion", "Sumy", 34.8, 50.91, f"A shell fell in Sumy, {k}."),
            subtype="shelling",
        )
        for k in range(9)
    ]
    drone = incident(
        *(20, DAYS[1], "explosion", near["place"], near["lon"], near["lat"], "A house was hit."),
        subtype="drone_strike",
        admin1=near["admin1"],
    )
    page = open_page(build_map([*rows, drone], definition="daily"))
    page.get_by_role("searchbox").fill("drone kharkiv")
    page.get_by_role("button", name="1 on all days").click()
    page.wait_for_timeout(700)
    page.mouse.click(*spot(page, near["lat"], near["lon"]))
    card = page.locator("article.gm-card")
    assert card.locator("h2").inner_text() == "Vovchansk, Kharkiv"
    assert "Thu 11 April 2024" in card.inner_text()


def test_enter_brings_what_was_found_into_view(week):
    week.get_by_role("searchbox").fill("gaza")
    week.get_by_text("1 incident holds").wait_for()
    before = week.evaluate("map_1.getZoom()")
    week.get_by_role("searchbox").press("Enter")
    week.wait_for_function(f"map_1.getZoom() > {before}")
    assert week.evaluate("map_1.getBounds().contains([31.5, 34.46])")


def test_incidents_without_a_day_have_no_timeline(open_page):
    rows = [replace(row, date=None, date_end=None, doc_date=None) for row in WEEK[:3]]
    page = open_page(build_map(rows, title="Undated"))
    assert "3 incidents" in page.inner_text("header")
    assert "1970" not in page.inner_text("body")
    assert page.get_by_role("slider").count() == 0
