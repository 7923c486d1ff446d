"""Content and formats of reports: notebooks call ``page`` and ``choices``; production calls ``write``.

>>> page = report.page(chain.estimate("nw-syria-2020", "as-now"))
>>> page.show("headline")

Public names are loaded on first use: whoever only looks a table through does without the content of pages.
"""

from typing import TYPE_CHECKING

from needscast.lazy import loaded_when_asked

if TYPE_CHECKING:
    from needscast.report.sections import Page as Page
    from needscast.report.sections import choices as choices
    from needscast.report.sections import earlier as earlier
    from needscast.report.sections import evidence_page as evidence_page
    from needscast.report.sections import hindcast_page as hindcast_page
    from needscast.report.sections import listed as listed
    from needscast.report.sections import page as page

_NAMES = dict.fromkeys(("Page", "choices", "earlier", "evidence_page", "hindcast_page", "listed", "page"), "sections")
__all__ = sorted(_NAMES)
__getattr__ = loaded_when_asked(__name__, _NAMES)
