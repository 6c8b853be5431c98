"""The README's commands in a clean clone, and the wheel in a clean environment."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(command, cwd, **more):
    said = subprocess.run(command, cwd=cwd, capture_output=True, text=True, **more)
    assert said.returncode == 0, f"{command}\n{said.stdout}\n{said.stderr}"
    return said.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Clone what is committed; the gazetteer compiled here spares a minute if it still fits."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is nothing to clone")
    folder = tmp_path_factory.mktemp("clone") / "geomap"
    run(["git", "clone", "--quiet", str(ROOT), str(folder)], cwd=ROOT)
    shutil.copy(ROOT / "gazetteer" / "gazetteer.db", folder / "gazetteer")
    return folder


@pytest.fixture(scope="module")
def installed(clone):
    """Install and run by the README's first command, and say what it printed."""
    command = re.search(r"```sh\n(sh setup.sh && .*)\n```", README)[1]
    environment = {**os.environ, "PYTHON": sys.executable}
    return run(command, clone, shell=True, env=environment)


def test_the_first_command_makes_a_map_for_each_day(clone, installed):
    assert "on the map" in installed
    days = sorted(p.stem for p in (clone / "examples/levant").iterdir())
    pages = sorted(p.name for p in (clone / "daily").glob("2026-*.html"))
    assert pages == [f"{day[-10:]}.html" for day in days]


def test_the_python_example_runs(clone, installed):
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    run([".venv/bin/python", "-W", "error::SyntaxWarning", "-c", textwrap.dedent(code)], clone)
    assert (clone / "map.html").stat().st_size > 100_000
    assert (clone / "map.png").exists()


def test_each_command_of_the_readme_runs(clone, installed):
    shutil.copy(clone / "examples/levant/levant_2026-03-05.txt", clone / "bulletin.txt")
    shutil.copy(clone / "examples/sindh_floods_2026-08-06.pdf", clone / "bulletin.pdf")
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("geomap ")]
    assert len(lines) >= 7
    path = f"{clone / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"

    def geomap(line):
        return run(line, clone, shell=True, env={**os.environ, "PATH": path})

    geomap("geomap query --format acled -o acled.csv")
    known = json.loads(geomap("geomap query --limit 1 --format geojsonl"))
    for line in lines:
        geomap(line.replace(" ID ", f" {known['id']} "))
    assert (clone / "hazards.html").exists()
    assert (clone / "week.pdf").exists()


def test_the_wheel_holds_one_package_with_all_content_and_runs_anywhere(clone, tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    run([*pip, "wheel", "--no-deps", "-w", str(tmp_path), str(clone)], tmp_path)
    wheel = next(tmp_path.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {n.split("/")[0] for n in names if ".dist-info/" not in n} == {"geomap"}
    for name in ("gazetteer/gazetteer.db", "maps/types.csv", "maps/basemap/world.json.gz"):
        assert f"geomap/_content/{name}" in names

    venv.create(tmp_path / "env", with_pip=True)
    python = str(tmp_path / "env/bin/python")
    run([python, "-m", "pip", "--disable-pip-version-check", "-q", "install", wheel], tmp_path)
    (tmp_path / "note_2026-03-05.txt").write_text(
        "Shelling killed two people in Kharkiv on 5 March.\n", encoding="utf-8"
    )
    said = run([str(tmp_path / "env/bin/geomap"), "daily", "note_2026-03-05.txt"], tmp_path)
    assert "1 incident on the map" in said
    assert "Kharkiv" in said
    assert (tmp_path / "daily/2026-03-05.html").exists()
