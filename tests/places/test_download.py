import io
import os
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from geomap.errors import GeomapError, InputError
from geomap.places import download as module
from geomap.places.download import download, download_country

MAY, JUNE = "Fri, 01 May 2026 05:00:00 GMT", "Mon, 01 Jun 2026 05:00:00 GMT"


def packed(text, name="AR.txt"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(name, text)
    return buffer.getvalue()


class Export(BaseHTTPRequestHandler):
    """Serves files as GeoNames' server does: by ranges, dated; or breaks off, when told to."""

    def do_GET(self):
        site = self.server
        wanted = self.headers.get("Range")
        site.log.append((self.path, wanted))
        data = site.files.get(self.path)
        if data is None:
            return self.send_error(404)
        if self.headers.get("If-Modified-Since") == site.date:
            return self.send_error(304)
        start = int(wanted[6:-1]) if wanted and self.headers.get("If-Range") == site.date else 0
        if start > len(data):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if site.date:
            self.send_header("Last-Modified", site.date)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:][: site.breaks.pop(0) if site.breaks else None])
        return None

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Export)
    server.files, server.log, server.date, server.breaks = {}, [], MAY, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ticks():
    return []


def test_a_country_comes_with_its_alternate_names(site, tmp_path, monkeypatch, ticks):
    site.files = {"/AR.zip": packed("a"), "/alternatenames/AR.zip": packed("b")}
    monkeypatch.setenv("GEOMAP_GEONAMES", site.url + "/")
    dump, names = download_country("AR", tmp_path, ticks.append)
    assert dump == tmp_path / "places" / "AR.zip"
    assert names == tmp_path / "names" / "AR.zip"
    assert dump.read_bytes() == packed("a")
    assert names.read_bytes() == packed("b")
    assert sum(ticks) == len(packed("a")) + len(packed("b"))


def test_a_broken_download_goes_on_where_it_stopped(site, tmp_path, ticks):
    data = site.files["/AR.zip"] = packed("word " * 50_000)
    site.breaks = [70_000]
    path = download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert path.read_bytes() == data
    assert site.log == [("/AR.zip", None), ("/AR.zip", "bytes=70000-")]
    assert [p.name for p in tmp_path.iterdir()] == ["AR.zip"]


def test_a_download_that_keeps_breaking_is_kept_for_the_next_time(site, tmp_path, ticks):
    data = site.files["/AR.zip"] = packed("word " * 50_000)
    site.breaks = [1000, 1000, 1000]
    with pytest.raises(GeomapError, match="the connection broke after 1,000 of") as caught:
        download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert "goes on where it stopped" in str(caught.value)
    assert (tmp_path / "AR.zip.part").read_bytes() == data[:3000]
    download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert site.log[-1] == ("/AR.zip", "bytes=3000-")
    assert (tmp_path / "AR.zip").read_bytes() == data


def test_what_has_changed_meanwhile_is_fetched_from_the_start(site, tmp_path, ticks):
    part = tmp_path / "AR.zip.part"
    part.write_bytes(packed("old " * 1000)[:2000])
    os.utime(part, (1, 1))
    site.files["/AR.zip"] = packed("new")
    path = download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert path.read_bytes() == packed("new")


def test_a_part_longer_than_the_file_is_thrown_away(site, tmp_path, ticks):
    site.files["/AR.zip"] = packed("long " * 1000)
    site.breaks = [1000] * 3
    with pytest.raises(GeomapError):
        download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    site.files["/AR.zip"] = packed("x")
    assert download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append).read_bytes() == packed(
        "x"
    )


def test_what_is_there_is_fetched_again_only_if_it_has_changed(site, tmp_path, ticks):
    url, path = f"{site.url}/AR.zip", tmp_path / "AR.zip"
    site.files["/AR.zip"] = packed("may")
    download(url, path, ticks.append)
    site.files["/AR.zip"] = packed("june")
    assert download(url, path, ticks.append).read_bytes() == packed("may")
    site.date = JUNE
    assert download(url, path, ticks.append).read_bytes() == packed("june")


def test_a_server_without_dates_will_do(site, tmp_path, ticks):
    site.date, site.breaks = "", [500]
    site.files["/AR.zip"] = packed("word " * 1000)
    path = download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert path.read_bytes() == packed("word " * 1000)


@pytest.mark.parametrize("harm", ["cut", "flip", "page"])
def test_a_damaged_file_is_refused_and_thrown_away(site, tmp_path, ticks, harm):
    data = bytearray(packed("word " * 1000))
    if harm == "cut":
        data = data[:2000]
    elif harm == "flip":
        data[1000] ^= 1
    else:
        data = b"<html>Please pay for this network</html>"
    site.files["/AR.zip"] = bytes(data)
    with pytest.raises(GeomapError, match="what the server sent is damaged"):
        download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert list(tmp_path.iterdir()) == []


def test_a_country_without_a_dump_is_named(site, tmp_path, ticks):
    with pytest.raises(InputError, match=r"the server has no http.*/ZZ\.zip"):
        download(f"{site.url}/ZZ.zip", tmp_path / "ZZ.zip", ticks.append)


def test_without_a_network_the_address_is_named(tmp_path, ticks):
    with pytest.raises(GeomapError, match="cannot be fetched") as caught:
        download("http://127.0.0.1:9/AR.zip", tmp_path / "AR.zip", ticks.append)
    assert caught.value.where == "http://127.0.0.1:9/AR.zip"
    assert list(tmp_path.iterdir()) == []


def test_only_http_addresses_are_asked(tmp_path, ticks):
    with pytest.raises(InputError, match="is no http address"):
        download("file:///etc/hostname", tmp_path / "AR.zip", ticks.append)


def test_a_full_disk_is_said(site, tmp_path, ticks, monkeypatch):
    site.files["/AR.zip"] = packed("a")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_copy", full)
    with pytest.raises(GeomapError, match="cannot be written: No space left"):
        download(f"{site.url}/AR.zip", tmp_path / "AR.zip", ticks.append)
