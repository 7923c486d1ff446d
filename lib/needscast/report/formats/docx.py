"""DOCX: the report as a document to comment on, with real headings, header rows and texts for pictures."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from needscast.report.blocks import Block, Chart, Cover, cover_of
from needscast.report.formats import needed
from needscast.report.formats._oxml import element, footer_number, grid, shade
from needscast.report.formats._paper import prepared
from needscast.report.formats._view import View
from needscast.report.words import Words

MADE = datetime(2020, 1, 1)  # of a report without a reference date; fixed, so that the same report is the same bytes
ZIPPED = (2020, 1, 1, 0, 0, 0)
FONT = "Arial"  # on every office machine, or one of the same measures; it has Arabic letters
TEXT_WIDTH = 186  # millimetres between the margins of A4
TEXT_HEIGHT = 230
_BLUE, _GREY, _RED, _PALE = "005A8F", "55626D", "8F1414", "F3F6F8"


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the document; whoever edits it leaves tracked changes."""
    cover, words = cover_of(blocks), Words(language, marks=True)

    def picture(chart: Chart, paired: bool) -> dict[str, Any]:
        return {"png": draw(chart, paired, words)}

    view = View(words, picture)
    shown = prepared([view.of(block) for block in blocks if not isinstance(block, Cover)])
    made = _Document(words, view.of(cover), cover)
    made.cover()
    for each in shown:
        made.add(each)
    path.write_bytes(_settled(made.bytes()))


def draw(chart: Chart, paired: bool, words: Words) -> bytes:
    """Return the drawing of a chart; in this format none stands beside another."""
    from needscast.report.charts import house

    return house.draw_png(chart, words)


class _Document:
    """A document that is being filled from the blocks of a view."""

    def __init__(self, words: Words, said: dict[str, Any], cover: Cover) -> None:
        self.docx = needed("docx")
        self.document, self.words, self.said = self.docx.Document(), words, said
        self._properties(cover)
        self._page()
        self._styles()
        self.ids = {style.name: style.style_id for style in self.document.styles}

    def bytes(self) -> bytes:
        """Return the file as it is now."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def cover(self) -> None:
        """Write title, scenario, date and edition."""
        self.paragraph(f"{self.said['badge']} | {self.said['edition']}", "Small")
        self.paragraph(self.said["title"], "Title")
        for style, key in (("Subtitle", "subtitle"), ("Small", "as_of")):
            if self.said[key]:
                self.paragraph(self.said[key], style)

    def add(self, block: dict[str, Any]) -> None:
        """Write one block."""
        getattr(self, f"_{block['tag']}")(block)

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        """Write a paragraph in a style, in the direction of the language."""
        made = self.document.add_paragraph(text)
        if style != "Normal":
            made._p.style = self.ids[style]  # to look a name up takes longer than to write the paragraph
        return self._towards(made)

    def _towards(self, paragraph: Any) -> Any:
        """Turn a paragraph and all its runs in the direction of the language."""
        if self.words.direction == "rtl":
            paragraph._p.get_or_add_pPr().append(element("w:bidi"))
            for run in paragraph.runs:
                run._r.get_or_add_rPr().append(element("w:rtl"))
        return paragraph

    # --- blocks ---------------------------------------------------------------------------------------------------

    def _heading(self, block: dict[str, Any]) -> None:
        self.paragraph(block["text"], f"Heading {max(block['level'] - 1, 1)}")

    def _sentence(self, block: dict[str, Any]) -> None:
        if block["label"]:
            self.paragraph(block["label"], "Heading 2")
        self.paragraph(block["text"])

    def _key_figure(self, block: dict[str, Any]) -> None:
        made = self.document.add_paragraph()
        made.add_run(self.words.text("page.remark", label=block["label"], text="")).bold = True
        strong = made.add_run(block["ends"])
        strong.bold, strong.font.color.rgb = True, self.docx.shared.RGBColor.from_string(_BLUE)
        made.add_run(f" {block['rest']}")
        if block["note"]:
            made.add_run(f" ({block['note']})").font.color.rgb = self.docx.shared.RGBColor.from_string(_GREY)
        for run in made.runs:
            run.font.cs_bold = run.bold
        self._towards(made)

    def _note(self, block: dict[str, Any]) -> None:
        self.paragraph(block["text"], {"method": "Normal", "watermark": "Watermark"}.get(block["kind"], "Note"))

    def _group(self, block: dict[str, Any]) -> None:
        for each in block["blocks"]:
            self.add(each)

    def _chart(self, block: dict[str, Any]) -> None:
        self.paragraph(block["title"], "Caption")
        if block["empty"]:
            self.paragraph(block["empty"], "Small")
            return
        mm = self.docx.shared.Mm
        paragraph = self.document.add_paragraph()
        made = paragraph.add_run().add_picture(io.BytesIO(block["png"]), width=mm(TEXT_WIDTH))
        self._towards(paragraph)
        if made.height > mm(TEXT_HEIGHT):
            made.width, made.height = round(made.width * mm(TEXT_HEIGHT) / made.height), mm(TEXT_HEIGHT)
        made._inline.docPr.set("descr", block["alt"])
        made._inline.docPr.set("name", block["anchor"])
        self._small(block["caption"], block["sources"])

    def _table(self, block: dict[str, Any]) -> None:
        self.paragraph(block["caption"], "Caption")
        if block["sections"]:
            made = grid(block, TEXT_WIDTH, self.words.direction)
            self.document.element.body.insert(len(self.document.element.body) - 1, made)
        else:
            self.paragraph(block["empty"], "Small")
        self._small(block["note"], block["sources"])

    def _small(self, *texts: str) -> None:
        for text in texts:
            if text:
                self.paragraph(text, "Small")

    # --- frame ----------------------------------------------------------------------------------------------------

    def _properties(self, cover: Cover) -> None:
        made = datetime.fromisoformat(cover.reference_date) if cover.reference_date else MADE
        core = self.document.core_properties
        core.title, core.subject = self.said["full_title"][:255], cover.crisis[:255]
        core.author = core.last_modified_by = "needscast"
        core.language, core.comments, core.revision = self.words.language, "", 1
        core.created = core.modified = made
        settings = self.document.settings.element
        settings.insert(
            settings.index(settings.find(self.docx.oxml.ns.qn("w:defaultTabStop"))), element("w:trackRevisions")
        )

    def _page(self) -> None:
        mm, section = self.docx.shared.Mm, self.document.sections[0]
        section.page_width, section.page_height = mm(210), mm(297)
        section.left_margin = section.right_margin = mm((210 - TEXT_WIDTH) / 2)
        section.top_margin = section.bottom_margin = mm(16)
        foot = section.footer.paragraphs[0]
        foot.style = self.document.styles["Footer"]
        foot.add_run(f"{self.said['footer']}  ")
        self._towards(foot)
        footer_number(foot)
        if self.said["illustration"]:
            head = section.header.paragraphs[0].add_run(self.said["illustration"])
            head.bold = head.font.cs_bold = True
            head.font.color.rgb = self.docx.shared.RGBColor.from_string(_RED)
            self._towards(section.header.paragraphs[0])

    def _styles(self) -> None:
        styles, points, colour = self.document.styles, self.docx.shared.Pt, self.docx.shared.RGBColor.from_string
        looks = {
            "Normal": (10, None, None),
            "Title": (20, None, None),
            "Subtitle": (12, _GREY, None),
            "Heading 1": (15, _BLUE, None),
            "Heading 2": (11, "1B2733", None),
            "Heading 3": (10.5, "1B2733", None),
            "Caption": (10, "1B2733", None),
            "Footer": (7.5, _GREY, None),
            "Small": (8, _GREY, None),
            "Note": (10, None, "FFF8F0"),
            "Watermark": (11, _RED, "FDECEC"),
        }
        for name, (size, ink, back) in looks.items():
            style = styles[name] if name in styles else styles.add_style(name, 1)
            style.font.name, style.font.size = FONT, points(size)
            _untheme(style.element.rPr.rFonts)
            look = style.element.get_or_add_rPr()
            for each in look.findall(self.docx.oxml.ns.qn("w:spacing")):  # letters set apart would no longer join
                look.remove(each)
            for each in look.findall(self.docx.oxml.ns.qn("w:szCs")):
                look.remove(each)
            look.append(element("w:szCs", val=round(2 * size)))  # the size of Arabic letters is a property of its own
            style.font.cs_bold = style.font.bold
            look.append(element("w:lang", val=self.words.language, bidi=self.words.language))
            style.paragraph_format.space_after = points(4)
            style.font.italic = False
            if ink:
                style.font.color.rgb = colour(ink)
            if back:
                style.element.get_or_add_pPr().insert(0, shade(back))
        styles["Caption"].paragraph_format.keep_with_next = True


def _untheme(fonts: Any) -> None:
    """Let the font of a style count in every script: what the theme of the template names would come first."""
    for name in [name for name in fonts.attrib if name.endswith("Theme") or name.endswith("cstheme")]:
        del fonts.attrib[name]
    for script in ("cs", "eastAsia"):
        fonts.set(needed("docx").oxml.ns.qn(f"w:{script}"), FONT)


def _settled(made: bytes) -> bytes:
    """Return the archive written again with fixed times, so that the same report is the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            kept = zipfile.ZipInfo(name, ZIPPED)
            kept.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(kept, before.read(name))
    return out.getvalue()
