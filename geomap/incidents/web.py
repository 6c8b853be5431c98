"""A bulletin from the web, when the user names its address: the one place that asks the network."""

from __future__ import annotations

import urllib.error
import urllib.request as request
from typing import NamedTuple

import geomap
from geomap.errors import InputError

TIMEOUT_S = 20


class Page(NamedTuple):
    """The bytes of an address and what the server says of them."""

    data: bytes
    media_type: str
    charset: str


def fetch(url: str, limit_bytes: int) -> Page:
    """Read an http(s) address, `limit_bytes` + 1 bytes at most.

    Raises
    ------
    InputError
        If nothing comes within `TIMEOUT_S` or the server refuses.
    """
    asked = request.Request(url, headers={"User-Agent": f"geomap/{geomap.__version__}"})
    try:
        with _opener().open(asked, timeout=TIMEOUT_S) as answer:
            headers = answer.headers
            data = answer.read(limit_bytes + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise InputError(
            f"the server answers {error.code} {error.reason}", where=url, todo="Check the address."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise InputError(
            f"cannot be reached: {reason}",
            where=url,
            todo="Save the page and give geomap the file.",
        ) from error
    return Page(data, headers.get_content_type(), headers.get_content_charset() or "")


def _opener() -> request.OpenerDirector:
    """Make an opener for http and https alone: a redirect never leads to a file or FTP."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPRedirectHandler(),
        request.HTTPErrorProcessor(),
        request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
