import os

import numpy as np
import pytest

from responsa.errors import ResponsaError
from responsa.index.seal import load, save

ARRAYS = {"one": np.arange(5), "two": np.ones((2, 3), np.float32)}


def test_what_was_saved_is_loaded(tmp_path):
    found = load(tmp_path / "v", save(tmp_path / "v", ARRAYS))
    assert {name: values.tolist() for name, values in found.items()} == {
        name: values.tolist() for name, values in ARRAYS.items()
    }


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "longer", "link"])
def test_a_damaged_file_is_seen(tmp_path, harm):
    seals = save(tmp_path / "v", ARRAYS)
    path = tmp_path / "v/two.npy"
    data = path.read_bytes()
    path.unlink()
    match harm:
        case "cut":
            path.write_bytes(data[:-1])
        case "changed":
            path.write_bytes(data[:-1] + b"x")
        case "longer":
            path.write_bytes(data + b"x")
        case "link":
            (tmp_path / "other").write_bytes(data)
            path.symlink_to(tmp_path / "other")
        case _:
            pass
    with pytest.raises(ValueError, match=r"two\.npy"):
        load(tmp_path / "v", seals)


def test_a_copied_file_counts_though_its_time_is_another(tmp_path):
    seals = save(tmp_path / "v", ARRAYS)
    os.utime(tmp_path / "v/two.npy", (1, 1))
    assert load(tmp_path / "v", seals)["two"].shape == (2, 3)


def test_a_folder_is_never_written_over(tmp_path):
    save(tmp_path / "v", ARRAYS)
    with pytest.raises(ResponsaError, match="cannot be written"):
        save(tmp_path / "v", ARRAYS)
