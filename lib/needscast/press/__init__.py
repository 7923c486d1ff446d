"""The press: notebooks and parameters in, whole reports out.

>>> from pathlib import Path
>>> run = press.render("nw-syria-2020", Path("reports/nw-syria-2020"))
>>> run.index

Public names are loaded on first use: the warm process lives in this room and needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from needscast.press.folders import Run as Run
    from needscast.press.publishing import RenderError as RenderError
    from needscast.press.rendering import FORMATS as FORMATS
    from needscast.press.rendering import Choices as Choices
    from needscast.press.rendering import render as render

_NAMES = {
    "FORMATS": "rendering",
    "Choices": "rendering",
    "RenderError": "publishing",
    "Run": "folders",
    "render": "rendering",
}
__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(import_module(f"needscast.press.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'needscast.press' has no attribute '{name}'; it has {', '.join(__all__)}")
