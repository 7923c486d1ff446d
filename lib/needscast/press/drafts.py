"""Charts drawn while notebooks still run: those of each cell as soon as it has run, in a process of their own.

The process is a copy of this one, made while it has one thread; where that cannot be, or once the copy is gone, charts
are drawn by a thread here. What is drawn is kept in memory, where writing a report finds it; the bytes are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from needscast.apart import copied, may_copy
from needscast.press.publishing import Report
from needscast.report import formats
from needscast.report.blocks import Block, Chart, flat, from_cell
from needscast.report.charts import house


class Drafts:
    """The charts of the reports of one render, drawn one after the other.

    Parameters
    ----------
    kinds : the formats to draw for.
    """

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = tuple(kinds)
        self._apart = copied(_serve) if may_copy() else None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="charts")
        self._drawing: dict[str, list[Future[None]]] = {}
        self._pool.submit(self._draw, (), "")
        self._pool.submit(formats.load, self._kinds)  # what cannot be loaded is for the writer to tell

    def seen(self, report: Report, cell: Mapping[str, Any]) -> None:
        """Draw what a cell shows, soon."""
        given = cell, report.parameters["language"]
        self._drawing.setdefault(report.name, []).append(self._pool.submit(self._draw_cell, *given))

    def wait_for(self, report: Report) -> None:
        """Wait until all that was seen of a report is drawn; a chart that cannot be drawn is for its writer to tell."""
        for each in self._drawing.pop(report.name, ()):
            each.exception()

    def close(self) -> None:
        """Draw nothing more."""
        self._pool.shutdown(cancel_futures=True)
        if self._apart is not None:
            process, line = self._apart
            line.close()
            process.join()

    def _draw_cell(self, cell: Mapping[str, Any], language: str) -> None:
        blocks = from_cell(cell)
        if any(isinstance(each, Chart) for each in flat(blocks)):
            self._draw(blocks, language)

    def _draw(self, blocks: tuple[Block, ...], language: str) -> None:
        if self._apart is not None:
            process, line = self._apart
            try:
                line.send((blocks, self._kinds, language))
                house.keep(line.recv())
                return
            except (EOFError, OSError):  # it was killed
                self._apart = None
                process.join()
        formats.draw(blocks, self._kinds, language)


def _serve(line: Connection) -> None:
    """Draw what is sent until nobody sends any more; a chart that several reports show, once."""
    before: dict[Any, bytes] = {}
    with suppress(EOFError, OSError):
        while True:
            sheet = line.recv()
            house.keep(before)
            with suppress(Exception):  # the writer comes upon it again, and tells
                formats.draw(*sheet)
            drawn = house.taken()
            line.send({about: drawing for about, drawing in drawn.items() if about not in before})
            before = drawn
