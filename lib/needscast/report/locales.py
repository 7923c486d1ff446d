"""Locales: how a language writes numbers, days and lists, and which plural a number takes (Unicode's CLDR, by Babel).

Babel is loaded when the first text is written, not before; a page asks for the same few hundred numbers many times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from needscast.errors import NeedscastError

PLURALS = ("zero", "one", "two", "few", "many", "other")  # CLDR's names; "other" is in every language
_TRIED = (*range(201), 1_000, 1_000_000, Decimal("0.5"), Decimal("1.5"), Decimal("2.5"))


@lru_cache(maxsize=8192)
def digits(value: float, decimals: int, locale: str) -> str:
    """Return a number with the separators of a locale and a true minus sign; always in the digits 0-9."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(_exact(value), format=pattern, locale=_locale(locale))
    return written.replace("-", "\N{MINUS SIGN}")


@lru_cache(maxsize=4096)
def plural(value: float, locale: str) -> str:
    """Return which plural a number takes: one of :data:`PLURALS`."""
    return str(_rule(locale)(_exact(abs(value))))


@cache
def plurals(locale: str) -> tuple[str, ...]:
    """Return the plurals that a language has, in CLDR's order."""
    return tuple(each for each in PLURALS if each == "other" or each in _rule(locale).tags)


@cache
def of_one_number(category: str, locale: str) -> bool:
    """Whether a plural is that of a single number only, as the dual in Arabic; its phrase may then leave it out."""
    return sum(_rule(locale)(each) == category for each in _TRIED) == 1


@lru_cache(maxsize=4096)
def day(value: date, pattern: str, locales: str) -> str:
    """Return a day by a CLDR pattern; several locales give the months of each, as the UN writes Arabic dates.

    Parameters
    ----------
    pattern : such as ``d MMMM y``.
    locales : names with spaces between; the first one writes day and year.
    """
    from babel.dates import format_date

    first, *others = (_locale(each) for each in locales.split())
    written = format_date(value, pattern, locale=first)
    letters = "M" * pattern.count("M")
    months = [format_date(value, letters, locale=each) for each in (first, *others)]
    named = "/".join(dict.fromkeys(month.replace(" ", "\N{NO-BREAK SPACE}") for month in months))
    return written.replace(months[0], named)


def listed(texts: Sequence[str], locale: str) -> str:
    """Return texts as a list with commas and an "and"."""
    from babel.lists import format_list

    return format_list(list(texts), locale=_locale(locale))


def own_name(language: str) -> str:
    """Return what the speakers of a language call it; the code itself when Babel does not know it."""
    try:
        return str(_locale(language).get_display_name(language) or language)
    except NeedscastError:
        return language


def country(code: str, locale: str) -> str:
    """Return the name of a country by its code of three letters; the code itself where Babel knows none."""
    from babel.core import get_global

    short = get_global("territory_aliases").get(code, [code])
    return str(_locale(locale).territories.get(short[0], code))


def _exact(value: float | Decimal) -> int | Decimal:
    """Return a number without the dust of binary fractions: whole numbers as such, for 1.0 is no plural."""
    return int(value) if value == int(value) else Decimal(str(value))


def _rule(locale: str) -> Any:
    return _locale(locale).plural_form


@cache
def _locale(name: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError) as error:
        raise NeedscastError(f"'{name}' is no locale that Babel knows ({error}); write it as fr or ar_SY") from None
