"""The first page of a run: its reports, each with its key figures and a link to every format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from needscast.report.blocks import Block, Cover, Group, KeyFigure, cover_of
from needscast.report.values import Day, Text
from needscast.report.words import Words


@dataclass(frozen=True)
class Entry:
    """A report of the run.

    Attributes
    ----------
    name : of its files, without ending.
    formats : endings, the first one opened from the title.
    blocks : what it says.
    """

    name: str
    formats: tuple[str, ...]
    blocks: Sequence[Block]


def write_index(entries: Sequence[Entry], path: Path, language: str) -> str:
    """Write the page and return its title."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    from needscast.report.formats.html import font_faces

    words, cover = Words(language), cover_of(entries[0].blocks)
    style = files("needscast.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    template = files("needscast.press").joinpath("templates/index.html.j2").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        template
    )
    made = page.render(
        language=language,
        direction=words.direction,
        title=words.say(cover.crisis_name),
        archive=words.text("archive.title"),
        badge=words.text("page.badge"),
        style=Markup(style + font_faces(words.font)),
        skip=words.text("page.skip_to_list"),
        edition=words.text(f"page.readership_{cover.readership}"),
        readership=cover.readership,
        illustration=cover.illustration,
        as_of=words.text("page.as_of", date=Day(cover.reference_date)),
        entries=[_entry(each, words) for each in entries],
    )
    path.write_text(made, encoding="utf-8")
    return words.say(cover.crisis_name)


def _entry(entry: Entry, words: Words) -> dict[str, Any]:
    from markupsafe import Markup

    from needscast.report.formats.html import fragment

    cover = cover_of(entry.blocks)
    figures = Markup(fragment(key_figures(entry.blocks), words.language))
    files = [{"name": f"{entry.name}.{kind}", "kind": kind.upper()} for kind in entry.formats]
    return {"title": title_of(cover, words), "figures": figures, "files": files}


def title_of(cover: Cover, words: Words) -> str:
    """Return what a report is called beside the others of its crisis; a subtitle may have words for that of its own."""
    named = cover.subtitle or cover.title
    listed = f"{named.key}_listed" if isinstance(named, Text) else ""  # a notebook of one's own may have a plain title
    return words.text(listed, **named.values) if words.has(listed) else words.say(named)


def key_figures(blocks: Iterable[Block]) -> tuple[Group, ...]:
    """Return the first key figures that stand together in a report as one group, or nothing."""
    for block in blocks:
        if isinstance(block, Group):
            found = tuple(each for each in block.blocks if isinstance(each, KeyFigure))
            deeper = (Group(found, "figures"),) if found else key_figures(block.blocks)
            if deeper:
                return deeper
    return ()
