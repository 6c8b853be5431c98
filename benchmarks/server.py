"""A PostgreSQL with PostGIS for benchmarks and tests: on a free port, gone when done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL with PostGIS is not installed: apt install postgresql-15-postgis-3"


def programs() -> Path | None:
    """Find PostgreSQL's programs, if PostGIS is there too."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    with_postgis = [
        program.parent
        for program in found
        if Path(f"/usr/share/postgresql/{program.parts[-3]}/extension/postgis.control").exists()
    ]
    return with_postgis[-1] if with_postgis else None


@contextmanager
def postgres(*settings: str) -> Iterator[str]:
    """Start a server as a user without rights, and give its URL."""
    found = programs()
    if not found:
        raise FileNotFoundError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="geomap-postgres-"))
    unprivileged = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        unprivileged = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"-p {port} -h 127.0.0.1 -k ''", *(f"-c {setting}" for setting in settings)]

    def run(program: str, *words: str) -> None:
        command = [*unprivileged, str(found / program), "-D", str(folder / "data"), *words]
        subprocess.run(
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    run("initdb", "-A", "trust", "-U", "geomap", "--locale=C.UTF-8", "--no-sync")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", " ".join(options), "start")
    try:
        yield f"postgresql://geomap@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)
