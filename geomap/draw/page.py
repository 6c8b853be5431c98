"""One HTML file out of a folium figure: everything inside, a policy that lets nothing else run.

folium's figures load their libraries from elsewhere. A `Page` writes geomap's
vendored copies instead (``maps/vendor/``), hashes every script and style that it
holds and says so in a Content-Security-Policy, and renumbers the random ids of
folium's elements, so that the same map gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from branca.element import CssLink, Element, Figure, JavascriptLink, Link
from folium.raster_layers import TileLayer

from geomap.content import content
from geomap.errors import ContentError, InputError

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w-]+)\.js';\n", re.M)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const)) (\w+)", re.M)
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.M | re.S)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


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
        parts = (self.header, self.html, self.script)
        before = [part._children.copy() for part in parts]
        try:
            for child in self._children.values():
                child.render(**kwargs)
            links = [e for e in self.header._children.values() if isinstance(e, Link)]
            header = "".join(
                e.render() for e in self.header._children.values() if not isinstance(e, Link)
            )
            body, script = self.html.render(), self.script.render()
        finally:
            for part, children in zip(parts, before, strict=True):
                part._children = children
        hosts = _hosts(self)
        document = _template().render(
            title=_visible(self.title),
            language=self.language,
            direction="rtl" if self.language.split("-")[0] in ("ar", "fa", "he", "ur") else "ltr",
            libraries="".join(_inline(link) for link in links) + _shared(script),
            header=re.sub(r"<meta[^>]*>", "", header),
            style=stylesheet(),
            bundle=bundle(),
            body=body,
            script=script.replace("</script", "<\\/script"),
            plain=self.plain,
            old_browser=self.words.get("old_browser", ""),
            tiles=self._notice(hosts),
        )
        document = _renumbered(document, self)
        allowed = policy(document, header + body + script, hosts)
        return document.replace("{policy}", allowed, 1)

    def _notice(self, hosts: Sequence[str]) -> str:
        names = ", ".join(urlsplit(host).netloc.removeprefix("*.") for host in hosts)
        return str(self.words.get("tiles", "{host}")).replace("{host}", names) if hosts else ""

    def _repr_html_(self, **kwargs: Any) -> str:
        """Show the page in a notebook, in a frame of its own."""
        return (
            f'<iframe srcdoc="{escape(self.render(**kwargs))}" width="100%" height="{self.height}" '
            'style="border:1px solid #dfe3e6;border-radius:8px" allowfullscreen></iframe>'
        )


def policy(document: str, foreign: str = "", hosts: tuple[str, ...] = ()) -> str:
    """Give the Content-Security-Policy of a page: its own scripts and styles, by hash.

    A style attribute cannot be named by a hash; where an element of the user's
    brings one (``foreign``), styles are allowed inline, scripts never.
    """
    scripts = " ".join(sorted({_hash(text) for text in _SCRIPT.findall(document)}))
    styles = " ".join(sorted({_hash(text) for text in _STYLE.findall(document)}))
    if "style=" in foreign:
        styles = "'unsafe-inline'"
    images = " ".join(("data:", "blob:", *hosts))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src {images}; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    # Browsers hash what they parsed: line ends as \n.
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _hosts(figure: Figure) -> tuple[str, ...]:
    """Name the hosts that the user's own tile layers load from."""
    layers = [e for e in _elements(figure) if isinstance(e, TileLayer)]
    urls = [urlsplit(str(layer.tiles).replace("{s}", "*")) for layer in layers]
    return tuple(sorted({f"{url.scheme}://{url.netloc}" for url in urls if url.netloc}))


def _elements(root: Element) -> Iterator[Element]:
    yield root
    for child in root._children.values():
        yield from _elements(child)


def _renumbered(document: str, figure: Figure) -> str:
    """Swap folium's random ids for numbers, in the order in which they appear."""
    numbers: dict[str, str] = {}
    ids = {element._id for element in _elements(figure)}
    return re.sub(
        r"(?<=_)[0-9a-f]{32}(?![0-9a-f])",
        lambda m: numbers.setdefault(m[0], str(len(numbers) + 1)) if m[0] in ids else m[0],
        document,
    )


_VENDORED = {
    "leaflet.js": "leaflet.js",
    "leaflet.css": "leaflet.css",
    "jquery-3.7.1.min.js": "jquery.min.js",
}


def _inline(link: Link) -> str:
    name = urlsplit(link.url).path.rsplit("/", 1)[-1]
    if name not in _VENDORED or not isinstance(link, (CssLink, JavascriptLink)):
        raise InputError(
            f"{link.url} is not part of geomap, and a page of ours loads nothing",
            where="map",
            todo="Take the element that needs it out of the map.",
        )
    return _library(_VENDORED[name])


def _shared(script: str) -> str:
    """Give the libraries that folium takes for granted, if this map's script uses them."""
    return _library("jquery.min.js") if "$(" in script else ""


@cache
def _library(name: str) -> str:
    text = content(f"maps/vendor/{name}").read_text(encoding="utf-8")
    if name.endswith(".css"):
        return f"<style>{re.sub(r'url[(]([^)#]+)[)]', _data_url, text)}</style>"
    if name == "leaflet.js":
        text += _marker_icons()
    return f"<script>{text}</script>"


def _data_url(match: re.Match[str]) -> str:
    return f"url({_image(Path(match[1]).name)})"


def _image(name: str) -> str:
    data = base64.b64encode(content(f"maps/vendor/{name}").read_bytes()).decode()
    return f"data:image/png;base64,{data}"


def _marker_icons() -> str:
    """Point Leaflet's default marker at pictures inside the page; it would look for files."""
    pictures = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png"}
    pictures["shadowUrl"] = "marker-shadow.png"
    options = ",".join(f'{key}:"{_image(name)}"' for key, name in pictures.items())
    return f'\nL.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{{options}}});'


@cache
def _template() -> jinja2.Template:
    text = content("maps/page/page.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)


def _visible(text: str | None) -> str:
    """Drop what HTML does not allow in text."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "\ufffd", text or "")


@cache
def stylesheet() -> str:
    """Give the page's style without comments and indentation."""
    text = content("maps/page/style.css").read_text(encoding="utf-8")
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip()


@cache
def bundle(entry: str = "main") -> str:
    """Join the page's modules into one script that defines ``geomap``.

    A linked module cannot be loaded from ``file://``, and an import map of
    ``data:`` URLs is refused under a policy of hashes (measured in Chromium), so
    each module becomes a function that is called once, in the order of the
    imports, and gives its exports::

        import {h} from './h.js';            const {h} = $h;
        export function card() {}     ->     function card() {}
                                             return {card};

    Comments that have lines of their own and indentation are left out.
    """
    ordered: dict[str, str] = {}
    _collect(entry, ordered, ())
    modules = "".join(ordered.values())
    return f"const geomap = (() => {{\n'use strict';\n{modules}return ${entry};\n}})();"


def _collect(name: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ContentError(f"modules import each other: {' -> '.join((*above, name))}", where=name)
    if name in done:
        return
    source = content(f"maps/page/{name}.js").read_text(encoding="utf-8")
    for match in _IMPORT.finditer(source):
        _collect(match[2], done, (*above, name))
    code = _IMPORT.sub(lambda m: f"const {{{m[1].replace(' as ', ': ')}}} = ${m[2]};\n", source)
    exports = ", ".join(m[2] for m in _EXPORT.finditer(code))
    code = _EXPORT.sub(r"\1 \2", _COMMENT.sub("", code))
    code = re.sub(r"^\s+", "", code, flags=re.M)
    done[name] = f"const ${name} = (() => {{\n{code}return {{{exports}}};\n}})();\n"
