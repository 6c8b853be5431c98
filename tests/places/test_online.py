import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from geomap.cli import main
from geomap.errors import GeomapError, InputError
from geomap.places import online
from geomap.places.online import geocode_online

ANSWER = [
    {
        "place_id": 1,
        "osm_type": "node",
        "osm_id": 77,
        "lat": "33.5",
        "lon": "35.5",
        "class": "place",
        "type": "village",
        "addresstype": "village",
        "importance": 0.3,
        "name": "Zar",
        "display_name": "Zar, South Governorate, Lebanon",
        "address": {"state": "South Governorate", "country_code": "lb"},
        "boundingbox": ["33.48", "33.52", "35.48", "35.52"],
    },
    {
        "osm_type": "way",
        "osm_id": 78,
        "lat": "0",
        "lon": "0",
        "class": "amenity",
        "type": "school",
        "display_name": "Zar School, Nowhere",
        "boundingbox": ["0", "0", "0", "0"],
    },
]


class Nominatim(BaseHTTPRequestHandler):
    """Answers as Nominatim does: JSON to /search."""

    def do_GET(self):
        site = self.server
        site.asked.append((time.monotonic(), self.headers["User-Agent"], self.path))
        status, answer = site.answers.pop(0) if site.answers else (200, ANSWER)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def site(tmp_path, monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Nominatim)
    server.asked, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("GEOMAP_NOMINATIM", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_says_where_it_comes_from(site):
    place, school = geocode_online("Zar", "LB")
    assert (place.name, place.lon, place.lat) == ("Zar", 35.5, 33.5)
    assert (place.match, place.score) == ("online", 0.3)
    assert place.source == "Nominatim, © OpenStreetMap contributors"
    assert (place.place_id, place.kind) == ("osm:node/77", "settlement")
    assert (place.country, place.admin1) == ("LB", "South Governorate")
    assert 2.8 < place.extent_km < 3.0
    assert (school.name, school.kind, school.extent_km) == ("Zar School", "facility", 0.05)


def test_the_server_is_told_who_asks_and_for_what(site):
    geocode_online("Zar", "LB")
    ((_, agent, path),) = site.asked
    assert agent.startswith("geomap/")
    asked = parse_qs(urlsplit(path).query)
    assert (asked["q"], asked["countrycodes"]) == (["Zar"], ["lb"])


def test_no_question_is_asked_twice(site):
    first = geocode_online("Zar")
    assert geocode_online("  Zar ") == first
    assert len(site.asked) == 1
    site.answers = [(200, [])]
    assert geocode_online("Nobody") == []
    assert geocode_online("Nobody") == []
    assert len(site.asked) == 2


def test_one_question_a_second_is_asked(site):
    for name in ("A", "B"):
        geocode_online(name)
    online._asker.cache_clear()  # as in another command
    geocode_online("C")
    times = [at for at, _, _ in site.asked]
    assert min(times[1] - times[0], times[2] - times[1]) > 0.95


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_server_that_refuses_is_named_and_asked_again_the_next_time(site, status):
    site.answers = [(status, {"error": "no"})]
    with pytest.raises(GeomapError, match="Nominatim does not answer") as caught:
        geocode_online("Zar")
    assert caught.value.where.startswith("http://127.0.0.1:")
    assert len(geocode_online("Zar")) == 2


def test_without_a_network_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOMAP_NOMINATIM", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(GeomapError, match="Is there a network"):
        geocode_online("Zar")


@pytest.mark.parametrize("server", ["file:///etc/hostname", "nominatim.example", ""])
def test_only_http_servers_are_asked(tmp_path, monkeypatch, server):
    monkeypatch.setenv("GEOMAP_NOMINATIM", server)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(InputError, match="is no http address"):
        geocode_online("Zar")


def test_a_country_is_a_code(site):
    with pytest.raises(InputError, match="'Lebanon' is no ISO 3166-1 code"):
        geocode_online("Zar", "Lebanon")
    assert site.asked == []


def test_the_command_asks_only_when_told_to(site):
    run = CliRunner().invoke(main, ["geocode", "Qzzyrt"])
    assert (run.exit_code, site.asked) == (1, [])
    run = CliRunner().invoke(main, ["geocode", "Qzzyrt", "Kherson", "--online"])
    assert run.exit_code == 0
    assert len(site.asked) == 2
    assert "© OpenStreetMap contributors" in run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "Qzzyrt"
    assert "online    Zar" in lines[1]
    kherson = lines[lines.index("Kherson") + 1 :]
    assert "exact     Kherson" in kherson[0]
    assert "online    Zar" in kherson[-2]


def test_what_the_command_hands_on_names_its_source(site):
    run = CliRunner().invoke(main, ["geocode", "Qzzyrt", "--online", "--format", "geojsonl"])
    feature = json.loads(run.stdout.splitlines()[0])
    assert feature["properties"]["match"] == "online"
    assert feature["properties"]["source"] == "Nominatim, © OpenStreetMap contributors"
