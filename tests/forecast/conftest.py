"""A folder for series of made-up crises, and one of them."""

import pytest
from made_up_series import Folder


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "series").mkdir()
    return Folder(tmp_path / "series")


RISING = ((0, 12_000), (3, 20_000), (7, 35_000), (16, 90_000), (30, 150_000), (61, 210_000), (100, 180_000))


@pytest.fixture
def rising():
    """Figures of a crisis that rises fast, slows and turns."""
    return RISING
