"""What a table of a crisis folder is made of: a schema, and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from needscast import vocabulary as words
from needscast.inputs.cells import Column

YES_NO = ("no", "yes")


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes
    ----------
    name : file name without ending, and name of the sheet in a workbook.
    columns : the columns in their order.
    key : columns that together name a row only once; empty when rows may repeat.
    required : whether a crisis must have the table; an absent one means that nothing is known.
    note : what the table is for.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    note: str = ""

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def column(name: str, kind: str = "text", note: str = "", **more: Any) -> Column:
    """Make a column that may be blank."""
    return Column(name, kind, note=note, **more)


def must(name: str, kind: str = "text", note: str = "", **more: Any) -> Column:
    """Make a column that may not be blank."""
    return Column(name, kind, required=True, note=note, **more)


SENSITIVITY = column(
    "sensitivity",
    "word",
    "public only if it may be printed for everybody; blank means internal",
    words=words.SENSITIVITIES,
    default="internal",
)
ILLUSTRATION = column(
    "illustration",
    "word",
    "yes if the row is made up to show the format; pages then carry a watermark",
    words=YES_NO,
    default="no",
)
URL = column("url", note="the dated page where it can be read")
NOTES = column("notes", note="anything a colleague should know")
PUBLISHED = must("published", "date", "day of printing, YYYY-MM-DD; younger than the reference date is hidden")
AS_OF = must("as_of", "date", "cut-off of the count, YYYY-MM-DD")
