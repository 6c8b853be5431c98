import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def trained(folder, seed):
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", str(ROOT / "training" / "train_geoparse.py")]
    command += ["--out", str(folder), "--first", "60"]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    variables = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
    subprocess.run(command, check=True, capture_output=True, env=variables)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_training_twice_gives_the_same_bytes(tmp_path):
    first = trained(tmp_path / "first", "1")
    assert sorted(first) == ["recognition.json", "resolution.json"]
    assert first == trained(tmp_path / "second", "2")
