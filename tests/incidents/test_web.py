import datetime as dt
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from geomap.errors import InputError
from geomap.incidents import web
from geomap.incidents.bulletin import read_bulletins

PAGES = {
    "/note.txt": ("text/plain; charset=windows-1256", "قصف على رفح اليوم".encode("cp1256")),
    "/2026/05/03/aden": ("text/html", b"<html><body><p>Shells hit Aden.</p></body></html>"),
    "/empty": ("text/plain", b""),
    "/large.txt": ("text/plain", b"x" * (5 * 1024 * 1024 + 1)),
}
REDIRECTS = {"/moved": "/note.txt", "/file": "file:///etc/hostname", "/ftp": "ftp://127.0.0.1/x"}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path in REDIRECTS:
            self.send_response(302)
            self.send_header("Location", REDIRECTS[self.path])
            self.end_headers()
        elif self.path in PAGES:
            media_type, data = PAGES[self.path]
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(data)
        else:
            self.send_error(404)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_read_as_the_server_says(site):
    (bulletin,) = read_bulletins(f"{site}/note.txt")
    assert bulletin.text == "قصف على رفح اليوم"
    assert bulletin.source == f"{site}/note.txt"


def test_an_address_may_hold_the_day(site):
    (bulletin,) = read_bulletins([f"{site}/2026/05/03/aden"])
    assert bulletin.text.strip() == "Shells hit Aden."
    assert bulletin.issued == dt.date(2026, 5, 3)


def test_a_page_that_moved_is_followed(site):
    assert read_bulletins(f"{site}/moved")[0].text == "قصف على رفح اليوم"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/none", "the server answers 404"),
        ("/empty", "empty"),
        ("/large.txt", "larger than 5 MB"),
        ("/file", "the server answers 302"),
        ("/ftp", "cannot be reached|the server answers 302"),
    ],
)
def test_what_an_address_cannot_give_is_said(site, path, what):
    with pytest.raises(InputError, match=what) as error:
        read_bulletins(f"{site}{path}")
    assert error.value.where == f"{site}{path}"


def test_a_server_that_is_not_there_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(InputError, match="cannot be reached"):
            read_bulletins(url)


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(InputError, match="cannot be reached: timed out"):
            read_bulletins(url)
