"""A real browser, and pages opened in it from a folder as a reader would."""

import os
import re
import shutil
from pathlib import Path

import pytest

from geomap.draw import write_map

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Open a map from file://; at the end nothing may have failed or left the page."""
    troubles = []
    contexts = []

    def opened(folium_map, anchor="", **options):
        path = tmp_path / "map.html"
        if isinstance(folium_map, Path):
            path = folium_map
        else:
            write_map(folium_map, path)
        options = {"viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        context.set_default_timeout(5000)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and troubles.append(message.text),
        )
        page.on(
            "request",
            lambda request: (
                request.url.startswith(("file:", "data:", "blob:"))
                or troubles.append(f"request: {request.url}")
            ),
        )
        page.goto(path.as_uri() + anchor)
        if not isinstance(folium_map, Path):
            page.locator("#gm-subtitle", has_text=re.compile(r"\S")).wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
