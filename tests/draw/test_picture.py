import datetime as dt

import matplotlib.image
import pytest
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
        *("Raids in the north", "Tubas", "1 in northern Israel", "Battles", "LEBANON"),
        *("Outside the picture: Red Sea", "1 has no place on the map", "Levant daily note"),
        *("OpenStreetMap contributors", "do not imply endorsement"),
    ):
        assert expected in words
    assert "Washington" not in words


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_incidents_give_the_same_bytes(tmp_path, suffix):
    first, second = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
    write_picture(INCIDENTS, first, title="A day")
    write_picture(list(reversed(INCIDENTS)), second, title="A day")
    assert first.read_bytes() == second.read_bytes()


def test_a_png_has_its_size_and_a_pdf_its_text(tmp_path):
    write_picture(to_frame(INCIDENTS), tmp_path / "map.png")
    assert matplotlib.image.imread(tmp_path / "map.png").shape[:2] == (1056, 1600)
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
