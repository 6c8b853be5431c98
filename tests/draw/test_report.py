import datetime as dt
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from markdown_it import MarkdownIt
from PIL import Image
from pypdf import PdfReader

from geomap.draw.definition import read_definition
from geomap.draw.digest import Topic, make_digest
from geomap.draw.escape import latex, markdown
from geomap.draw.report import write_report
from geomap.draw.summary import compare
from geomap.errors import ContentError, InputError
from geomap.model import Incident

DAY, BEFORE = dt.date(2026, 3, 5), dt.date(2026, 3, 4)
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(2)) ![i](http://evil.example/p.png) "
    "\\input{/etc/passwd} $\\frac{1}{0}$ {{ 7*7 }} {% raw %} | `code` **bold** www.evil.example"
)


def incident(n, place="Jabalia", kind="battle", day=DAY, **more):
    values = {
        "event_id": f"e{n}",
        "doc_id": str(day),
        "doc_title": f"Daily note, {day.day} March",
        "doc_date": day,
        "date": day,
        "place": place,
        "country": "PS",
        "admin1": "Gaza Strip",
        "lon": 34.48,
        "lat": 31.53,
        "geo_precision": 1,
        "sentence": f"Shelling hit {place} at dawn.",
        "source": "note.txt",
    }
    return Incident(id=f"{n:03}{day.day}", incident_type=kind, **values | more)


TODAY = [
    incident(1, fatalities=3),
    incident(2, "Tubas", "explosion", lon=35.37, lat=32.32, admin1="West Bank", injured=2),
    incident(3, "الخيام", "explosion", lon=35.6, lat=33.3, country="LB", admin1="Nabatieh"),
    incident(4, HOSTILE, sentence=HOSTILE, doc_title=HOSTILE, source="javascript:alert(3)"),
    incident(5, "", lon=None, lat=None, sentence="A bridge was blown up."),
]
EARLIER = [
    incident(1, fatalities=2, day=BEFORE, date=DAY),
    incident(9, "Rafah", "explosion", day=BEFORE),
]
TOPIC = Topic("Shelling in the north", DAY, before=BEFORE, earlier=EARLIER, live_map="day.html")


def tool(*names):
    found = next((path for name in names if (path := shutil.which(name))), None)
    if not found:
        pytest.skip(f"{names[0]} is not installed here; .ci/run installs it")
    return found


def run(*command, cwd):
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd)}
    done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=120, env=env, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]


def test_the_numbers_are_by_type_by_area_and_against_the_day_before():
    digest = make_digest(TODAY, read_definition("incidents"), TOPIC)
    assert digest["by_type"] == [
        {"label": "Battles", "number": 3, "before": 1, "change": "+2"},
        {"label": "Explosions, strikes", "number": 2, "before": 1, "change": "+1"},
    ]
    areas = {row["label"]: (row["number"], row["change"]) for row in digest["by_area"]}
    assert areas["West Bank, Palestine"] == (1, "+1")
    assert digest["headline"].startswith("5 incidents from 1 bulletin; 3 killed, as reported; 2")
    assert digest["change"] == "Since 4 March 2026: 4 new, 1 no longer reported, 1 corrected."
    assert [row["text"] for row in digest["unplaced"]] == ["A bridge was blown up."]


def test_an_event_is_the_same_by_its_id_or_by_type_place_and_date():
    again = incident(77, event_id="other")
    assert compare([again], [incident(1)], BEFORE).new == ()
    moved = incident(1, kind="explosion")
    assert compare([moved], [incident(1)], BEFORE).corrected == (moved,)
    assert compare([moved], [], None).before is None


FORMATS = ("md", "html", "docx", "tex")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with the same report in each format."""
    folder = tmp_path_factory.mktemp("reports")
    write_report(TODAY, [folder / f"day.{suffix}" for suffix in FORMATS], TOPIC)
    return folder


def test_the_same_incidents_give_the_same_reports(written, tmp_path):
    paths = [tmp_path / f"day.{suffix}" for suffix in FORMATS]
    made = write_report(TODAY[::-1], paths, TOPIC)
    names = ["day-map.pdf", "day-map.png", *(f"day.{suffix}" for suffix in sorted(FORMATS))]
    assert sorted(path.name for path in made) == names
    for path in made:
        assert path.read_bytes() == (written / path.name).read_bytes(), path.name


def test_markdown_shows_hostile_text_and_obeys_none_of_it(written):
    text = (written / "day.md").read_text(encoding="utf-8")
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<script") == html.count('javascript:alert(2)"') == 0
    assert re.findall(r'<img src="([^"]*)"', html) == ["day-map.png"]
    assert re.findall(r'<a href="([^"]*)"', html) == ["day.html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(2))" in html
    assert "{{ 7*7 }}" in html.replace("&#123;", "{")
    assert html.count("<table>") == 3
    assert all(row.count("<td") == 5 for row in html.split("<table>")[3].split("<tr>")[2:])


def test_html_shows_hostile_text_and_runs_none_of_it(written):
    html = (written / "day.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "default-src 'none'" in html
    assert "&lt;script&gt;" in html
    assert 'src="data:image/png;base64,' in html
    assert 'alt="Map. Shelling in the north. 5 incidents: Battles 3' in html


def test_word_opens_in_libreoffice_with_picture_alt_text_and_quotes(written, tmp_path):
    office = tool("soffice")
    shutil.copy(written / "day.docx", tmp_path)
    document = Document(str(tmp_path / "day.docx"))
    assert document.inline_shapes[0]._inline.docPr.get("descr").startswith("Map. Shelling in")
    cells = [cell.text for row in document.tables[2].rows for cell in row.cells]
    assert " ".join(HOSTILE.split()) in cells
    run(office, "--headless", "--convert-to", "pdf", "day.docx", cwd=tmp_path)
    pages = PdfReader(tmp_path / "day.pdf").pages
    words = "".join(page.extract_text() for page in pages)
    assert "Shelling hit Tubas at dawn" in re.sub(r"\s+", " ", words)
    assert len(pages[0].images) == 1
    run(tool("pdftoppm"), "-r", "40", "-png", "-singlefile", "day.pdf", "page", cwd=tmp_path)
    with Image.open(tmp_path / "page.png") as page:
        assert page.convert("L").getextrema()[0] < 80  # not an empty page


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_latex_compiles_and_shows_hostile_text(written, tmp_path, engine):
    compiler = tool(engine)
    for name in ("day.tex", "day-map.pdf"):
        shutil.copy(written / name, tmp_path)
    run(compiler, "-interaction=nonstopmode", "-halt-on-error", "day.tex", cwd=tmp_path)
    words = "".join(page.extract_text() for page in PdfReader(tmp_path / "day.pdf").pages)
    assert "Shelling hit Tubas" in re.sub(r"\s+", " ", words)
    assert "alert(1)" in words
    assert "/etc/passwd" in re.sub(r"\s+", "", words)
    assert "root:" not in words
    assert ("[Arabic script]" in words) == (engine == "pdflatex")


def test_an_arabic_report_runs_from_right_to_left(tmp_path):
    (tmp_path / "ar.toml").write_text('language = "ar"\n')
    names = [tmp_path / f"day.{suffix}" for suffix in ("docx", "html", "tex")]
    topic = replace(TOPIC, title="قصف في الشمال (IDF) 50%")
    write_report(TODAY, names, topic, definition=str(tmp_path / "ar.toml"))
    assert '<html lang="ar" dir="rtl">' in names[1].read_text(encoding="utf-8")
    with zipfile.ZipFile(names[0]) as word:
        xml = word.read("word/document.xml").decode()
    assert xml.count("<w:bidiVisual/>") == 3
    assert xml.count("<w:bidi/>") > 20
    run(tool("xelatex"), "-interaction=nonstopmode", "-halt-on-error", "day.tex", cwd=tmp_path)
    assert len(PdfReader(tmp_path / "day.pdf").pages) >= 2


def test_a_quiet_day_says_so(tmp_path):
    paths = [tmp_path / f"day.{suffix}" for suffix in FORMATS]
    write_report([], paths, Topic("A quiet day", DAY))
    for path in paths:
        if path.suffix == ".docx":
            words = "\n".join(p.text for p in Document(str(path)).paragraphs)
        else:
            words = path.read_text(encoding="utf-8")
        assert "No incident was reported." in words
        assert "No bulletin of the day before is known." in words


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.md", "# {{ title }}\n\n{{ tittle }}\n", r"a.md:3: 'tittle' is undefined"),
        ("a.html", "<p>\n{{ words.sumary }}", r"a.html:2: 'dict object' has no attribute 'sumary'"),
        ("a.tex", "%% note\n\\VAR{titel}\n", r"a.tex:2: 'titel' is undefined"),
        ("a.md", "{% for row in incidents %}\n", r"a.md:1: Unexpected end of template"),
        ("a.md", "{{ total + title }}", r"a.md:1: unsupported operand"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(tmp_path, name, text, what):
    (tmp_path / name).write_text(text)
    out = tmp_path / "out" / f"day{name[1:]}"
    with pytest.raises(ContentError, match=what):
        write_report(TODAY, out, TOPIC, template=tmp_path / name)
    assert not out.parent.exists()


def test_a_mistake_in_a_word_template_is_named(tmp_path):
    template = Document()
    template.add_paragraph("{{ titel }}")
    template.save(str(tmp_path / "mine.docx"))
    with pytest.raises(ContentError, match=r"mine.docx: 'titel' is undefined"):
        write_report(TODAY, tmp_path / "day.docx", TOPIC, template=tmp_path / "mine.docx")
    assert not (tmp_path / "day.docx").exists()


@pytest.mark.parametrize(
    ("name", "template", "what"),
    [
        ("day.pdf", None, ".pdf is not a kind of report"),
        ("day.md", "other.tex", "a template for .tex makes no .md"),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, name, template, what):
    with pytest.raises(InputError, match=what):
        write_report(TODAY, tmp_path / name, template=template)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("# 1", "&#35; 1"),
        ("- a", "&#45; a"),
        ("-3", "-3"),
        ("2026-03-05", "2026-03-05"),
        ("1. a", "1&#46; a"),
        ("===", "&#61;=="),
        ("https://a.example", "https&#58;//a.example"),
        ("@all", "&#64;all"),
    ],
)
def test_markdown_means_nothing(text, safe):
    assert markdown(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a_b & 5%", r"a\_b \& 5\%"),
        ("\\end{document}", r"\textbackslash{}end\{document\}"),
        ("Škoda", "Škoda"),
        ("Ḥalab", r"\gmother{Ḥ}{H}alab"),
        ("Київ", r"\gmother{Київ}{[Cyrillic script]}"),
        ("غزة IDF", r"\gmrtl{غزة \gmltr{IDF}}{[Arabic script]}"),
        ("−2", "$-$2"),
    ],
)
def test_latex_means_nothing(text, safe):
    assert latex(text) == safe
