"""Bytes to text, whatever wrote them: UTF-8, UTF-16, or one of the old code pages."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = ["cp1252", "cp1256", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255"]
_SAID = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_MOSTLY_ASCII = 0.15
_SAMPLE = 200_000
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def decode(data: bytes, declared: str = "") -> str:
    """Decode bytes; nothing is refused, what cannot be read becomes U+FFFD.

    A byte order mark decides, then `declared` (what a web server or page says),
    then UTF-8, forgiven some broken bytes; then the code page that fits best.

    Examples
    --------
    >>> decode("Khān Yūnis".encode("utf-16"))
    'Khān Yūnis'
    >>> decode("Hôpital à Gaza".encode("cp1252"))
    'Hôpital à Gaza'
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if declared:
        try:
            # as browsers do: who says latin-1 means cp1252, which holds it
            return data.decode(_SAID.get(declared.lower(), declared))
        except (LookupError, UnicodeDecodeError):
            pass
    if width := _two_byte_order(data):
        return data.decode(width, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_broken(data)


def tidy(text: str) -> str:
    r"""Give every line end as ``\n`` and every other control character as U+FFFD.

    Examples
    --------
    >>> tidy("one\r\ntwo\x00")
    'one\ntwo\ufffd'
    """
    return _CONTROLS.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def is_binary(data: bytes) -> bool:
    """Tell whether bytes are no text in any encoding, by their share of control bytes."""
    sample = data[:_SAMPLE]
    if not sample or any(sample.startswith(mark) for mark, _ in _MARKS) or _two_byte_order(sample):
        return False
    controls = sum(map(sample.count, (bytes([n]) for n in (*range(9), *range(14, 27), 28, 29))))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return controls > len(sample) * 0.02
    return controls > len(sample) * 0.3


def _two_byte_order(data: bytes) -> str:
    """Give the UTF-16 encoding whose NUL half most characters of a Latin text show, or ""."""
    sample = data[:4000]
    half = len(sample) // 2
    if half < 4:
        return ""
    if sample[1::2].count(0) > 0.6 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _decode_broken(data: bytes) -> str:
    """Decode what is no valid UTF-8: UTF-8 with broken bytes, or a code page.

    Bytes over 127 are rare in the Western languages that cp1252 was made for;
    where they are common, charset-normalizer weighs the code pages.
    """
    forgiving = data.decode("utf-8", "replace")
    high = sum(1 for byte in data[:_SAMPLE] if byte > 127)
    whole = sum(1 for char in forgiving[:_SAMPLE] if char > "\x7f" and char != "\ufffd")
    if whole > forgiving[:_SAMPLE].count("\ufffd"):
        return forgiving
    if high > _MOSTLY_ASCII * min(len(data), _SAMPLE):
        from charset_normalizer import from_bytes

        best = from_bytes(data[:_SAMPLE], cp_isolation=_CODE_PAGES).best()
        if best:
            return data.decode(best.encoding, "replace")
    return data.decode("cp1252", "replace")
