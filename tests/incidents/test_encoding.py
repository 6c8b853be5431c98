import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.incidents.encoding import decode, is_binary, tidy

ARABIC = "قصف مدفعي على رفح وخان يونس أسفر عن مقتل خمسة أشخاص يوم الأحد في جنوب قطاع غزة. " * 4
RUSSIAN = "В понедельник обстрел Харькова и Чугуева унёс жизни трёх человек, ранены десять. " * 4
FRENCH = "Des hommes armés ont attaqué le marché de Ménaka à l’aube, tuant six civils. " * 4
ENGLISH = "Shelling of “Al-Arish” – two dead. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC, "utf-8"),
        (ARABIC, "utf-8-sig"),
        (ARABIC, "utf-16"),
        (RUSSIAN, "utf-32"),
        (ENGLISH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (ARABIC, "cp1256"),
        (RUSSIAN, "cp1251"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        (FRENCH.replace("’", "'"), "latin-1"),
    ],
)
def test_text_is_read_in_whatever_encoding_it_came(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_broken_utf8_loses_only_the_broken_bytes():
    assert decode("خان".encode() + b"\xff" + " يونس".encode()) == "خان\ufffd يونس"
    assert decode(ARABIC.encode()[:-3]) == ARABIC[:-3] + "\ufffd"


def test_what_is_declared_counts_before_a_guess():
    assert decode("Ménaka".encode("cp1250"), "windows-1250") == "Ménaka"
    assert decode("“Aden”".encode("cp1252"), "ISO-8859-1") == "“Aden”"
    assert decode("Ménaka".encode(), "no-such-encoding") == "Ménaka"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_utf8_survives(text):
    assert decode(("\ufeff" + text).encode()) == text


@given(st.binary(max_size=400))
def test_any_bytes_become_tidy_text(data):
    text = tidy(decode(data))
    assert not set(text) & {chr(n) for n in (*range(9), *range(11, 32), *range(127, 160))}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("page\x0cpage\x85line\u2028line", "page\npage\nline\nline"),
        ("Ga\x00za \x1b[31mred", "Ga\ufffdza \ufffd[31mred"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_line_ends_are_one_and_controls_are_seen(text, clean):
    assert tidy(text) == clean


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + bytes(range(256)) * 4,
        b"\x7fELF\x02\x01\x01" + bytes(600),
        zlib.compress(os.urandom(4000)),
    ],
)
def test_a_binary_is_told_from_text(data):
    assert is_binary(data)


@pytest.mark.parametrize(
    "data",
    [
        b"Gaza\x00 and\x00 Rafah\x00",
        ARABIC.encode("cp1256"),
        RUSSIAN.encode("utf-16"),
        ENGLISH.encode("utf-16-le"),
        ("x" * 199_999 + "é").encode(),
        b"",
    ],
)
def test_text_is_told_from_a_binary(data):
    assert not is_binary(data)
