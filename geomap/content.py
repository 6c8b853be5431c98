"""The one door to `gazetteer/` and `maps/`, in a checkout and in the wheel."""

from pathlib import Path

from geomap.errors import ContentError

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_content"


def content(name: str) -> Path:
    """Find a file or folder of the shipped content.

    Parameters
    ----------
    name
        Path with forward slashes that starts with ``gazetteer/`` or ``maps/``.

    Returns
    -------
    Path
        In a wheel, below the package; in a checkout, beside it.

    Raises
    ------
    ContentError
        If there is no such file or folder.

    Examples
    --------
    >>> content("maps/types.csv").name
    'types.csv'
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
    path = root / name
    if not path.exists():
        raise ContentError("content file not found", where=name, todo="Reinstall geomap.")
    return path
