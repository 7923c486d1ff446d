"""Tables and fields of a DOCX as elements: built whole, because cell by cell through the library is slow."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from needscast.report.formats import needed

NUMERIC = ("count", "number", "people", "money", "range", "ends", "percent", "change", "probability", "middle")
_TWIPS = 56.7  # twentieths of a point in a millimetre
_LINE = "D9DEE3"
_HEAD = "F3F6F8"
_BLUE = "005A8F"
_GREY = "55626D"


def element(tag: str, **attributes: Any) -> Any:
    """Make an element of the word-processing namespace."""
    name, space, make = _names(tag)
    return make(name, {_names(f"w:{key}")[0]: str(value) for key, value in attributes.items()}, space)


@cache
def _names(tag: str) -> tuple[str, dict[str, str], Any]:
    """Return a name in full, its namespace, and what makes an element; the library looks all up for each element."""
    oxml = needed("docx").oxml
    given = oxml.ns.NamespacePrefixedTag(tag)
    return given.clark_name, given.nsmap, oxml.parser.oxml_parser.makeelement


def shade(fill: str) -> Any:
    """Make the background of a paragraph or a cell."""
    return element("w:shd", val="clear", color="auto", fill=fill)


def footer_number(paragraph: Any) -> None:
    """Add the number of the page to a paragraph."""
    field = element("w:fldSimple", instr="PAGE")
    run = element("w:r")
    run.append(_text("1"))
    field.append(run)
    paragraph._p.append(field)


def grid(block: dict[str, Any], millimetres: float, direction: str) -> Any:
    """Return a table of a view: header rows that repeat, parts under their names, remarks under their rows."""
    table = element("w:tbl")
    look = element("w:tblPr")
    if direction == "rtl":
        look.append(element("w:bidiVisual"))
    look.append(element("w:tblW", w=round(millimetres * _TWIPS), type="dxa"))
    look.append(_borders())
    look.append(element("w:tblLayout", type="fixed"))
    look.append(_margins(block["pad"]))
    look.append(_described(block["caption"]))
    table.append(look)
    each = millimetres * _TWIPS / sum(block["widths"])
    columns = element("w:tblGrid")
    for width in block["widths"]:
        columns.append(element("w:gridCol", w=round(width * each)))
    table.append(columns)
    make = _Rows(block, direction)
    for row in make.all():
        table.append(row)
    return table


class _Rows:
    """The rows of one table."""

    def __init__(self, block: dict[str, Any], direction: str) -> None:
        self.block, self.direction = block, direction
        self._empty = cache(self._new)  # cells of a column are copies: to build each of its elements takes longer

    def all(self) -> list[Any]:
        """Return header rows and body rows, in order."""
        block = self.block
        rows = [self._head(block["heads"])] + ([self._second_head()] if block["two_rows"] else [])
        for section in block["sections"]:
            if section["name"]:
                rows.append(_row([self._cell(section["name"], span=block["width"], bold=True, ink=_BLUE)], keep=True))
            for row in section["rows"]:
                rows.append(_row([self._of(cell, row["total"]) for cell in row["cells"]], keep=bool(row["remarks"])))
                told = ["".join((each["before"], each["text"], each["after"])) for each in row["remarks"]]
                rows += [
                    _row([self._cell(said, span=block["width"], ink=_GREY)], keep=at < len(told))
                    for at, said in enumerate(told, start=1)
                ]
        return rows

    def _head(self, heads: list[dict[str, Any]]) -> Any:
        merge = "restart" if self.block["two_rows"] else ""
        cells = [
            self._cell(
                head["label"],
                span=head["span"],
                bold=True,
                kind="centre" if head["span"] > 1 else head["kind"],
                fill=_HEAD,
                merge=merge if head["span"] == 1 else "",
            )
            for head in heads
        ]
        return _row(cells, head=True)

    def _second_head(self) -> Any:
        cells, subs = [], iter(self.block["subheads"])
        for head in self.block["heads"]:
            if head["span"] == 1:
                cells.append(self._cell("", bold=True, fill=_HEAD, merge="continue"))
            else:
                for _ in range(head["span"]):
                    sub = next(subs)
                    cells.append(self._cell(sub["label"], bold=True, kind=sub["kind"], fill=_HEAD))
        return _row(cells, head=True)

    def _of(self, cell: dict[str, Any], total: bool) -> Any:
        """Return a cell of a view; a range may break before its unit, or an office program cuts the unit in two."""
        text = cell["text"].replace("\N{NO-BREAK SPACE}", " ") if cell["kind"] == "range" else cell["text"]
        return self._cell(text, kind=cell["kind"], bold=total or cell["kind"] == "middle")

    def _cell(
        self,
        text: str,
        *,
        span: int = 1,
        kind: str = "text",
        bold: bool = False,
        ink: str = "",
        fill: str = "",
        merge: str = "",
    ) -> Any:
        cell = deepcopy(self._empty(span, kind, bold, ink, fill, merge))
        cell[-1][-1][-1].text = text
        return cell

    def _new(self, span: int, kind: str, bold: bool, ink: str, fill: str, merge: str) -> Any:
        """Return a cell without its words."""
        cell, look = element("w:tc"), element("w:tcPr")
        if span > 1:
            look.append(element("w:gridSpan", val=span))
        if merge:
            look.append(element("w:vMerge", val=merge))
        if fill:
            look.append(shade(fill))
        cell.append(look)
        cell.append(self._paragraph(kind, bold, ink))
        return cell

    def _side(self, kind: str) -> str:
        """Return where a cell's text stands: numbers right in every language; Word's "left" is where a line begins."""
        return "right" if kind in NUMERIC and self.direction != "rtl" else "left"

    def _paragraph(self, kind: str, bold: bool, ink: str) -> Any:
        made, frame, run, look = element("w:p"), element("w:pPr"), element("w:r"), element("w:rPr")
        if self.direction == "rtl":
            frame.append(element("w:bidi"))
        frame.append(element("w:spacing", before=20, after=20))
        frame.append(element("w:jc", val="center" if kind == "centre" else self._side(kind)))
        if bold:
            look.append(element("w:b"))
            look.append(element("w:bCs"))
        if ink:
            look.append(element("w:color", val=ink))
        look.append(element("w:sz", val=round(2 * self.block["size"])))
        look.append(element("w:szCs", val=round(2 * self.block["size"])))
        if self.direction == "rtl":
            look.append(element("w:rtl"))
        run.append(look)
        run.append(_text(""))
        made.append(frame)
        made.append(run)
        return made


def _row(cells: list[Any], *, head: bool = False, keep: bool = False) -> Any:
    row, look = element("w:tr"), element("w:trPr")
    look.append(element("w:cantSplit"))
    if head:
        look.append(element("w:tblHeader"))
    row.append(look)
    for cell in cells:
        if keep or head:  # Word keeps rows together when the paragraphs of the first ask to stay with the next
            cell[-1][0].insert(0, element("w:keepNext"))
        row.append(cell)
    return row


def _text(text: str) -> Any:
    made = element("w:t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _borders() -> Any:
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color=_LINE))
    return borders


def _margins(pad: float) -> Any:
    """As narrow beside a cell's text as the widths of columns count on; Word's own would break long numbers."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=round(pad * _TWIPS), type="dxa"))
    return margins


def _described(text: str) -> Any:
    return element("w:tblDescription", val=text)
