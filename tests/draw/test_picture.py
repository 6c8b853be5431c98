import datetime as dt
import re
from dataclasses import replace

import pytest
from matplotlib.font_manager import fontManager
from PIL import Image
from pypdf import PdfReader

from geomap.draw.picture import write_picture
from geomap.errors import GeomapError, InputError
from geomap.model import Incident
from geomap.record import to_frame

DAY = dt.date(2026, 3, 5)


def incident(n, place, lon, lat, kind="battle", precision=1, **more):
    return Incident(
        id=f"{n:04}",
        doc_id="d",
        doc_title="Levant daily note",
        date=DAY,
        incident_type=kind,
        place=place,
        lon=lon,
        lat=lat,
        geo_precision=precision,
        **more,
    )


INCIDENTS = [
    incident(1, "Jabalia", 34.4835, 31.5272),
    incident(2, "Gaza City", 34.4667, 31.5, "explosion"),
    incident(3, "Tubas", 35.37, 32.32),
    incident(
        *(4, "northern Israel", 35.45, 32.95, "explosion", 3),
        **{"uncertainty_km": 35.0, "origin_lon": 35.4, "origin_lat": 33.25},
    ),
    incident(5, "Red Sea", 39.8, 18.5, "interception", 4, uncertainty_km=900.0),
    incident(6, "Washington", -77.04, 38.9, "statement"),
    incident(7, "", None, None),
]


def words_of(path):
    return path.read_text(encoding="utf-8")


def test_a_picture_names_places_counts_types_and_says_what_is_missing(tmp_path):
    path = tmp_path / "map.svg"
    write_picture(INCIDENTS, path, title="Raids in the north", day=DAY)
    words = words_of(path)
    for expected in (
        *("Raids in the north", "Tubas", "northern Israel: 1", "Battles", "LEBANON"),
        *(
            "Outside the picture: Red Sea",
            "1 incident has no place on the map",
            "Levant daily note",
        ),
        *("OpenStreetMap contributors", "do not imply endorsement"),
    ):
        assert expected in words
    assert "Washington" not in words


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_incidents_give_the_same_bytes(tmp_path, suffix):
    first, second = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
    write_picture(INCIDENTS, first, title="A day", size="100x80")
    write_picture(list(reversed(INCIDENTS)), second, title="A day", size="100x80")
    assert first.read_bytes() == second.read_bytes()


def test_a_png_has_its_size_and_a_pdf_its_text(tmp_path):
    write_picture(to_frame(INCIDENTS), tmp_path / "map.png")
    with Image.open(tmp_path / "map.png") as image:
        assert image.size == (1600, 1056)
    write_picture(INCIDENTS, tmp_path / "map.pdf")
    assert "Tubas" in PdfReader(tmp_path / "map.pdf").pages[0].extract_text()


def test_a_quiet_day_says_so(tmp_path):
    write_picture([], tmp_path / "map.svg", title="A quiet day")
    assert "No incident was reported." in words_of(tmp_path / "map.svg")


def test_hostile_and_odd_text_stays_text(tmp_path):
    place = "<img src=x onerror=alert(1)> $\\frac{1}{0}$ {{7*7}} \x00\u202e"
    write_picture([incident(1, place, 34.4, 31.4)], tmp_path / "map.svg", title="$x$ </svg>")
    words = words_of(tmp_path / "map.svg")
    assert "<img" not in words
    assert "&lt;img src=x" in words


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(InputError, match="jpg is not a kind of picture"):
        write_picture(INCIDENTS, tmp_path / "map.jpg")


def test_nothing_is_half_written_into_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "out").write_text("kept")
    with pytest.raises(GeomapError, match="is a file, not a folder"):
        write_picture(INCIDENTS, tmp_path / "out" / "map.png")
    assert (tmp_path / "out").read_text() == "kept"


@pytest.mark.parametrize(
    ("size", "dpi", "pixels"),
    [
        ("a4", 72, (842, 595)),
        ("a4-portrait", 72, (595, 842)),
        ("letter", 72, (792, 612)),
        ("slide", None, (1920, 1080)),
        ("column", None, (1259, 929)),
        ("social", None, (1200, 675)),
        ("180x120", 100, (708, 472)),
    ],
)
def test_a_size_has_its_pixels_and_everything_stays_on_the_paper(tmp_path, size, dpi, pixels):
    write_picture(INCIDENTS, tmp_path / "map.png", title="Word " * 60, size=size, dpi=dpi, day=DAY)
    with Image.open(tmp_path / "map.png") as image:
        assert image.size == pytest.approx(pixels, abs=1)
        edge = [image.crop(box) for box in _edges(*image.size)]
        assert all(part.convert("L").getextrema() == (255, 255) for part in edge)


def _edges(width, height):
    return [
        (0, 0, width, 3),
        (0, height - 3, width, height),
        (0, 0, 3, height),
        (width - 3, 0, width, height),
    ]


@pytest.mark.parametrize(
    ("size", "dpi", "what"),
    [
        ("a4", 1200, "139 megapixels; 100 are the most\nAsk for at most 1017 dpi"),
        ("poster", None, "'poster' is not a size"),
        ("20x20", None, "'20x20' is not a size"),
    ],
)
def test_a_size_that_cannot_be_is_refused(tmp_path, size, dpi, what):
    with pytest.raises(InputError, match=what):
        write_picture(INCIDENTS, tmp_path / "map.png", size=size, dpi=dpi)
    assert not list(tmp_path.iterdir())


def test_a_picture_speaks_the_language_of_its_definition_from_right_to_left(tmp_path):
    (tmp_path / "ar.toml").write_text('language = "ar"\n[labels]\nbattle = "قتال"\n')
    path = tmp_path / "map.svg"
    write_picture(INCIDENTS, path, title="غارات على الجنوب", definition=str(tmp_path / "ar.toml"))
    words = words_of(path)
    for expected in ("غارات على الجنوب", "قتال", "5 مارس 2026", "6 حوادث", "المصادر"):
        assert expected in words
    at = {text: float(x) for x, text in re.findall(r'x="([\d.]+)"[^>]*>([^<]*)</text>', words)}
    title = next(x for text, x in at.items() if "غارات" in text)
    battles = next(x for text, x in at.items() if "قتال" in text)
    assert title > 600  # points from the left: at the right edge
    assert battles < 250  # the legend lies to the left of the map


def test_a_picture_says_what_it_shows_to_those_who_do_not_see_it(tmp_path):
    said = "Map. Raids <north>. 6 incidents: Battles 3, Explosions, strikes 2, Interceptions 1."
    for suffix in ("png", "svg", "pdf"):
        alt = write_picture(INCIDENTS, tmp_path / f"map.{suffix}", "Raids <north>", size="100x80")
        assert alt.startswith(said)
    with Image.open(tmp_path / "map.png") as image:
        assert image.text["Description"] == alt
    assert said.replace("<", "&lt;").replace(">", "&gt;") in words_of(tmp_path / "map.svg")
    assert 'role="img"' in words_of(tmp_path / "map.svg")
    assert PdfReader(tmp_path / "map.pdf").metadata.subject == alt


def test_the_cut_off_and_the_days_before_are_told(tmp_path):
    before = [replace(i, id=f"b{i.id}", date=DAY - dt.timedelta(days=9)) for i in INCIDENTS]
    noon = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
    write_picture(INCIDENTS, tmp_path / "map.svg", context=before, as_of=noon)
    words = words_of(tmp_path / "map.svg")
    assert "as of 5 March 2026, 12:00 UTC" in words
    assert "24 Feb" in words
    assert "6 incidents from 1 bulletin" in words


def test_a_thousand_incidents_in_one_town_are_one_sign(tmp_path):
    rows = [incident(n, "Bakhmut", 38.0, 48.595) for n in range(1000)]
    write_picture(rows, tmp_path / "map.svg")
    assert ">1000</text>" in words_of(tmp_path / "map.svg")
    assert words_of(tmp_path / "map.svg").count(">Bakhmut</text>") <= 2


def test_a_title_of_300_letters_is_cut_on_the_paper_and_whole_in_the_file(tmp_path):
    title = "Shelling " * 33 + "end"
    write_picture(INCIDENTS, tmp_path / "map.svg", title=title)
    assert f"<title>{title}</title>" in words_of(tmp_path / "map.svg")
    assert "Shelling…</text>" in words_of(tmp_path / "map.svg")


def test_a_script_that_no_font_has_is_told(tmp_path, monkeypatch):
    usual = [font for font in fontManager.ttflist if font.name == "DejaVu Sans"]
    monkeypatch.setattr(fontManager, "ttflist", usual)
    row = incident(1, "ბათუმი ខ្មែរ", 41.64, 41.65)
    with pytest.warns(UserWarning, match="no font here has Khmer letters.*Noto Sans Khmer"):
        write_picture([row], tmp_path / "map.png")
    assert (tmp_path / "map.png").exists()


def test_what_is_denied_is_hollow_and_what_is_threatened_is_not_there(tmp_path):
    denied = replace(INCIDENTS[0], modality="denied")
    threatened = replace(INCIDENTS[2], modality="threatened")
    write_picture([denied, threatened], tmp_path / "map.svg")
    assert "Hollow: denied" in words_of(tmp_path / "map.svg")
    assert "1 incident from" in words_of(tmp_path / "map.svg")


def test_a_definition_says_where_the_picture_looks_and_what_types_are_called(tmp_path):
    text = 'extent = [34.0, 31.2, 34.7, 31.7]\ntypes = ["battle"]\n[labels]\nbattle = "Fights"\n'
    (tmp_path / "mine.toml").write_text(text)
    write_picture(INCIDENTS, tmp_path / "map.svg", definition=str(tmp_path / "mine.toml"))
    words = words_of(tmp_path / "map.svg")
    assert "Fights" in words and "Other" in words
    assert "Explosions" not in words
    assert "Tubas (1)" in words  # outside the picture
