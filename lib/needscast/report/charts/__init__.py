"""Charts from blocks: one file a kind, drawn by matplotlib to SVG in the house style, the same bytes every time."""

from needscast.report.charts.house import draw

__all__ = ["draw"]
