"""The errors of the project: always a ValueError of our own, always with where, what and what next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class NeedscastError(ValueError):
    """Something a person can mend; the message says where it is, what it is and what to do next."""


class LabelError(NeedscastError):
    """Two estimates do not carry exactly the same labels, or a label is missing or repeated."""


class UnitError(NeedscastError):
    """Two units cannot meet: people and movements, a stock and a flow, a person and a household."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input file.

    Attributes
    ----------
    file, row, column : where; row 1 is the header, 0 means the file as a whole.
    message : what is wrong, with the value as it was read.
    remedy : the next step.
    """

    file: str
    row: int
    column: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = [self.file, str(self.row), self.column] if self.column else [self.file, str(self.row or "")]
        return f"{':'.join(filter(None, place))}: {self.message}; {self.remedy}"


class InputError(NeedscastError):
    """Every problem found in an input folder, all at once.

    Attributes
    ----------
    problems : the problems, sorted by file and row; what is wrong with a file as a whole, such as its absence, first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: (one.row > 0 or bool(one.column), one)))
        count = len(self.problems)
        head = f"{count} problem{'' if count == 1 else 's'} in the input"
        super().__init__("\n".join([head, *map(str, self.problems)]))


def one_of(kind: str, value: object, known: Iterable[object]) -> str:
    """Return the sentence for a wrong choice, with the nearest known word when there is one."""
    import difflib

    words = sorted(str(word) for word in known)
    near = difflib.get_close_matches(str(value), words, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    listed = ", ".join(words[:20]) + (" ..." if len(words) > 20 else "")
    return f"unknown {kind} '{value}'{hint} ({f'known: {listed}' if words else 'none is known'})"
