"""The live map inside other pages: an iframe for a site, a bundle for a notebook."""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

from geomap.errors import InputError
from geomap.model import Incident

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads"
"""What the page needs; it never reaches the page around it, its cookies or its storage."""


def iframe(
    page: Path,
    *,
    src: str = "",
    title: str = "",
    width: str = "100%",
    height: str = "640",
    srcdoc: bool = False,
) -> str:
    """Give the HTML that shows a map page inside another page.

    Parameters
    ----------
    page
        A page that geomap wrote.
    src
        Its address as the other page sees it; without it the file's name.
    title
        For screen readers; without it the page's own.
    width, height
        Pixels, or with a unit, like ``100%`` or ``30rem``.
    srcdoc
        Put the whole page into the attribute, for systems that take no files.

    Raises
    ------
    InputError
        If the page cannot be read or is no HTML, or a size is no size.
    """
    try:
        html = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(page)) from error
    found = re.search(r"<title[^>]*>(.*?)</title>", html, re.S | re.I)
    if not found:
        raise InputError(
            "is no page with a title", where=str(page), todo="Make it with geomap map."
        )
    source = f'srcdoc="{escape(html)}"' if srcdoc else f'src="{escape(src or page.name)}"'
    named = escape(" ".join((title or unescape(found[1])).split()))
    style = f"width:{_size(width)};height:{_size(height)};border:1px solid #dfe3e6"
    return (
        f'<iframe title="{named}" loading="lazy" sandbox="{SANDBOX}" '
        f'referrerpolicy="no-referrer" allowfullscreen style="{style}" {source}></iframe>'
    )


def _size(size: str) -> str:
    if not re.fullmatch(r"\d{1,5}(\.\d+)?(px|%|r?em|v[hw])?", size):
        raise InputError(f"{size!r} is not a size", todo="Pixels, or like 100% or 30rem.")
    return f"{size}px" if size[-1].isdigit() else size


def notebook_bundle(
    html: str, incidents: Sequence[Incident], title: str, definition: str
) -> dict[str, str]:
    """Give what a notebook may show: the live map, else the picture, else its text.

    The picture is what is left where scripts do not run, and in a PDF.
    """
    from geomap.draw.picture import write_picture

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.png"
        alt = write_picture(incidents, path, title, definition=definition, size="column")
        picture = base64.b64encode(path.read_bytes()).decode("ascii")
    return {"text/html": html, "image/png": picture, "text/plain": alt}
