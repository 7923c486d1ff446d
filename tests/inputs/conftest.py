"""A copy of the toy crisis that a test may spoil, cell by cell."""

import csv
import shutil
from pathlib import Path

import pytest

from needscast.errors import InputError
from needscast.inputs import read_crisis

TOY = Path(__file__).parents[1] / "crises" / "toy"


class Toy:
    """A toy crisis in a folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, name: str) -> list[list[str]]:
        with (self.path / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, name: str, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> None:
        with (self.path / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)

    def cell(self, name: str, row: int, column: str, value: str) -> "Toy":
        """Set a cell; row 1 is the header."""
        rows = self.rows(name)
        rows[row - 1][rows[0].index(column)] = value
        self.write(name, rows)
        return self

    def add(self, name: str, *copies: tuple[int, dict[str, str]]) -> "Toy":
        """Append copies of rows with some cells changed."""
        rows = self.rows(name)
        for row, changes in copies:
            made = list(rows[row - 1])
            for column, value in changes.items():
                made[rows[0].index(column)] = value
            rows.append(made)
        self.write(name, rows)
        return self

    def text(self, name: str, old: str, new: str) -> "Toy":
        """Replace a text that stands in the file once."""
        file = self.path / name
        content = file.read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
        file.write_text(content.replace(old, new), encoding="utf-8")
        return self

    def read(self, **more):
        return read_crisis(self.path, **more)

    def problems(self):
        with pytest.raises(InputError) as raised:
            self.read()
        return raised.value.problems

    def places(self) -> list[str]:
        """Return file:row:column of every problem."""
        return [f"{problem.file}:{problem.row}:{problem.column}" for problem in self.problems()]


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    shutil.copytree(TOY, tmp_path / "toy")
    return Toy(tmp_path / "toy")
