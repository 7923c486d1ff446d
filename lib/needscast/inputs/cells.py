"""One cell: text, date, number, word or list, read with certainty or not at all.

A cell comes as text (CSV), or as a number, date or truth value (XLSX and TOML). Arabic-Indic and Persian
digits are digits. Thousands may be set apart by commas, spaces or apostrophes; the decimal sign is a point. A
value with two readings (03/04/2020, 1.234, 1,23) is never guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from needscast.errors import one_of
from needscast.inputs.problems import CellError, shown

ID = re.compile(r"[A-Za-z0-9_.-]+")
UNIT = re.compile(r"[A-Za-z]\w*( (/|\*|per) [A-Za-z]\w*)*")
UNDATED = "undated"
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹−", "01234567890123456789-")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_PLAIN = re.compile(r"-?[0-9]+([.٫][0-9]+)?")
_THOUSANDS_OR_DECIMALS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPED = re.compile(
    "-?[1-9][0-9]{0,2}(?:(?P<mark>[,'’٬ \u00a0\u2009\u202f])[0-9]{3})(?:(?P=mark)[0-9]{3})*([.٫][0-9]+)?"
)
_POINTS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3}){2,}")
_ONE_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # letters that nobody sees; inside a word they may be needed
_MISSING_WORDS = ("na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "unknown", "..")
_ERROR_VALUES = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True)
class Column:
    """One column of a table or one key of a card.

    Attributes
    ----------
    name, kind : the header and how a cell is read; the kinds are the keys of ``READERS``.
    required : whether a cell may not be blank.
    words : the allowed words of a ``word`` or ``words`` column.
    low, high : bounds of a number, included.
    default : what a blank cell stands for.
    note : one sentence for the person who fills the column in.
    """

    name: str
    kind: str
    required: bool = False
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    default: Any = None
    note: str = ""

    @property
    def blank(self) -> Any:
        """What a blank cell of this column is."""
        if self.default is not None:
            return self.default
        if self.kind in LISTS:
            return ()
        return None if self.kind in TYPED else ""


def is_blank(cell: Any) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip().strip(_UNSEEN))


def read_cell(column: Column, cell: Any, *, comma_decimals: bool = False) -> Any:
    """Read one cell.

    Parameters
    ----------
    cell : text, number, date, truth value or (from a card) list.
    comma_decimals : whether the file comes from an office that writes decimals with a comma.

    Raises
    ------
    CellError : when the cell is blank and may not be, cannot be read with certainty, or breaks a rule.
    """
    if is_blank(cell):
        if column.required:
            raise CellError("is blank", f"give a value: {column.note}" if column.note else "give a value")
        return column.blank
    return READERS[column.kind](column, cell, comma_decimals)


# --- text ---------------------------------------------------------------------------------------


def as_text(cell: Any) -> str:
    """Return a cell as text, as a person would have typed it."""
    if isinstance(cell, (list, dict)):
        raise CellError(f"{shown(cell)} is not text", "write one piece of text in quotation marks")
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip().replace("\r\n", "\n").replace("\r", "\n")


def _text(column: Column, cell: Any, _comma: bool) -> str:
    text = as_text(cell)
    if text in _ERROR_VALUES:
        raise CellError(f"{shown(text)} is the error of a formula", "mend the formula or write the value")
    if not text.isprintable():
        for letter in text:
            if ord(letter) < 32 and letter not in "\n\t" or 127 <= ord(letter) < 160:
                raise CellError(
                    f"{shown(text)} holds the control character U+{ord(letter):04X}",
                    "delete it; it cannot be seen, retype the cell when in doubt",
                )
    return text


def _id(column: Column, cell: Any, _comma: bool) -> str:
    text = as_text(cell)
    if not ID.fullmatch(text) or not text.strip("."):
        raise CellError(f"{shown(text)} is not a name of ours", "use letters a-z, digits, '_', '.' and '-' only")
    return text


def _input(column: Column, cell: Any, _comma: bool) -> str:
    text = as_text(cell)
    for part in text.split("/"):
        if not ID.fullmatch(part) or not part.strip("."):
            raise CellError(
                f"{shown(text)} is not the name of an input",
                "use letters a-z, digits, '_', '.' and '-', with '/' between the parts",
            )
    return text


def _word(column: Column, cell: Any, _comma: bool) -> str:
    text = as_text(cell)
    if text not in column.words:
        raise CellError(one_of(column.name, shown(text)[1:-1], column.words), "use one of the known words")
    return text


def _unit(column: Column, cell: Any, _comma: bool) -> str:
    text = " ".join(as_text(cell).replace("/", " / ").replace("*", " * ").split())
    if not UNIT.fullmatch(text):
        raise CellError(f"{shown(text)} is not a unit", "write singular nouns, such as person, share or 'USD / tent'")
    return text.replace(" per ", " / ")


def _list(read: Callable[[Column, Any, bool], Any], *, repeats: bool = False) -> Callable[[Column, Any, bool], tuple]:
    def parts(column: Column, cell: Any, comma: bool) -> tuple:
        given = cell if isinstance(cell, (list, tuple)) else as_text(cell).split(";")
        values = tuple(read(column, part, comma) for part in given if not is_blank(part))
        for value in values:
            if values.count(value) > 1 and not repeats:
                raise CellError(f"{shown(value)} stands twice in the list", "keep it once")
        if column.required and not values:
            raise CellError("is an empty list", "give at least one value")
        return values

    return parts


def _flag(column: Column, cell: Any, _comma: bool) -> bool:
    words = {"TRUE": True, "YES": True, "FALSE": False, "NO": False}
    text = as_text(cell).upper()
    if text not in words:
        raise CellError(f"{shown(cell)} is neither true nor false", "write true or false")
    return words[text]


# --- dates --------------------------------------------------------------------------------------


def _date(column: Column, cell: Any, _comma: bool) -> date:
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        cell = cell.date()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return _plausible(cell)
    text = as_text(cell).translate(_DIGITS)
    match = _ISO_DATE.fullmatch(text)
    if not match:
        raise CellError(f"{shown(cell)} is not a date that can be read with certainty", _date_remedy(text))
    try:
        return _plausible(date(*map(int, match.groups())))
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError(f"{shown(cell)} is not a day of the calendar", "write it as YYYY-MM-DD") from None


def _plausible(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise CellError(f"'{day}' is not a year of a crisis", f"give a date from {EARLIEST} to {LATEST}")
    return day


def _date_remedy(text: str) -> str:
    parts = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text)
    if not parts:
        return "write it as YYYY-MM-DD, such as 2020-01-31"
    first, second, year = int(parts[1]), int(parts[2]), parts[3]
    readings = {f"{year}-{month:02}-{day:02}" for day, month in ((first, second), (second, first)) if month <= 12}
    words = " or ".join(sorted(readings)) + (", whichever is meant" if len(readings) > 1 else "")
    return f"write it as YYYY-MM-DD: {words}" if readings else "write it as YYYY-MM-DD, such as 2020-01-31"


def _published(column: Column, cell: Any, comma: bool) -> date | str:
    if isinstance(cell, str) and cell.strip().lower() == UNDATED:
        return UNDATED
    return _date(column, cell, comma)


# --- numbers ------------------------------------------------------------------------------------


def _number(column: Column, cell: Any, comma: bool) -> float:
    if isinstance(cell, (bool, date)):
        raise CellError(f"{shown(as_text(cell))} is not a number", "write the number and format the cell as a number")
    value = float(cell) if isinstance(cell, (int, float)) else _parsed(as_text(cell).translate(_DIGITS), column, comma)
    if not math.isfinite(value):
        raise CellError(f"{shown(cell)} is not a finite number", "write the number, or leave the cell blank if unknown")
    if column.low is not None and value < column.low:
        word = "is negative" if column.low == 0 else f"is below {column.low:g}"
        raise CellError(f"{shown(cell)} {word}", f"give a number of at least {column.low:g}")
    if column.high is not None and value > column.high:
        remedy = "shares are fractions, not percent: 0.45 and not 45" if column.high == 1 else "check the number"
        raise CellError(f"{shown(cell)} is above {column.high:g}", remedy)
    return value


def _parsed(text: str, column: Column, comma: bool) -> float:
    if _THOUSANDS_OR_DECIMALS.fullmatch(text) and column.kind != "coordinate":
        raise CellError(
            f"{shown(text)} may be thousands or decimals",
            f"write {text.replace('.', '')} for thousands or {text}0 for decimals",
        )
    if _PLAIN.fullmatch(text):
        return float(text.replace("٫", "."))
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        mark = grouped["mark"]
        if mark == "," and comma and text.count(",") == 1 and not grouped[2]:
            raise CellError(
                f"{shown(text)} may be thousands or decimals in a file with semicolons",
                f"write {text.replace(',', '')} for thousands or {text.replace(',', '.')}0 for decimals",
            )
        return float(text.replace(mark, "").replace("٫", "."))
    if _POINTS.fullmatch(text):
        return float(text.replace(".", ""))
    raise CellError(*_unreadable_number(text))


def _unreadable_number(text: str) -> tuple[str, str]:
    if _ONE_COMMA.fullmatch(text):
        return (
            f"{shown(text)} may have a decimal comma",
            f"write {text.replace(',', '.')} with a point if that is meant",
        )
    if text.lower() in _MISSING_WORDS or text in _ERROR_VALUES:
        return (
            f"{shown(text)} is not a number",
            "leave the cell blank if it is not known; 0 needs a source",
        )
    if text.endswith("%"):
        return (
            f"{shown(text)} carries a percent sign",
            "write the number alone; shares are fractions between 0 and 1",
        )
    if re.fullmatch(r"-?[0-9.]+[eE][+-]?[0-9]+", text):
        return (
            f"{shown(text)} has lost digits to a spreadsheet",
            "write all digits: format the column as a number",
        )
    return (
        f"{shown(text)} is not a number",
        "write digits with a decimal point; words belong in hedge or notes",
    )


def _whole(column: Column, cell: Any, comma: bool) -> int:
    value = _number(column, cell, comma)
    if not value.is_integer():
        raise CellError(f"{shown(cell)} is not a whole number", "write a whole number")
    return int(value)


READERS: dict[str, Callable[[Column, Any, bool], Any]] = {
    "text": _text,
    "id": _id,
    "input": _input,
    "word": _word,
    "unit": _unit,
    "date": _date,
    "published": _published,
    "number": _number,
    "coordinate": _number,
    "whole": _whole,
    "flag": _flag,
    "words": _list(_word),
    "sequence": _list(_word, repeats=True),
    "ids": _list(_id),
    "inputs": _list(_input),
    "whole_numbers": _list(_whole),
}
LISTS = ("words", "ids", "inputs", "whole_numbers")  # kinds whose blank is an empty list
TYPED = ("date", "published", "number", "coordinate", "whole", "flag")  # kinds whose blank is None and not ""
