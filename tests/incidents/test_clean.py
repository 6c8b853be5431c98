import csv
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.content import content
from geomap.errors import ContentError
from geomap.incidents import clean as clean_module
from geomap.incidents.clean import clean, load_debris

with content("maps/debris.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def written(cell):
    r"""Give what a cell of the table stands for: ``\n`` and ``\uXXXX`` are escapes."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), cell.replace("\\n", "\n"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["example"][:30])
def test_each_row_leaves_what_its_example_says(row):
    assert clean(written(row["example"])).text == row["left"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["example"][:30])
def test_each_row_is_needed_for_its_example(row):
    pattern = re.compile(row["pattern"], re.IGNORECASE | re.MULTILINE)
    example = written(row["example"])
    assert pattern.search(example) if row["scope"] == "text" else pattern.fullmatch(example)


@pytest.mark.parametrize(
    "text",
    [
        "Shells hit Rafah. [The army] denied it.",
        "They killed [12] people near Sumy.",
        "Key Takeaways:",
        "• Rafah: two strikes",
        "Northern Gaza Strip",
        "News reached the town late, officials said.",
        "Home guards fought in Luhansk.",
        "Print shops burned in Aden.",
        "Save the Children left Goma.",
        "Share prices fell after the strike.",
        "Comment: the front has not moved.",
        "Read the statement of the ministry.",
        "Search teams found 12 bodies in Palu.",
        "Follow-up strikes hit Kherson.",
        "The latest strikes killed four.",
        "Casualties {killed: 5; injured: 3} were counted in Homs.",
        "An area of 12 km² and 3 m³ of water",
        "Place | Date | What happened",
        "Explosion in Gaza <img src=x onerror=alert(1)> killed two.",
        "Tags were found on the drone, the police said.",
        "5 killed, 3 wounded",
        "\n\nOne.\n\n\nTwo.\n",
    ],
)
def test_prose_stays(text):
    assert clean(text).text == text


def test_a_web_page_keeps_its_article_only():
    page = (
        "Home | News | About us\nWe use cookies to improve this site.\n"
        "Daily note\n\nShells hit Rafah.[45] Two died.\nShare this article on Facebook\n"
        "Related Articles\n\nTruck attacked in Gao\nFloods in Sindh\n\nLebanon\n\nRockets fell.\n"
        "Leave a Reply\nYour email address will not be published. Required fields are marked *\n"
        ".menu a {\n  color: red;\n}\n@media print {\n.x { display: none }\n}\n"
    )
    lines = [line for line in clean(page).text.splitlines() if line]
    assert lines == ["Daily note", "Shells hit Rafah. Two died.", "Lebanon", "Rockets fell."]


def test_headlines_under_related_articles_go_to_the_end():
    assert clean("Two died.\nMost read\nTen dead in Gao\nStrike hits Aden\n").text == "Two died.\n"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a bom-\nbardment of", "a bombardment of"),
        ("in Al-\nShifa", "in Al-Shifa"),
        ("in Nuseirat-\n  Bureij", "in Nuseirat-Bureij"),
        ("an anti-\ntank missile", "an anti-tank missile"),
        ("the al-\nhawa quarter", "the al-hawa quarter"),
        ("soft\u00ad\nly", "softly"),
        ("Gaza -\nRafah", "Gaza -\nRafah"),
        ("12-\n14 March", "12-\n14 March"),
    ],
)
def test_words_broken_at_a_line_end_are_mended(text, joined):
    assert clean(text).text == joined


def test_offsets_lead_back_to_the_stored_text():
    stored = "Home\nShells hit Ra\u200bfah.[45] Bom-\nbs fell.\nLeave a Reply\n"
    view = clean(stored)
    start = view.text.index("Rafah")
    assert stored[slice(*view.span(start, start + 5))] == "Ra\u200bfah"
    start = view.text.index("Bombs")
    assert stored[slice(*view.span(start, start + 5))] == "Bom-\nbs"
    assert view.offset(len(view.text)) == stored.index("Leave")
    assert clean("Leave a Reply").offset(0) == 0


pieces = st.lists(
    st.one_of(
        st.sampled_from([written(row["example"]) for row in ROWS]),
        st.sampled_from(["\n", " ", "Rafah.", "[45]", "-\n", "\u200b", "bom", "\r", "\u2028"]),
        st.text(max_size=20),
    ),
    max_size=20,
).map("".join)


@given(pieces)
def test_every_character_that_stays_knows_its_place(stored):
    view = clean(stored)
    offsets = [view.offset(index) for index in range(len(view.text))]
    assert "".join(stored[offset] for offset in offsets) == view.text
    assert offsets == sorted(set(offsets))


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 100_000, "{" * 100_000, ".a { b: " * 20_000, "[1" * 50_000, "home " * 20_000),
        *("a.b-" * 30_000, "a-\n" * 30_000, "Related\nx\n" * 5_000, "share this " * 20_000),
        *("[" * 50_000 + "](http://x)", "<script>" * 20_000, " " * 200_000, "http://" * 20_000),
    ],
    ids=lambda text: text[:10],
)
def test_strange_text_takes_no_longer_than_prose(text):
    started = time.perf_counter()
    clean(text)
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("row", "what"),
    [("page,x,x,x,x", "scope 'page'"), ("line,(x,x,x,x", "does not compile")],
)
def test_a_bad_row_is_named(row, what, tmp_path, monkeypatch):
    table = tmp_path / "debris.csv"
    table.write_text(f"scope,pattern,example,gone,why\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(clean_module, "content", lambda name: table)
    load_debris.cache_clear()
    try:
        with pytest.raises(ContentError, match=rf"debris.csv:2: .*{re.escape(what)}"):
            load_debris()
    finally:
        load_debris.cache_clear()
