import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geomap.errors import InputError
from geomap.incidents.bulletin import read_bulletin, read_bulletins
from geomap.incidents.clean import clean
from geomap.incidents.document import read_document

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
MEGABYTE = 1024 * 1024


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "bulletins"


def write(folder, name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def pdf_of(*pages, title=""):
    pdf = FPDF()
    pdf.set_title(title)
    pdf.set_font("Helvetica", size=11)
    for page in pages:
        pdf.add_page()
        pdf.multi_cell(0, 6, page)
    return bytes(pdf.output())


def scanned_pdf():
    pdf = FPDF()
    pdf.add_page()
    pdf.image(Image.new("L", (40, 40), 128), x=10, y=10, w=60)
    return bytes(pdf.output())


def locked_pdf():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of("Shells hit Rafah.")))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word_file():
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def test_text_is_stored_as_read_with_one_kind_of_line_end(folder):
    path = write(folder, "note.txt", b"ADEN, 3 May 2026 - Shells.\r\nTwo died.\rRain.\x00\n")
    bulletin = read_bulletin(path)
    assert bulletin.text == "ADEN, 3 May 2026 - Shells.\nTwo died.\nRain.\ufffd\n"
    assert bulletin.issued == dt.date(2026, 5, 3)
    assert bulletin.source == str(path)


def test_the_first_line_is_the_title_unless_it_is_a_sentence(folder):
    assert read_bulletin(write(folder, "a.md", "# Aden note\n\nShells.")).title == "Aden note"
    assert read_bulletin(write(folder, "b.txt", "Shells hit Aden.\n")).title == ""


def test_the_day_given_counts_before_all_others(folder):
    path = write(folder, "note_2026-05-03.txt", "ADEN, 2 May 2026 - Shells.")
    given = dt.date(2026, 5, 4)
    assert [b.issued for b in read_bulletins([path], issued=given)] == [given]


def test_a_page_is_read_without_its_menus_and_comment_form():
    bulletin = read_bulletin(EXAMPLES / "sahel_2026-03-05.html")
    assert bulletin.title.startswith("Sahel weekly")
    assert bulletin.issued == dt.date(2026, 3, 5)
    assert "Bankass, in the Mopti region" in bulletin.text
    assert "Diré | Mortar shells" in bulletin.text
    for debris in ("About us", "cookies", "Leave a Reply", "Gold mines", "dataLayer", "color"):
        assert debris not in bulletin.text


def test_the_day_of_a_page_comes_from_its_metadata(folder):
    page = (
        '<html><head><meta property="article:published_time" content="2026-03-05T17:30:00Z">'
        "<title>Note</title></head><body><article><p>On 1 January 2026 shells hit the town of "
        "Bankass, and on 2 January 2026 the market burned.</p></article></body></html>"
    )
    assert read_bulletin(write(folder, "a.html", page)).issued == dt.date(2026, 3, 5)
    stated = page.replace(
        "<title>",
        '<script type="application/ld+json">{"datePublished": "2026-03-06T08:00"}</script><title>',
    ).replace("article:published_time", "other")
    assert read_bulletin(write(folder, "b.html", stated)).issued == dt.date(2026, 3, 6)
    timed = page.replace("article:published_time", "other").replace(
        "<article>", '<article><time itemprop="datePublished" datetime="2026-03-07">now</time>'
    )
    assert read_bulletin(write(folder, "c.html", timed)).issued == dt.date(2026, 3, 7)


def test_a_timestamp_that_is_not_of_the_publication_is_not_taken(folder):
    page = (
        '<html><head><meta property="other" content="2026-03-05T17:30:00Z"></head><body><article>'
        "<p>On 1 January 2026 shells hit the town of Bankass.</p>"
        "<p>© 2026 <time datetime='2026-02-01'>1 February</time></p></article></body></html>"
    )
    assert read_bulletin(write(folder, "a.html", page)).issued is None


def test_a_page_keeps_the_encoding_it_declares(folder):
    page = '<html><head><meta charset="windows-1256"></head><body><p>قصف على رفح اليوم</p></body>'
    bulletin = read_bulletin(write(folder, "a.htm", page.encode("cp1256")))
    assert "قصف على رفح اليوم" in bulletin.text


def test_word_paragraphs_bullets_and_tables_are_read_in_order():
    bulletin = read_bulletin(EXAMPLES / "sudan_2026-03-06.docx")
    assert bulletin.title == "Sudan situation report no. 9, 6 March 2026"
    assert bulletin.issued == dt.date(2026, 3, 6)
    lines = bulletin.text.split("\n")
    assert "• SAF troops recaptured Al Jaili, north of Khartoum Bahri." in lines
    row = "Kosti | 3 March | Two aid workers were detained at a checkpoint and released"
    assert lines.index("Incidents against aid") < lines.index(row) < lines.index("Outlook")


def test_a_pdf_is_read_page_by_page(folder):
    bulletin = read_bulletin(EXAMPLES / "sindh_floods_2026-08-06.pdf")
    assert bulletin.title == "Sindh floods: situation update no. 5"
    assert bulletin.issued == dt.date(2026, 8, 6)
    path = write(folder, "a.pdf", pdf_of("Shells hit Aden.", "Rain fell.", title="a.docx"))
    assert read_bulletin(path).text.split("\n") == ["Shells hit Aden.", "Rain fell."]
    assert read_bulletin(path).title == ""


def test_a_file_is_what_its_first_bytes_say(folder):
    assert read_bulletin(write(folder, "a.txt", pdf_of("Shells."))).text == "Shells."
    page = "<!doctype html><html><body><p>Shells hit Aden.</p></body></html>"
    assert read_bulletin(write(folder, "noname", page)).text.strip() == "Shells hit Aden."


def test_a_folder_is_read_in_order_with_what_lies_under_it(folder):
    write(folder, "b.txt", "B.")
    write(folder, "a/z.MD", "A.")
    for name in ("README.md", ".hidden.txt", "~$word.docx", "table.csv", ".git/x.txt"):
        write(folder, name, "no bulletin")
    assert [b.text for b in read_bulletins(folder)] == ["A.", "B."]


def test_a_file_named_twice_is_read_once(folder):
    path = write(folder, "b.txt", "B.")
    assert len(read_bulletins([folder, str(path), path])) == 1


def test_standard_input_is_sniffed(monkeypatch):
    for data, text in ((b"Shells.", "Shells."), (pdf_of("Rain."), "Rain.")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        (bulletin,) = read_bulletins("-")
        assert (bulletin.text, bulletin.source) == (text, "standard input")


def test_five_megabytes_of_text_are_read_and_no_more(folder):
    line = b"Shells hit Rafah on Monday, two people died.\n"
    data = (line * (5 * MEGABYTE // len(line) + 1))[: 5 * MEGABYTE]
    path = write(folder, "big.txt", data)
    assert len(read_bulletin(path).text) == 5 * MEGABYTE
    path.write_bytes(data + b"x")
    with pytest.raises(InputError, match="larger than 5 MB"):
        read_bulletin(path)


@pytest.mark.parametrize(
    ("name", "data", "what", "todo"),
    [
        ("a.txt", b"", "the file is empty", "saved"),
        ("a.txt", b" \n\t\r\n", "the file is empty", "saved"),
        ("a.txt", b"\xef\xbb\xbf\n", "holds no text", ""),
        ("a.pdf", scanned_pdf(), "no text, only pictures", "OCR"),
        ("a.pdf", locked_pdf(), "locked with a password", "unlocked copy"),
        ("a.pdf", pdf_of("Shells.")[:300], "PDF cannot be read", "download"),
        ("a.pdf", b"Shells hit Rafah.", "no PDF file", "download"),
        ("a.docx", word_file()[:2000], "Word file is broken|zip archive", ""),
        ("a.docx", word_file(), "holds no text", ""),
        ("a.docx", b"Shells hit Rafah.", "no Word file", "download"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Word", ".docx"),
        ("a.rtf", b"{\\rtf1 Shells}", "RTF", ".docx"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary", "text, HTML"),
        ("a.txt.gz", b"\x1f\x8b\x08\0\0\0\0\0", "gzip", "Unpack"),
        ("a.html", b"<html><body></body></html>", "holds no text", ""),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(folder, name, data, what, todo):
    path = write(folder, name, data)
    with pytest.raises(InputError, match=what) as error:
        read_bulletin(path)
    assert error.value.where == str(path)
    assert todo in error.value.todo
    assert error.value.exit_code == 2
    assert "\n" not in error.value.what


@pytest.mark.parametrize("kind", ["pdf", "word", "html"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(kind, data):
    whole = {
        "pdf": pdf_of("Shells hit Rafah.", "Rain fell."),
        "word": (EXAMPLES / "sudan_2026-03-06.docx").read_bytes(),
        "html": (EXAMPLES / "sahel_2026-03-05.html").read_bytes(),
    }[kind]
    damaged = bytearray(whole[: data.draw(st.integers(64, len(whole)))])
    places = st.integers(0, len(damaged) - 1)
    for place in data.draw(st.lists(places, max_size=40)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        assert read_document(bytes(damaged), kind, "damaged").text.strip()
    except InputError as error:
        assert error.where == "damaged"


def test_a_zip_that_is_no_word_file_is_named(folder):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.txt", "Shells.")
    with pytest.raises(InputError, match="zip archive"):
        read_bulletin(write(folder, "a.docx", out.getvalue()))


def test_a_word_file_that_unpacks_to_too_much_is_refused(folder):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (201 * MEGABYTE))
    with pytest.raises(InputError, match="too much text"):
        read_bulletin(write(folder, "a.docx", out.getvalue()))


def test_missing_files_and_empty_folders_are_named(folder):
    folder.mkdir()
    with pytest.raises(InputError, match=r"no\.txt: no such file"):
        read_bulletins(folder / "no.txt")
    with pytest.raises(InputError, match="no bulletins in this folder"):
        read_bulletins([folder])
    with pytest.raises(InputError, match="this is a folder"):
        read_bulletin(folder)
    with pytest.raises(InputError, match="cannot be read"):
        read_bulletin("a\0b.txt")


def test_a_file_without_permission_is_named(folder):
    path = write(folder, "a.txt", "Shells.")
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(InputError, match="no permission"):
            read_bulletin(path)
    finally:
        if root:
            os.seteuid(0)


def test_a_text_file_loads_no_library_for_other_formats():
    code = (
        "import sys; from geomap.incidents.bulletin import read_bulletins, clean;"
        "clean(read_bulletins('examples/haiti_2026-03-03.txt')[0].text);"
        "heavy = {'trafilatura', 'pypdf', 'docx', 'lxml', 'charset_normalizer', 'urllib.request'};"
        "heavy |= {'geopandas', 'folium', 'pandas', 'numpy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*20*.*")), ids=lambda path: path.name)
def test_every_example_is_dated_named_and_marked_as_invented(path):
    bulletin = read_bulletin(path)
    assert bulletin.issued is not None and f"{bulletin.issued}" in path.name
    assert bulletin.title
    assert "Example bulletin, invented" in bulletin.text
    assert clean(bulletin.text).text.strip()


def test_the_examples_hold_a_week_of_one_theatre():
    days = [b.issued for b in read_bulletins(EXAMPLES / "levant")]
    assert days == [dt.date(2026, 3, 2) + dt.timedelta(days=n) for n in range(7)]
