"""The page's script and style out of the sources in ``maps/page/``, without a build step."""

from __future__ import annotations

import re
from functools import cache

from geomap.content import content
from geomap.errors import ContentError

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w-]+)\.js';\n", re.M)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const)) (\w+)", re.M)
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.M | re.S)


@cache
def stylesheet() -> str:
    """Give the page's style without comments and the space that nobody needs."""
    text = content("maps/page/style.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r":\s+", ":", re.sub(r"\s*([{};,])\s*", r"\1", text)).replace(";}", "}").strip()


@cache
def starter() -> str:
    """Give the few lines that inflate and run the page's script."""
    return _COMMENT.sub("", content("maps/page/start.js").read_text(encoding="utf-8")).strip()


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
