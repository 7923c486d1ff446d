"""The press: notebooks and parameters in, whole reports out.

>>> from pathlib import Path
>>> run = press.render("nw-syria-2020", Path("reports/nw-syria-2020"))
>>> run.index
"""

from needscast.press.publishing import RenderError, Run
from needscast.press.rendering import FORMATS, Choices, render

__all__ = ["FORMATS", "Choices", "RenderError", "Run", "render"]
