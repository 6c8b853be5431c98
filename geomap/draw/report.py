"""The map in a report: Markdown, HTML, Word or LaTeX, from templates that people can change."""

from __future__ import annotations

import base64
import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from geomap.content import content
from geomap.draw.definition import read_definition
from geomap.draw.digest import Topic, make_digest
from geomap.draw.escape import latex, markdown
from geomap.draw.picture import write_picture
from geomap.draw.word import write_word
from geomap.errors import ContentError, InputError
from geomap.files import replacing
from geomap.model import Incident
from geomap.record import from_frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

PICTURES = {".md": ".png", ".html": ".png", ".docx": ".png", ".tex": ".pdf"}
"""The kind of picture for each kind of report."""


class Address(str):
    """An address that geomap made: every format can write it as it is."""


def write_report(
    incidents: GeoDataFrame | Iterable[Incident],
    paths: str | Path | Iterable[str | Path],
    topic: Topic | None = None,
    *,
    definition: str = "incidents",
    template: str | Path | None = None,
    size: str = "column",
    context: Iterable[Incident] = (),
) -> list[Path]:
    """Write a report: picture, alt text, summary in numbers, incidents with quotes and sources.

    Parameters
    ----------
    incidents
        Incidents, or a GeoDataFrame with the record's columns.
    paths
        One or several; each ends in .md, .html, .docx or .tex.
    topic
        Title, day, cut-off, and the incidents of the day before to compare with.
    definition, size, context
        As for `write_picture`.
    template
        A jinja2 template of the same kind; without it the one in ``maps/report``.

    Returns
    -------
    list of Path
        The reports, each with its picture where that is a file of its own.

    Raises
    ------
    InputError
        If a suffix is another one.
    ContentError
        If the template cannot be read, or asks for a variable that no report has;
        names the line. Then nothing is written.
    """
    wanted = [Path(p) for p in ([paths] if isinstance(paths, (str, Path)) else paths)]
    for path in wanted:
        _check(path, template)
    rows = from_frame(incidents) if hasattr(incidents, "geometry") else list(incidents)
    topic = topic or Topic()
    digest = make_digest(rows, read_definition(definition), topic)
    for path in wanted:
        if path.suffix.lower() != ".docx":
            fill(_template(path, template), digest | {"picture": Address("")})
    style = {"definition": definition, "size": size, "as_of": topic.as_of, "context": context}
    pictures = {
        kind: _drawn(kind, rows, topic.day, style)
        for kind in sorted({PICTURES[path.suffix.lower()] for path in wanted})
    }
    written: list[Path] = []
    for path in wanted:
        picture = pictures[PICTURES[path.suffix.lower()]]
        written += _write(path, _template(path, template), digest, picture)
    return written


def _check(path: Path, template: str | Path | None) -> None:
    if path.suffix.lower() not in PICTURES:
        raise InputError(
            f"{path.suffix or 'no suffix'} is not a kind of report",
            where=str(path),
            todo="Name it .md, .html, .docx or .tex.",
        )
    if template and Path(template).suffix.lower() != path.suffix.lower():
        raise InputError(
            f"a template for {Path(template).suffix or 'nothing'} makes no {path.suffix}",
            where=str(template),
        )


def _template(path: Path, template: str | Path | None) -> Path:
    return Path(template) if template else content(f"maps/report/report{path.suffix.lower()}")


def _drawn(
    kind: str, rows: Sequence[Incident], day: dt.date | None, style: dict[str, Any]
) -> bytes:
    """Draw the picture, without a title: the report has one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"map{kind}"
        write_picture(rows, path, "", day, **style)
        return path.read_bytes()


def _write(path: Path, template: Path, digest: dict[str, Any], picture: bytes) -> list[Path]:
    suffix = path.suffix.lower()
    if suffix == ".docx":
        with replacing(path) as draft:
            write_word(template, draft, digest, picture)
        return [path]
    if suffix == ".html":
        address = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
        beside = []
    else:
        stem = re.sub(r"[^A-Za-z0-9_.]+", "-", path.stem)  # as every format can write it
        beside = [path.with_name(f"{stem}-map{PICTURES[suffix]}")]
        address = beside[0].name
        with replacing(beside[0]) as draft:
            draft.write_bytes(picture)
    text = fill(template, digest | {"picture": Address(address)})
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")
    return [path, *beside]


def fill(source: Path, digest: dict[str, Any]) -> str:
    """Fill a template; every value is escaped for the format that its suffix says."""
    environment = _environment(source.suffix.lower())
    try:
        text = source.read_text(encoding="utf-8")
        code = environment.compile(text, source.name, str(source))
        template = jinja2.Template.from_code(environment, code, environment.globals)
        return template.render(digest)
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"cannot be read: {error}", where=str(source)) from error
    except jinja2.TemplateSyntaxError as error:
        raise ContentError(str(error.message), where=f"{source}:{error.lineno}") from error
    except (jinja2.UndefinedError, TypeError, ValueError) as error:
        raise ContentError(
            str(error),
            where=f"{source}:{_line(error, str(source))}",
            todo="maps/report/README.md lists what a report knows.",
        ) from error


def _line(error: BaseException, source: str) -> int:
    """Find the line of the template that an error comes from."""
    lines, trace = [1], error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == source:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines[-1]


def _environment(suffix: str) -> jinja2.Environment:
    options: dict[str, Any] = {
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }
    if suffix == ".html":
        return jinja2.Environment(autoescape=True, **options)
    if suffix == ".md":
        return jinja2.Environment(finalize=_escaping(markdown), **options)
    return jinja2.Environment(
        finalize=_escaping(latex),
        block_start_string=r"\BLOCK{",
        block_end_string="}",
        variable_start_string=r"\VAR{",
        variable_end_string="}",
        comment_start_string=r"\COMMENT{",
        comment_end_string="}",
        line_comment_prefix="%%",
        **options,
    )


def _escaping(escape: Callable[[str], str]) -> Callable[[Any], Any]:
    def finalize(value: Any) -> Any:
        return escape(value) if type(value) is str else value

    return finalize
