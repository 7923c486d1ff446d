"""The press: notebooks and parameters in, whole reports out.

>>> from pathlib import Path
>>> run = press.render("nw-syria-2020", Path("reports/nw-syria-2020"))
>>> run.index

Public names are loaded on first use: the warm process lives in this room and needs none of them.
"""

from typing import TYPE_CHECKING

from needscast.lazy import loaded_when_asked

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
__getattr__ = loaded_when_asked(__name__, _NAMES)
