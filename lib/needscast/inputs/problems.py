"""Problems are gathered, not thrown: a folder is read to its end and all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from needscast.errors import InputError, NeedscastError, Problem

Note = Callable[[str, str, str], None]  # notes a problem of a row or table: column, message, remedy


class CellError(NeedscastError):
    """One cell cannot be read with certainty.

    Attributes
    ----------
    message, remedy : what is wrong with the value and the next step, without the place.
    """

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message}; {remedy}")


@dataclass
class Problems:
    """The problems found so far."""

    found: list[Problem] = field(default_factory=list)

    def add(self, file: str, row: int, column: str, message: str, remedy: str) -> None:
        """Note a problem: file, row (1 is the header, 0 the file), column, what is wrong, the next step."""
        self.found.append(Problem(file, row, column, message, remedy))

    def raise_if_any(self) -> None:
        """Raise all of them as one InputError, if there is any."""
        if self.found:
            raise InputError(dict.fromkeys(self.found))


def shown(value: object, limit: int = 60) -> str:
    """Return a value as it may be printed in a message: quoted, short, without control characters."""
    text = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in str(value))
    return f"'{text[:limit]}{'...' if len(text) > limit else ''}'"


def listed(words: Sequence[str], limit: int = 12) -> str:
    """Return words with commas between them, cut after ``limit``."""
    return ", ".join(words[:limit]) + (f" and {len(words) - limit} more" if len(words) > limit else "")
