import stat

import pytest

from geomap.errors import GeomapError, InputError
from geomap.files import replacing


def test_a_file_is_replaced_when_all_went_well(tmp_path):
    path = tmp_path / "new" / "map.html"
    with replacing(path) as draft:
        draft.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert [p.name for p in path.parent.iterdir()] == ["map.html"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


def test_the_old_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "map.html"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_a_full_disk_is_said_in_words(tmp_path):
    with pytest.raises(GeomapError, match="No space left") as caught, replacing(tmp_path / "x"):
        raise OSError(28, "No space left on device")
    assert "Free some space" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(InputError, match="is a folder"), replacing(tmp_path):
        pass


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "out").write_text("kept")
    with pytest.raises(InputError, match="is a file, not a folder"), replacing(tmp_path / "out/x"):
        pass
