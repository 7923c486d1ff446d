"""Where the shipped data and notebooks lie: inside the installed package, else in the checkout around it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError

_PACKAGE = Path(__file__).parents[1]
_CHECKOUT = Path(__file__).parents[3]


def data_path(*parts: str) -> Path:
    """Return a path below the shipped ``data``.

    Raises
    ------
    NeedscastError : when neither the package nor the checkout carries data.
    """
    return _shipped("data").joinpath(*parts)


def notebook_path(*parts: str) -> Path:
    """Return a path below the shipped ``notebooks``."""
    return _shipped("notebooks").joinpath(*parts)


def read_numbers(path: Path) -> Any:
    """Return the content of a JSON file that travels with the package.

    Raises
    ------
    NeedscastError : when it cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NeedscastError(f"{path} cannot be read ({error}); install needscast again or fit it anew") from error


@cache
def code_digest(*names: str) -> str:
    """Return a hash of the source of modules and rooms: what was made by other code is not the same.

    It is read once a process, which goes on running the code that it has loaded.
    """
    places = [place for name in names for place in ((_PACKAGE / f"{name}.py"), *sorted((_PACKAGE / name).glob("*.py")))]
    sources = [place.read_bytes() for place in places if place.is_file()]
    return hashlib.blake2b(b"".join(sources), digest_size=20).hexdigest()


def _shipped(folder: str) -> Path:
    places = (_PACKAGE / "_shipped" / folder, _CHECKOUT / folder)
    for place in places:
        if place.is_dir():
            return place
    raise NeedscastError(
        f"no {folder} in {' or '.join(map(str, places))}; install needscast again or run it from a checkout"
    )
