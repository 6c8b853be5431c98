"""Any folium map as one file that loads nothing: libraries inside, a policy, stable ids.

folium's figures load a dozen libraries from four hosts, whether a map uses them or
not. Here those that it uses are written into the file, from ``maps/vendor/``, and
a Content-Security-Policy names every script that may run by its hash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, Link
from folium.raster_layers import TileLayer

from geomap.content import content
from geomap.errors import InputError

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)

_VENDORED = {
    "leaflet.js": "leaflet.js",
    "leaflet.css": "leaflet.css",
    "jquery-3.7.1.min.js": "jquery.min.js",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers.js",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers.css",
    "bootstrap-glyphicons.css": "glyphicons.css",
    "leaflet.markercluster.js": "leaflet.markercluster.js",
    "MarkerCluster.css": "MarkerCluster.css",
    "MarkerCluster.Default.css": "MarkerCluster.Default.css",
    "pmtiles.js": "pmtiles.js",
    "protomaps-leaflet.js": "protomaps-leaflet.js",
}
"""Name in the address that folium gives, to the name of our copy."""

_NEEDED_BY = {
    "jquery-3.7.1.min.js": r"\$\(|jQuery",
    "bootstrap.bundle.min.js": r"data-bs-|bootstrap\.\w",
    "bootstrap.min.css": r"class=[\\\"']+(?:btn|card|table|badge|alert)\b",
    "leaflet.awesome-markers.js": r"AwesomeMarkers",
    "leaflet.awesome-markers.css": r"AwesomeMarkers",
    "bootstrap-glyphicons.css": r"glyphicon",
    "all.min.css": r'"prefix": "fa[bs]?"|class=[\\"\']+fa',
    "leaflet.awesome.rotate.min.css": r"fa-rotate-[1-9]",
}
"""What folium links in every map, and the words of a map that does use it."""

_MIME = {".png": "image/png", ".woff2": "font/woff2"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a figure is made of: its links, and the HTML and script of its elements."""

    links: tuple[Link, ...]
    header: str
    body: str
    script: str


def offline(folium_map: folium.Map, *, download: bool = False) -> str:
    """Give any folium map as an HTML page that loads nothing.

    Scripts that were written into attributes (``onclick=...``) do not run under
    the page's policy, nor does what somebody's text smuggles into a popup. Text in
    folium's own popups still has to be made safe: see `safe_popup`.

    Parameters
    ----------
    folium_map
        A map of yours. Its tile layers, if it has any, still load their tiles;
        the policy names their hosts.
    download
        Fetch libraries that geomap has no copy of, now, from where folium links
        them. Needs the network.

    Raises
    ------
    InputError
        If the map uses a library that geomap has no copy of and ``download`` is
        false, or that cannot be fetched.
    """
    figure: Any = folium_map.get_root()
    parts = render_parts(figure)
    document = (
        "<!DOCTYPE html>\n<html>\n<head>\n"
        '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(figure.title or 'Map')}</title>\n"
        f"{libraries(parts, download=download)}{parts.header}\n</head>\n<body>\n{parts.body}\n"
        f"<script>{parts.script}</script>\n</body>\n</html>\n"
    )
    return finished(document, figure, parts)


def safe_popup(text: str, **options: Any) -> folium.Popup:
    """Make a folium popup that shows a text as it is.

    folium writes popups as HTML into a JavaScript template literal: besides
    markup, a backtick, a backslash or ``${`` in the text would be run.

    Parameters
    ----------
    text
        Somebody's text.
    options
        As `folium.Popup` takes them.
    """
    html = re.sub(r"[`\\${}]", lambda m: f"&#{ord(m[0])};", escape(text.replace("\0", "\ufffd")))
    return folium.Popup(html, **options)


def render_parts(figure: Figure) -> Parts:
    """Render a figure's elements, and leave the figure as it was."""
    places = (figure.header, figure.html, figure.script)
    before = [place._children.copy() for place in places]
    try:
        for child in figure._children.values():
            child.render()
        elements = list(figure.header._children.values())
        header = "".join(e.render() for e in elements if not isinstance(e, Link))
        body, script = figure.html.render(), figure.script.render()
    finally:
        for place, children in zip(places, before, strict=True):
            place._children = children
    links = tuple(e for e in elements if isinstance(e, Link))
    # Within a script the end of one can only stand in a string.
    return Parts(links, header, body, script.replace("</script", "<\\/script"))


def libraries(parts: Parts, *, download: bool = False) -> str:
    """Give the libraries that a map uses as inline scripts and styles."""
    text = parts.header + parts.body + parts.script
    used = []
    for link in parts.links:
        name = urlsplit(link.url).path.rsplit("/", 1)[-1]
        if name in _NEEDED_BY and not re.search(_NEEDED_BY[name], text):
            continue
        used.append(_copy(name, link, download))
    return "".join(used)


def _copy(name: str, link: Link, download: bool) -> str:
    if name in _VENDORED:
        return vendored(_VENDORED[name])
    if not download or not isinstance(link, (CssLink, JavascriptLink)):
        raise InputError(
            f"the map uses {link.url}, which is not part of geomap",
            todo="Take the element out, or let geomap.folium.offline(map, download=True) fetch it.",
        )
    try:
        with urlopen(link.url, timeout=30) as answer:
            text = answer.read().decode("utf-8")
    except OSError as error:
        raise InputError(f"cannot be fetched: {error}", where=link.url) from error
    tag = "style" if isinstance(link, CssLink) else "script"
    text = re.sub(r"url\((?!['\"]?data:)[^)]*\)", "url(data:,)", text) if tag == "style" else text
    return f"<{tag}>{text}</{tag}>"


@cache
def vendored(name: str) -> str:
    """Give a library of ``maps/vendor/`` as an inline script or style."""
    text = content(f"maps/vendor/{name}").read_text(encoding="utf-8")
    if name.endswith(".css"):
        return f"<style>{re.sub(r'url[(]([^)#]+)[)]', _data_url, text)}</style>\n"
    if name == "leaflet.js":
        text += _marker_icons()
    return f"<script>{text}</script>\n"


def _data_url(match: re.Match[str]) -> str:
    return f"url({_picture(Path(match[1].strip(chr(39) + chr(34))).name)})"


def _picture(name: str) -> str:
    data = base64.b64encode(content(f"maps/vendor/{name}").read_bytes()).decode()
    return f"data:{_MIME[Path(name).suffix]};base64,{data}"


def _marker_icons() -> str:
    """Point Leaflet's default marker at pictures inside the page; it would look for files."""
    pictures = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png"}
    pictures["shadowUrl"] = "marker-shadow.png"
    options = ",".join(f'{key}:"{_picture(name)}"' for key, name in pictures.items())
    return f'\nL.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{{options}}});'


def finished(document: str, figure: Figure, parts: Parts, start: str = "") -> str:
    """Finish a document: stable ids, and the policy where it says ``{policy}``.

    With ``start``, a script that runs what the block ``gm-program`` holds, the
    document's scripts travel compressed, a third of their size.
    """
    document = _renumbered(document, figure)
    program = ""
    if start:
        document, program = _packed(document, start)
    foreign = parts.header + parts.body + parts.script
    return document.replace("{policy}", policy(document, foreign, tile_hosts(figure), program), 1)


def _packed(document: str, start: str) -> tuple[str, str]:
    """Move a document's scripts into one compressed block at its end; give them too."""
    program = ";\n".join(_SCRIPT.findall(document))
    data = base64.b64encode(gzip.compress(program.encode(), 9, mtime=0)).decode()
    block = f'<script type="application/octet-stream" id="gm-program">{data}</script>\n'
    bare = _SCRIPT.sub("", document)
    return bare.replace("</body>", f"{block}<script>{start}</script>\n</body>"), program


def policy(document: str, foreign: str = "", hosts: Sequence[str] = (), program: str = "") -> str:
    """Give the Content-Security-Policy of a page: its own scripts and styles, by hash.

    A style attribute cannot be named by a hash; where an element of the user's
    brings one (``foreign``), styles are allowed inline, scripts never.
    """
    texts = [*_SCRIPT.findall(document), *([program] if program else [])]
    scripts = " ".join(sorted({_hash(text) for text in texts}))
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


def tile_hosts(figure: Figure) -> tuple[str, ...]:
    """Name the hosts that a figure's tile layers load from."""
    layers = [e for e in _elements(figure) if isinstance(e, TileLayer)]
    urls = [urlsplit(str(layer.tiles).replace("{s}", "*")) for layer in layers]
    return tuple(sorted({f"{url.scheme}://{url.netloc}" for url in urls if url.netloc}))


def _elements(root: Element) -> list[Element]:
    """List a figure's elements, also those that an element holds outside its children."""
    found: dict[int, Element] = {}
    left = [root]
    while left:
        element = left.pop()
        if id(element) not in found:
            found[id(element)] = element
            held = [value for value in vars(element).values() if isinstance(value, Element)]
            left += [*element._children.values(), *held]
    return list(found.values())


def _renumbered(document: str, figure: Figure) -> str:
    """Swap folium's random ids for numbers, in the order in which they appear."""
    numbers: dict[str, str] = {}
    ids = {element._id for element in _elements(figure)}
    return re.sub(
        r"(?<=_)[0-9a-f]{32}(?![0-9a-f])",
        lambda m: numbers.setdefault(m[0], str(len(numbers) + 1)) if m[0] in ids else m[0],
        document,
    )
