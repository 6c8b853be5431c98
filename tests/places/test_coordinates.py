import math

import pytest
from geopy import Point
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mgrs import MGRS
from openlocationcode import openlocationcode

from geomap.places import geoparse
from geomap.places.coordinates import find_coordinates
from geomap.places.measure import distance_km


@pytest.mark.parametrize(
    ("text", "written", "lat", "lon", "km"),
    [
        (
            "struck at 31.5231° N, 34.4312° E today",
            "31.5231° N, 34.4312° E",
            31.5231,
            34.4312,
            0.01,
        ),
        ("at 31.5231N 34.4312E.", "31.5231N 34.4312E", 31.5231, 34.4312, 0.01),
        ("near N 31.5231, E 34.4312", "N 31.5231, E 34.4312", 31.5231, 34.4312, 0.01),
        ("at 15.5°S, 47.5°W", "15.5°S, 47.5°W", -15.5, -47.5, 7.721),
        ("31.52 degrees North, 34.43 degrees East", None, 31.52, 34.43, 0.731),
        ("at 31°31'23\"N 34°26'35\"E.", "31°31'23\"N 34°26'35\"E", 31.52306, 34.44306, 0.02),
        ("31°31′23″N, 34°26′35″E", None, 31.52306, 34.44306, 0.02),
        ("33° 30.5' N, 36° 18.2' E", None, 33.50833, 36.30333, 0.121),
        ("in 12-34.5N 043-21.3E", "12-34.5N 043-21.3E", 12.575, 43.355, 0.129),
        ("Latitude: 13°42'N Longitude: 042°51'E", None, 13.7, 42.85, 1.292),
        ("in position 13 42 N 042 51 E", "13 42 N 042 51 E", 13.7, 42.85, 1.292),
        ("position 1252N 04327E", "1252N 04327E", 12.86667, 43.45, 1.294),
        ("125230S 0432715W", None, -12.875, -43.45417, 0.022),
        ("Lat: 31.5231 Long: 34.4312", None, 31.5231, 34.4312, 0.01),
        ("longitude 34.43, latitude 31.52", None, 31.52, 34.43, 0.731),
        ("a house (31.5231, 34.4312) burnt", "31.5231, 34.4312", 31.5231, 34.4312, 0.01),
        ("coordinates: -1.29, 36.82", "-1.29, 36.82", -1.29, 36.82, 0.786),
        ("at −1.292134, 36.821934.", "−1.292134, 36.821934", -1.292134, 36.821934, 0.01),
        ("GPS 31.52 34.43", "31.52 34.43", 31.52, 34.43, 0.731),
        ("at 36RXV 3512 8821 (MGRS)", "36RXV 3512 8821", 31.52098, 34.42320, 0.01),
        ("at 36RXV3512388213,", "36RXV3512388213", 31.52092, 34.42319, 0.01),
        ("grid 36R XV 351 882", "36R XV 351 882", 31.52130, 34.42347, 0.071),
        ("the well (8G3PG4FP+3V)", "8G3PG4FP+3V", 31.52269, 34.13719, 0.01),
    ],
)
def test_coordinates_are_found_as_they_are_written(text, written, lat, lon, km):
    (found,) = find_coordinates(text)
    assert found.toponym == (written or text)
    assert text[found.start : found.end] == found.toponym
    assert distance_km(found.lon, found.lat, lon, lat) < 0.006
    assert found.uncertainty_km == km
    assert (found.kind, found.geo_precision) == ("coordinates", 1)


@pytest.mark.parametrize(
    "text",
    [
        "Prices rose 12.5, 13.1 percent.",
        "Prices rose 12.51234, 13.12345 percent.",
        "They counted 12.345, 23.456 and 34.567 people.",
        "The euro traded at 1.0845, 1.2734 the day before.",
        "Growth of 12.34567, 23.45678, 34.56789 in three quarters.",
        "Scores: 5.12345 6.12345.",
        "They won 2-1, 3-2 and 6-4, 7-5.",
        "See pp. 31-34 and fig. 3.1, 3.2.",
        "From 12.05.2026, 13.05.2026 on.",
        "Call +970 59 123 4567 or 0300 1234 5678.",
        "He lives at 1230 N 4320 E Street.",
        "Version 3.1415, 2.7182 is out.",
        "A car with the plate 12 CDE 3456 fled.",
        "The temperature was 12.5°, 13.1° at noon.",
        "About 5 N, 6 E of the road.",
        "Su-27SM 3546 took off with 37TEL123456.",
        "Code 23456789+22 opens it.",
        "At 95.12345, 34.12345 nothing lies.",
        "Latitude 31.5, latitude 34.4.",
        "at 31°61'N 34°27'E",
        "at 31°31'N 34°27'N",
        "at 31.5°31'N 34.5°27'E",
        "grid 61RXV 3512 8821",
        "grid 36RAA 3512 8821",
        "A tower 31.5' tall and 34.4' wide.",
        "$12.34567, 23.45678",
    ],
)
def test_other_numbers_are_no_coordinates(text):
    assert find_coordinates(text) == []


def dms(degrees, letters):
    minutes, seconds = divmod(round(abs(degrees) * 3600), 60)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}°{minutes}'{seconds}\"{letters[degrees < 0]}"


def dm(degrees, letters):
    whole, tenths = divmod(round(abs(degrees) * 600), 600)
    return f"{whole:03d}-{tenths / 10:04.1f}{letters[degrees < 0]}"


def compact(degrees, letters, width):
    whole, minutes = divmod(round(abs(degrees) * 60), 60)
    return f"{whole:0{width}d}{minutes:02d}{letters[degrees < 0]}"


FORMS = {
    "decimal": lambda lat, lon: f"{lat:.5f}, {lon:.5f}",
    "letters": lambda lat, lon: f"{abs(lat):.4f}{'NS'[lat < 0]} {abs(lon):.4f}{'EW'[lon < 0]}",
    "seconds": lambda lat, lon: f"{dms(lat, 'NS')} {dms(lon, 'EW')}",
    "minutes": lambda lat, lon: f"{dm(lat, 'NS')[1:]} {dm(lon, 'EW')}",
    "compact": lambda lat, lon: f"{compact(lat, 'NS', 2)} {compact(lon, 'EW', 3)}",
    "geopy": lambda lat, lon: Point(lat, lon).format_unicode(),
    "mgrs": lambda lat, lon: MGRS().toMGRS(lat, lon),
    "plus code": openlocationcode.encode,
}


@given(
    form=st.sampled_from(sorted(FORMS)),
    lat=st.floats(-79.9, 79.9),
    lon=st.floats(-179.9, 179.9),
)
@example(form="mgrs", lat=78.0, lon=15.6)
@example(form="minutes", lat=-0.4, lon=-0.4)
@example(form="compact", lat=1.0, lon=0.0)
def test_what_is_written_in_any_form_is_found_within_its_uncertainty(form, lat, lon):
    written = FORMS[form](lat, lon)
    assume("e-" not in written and " 60″" not in written)  # as geopy writes 59.999999
    assume(form != "plus code" or any(c.isalpha() for c in written))
    text = f"On 3 May 2026 a drone hit a depot at {written}, killing 12."
    (found,) = find_coordinates(text)
    assert text[found.start : found.end] == found.toponym == written
    assert distance_km(found.lon, found.lat, lon, lat) <= found.uncertainty_km * 1.01 + 0.001


def test_more_digits_mean_less_uncertainty():
    one, two = (find_coordinates(f"at {c}")[0] for c in ("31.5°N 34.4°E", "31.52°N 34.43°E"))
    assert math.isclose(one.uncertainty_km, 10 * two.uncertainty_km, rel_tol=0.01)


def test_a_text_tells_names_and_coordinates_in_order():
    text = "Drones hit Kherson (46.6354, 32.6169) and 36R XV 3512 8821 overnight."
    found = geoparse(text)
    assert [t.toponym for t in found] == ["Kherson", "46.6354, 32.6169", "36R XV 3512 8821"]
    assert [t.country for t in found] == ["UA", "UA", "PS"]
    assert [t.place.name for t in found] == ["Kherson", "Kherson", "36R XV 3512 8821"]
    assert found[1].place.place_id == "geo:46.6354,32.6169"


def test_coordinates_far_from_the_name_before_them_are_not_called_after_it():
    found = geoparse("The crew left Kherson (31.5231, 34.4412) by night.")
    assert [t.place.name for t in found] == ["Kherson", "31.5231, 34.4412"]
