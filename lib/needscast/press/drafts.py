"""Charts drawn while notebooks still run: a thread of its own draws those of each cell as soon as it has run.

What is drawn is kept in memory by the charts themselves, where writing a report finds it; the bytes are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from needscast.press.publishing import Report
from needscast.report import formats
from needscast.report.blocks import from_cell


class Drafts:
    """The charts of the reports of one render, drawn one after the other.

    Parameters
    ----------
    kinds : the formats to draw for.
    """

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = tuple(kinds)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="charts")
        self._drawing: dict[str, list[Future[None]]] = {}
        self._pool.submit(formats.draw, (), self._kinds, "")

    def seen(self, report: Report, cell: Mapping[str, Any]) -> None:
        """Draw what a cell shows, soon."""
        given = (cell, report.parameters["language"])
        self._drawing.setdefault(report.name, []).append(self._pool.submit(self._draw, *given))

    def wait_for(self, report: Report) -> None:
        """Wait until all that was seen of a report is drawn; a chart that cannot be drawn is for its writer to tell."""
        for each in self._drawing.pop(report.name, ()):
            each.exception()

    def close(self) -> None:
        """Draw nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def _draw(self, cell: Mapping[str, Any], language: str) -> None:
        formats.draw(from_cell(cell), self._kinds, language)
