"""A report for Word: a .docx template filled by docxtpl, whole and the same every time."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import jinja2

from geomap.errors import ContentError

PICTURE_CM = 16.0
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file knows; Word shows the one in the properties."""


def write_word(source: Path, path: Path, digest: dict[str, Any], picture: bytes) -> None:
    """Fill the template `source` and write it to `path`.

    Parameters
    ----------
    digest
        As `make_digest` gives it; ``picture`` is put in its place, 16 cm wide, with
        ``alt`` as its text for those who do not see it.

    Raises
    ------
    ContentError
        If the template cannot be read, or asks for a variable that no report has.
    """
    from docx.opc.exceptions import PackageNotFoundError
    from docx.shared import Cm
    from docxtpl import DocxTemplate, InlineImage

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    try:
        template = DocxTemplate(str(source))
        image = InlineImage(template, BytesIO(picture), width=Cm(PICTURE_CM))
        template.render(digest | {"picture": image}, environment)
    except (OSError, PackageNotFoundError, zipfile.BadZipFile) as error:
        raise ContentError(f"cannot be read: {error}", where=str(source)) from error
    except (jinja2.TemplateError, TypeError, ValueError) as error:
        raise ContentError(
            str(error),
            where=str(source),
            todo="maps/report/README.md lists what a report knows.",
        ) from error
    document = template.docx
    for shape in document.inline_shapes:
        shape._inline.docPr.set("descr", digest["alt"])
    _set_direction(document, whole=digest["direction"] == "rtl")
    document.core_properties.title = digest["title"]
    document.core_properties.subject = digest["subtitle"]
    document.core_properties.language = digest["language"]
    document.save(path)
    _settle_dates(path)


def _paragraphs(document: Any) -> Iterator[Any]:
    """Give every paragraph, those in tables too."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document)


def _set_direction(document: Any, *, whole: bool) -> None:
    """Let paragraphs that start in Arabic or Hebrew run from right to left, or all of it."""
    from docx.oxml import OxmlElement

    for paragraph in _paragraphs(document):
        if _first_strong(paragraph.text, "R" if whole else "L") != "L":
            properties = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
            for run in paragraph.runs:
                run.font.rtl = _first_strong(run.text, "L") != "L"
    for table in document.tables if whole else ():
        properties = table._tbl.tblPr
        properties.insert_element_before(OxmlElement("w:bidiVisual"), *_AFTER_BIDI_VISUAL)


_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_BIDI_VISUAL = ("w:tblStyleRowBandSize", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")
"""What the schema of Word wants behind them."""


def _first_strong(text: str, otherwise: str) -> str:
    strong = (d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL"))
    return next(strong, otherwise)


def _settle_dates(path: Path) -> None:
    """Give every part of the file one date, so that the same report has the same bytes."""
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            info = zipfile.ZipInfo(name, FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
