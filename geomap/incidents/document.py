"""What a file holds: text, title and date of publication, whatever its format.

The libraries for HTML, PDF and Word are loaded when such a file is read.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple
from zipfile import ZipFile

from geomap.errors import InputError
from geomap.incidents.encoding import decode, is_binary, tidy

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

Kind = Literal["text", "html", "pdf", "word"]
MEGABYTE = 1024 * 1024
LIMITS_MB: dict[Kind, int] = {"text": 5, "html": 20, "pdf": 200, "word": 200}
"""Largest file of each kind that is read: 5 MB of text is a thousand pages, and a minute of
work; pictures and markup make the others large."""

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_META = re.compile(r"<(?:meta|time)\b[^>]{1,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*([\"'])(.*?)\2", re.DOTALL)
_JSON_PUBLISHED = re.compile(r"[\"']datePublished[\"']\s*:\s*[\"']([^\"']{8,40})[\"']")
_PUBLISHED = {
    *("article:published_time", "og:published_time", "datepublished", "date", "pubdate"),
    *("publish-date", "publishdate", "publication_date", "dc.date", "dc.date.issued"),
    *("dcterms.date", "dcterms.issued", "dcterms.created", "sailthru.date", "parsely-pub-date"),
}
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Word or Office file", "Save it as .docx."),
    (b"{\\rtf", "an RTF file", "Save it as .docx or .txt."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it."),
    (b"PK\x03\x04", "a zip archive or another Office file", "Unpack it or save it as .docx."),
)
_FILE_TITLE = re.compile(r"^(?:microsoft word|untitled)|\.(?:docx?|indd|pdf|txt)$", re.IGNORECASE)


class Document(NamedTuple):
    """Text with ``\\n`` line ends; title and ISO date of publication if the file tells them."""

    text: str
    title: str = ""
    published: str = ""


def kind_of(data: bytes, where: str, named: Kind | None = None) -> Kind:
    """Tell what a file is: by its first bytes, then by its name (`named`).

    Raises
    ------
    InputError
        If it is nothing that can be read.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return "word"
    for magic, what, todo in _OTHERS:
        if data.startswith(magic):
            raise InputError(f"this is {what}, not a bulletin", where=where, todo=todo)
    if named in ("pdf", "word"):
        raise InputError(
            f"this is no {'PDF' if named == 'pdf' else 'Word'} file, though its name says so",
            where=where,
            todo="Is the download complete?",
        )
    if is_binary(data):
        raise InputError(
            "this is a binary file, not a bulletin",
            where=where,
            todo="geomap reads text, HTML, PDF and Word (.docx).",
        )
    return named or ("html" if _HTML.search(data[:2048]) else "text")


def read_document(data: bytes, kind: Kind, where: str, charset: str = "") -> Document:
    """Read the bytes of one file of a known kind; `charset` is what a web server said.

    Raises
    ------
    InputError
        If the file is broken, locked or holds no text.
    """
    if not data.strip():
        raise InputError("the file is empty", where=where)
    if kind == "text":
        document = Document(decode(data, charset))
    elif kind == "html":
        document = _read_html(data, charset)
    else:
        document = _read_pdf(data, where) if kind == "pdf" else _read_word(data, where)
    text = tidy(document.text)
    if not text.strip():
        raise InputError("the file holds no text", where=where)
    return Document(text, " ".join(tidy(document.title).split()), document.published)


def _read_html(data: bytes, charset: str) -> Document:
    """Read the article of a page; a page without one is read whole."""
    from trafilatura import extract, extract_metadata, html2txt

    declared = _CHARSET.search(data[:4096])
    html = decode(data, charset or (declared[1].decode("ascii") if declared else ""))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a date that its libraries cannot read is no matter
        text = extract(html, include_comments=False, include_tables=True)
        found = extract_metadata(html, date_config={"extensive_search": False})
    title = (found.title or "") if found else ""
    return Document(text or html2txt(html), title, _published(html))


def _published(html: str) -> str:
    """Give the date that a page says it was published, in the marks made for it.

    Not trafilatura's: where a page has no such mark, that takes any timestamp
    in its source, and a wrong day is worse than none.
    """
    for tag in _META.findall(html):
        attributes = {name.lower(): value for name, _, value in _ATTRIBUTE.findall(tag)}
        names = {attributes.get(key, "").lower() for key in ("name", "property", "itemprop")}
        if names & _PUBLISHED:
            return attributes.get("content") or attributes.get("datetime") or ""
    stated = _JSON_PUBLISHED.search(html)
    return stated[1] if stated else ""


def _read_pdf(data: bytes, where: str) -> Document:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    # pypdf logs what it mends in a file; the reader of a bulletin cannot act on it
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = InputError(
        "this PDF is locked with a password", where=where, todo="Save an unlocked copy."
    )
    # a broken file may make pypdf or python-docx raise anything
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        pages = [page.extract_text() for page in reader.pages]
        title = (reader.metadata.title if reader.metadata else None) or ""
    except DependencyError as error:
        raise locked from error
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"this PDF cannot be read: {_reason(error)}",
            where=where,
            todo="Is the download complete?",
        ) from error
    text = "\n".join(pages)
    if not re.search(r"\w\w", text):
        raise InputError(
            "this PDF holds no text, only pictures of it",
            where=where,
            todo="Run it through OCR first, for example with ocrmypdf.",
        )
    return Document(text, "" if _FILE_TITLE.search(title) else title)


def _reason(error: Exception) -> str:
    """Give the first line of what a library says, or the name of its error."""
    return (str(error).splitlines() or [type(error).__name__])[0][:150]


def _read_word(data: bytes, where: str) -> Document:
    import docx

    try:
        with ZipFile(BytesIO(data)) as package:
            size = sum(entry.file_size for entry in package.infolist() if "xml" in entry.filename)
        if size > 20 * LIMITS_MB["text"] * MEGABYTE:
            raise InputError("this Word file unpacks to too much text", where=where)
        word = docx.Document(BytesIO(data))
        text = "\n".join(_word_lines(word))
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"this Word file is broken: {_reason(error)}",
            where=where,
            todo="Is the download complete?",
        ) from error
    return Document(text, word.core_properties.title or "")


def _word_lines(word: WordDocument) -> Iterator[str]:
    """Give paragraphs and table rows in their order; list items get a bullet."""
    from docx.table import Table

    for block in word.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = dict.fromkeys(cell._tc for cell in row.cells)
                texts = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
                yield " | ".join(texts[cell] for cell in cells)
            yield ""
            continue
        style = (block.style.name if block.style else "") or ""
        yield f"• {block.text}" if style.startswith("List") and block.text else block.text
