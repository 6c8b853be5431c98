"""Files that are whole or not there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geomap.errors import GeomapError, InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write, and move it to `path` when all went well.

    The folder is made if it is missing. The temporary file has the suffix of
    `path`, lies beside it and is gone whatever happens, so a reader sees the old
    file or the new one.

    Raises
    ------
    InputError
        If `path` is a folder, or its folder is a file.
    GeomapError
        If the folder or the disk does not let us write.
    """
    if path.is_dir():
        raise InputError("is a folder, not a file", where=str(path), todo="Name a file in it.")
    draft = None
    try:
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        draft = Path(name)
        draft.chmod(0o666 & ~_umask())
        yield draft
        draft.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it.

    Raises
    ------
    InputError
        If a file stands where the folder should be.
    GeomapError
        If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError("is a file, not a folder", where=str(path)) from error
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> GeomapError:
    """Say why a file cannot be written, and what to do."""
    return GeomapError(
        f"cannot be written: {error.strerror or error}",
        where=str(path),
        todo="Free some space, or choose another folder; nothing was changed.",
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
