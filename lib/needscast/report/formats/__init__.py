"""Formats: each reads the same blocks; a new format is a new file here with ``write(blocks, path, language)``."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from needscast.errors import NeedscastError, one_of
from needscast.report.blocks import Block, cover_of

__all__ = ["known", "write"]


def known() -> tuple[str, ...]:
    """Return the formats there are, by the names of their files."""
    return tuple(sorted(each.name for each in iter_modules(__path__) if not each.name.startswith("_")))


def write(blocks: Iterable[Block], format: str, path: str | Path, *, language: str | None = None) -> Path:
    """Write a report in one format; what it is about is said by the cover among the blocks.

    Parameters
    ----------
    format : html, xlsx, csv, json ...
    language : that of the cover when not given.

    Raises
    ------
    NeedscastError : for an unknown format, or a report without a cover.
    """
    if format not in known():
        raise NeedscastError(one_of("format", format, known()))
    held = tuple(blocks)
    import_module(f"{__name__}.{format}").write(held, Path(path), language or cover_of(held).language)
    return Path(path)
