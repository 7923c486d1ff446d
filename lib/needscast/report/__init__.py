"""Content and formats of reports: notebooks call ``page`` and ``choices``; production calls ``write``.

>>> page = report.page(chain.estimate("nw-syria-2020", "as-now"))
>>> page.show("headline")
"""

from needscast.report.page import Page, choices, earlier, evidence_page, hindcast_page, listed, page

__all__ = ["Page", "choices", "earlier", "evidence_page", "hindcast_page", "listed", "page"]
