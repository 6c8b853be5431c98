"""Other people's text in Markdown and LaTeX: shown as it is, never obeyed."""

from __future__ import annotations

import re
import unicodedata

_MARKDOWN = {ord(c): f"&#{ord(c)};" for c in "\\`*_[]{}<>&|~$^@"}
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    **{c: "\\" + c for c in "{}$&#_%"},
    "−": "$-$",
    "©": r"\textcopyright{}",
    "`": r"{`}",
    "'": r"{'}",
}
_LINE_START = re.compile(r"^(\s*)(#|[-+](?=\s|$)|[-=](?=[-=\s]*$))|^(\s*\d+)([.)])(?=\s|$)")
"""What makes a heading, a list or a line of the text when it comes first."""
_TEX_LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
    "ĂăĄąĆćČčĎďĘęĚěĞğİıŁłŃńŇňŐőŒœŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž–—‘’“”…·"
)
"""Letters beyond ASCII that pdflatex sets without further packages."""


_NOT_ASCII = re.compile(r"([^\x00-\x7f−©]+(?:[\s\d.,:;()-]+[^\x00-\x7f−©]+)*)")
_LATIN = re.compile(r"([A-Za-z](?:[^\u0590-\u08ff]*[A-Za-z0-9])?)")


def markdown(text: str) -> str:
    """Give text for Markdown: signs that mean something there become entities.

    Entities are text to every dialect; a backslash is not.

    Examples
    --------
    >>> markdown("*Aid* <b>")
    '&#42;Aid&#42; &#60;b&#62;'
    """
    safe = text.translate(_MARKDOWN)
    safe = re.sub(r":(?=//)", "&#58;", safe)
    safe = re.sub(r"(?i)\b(www)\.", r"\1&#46;", safe)
    return _LINE_START.sub(lambda m: f"{m[1] or m[3] or ''}&#{ord(m[2] or m[4])};", safe)


def latex(text: str) -> str:
    r"""Give text for LaTeX. Scripts that pdflatex cannot set come with what it shows instead.

    The template defines ``\gmother{text}{instead}``, ``\gmrtl{text}{instead}`` and, for
    what runs from left to right inside of that, ``\gmltr{text}``.

    Examples
    --------
    >>> print(latex("50% of $x$"))
    50\% of \$x\$
    """
    if _is_rtl(text):
        inner = "".join(
            rf"\gmltr{{{_signs(part)}}}" if n % 2 else _signs(part)
            for n, part in enumerate(_LATIN.split(text))
        )
        return rf"\gmrtl{{{inner}}}{{{_instead(text)}}}"
    return "".join(
        _other_script(part) if n % 2 else _signs(part)
        for n, part in enumerate(_NOT_ASCII.split(text))
    )


def _is_rtl(text: str) -> bool:
    strong = (d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def _signs(text: str) -> str:
    return "".join(_LATEX.get(c, c) for c in text).replace("--", "-{}-")


def _other_script(run: str) -> str:
    if set(run) <= _TEX_LETTERS:
        return run
    raw = _signs(run)
    rtl = any(unicodedata.bidirectional(c) in ("R", "AL") for c in run)
    return rf"\{'gmrtl' if rtl else 'gmother'}{{{raw}}}{{{_instead(run)}}}"


def _instead(run: str) -> str:
    """Give the nearest that pdflatex can set: letters without signs, or the script's name."""
    bare = "".join(
        c
        if c in _TEX_LETTERS
        else unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
        for c in run
    )
    foreign = next(
        (c for c in run if c.isalpha() and not unicodedata.name(c, "").startswith("LATIN")), None
    )
    if foreign:
        return f"[{unicodedata.name(foreign, 'other').split()[0].capitalize()} script]"
    return _signs(bare)
