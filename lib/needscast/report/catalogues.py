"""Catalogues: the phrases of a language by their keys, one TOML file a language under ``catalogue/``.

English is the reference. A phrase that counts has a form for each plural of its language. A missing key, form or
placeholder is an error, never a blank on the page.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from needscast.errors import NeedscastError, Problem, one_of
from needscast.report import locales

REFERENCE = "en"
PARSER = string.Formatter()
ALONE = "_alone"  # after a plural: its form where nothing stands around it, as in a cell; a language may lack it


class WordsError(NeedscastError):
    """A phrase, a placeholder or a value that a text needs is missing."""


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that a report can be written in."""
    names = (each.name for each in (files("needscast.report") / "catalogue").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def unwritten(wanted: Sequence[str], file: str) -> tuple[Problem, ...]:
    """Return each of the languages that a file of settings asks for and no report can be written in, as a problem."""
    unknown = [each for each in wanted if each not in languages()]
    remedy = "leave it out, or translate lib/needscast/report/catalogue/en.toml as docs/languages.md says"
    return tuple(Problem(file, 0, "languages", one_of("language", each, languages()), remedy) for each in unknown)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the phrases of a language by their dotted keys."""
    if language not in languages():
        raise WordsError(one_of("language", language, languages()))
    path = files("needscast.report") / "catalogue" / f"{language}.toml"
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(_flatten(tree, ""))


def check_catalogue(phrases: Mapping[str, str], reference: Mapping[str, str], language: str) -> None:
    """Compare a catalogue with the reference: the same keys, the same placeholders, and every plural of the language.

    Raises
    ------
    WordsError : naming every key that is missing, unknown or asks for other values.
    """
    expected = _in_plurals(reference, phrases.get("format.locale", language))
    wrong = [f"{key}: missing" for key in sorted(set(expected) - set(phrases)) if not key.endswith(ALONE)]
    wrong += [f"{key}: not in the reference" for key in sorted(set(phrases) - set(expected))]
    wrong += [
        f"{key}: placeholders {sorted(placeholders(phrases[key]))} instead of {sorted(expected[key][0])}"
        for key in sorted(set(phrases) & set(expected))
        if placeholders(phrases[key]) not in expected[key]
    ]
    if wrong:
        raise WordsError(
            f"catalogue/{language}.toml does not match {REFERENCE}.toml; mend these keys:\n" + "\n".join(wrong)
        )


def _in_plurals(reference: Mapping[str, str], locale: str) -> dict[str, tuple[set[str], ...]]:
    """Return the keys that a language must have, each with the sets of placeholders that its phrase may have.

    A phrase with the forms "one" and "other" in the reference has as many as the language has plurals. A form that
    stands for one number alone may leave the number out, and then have another case on its own: "شخصان" is two people.
    """
    counted = {key.removesuffix(".one") for key in reference if f"{key.removesuffix('.one')}.other" in reference}
    expected: dict[str, tuple[set[str], ...]] = {}
    for key, phrase in reference.items():
        family, _, form = key.rpartition(".")
        if family not in counted or form not in locales.PLURALS:
            expected[key] = (placeholders(phrase),)
    for family in counted:
        full = placeholders(reference[f"{family}.other"])
        for form in locales.plurals(locale):
            bare = (full - {"number"},) if locales.of_one_number(form, locale) else ()
            expected[f"{family}.{form}"] = (full, *bare)
            if bare:
                expected[f"{family}.{form}{ALONE}"] = bare
    return expected


def placeholders(phrase: str) -> set[str]:
    """Return the names of the values that a phrase asks for."""
    return {field.partition(".")[0] for _, field, _, _ in PARSER.parse(phrase) if field}


def _flatten(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
