"""Words: from keys and raw values to text in one language, by its catalogue of phrases.

A value that a phrase asks for and nobody gave is an error, never a blank on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce
from typing import Any

from needscast.errors import one_of
from needscast.report import locales, numbers
from needscast.report.catalogues import ALONE, PARSER, REFERENCE, WordsError, catalogue, check_catalogue, placeholders
from needscast.report.values import Amount, Day, Many, Named, Range, Text, printable

_MILLION = 1_000_000
_MOST_DECIMALS = 3  # of a number of millions; one counted more closely is printed to its last digit
_LEFT_TO_RIGHT = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT = re.compile(f"[{_RTL}]")
_LEFT_MARK = "\N{LEFT-TO-RIGHT MARK}"  # keeps a sign on the left of its number
_RIGHT_MARK = "\N{RIGHT-TO-LEFT MARK}"
_STRONG = re.compile(r"[^\W\d_]")  # the first letter says which way a piece runs
_LATIN = rf"[^{_RTL}]*[^\W\d_{_RTL}][^{_RTL}]*"
_NOTED = re.compile(rf"({_LATIN}) (\([^(]*[{_RTL}].*)", re.DOTALL)  # a title in Latin letters, a note in Arabic ones
_MEASURED = re.compile(  # in a text of the data: a number before per cent or its measure, or one length by another
    r"(?<=\d) (?=%|(?:mm|cm|m|km|m[²2³3]|mg|g|kg|t|ml|l|[x×])(?!\w))|(?<=\d [x×]) (?=\d)"
)
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


class Words:
    """The texts of one language.

    Parameters
    ----------
    language : the name of a file under ``catalogue/``, such as ``en``.
    marks : keep pieces of the other direction apart by marks, which office programs know, and not by isolates, which
        some of them print as boxes or lay over each other.
    """

    def __init__(self, language: str = REFERENCE, *, marks: bool = False) -> None:
        self.language = language
        self._phrases = catalogue(language)
        if language != REFERENCE:
            check_catalogue(self._phrases, catalogue(REFERENCE), language)
        self.direction = self._phrases["format.direction"]
        self.font = self._phrases["format.font"]
        self._locale = self._phrases["format.locale"]
        self._marks = marks

    def has(self, key: str) -> bool:
        """Whether the catalogue has a phrase of this key, in one form or in several."""
        return key in self._phrases or f"{key}.other" in self._phrases

    def text(self, key: str, **values: Any) -> str:
        """Return the phrase of a key with its values filled in.

        Raises
        ------
        WordsError : when the key or a value that the phrase names is missing.
        """
        if key not in self._phrases:
            raise WordsError(one_of(f"phrase in catalogue/{self.language}.toml", key, self._phrases))
        return "".join(self._pieces(key, values))

    def say(self, value: Any, *, inside: bool = False) -> str:
        """Return any value of a block as text; None is the phrase for "not known".

        Parameters
        ----------
        inside : it stands inside a phrase, which gives its noun the case.
        """
        if value is None:
            return self._phrases["format.missing"]
        if isinstance(value, str):
            return _unparted(printable(value))
        if isinstance(value, Text):
            return self.text(value.key, **value.values)
        if isinstance(value, Named):
            texts = value.texts
            return _unparted(printable(texts.get(self.language) or texts.get(REFERENCE) or next(iter(texts.values()))))
        if isinstance(value, Range):
            return self._part(value, "")
        if isinstance(value, Amount):
            rounded = numbers.round_amount(value)
            return self.with_unit(self.number(rounded, value.unit), value.unit, rounded, alone=not inside)
        if isinstance(value, Day):
            return self.day(date.fromisoformat(value.iso))
        if isinstance(value, Many):
            return self._listed([self.say(each, inside=inside) for each in value.items], apart=value.apart)
        return self.number(value, "")

    def day(self, value: date, *, short: bool = False) -> str:
        """Return a day as people write it."""
        size, kind = "_short" if short else "", "first_day" if value.day == 1 else "day"
        return locales.day(value, self._phrases[f"format.{kind}{size}"], self._phrases[f"format.months{size}"])

    def tick(self, value: date, *, with_year: bool = False) -> str:
        """Return a day for an axis: day and month, and below them the year at its first tick and in each January."""
        kind = "first_day" if value.day == 1 else "day"
        said = locales.day(value, self._phrases[f"format.{kind}_of_year"], self._phrases["format.months_short"])
        return f"{said}\n{value.year}" if with_year or value.month == 1 and value.day <= 7 else said

    def number(self, value: float, unit: str = "", *, full: bool = False) -> str:
        """Return a number with separators; in millions where it reads best so, unless ``full``; a share in percent."""
        if unit == "share":
            return self._digits(_clean(value * 100))
        if full or not _in_millions(value):
            return self._digits(_clean(value))
        return self._millions(value, self._digits(_clean(value / _MILLION)))

    def ends(self, value: Range, *, full: bool = False) -> str:
        """Return lower to upper, rounded to what the range supports, without unit or mass."""
        lower, _, upper = numbers.round_range(_in_percent(value))
        if lower == upper:
            return self.number(lower, full=full)
        size = max(abs(lower), abs(upper))
        form = "format.range_below_zero" if lower < 0 else "format.range"  # a dash beside a minus sign misleads
        if size >= _MILLION and not full:
            pair = [_clean(lower / _MILLION), _clean(upper / _MILLION)]
            decimals = max(_decimals(each) for each in pair)
            low, high = (self._digits(each, decimals) for each in pair)
            return self._millions(size, self.text(form, lower=low, upper=high))
        decimals = max(_decimals(_clean(each)) for each in (lower, upper))
        low, high = (self._digits(_clean(each), decimals) for each in (lower, upper))
        return self.text(form, lower=low, upper=high)

    def change(self, share: float) -> str:
        """Return a change as percent, with a plus sign where it goes up: 0.14 is "+14 %"."""
        return self.with_unit(self._digits(_clean(share * 100), signed=True), "share")

    def middle(self, value: Range, *, full: bool = False) -> str:
        """Return the median, rounded with its range, without unit."""
        return self.number(numbers.round_range(_in_percent(value))[1], full=full)

    def mass(self, value: float) -> str:
        """Return a mass as percent: 0.8 is "80 %"."""
        return self.text("unit.share", number=self._digits(_clean(value * 100)))

    def with_unit(
        self, printed: str, unit: str, value: float | None = None, *, full: bool = False, alone: bool = False
    ) -> str:
        """Put the unit to a printed number, in the plural of the number; a card's own noun stands as it is.

        Parameters
        ----------
        value : the number that was printed, or the upper one of two; None takes the general plural.
        full : it was printed to its last digit: 1 200 000 mouvements, but 1,2 million de mouvements.
        alone : nothing stands around it that gives its noun another case.
        """
        if not unit:
            return printed
        key = f"noun.{unit}" if self.has(f"noun.{unit}") else f"unit.{unit}"
        if f"{key}.other" in self._phrases:
            in_millions = value is not None and not full and _in_millions(value)
            return self._counted(key, _MILLION if in_millions else value, printed, alone=alone)
        if key in self._phrases:
            return self.text(key, number=printed)
        return self.text("format.item_unit", number=printed, unit=self.unit(unit))

    def unit(self, unit: str) -> str:
        """Return the name of a unit for a header or an axis."""
        return self.text(f"unit_name.{unit}") if self.has(f"unit_name.{unit}") else unit.replace("_", " ")

    def apart(self, said: str) -> str:
        """Keep a piece of the other direction apart: digits or Latin letters in Arabic, an Arabic name in English.

        Without it the range after an Arabic name would turn round: "240,000-180,000". A note in Arabic after a title
        in Latin letters stands apart from it, or the number that the note begins with would go to its end.
        """
        other = _LEFT_TO_RIGHT if self.direction == "rtl" else _RIGHT_TO_LEFT
        if not other.search(said) or said[0] == _ISOLATE:
            return said
        noted = _NOTED.fullmatch(said) if self.direction == "rtl" and said[0] != _LEFT_MARK else None
        if noted:
            return " ".join(map(self.apart, noted.groups()))
        if not self._marks:
            return f"{_ISOLATE}{said}{_END}"
        letters = _STRONG.search(said)
        runs_back = "%" in said if letters is None else _RIGHT_TO_LEFT.match(letters[0])  # a per cent sign follows
        back = self.direction == "rtl" and runs_back
        mark = _RIGHT_MARK if back else _LEFT_MARK
        return f"{mark}{said}{mark}"

    # --- inside ---------------------------------------------------------------------------------------------------

    def _pieces(self, key: str, values: Mapping[str, Any]) -> Iterator[str]:
        for literal, field, _, _ in PARSER.parse(self._phrases[key]):
            yield literal
            if field is None:
                continue
            name, _, part = field.partition(".")
            if name not in values:
                raise WordsError(
                    f"phrase '{key}' in catalogue/{self.language}.toml needs a value '{name}'; "
                    f"given: {', '.join(values) or 'none'}"
                )
            value = values[name]
            said = self._part(value, part) if isinstance(value, Range) else self.say(value, inside=True)
            yield self.apart(said)

    def _part(self, value: Range, part: str) -> str:
        _, median, upper = numbers.round_range(value)
        ends = self.with_unit(self.ends(value), value.unit, upper)
        if part == "ends":
            return ends
        if part == "middle":
            return self.with_unit(self.middle(value), value.unit, median)
        if part:
            raise WordsError(f"a range has no part '{part}'; use {{name}}, {{name.ends}} or {{name.middle}}")
        if value.lower == value.upper:
            return ends
        middle = self.with_unit(self.middle(value), value.unit) if value.unit == "share" else self.middle(value)
        return self.text("format.range_in_words", ends=ends, mass=self.mass(value.mass), middle=middle)

    def _digits(self, value: float, decimals: int | None = None, *, signed: bool = False) -> str:
        written = locales.digits(value, _decimals(value) if decimals is None else decimals, self._locale)
        written = f"+{written}" if signed and value > 0 else written
        return _LEFT_MARK + written if self.direction == "rtl" and not written[0].isdigit() else written

    def _millions(self, value: float, printed: str) -> str:
        """Return a number of millions; in French, for one, 1.9 is no plural."""
        return self._counted("format.million", _clean(value / _MILLION), printed)

    def _counted(self, key: str, value: float | None, printed: str, *, alone: bool = False) -> str:
        """Return the form of a phrase that a number takes; no number takes the general one.

        A form without the number, as the dual in Arabic, stands for that number alone and never for two ends.
        """
        form = "other" if value is None else locales.plural(value, self._locale)
        if not placeholders(self._phrases[f"{key}.{form}"]) and (value is None or printed != self._digits(abs(value))):
            form = "other"
        if alone and f"{key}.{form}{ALONE}" in self._phrases:
            form += ALONE
        return self.text(f"{key}.{form}", number=printed)

    def _listed(self, texts: list[str], *, apart: bool) -> str:
        kept = [self.apart(each) for each in texts] if len(texts) > 1 else texts
        if apart and kept:
            return reduce(lambda first, second: self.text("format.apart", first=first, second=second), kept)
        return locales.listed(kept, self._locale)


def _unparted(text: str) -> str:
    """Keep numbers of a text of the data with their per cent signs and measures."""
    return _MEASURED.sub("\N{NO-BREAK SPACE}", text)


def _in_percent(value: Range) -> Range:
    if value.unit != "share":
        return value
    lower, median, upper, step = (each * 100 for each in (value.lower, value.median, value.upper, value.step))
    return Range(lower, median, upper, value.mass, "percent", step)


def _clean(value: float) -> float:
    """Take the dust of binary fractions off a number."""
    return float(f"{value:.10g}")


def _in_millions(value: float) -> bool:
    """Whether a number reads best in millions: 2.45 million, but 3,331,836."""
    return abs(value) >= _MILLION and _decimals(_clean(value / _MILLION)) <= _MOST_DECIMALS


def _decimals(value: float) -> int:
    written = f"{value:.6f}".rstrip("0")
    return len(written.partition(".")[2])
