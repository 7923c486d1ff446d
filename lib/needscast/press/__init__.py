"""The press: notebooks and parameters in, whole reports out.

>>> from pathlib import Path
>>> run = press.render("nw-syria-2020", Path("reports/nw-syria-2020"))
>>> run.index
"""

from needscast.press.rendering import FORMATS, Choices, RenderError, Run, render

__all__ = ["FORMATS", "Choices", "RenderError", "Run", "render"]
