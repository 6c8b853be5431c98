"""The live map in other people's pages, each built with its own tool and opened for real."""

import base64
import configparser
import functools
import http.server
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter

from geomap.cli import main
from geomap.draw import build_map, write_map, write_picture, write_report
from geomap.draw.embed import SANDBOX, iframe
from geomap.errors import InputError
from geomap.model import Incident

RECIPES = (Path(__file__).parents[2] / "docs/recipes.md").read_text(encoding="utf-8")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TITLE = 'Raids & "strikes" <north>'
INCIDENTS = [
    Incident("a1", doc_id="d", place="Jabalia", lon=34.48, lat=31.53, incident_type="battle"),
    Incident("a2", doc_id="d", place="Tubas", lon=35.37, lat=32.32, incident_type="explosion"),
]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser):
    """Open a file of a site over HTTP; the map may ask nothing of any host, and not fail."""
    troubles, servers = [], []

    def answer(route):
        """Let no request out; the host page's own (its theme's fonts) are not the map's."""
        if route.request.frame.parent_frame:
            troubles.append(route.request.url)
        route.abort()

    def open_site(folder, name):
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        home = f"http://127.0.0.1:{server.server_port}/"
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.route(lambda url: not url.startswith(home), answer)
        page.goto(home + name)
        return page

    yield open_site
    for server in servers:
        server.shutdown()
        server.server_close()
    assert not troubles


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


@pytest.fixture
def site(tmp_path):
    """A folder with a map, and its picture."""
    write_map(build_map(INCIDENTS, title=TITLE), tmp_path / "map.html")
    write_picture(INCIDENTS, tmp_path / "map.png", TITLE, size="social")
    return tmp_path


def block(title):
    """Give a block of the recipes by its title."""
    return re.search(rf'(`{{3,4}})\w+ title="{re.escape(title)}"\n(.*?)\n\1', RECIPES, re.S)[2]


def assert_map_works(page, frame="iframe"):
    """See the map in a frame answer to a click on its legend."""
    inside = page.frame_locator(frame)
    page.locator(frame).scroll_into_view_if_needed()
    inside.get_by_role("button", name=re.compile("^List")).first.click(timeout=8000)
    inside.get_by_text("Jabalia").first.wait_for(timeout=5000)


@pytest.mark.parametrize("srcdoc", [False, True])
def test_a_page_shows_the_map_in_a_sandbox_that_reaches_nothing(site, opened, srcdoc):
    snippet = iframe(site / "map.html", height="600", srcdoc=srcdoc)
    (site / "host.html").write_text(f"<!doctype html><meta charset=utf-8>{snippet}")
    page = opened(site, "host.html")
    assert_map_works(page)
    assert page.locator("iframe").get_attribute("title") == TITLE
    assert page.locator("iframe").get_attribute("sandbox") == SANDBOX
    framed = page.frames[1]
    assert (
        framed.evaluate("() => { try { return parent.document.title } catch { return null } }")
        is None
    )


@pytest.mark.parametrize(
    ("text", "options", "what"),
    [
        ("no markup", {}, "is no page with a title"),
        ("<title>a</title>", {"height": "640;color:red"}, "is not a size"),
        ("<title>a</title>", {"width": '100%" onload=x'}, "is not a size"),
        (None, {}, "cannot be read"),
    ],
)
def test_what_cannot_be_embedded_is_refused(tmp_path, text, options, what):
    if text is not None:
        (tmp_path / "map.html").write_text(text)
    with pytest.raises(InputError, match=what):
        iframe(tmp_path / "map.html", **options)


def test_a_title_and_an_address_stay_in_their_attributes(tmp_path):
    (tmp_path / "map.html").write_text('<title>&lt;b&gt; "x" onload=y</title>')
    snippet = iframe(tmp_path / "map.html", src='a"onload="x.html')
    assert 'title="&lt;b&gt; &quot;x&quot; onload=y"' in snippet
    assert 'src="a&quot;onload=&quot;x.html"' in snippet


def test_a_notebook_shows_the_map_and_its_pdf_the_picture(tmp_path, opened):
    (tmp_path / "bulletin.txt").write_text(
        "Note, 5 March 2026\n\nAn airstrike killed three people in Jabalia in the Gaza Strip.\n"
    )
    cell = nbformat.v4.new_code_cell(block("cell"))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=60, resources=where, kernel_name="python3").execute()
    data = notebook.cells[0].outputs[-1]["data"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"].startswith("Map. 5 March. 1 incident")
    html, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook)
    (tmp_path / "notebook.html").write_text(html, encoding="utf-8")
    assert_map_works(opened(tmp_path, "notebook.html"), "iframe[srcdoc]")
    latex, resources = LatexExporter().from_notebook_node(notebook)
    pictures = [name for name in resources["outputs"] if name.endswith(".png")]
    assert pictures and all(name in latex for name in pictures)
    assert "iframe" not in latex


def test_sphinx_publishes_the_map_and_other_formats_the_picture(site, tmp_path, opened):
    source = tmp_path / "source"
    (source / "maps").mkdir(parents=True)
    for name in ("map.html", "map.png"):
        shutil.copy(site / name, source / "maps" / name)
    (source / "maps/embed.html").write_text(iframe(source / "maps/map.html"))
    for name in ("conf.py", "index.rst"):
        (source / name).write_text(block(name), encoding="utf-8")
    for builder in ("html", "latex"):
        run("sphinx", "-q", "-W", "-b", builder, source, tmp_path / builder)
    assert_map_works(opened(tmp_path / "html", "index.html"))
    tex = next((tmp_path / "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert "includegraphics" in tex and "iframe" not in tex


def test_mkdocs_publishes_the_report_and_the_map(site, tmp_path, opened):
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copy(site / "map.html", docs / "map.html")
    write_report(INCIDENTS, docs / "index.md")
    with (docs / "index.md").open("a") as file:
        file.write("\n" + iframe(docs / "map.html") + "\n")
    (tmp_path / "mkdocs.yml").write_text(block("mkdocs.yml"))
    run("mkdocs", "build", "-q", "-f", tmp_path / "mkdocs.yml", "-d", tmp_path / "public")
    html = (tmp_path / "public/index.html").read_text(encoding="utf-8")
    assert html.count("<table>") == 3
    assert 'src="index-map.png"' in html
    assert_map_works(opened(tmp_path / "public", "index.html"))


def run(module, *words):
    command = [sys.executable, "-m", module, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_quarto_s_reader_keeps_the_frame_for_html_and_the_picture_for_the_rest(tmp_path):
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        pytest.skip("pandoc is not installed here; .ci/run installs it")
    (tmp_path / "situation.md").write_text(block("situation.qmd"), encoding="utf-8")
    made = {
        form: subprocess.run(
            [pandoc, "situation.md", "-t", form],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for form in ("html", "latex")
    }
    assert f'sandbox="{SANDBOX}"' in made["html"]
    assert "iframe" not in made["latex"] and "map.png" in made["latex"]


COMMANDS = re.findall(r"^\s*(?:- run: |ExecStart=\S*/)?geomap (.+)$", RECIPES, re.M)


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_of_the_recipes_can_be_read(line):
    name, *words = shlex.split(line, comments=True)
    main.commands[name].make_context(name, words)


def test_the_recipes_have_all_their_commands():
    assert len(COMMANDS) >= 13


def test_the_units_of_systemd_have_their_sections():
    for name, section in (("geomap.service", "Service"), ("geomap.timer", "Timer")):
        unit = configparser.ConfigParser(interpolation=None)
        unit.read_string(block(name))
        assert unit.has_section(section)
