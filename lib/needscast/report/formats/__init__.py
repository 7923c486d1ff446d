"""Formats: each reads the same blocks; a new format is a new file here with ``write(blocks, path, language)``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from needscast.errors import NeedscastError, one_of
from needscast.report.blocks import Block, cover_of, from_json

__all__ = ["check", "draw", "known", "load", "needed", "write", "write_carried"]

EXTRAS = {"pdf": "typst", "docx": "docx"}  # format, which names its extra -> the module that the extra brings


def known() -> tuple[str, ...]:
    """Return the formats there are, by the names of their files."""
    return tuple(sorted(each.name for each in iter_modules(__path__) if not each.name.startswith("_")))


def check(names: Iterable[str]) -> None:
    """Check formats before anything is computed for them.

    Raises
    ------
    NeedscastError : for an unknown format, or one whose extra is not installed.
    """
    for name in names:
        if name not in known():
            raise NeedscastError(one_of("format", name, known()))
        if name in EXTRAS and find_spec(EXTRAS[name]) is None:
            others = ", ".join(each for each in known() if each not in EXTRAS)
            raise NeedscastError(
                f"{name} needs an extra that is not installed: pip install 'needscast[{name}]'; {others} need none"
            )


@cache
def needed(format: str) -> Any:
    """Return the module that a format needs beyond the plain installation."""
    check([format])
    return import_module(EXTRAS[format])


def load(names: Iterable[str]) -> None:
    """Load what writing in formats takes, while there is nothing else to do.

    Parameters
    ----------
    names : formats that were checked.
    """
    for name in names:
        module = import_module(f"{__name__}.{name}")
        if name in EXTRAS:
            needed(name)
        if hasattr(module, "load"):
            module.load()


def draw(blocks: Iterable[Block], names: Iterable[str], language: str) -> None:
    """Draw the charts that formats will show, so that writing finds them drawn; without blocks only get ready for it.

    Parameters
    ----------
    names : formats that were checked.
    """
    from needscast.report.charts import house
    from needscast.report.formats._view import charts
    from needscast.report.words import Words

    for name in names:
        module = import_module(f"{__name__}.{name}")
        if hasattr(module, "draw"):
            house.load()
            for chart, paired in charts(blocks):
                module.draw(chart, paired, Words(language))


def write(blocks: Iterable[Block], format: str, path: str | Path, *, language: str | None = None) -> Path:
    """Write a report in one format; what it is about is said by the cover among the blocks.

    Parameters
    ----------
    format : html, pdf, docx, xlsx, csv, json.
    language : that of the cover when not given.

    Raises
    ------
    NeedscastError : for an unknown format, one whose extra is not installed, or a report without a cover.
    """
    held = tuple(from_json(block.to_json()) for block in blocks)  # as an executed notebook carries them
    return write_carried(held, format, path, language=language)


def write_carried(blocks: tuple[Block, ...], format: str, path: str | Path, *, language: str | None = None) -> Path:
    """Write blocks as :func:`write` does, that an executed notebook has carried."""
    check([format])
    import_module(f"{__name__}.{format}").write(blocks, Path(path), language or cover_of(blocks).language)
    return Path(path)
