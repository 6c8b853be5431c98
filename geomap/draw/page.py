"""geomap's page as a folium figure: one HTML file with everything inside.

`Page` writes the map, the panels' places and the data into ``maps/page/page.html``.
The same map gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

import jinja2
from branca.element import Element, Figure

from geomap.content import content
from geomap.draw.bundle import bundle, starter, stylesheet
from geomap.draw.offline import finished, libraries, render_parts, tile_hosts


class Raw(Element):
    """An element that is its text; folium would read braces in it as a template."""

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Give the text."""
        return self.text


class Page(Figure):
    """A figure that renders to one file which makes no request.

    Parameters
    ----------
    title
        Shown on top and in the browser's tab.
    language
        BCP 47 tag of the page's own words.
    words
        The catalogue of that language, for the few words that need no script.
    plain
        HTML for those who run no script.
    """

    def __init__(
        self,
        title: str,
        language: str = "en",
        words: Mapping[str, Any] | None = None,
        plain: str = "",
    ):
        super().__init__(height="640px", title=title)
        self._name = "Page"
        self.language = language
        self.words = words or {}
        self.plain = plain

    def render(self, **kwargs: Any) -> str:
        """Give the page as HTML. Rendering twice gives the same text.

        Raises
        ------
        InputError
            If an element of the map needs a library that geomap does not have.
        """
        parts = render_parts(self)
        document = _template().render(
            title=_visible(self.title),
            language=self.language,
            direction="rtl" if self.language.split("-")[0] in ("ar", "fa", "he", "ur") else "ltr",
            libraries=libraries(parts),
            header=re.sub(r"<meta[^>]*>", "", parts.header),
            style=stylesheet(),
            bundle=bundle(),
            body=parts.body,
            script=parts.script,
            plain=self.plain,
            old_browser=self.words.get("old_browser", ""),
            tiles=self._notice(tile_hosts(self)),
        )
        return finished(document, self, parts, starter())

    def _notice(self, hosts: Sequence[str]) -> str:
        names = ", ".join(urlsplit(host).netloc.removeprefix("*.") for host in hosts)
        return str(self.words.get("tiles", "{host}")).replace("{host}", names) if hosts else ""

    def _repr_html_(self, **kwargs: Any) -> str:
        """Show the page in a notebook, in a frame of its own."""
        return (
            f'<iframe srcdoc="{escape(self.render(**kwargs))}" width="100%" height="{self.height}" '
            'style="border:1px solid #dfe3e6;border-radius:8px" allowfullscreen></iframe>'
        )


@cache
def _template() -> jinja2.Template:
    text = content("maps/page/page.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)


def _visible(text: str | None) -> str:
    """Drop what HTML does not allow in text."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "\ufffd", text or "")
