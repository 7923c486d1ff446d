"""The tables of a crisis folder as schemas: columns, what may stand in a cell, what makes a row unique."""

from __future__ import annotations

from needscast import vocabulary as words
from needscast.inputs.plans import CHECKS, CROSSINGS, DECISIONS, PRIORITIES, STATED
from needscast.inputs.schema import AS_OF as _AS_OF
from needscast.inputs.schema import ILLUSTRATION as _ILLUSTRATION
from needscast.inputs.schema import NOTES as _NOTES
from needscast.inputs.schema import PUBLISHED as _PUBLISHED
from needscast.inputs.schema import SENSITIVITY as _SENSITIVITY
from needscast.inputs.schema import URL as _URL
from needscast.inputs.schema import Table
from needscast.inputs.schema import column as _column
from needscast.inputs.schema import must as _must

# A range as every table and card writes it.
RANGE = (
    _must("low", "number", "with probability (1 - mass) / 2 the truth is lower"),
    _must("best", "number", "median: the truth is as likely higher as lower"),
    _must("high", "number", "with probability (1 - mass) / 2 the truth is higher"),
    _must("mass", "number", "probability between low and high, such as 0.8", low=0.0, high=1.0),
    _must("unit", "unit", "what the number counts, such as share, person or 'USD / tent'"),
)
ORIGIN = (
    _must("source", note="publication, or 'assumption'"),
    _must("published", "published", "day of printing, YYYY-MM-DD, or undated"),
    _URL,
    _column("confidence", "word", "how far to trust it", words=words.CONFIDENCES, default="low"),
    _column("reason", note="how the range was set; an assumption needs one"),
)

FIGURES = Table(
    "figures",
    (
        _must("figure_id", "id", "a name of its own, such as B017"),
        _must("measure", "word", "what is counted", words=words.MEASURES),
        _column("group", "word", "who is counted; blank means all", words=words.FIGURE_GROUPS, default="all"),
        _must("area", "id", "an area of the table areas"),
        _column("area_printed", note="the words as printed"),
        _column("period_start", "date", "first day of the window, YYYY-MM-DD; blank for stocks"),
        _AS_OF,
        _PUBLISHED,
        _column("hedge", note="the printed word, lower case, such as 'more than'; blank for a plain number"),
        _column("value_low", "number", "lower end if a range is printed", low=0.0),
        _column("value", "number", "the printed number; blank for a magnitude in words", low=0.0),
        _column("value_high", "number", "upper end if a range is printed", low=0.0),
        _must(
            "unit",
            "word",
            "what one unit is; people, households and movements differ",
            words=words.FIGURE_UNITS,
        ),
        _column("definition", "id", "short code of what the source counts, such as movements_logged"),
        _must(
            "coverage",
            "word",
            "complete, partial, analogue (earlier wave or other place) or forward (plan, forecast)",
            words=words.COVERAGES,
        ),
        _must("source", "id", "a source of the table sources"),
        _column("relayed_by", note="who printed another source's figure"),
        _column("upstream", "id", "the figure or source this one relays, when known"),
        _column("reliability", "word", "A-F; blank takes the grade of the source", words=words.RELIABILITIES),
        _column("credibility", "word", "1-6; blank means 3", words=words.CREDIBILITIES, default="3"),
        _SENSITIVITY,
        _URL,
        _NOTES,
    ),
    key=("figure_id",),
    required=True,
    note="One reported figure a row.",
)

SOURCES = Table(
    "sources",
    (
        _must("source", "id", "a name of its own, kebab-case"),
        _must("name", note="the full name"),
        _must("type", "word", "kind of source", words=words.SOURCE_TYPES),
        _must(
            "reliability",
            "word",
            "default grade, A (best) to F (cannot be judged)",
            words=words.RELIABILITIES,
        ),
        _column("counts", note="what it counts and how"),
        _column("network", "id", "shared by sources that may share field lists"),
        _SENSITIVITY,
        _NOTES,
    ),
    key=("source",),
    required=True,
    note="Who reports, and how far to trust them.",
)

AREAS = Table(
    "areas",
    (
        _must("area", "id", "a name of its own, kebab-case"),
        _must("name", note="the name as it is printed"),
        _column("pcode", note="place code"),
        _must(
            "level",
            "word",
            "crisis (exactly one), zone, subdistrict, community, union, ambiguous or outside",
            words=words.AREA_LEVELS,
        ),
        _column("parent", "id", "the area this one is part of; the parent of a zone is the crisis area"),
        _column("covers", note="of a union: its zones, 'a;b'; of an ambiguous name: its readings, 'a:0.6;b:0.4'"),
        _column("latitude", "coordinate", "degrees north", low=-90.0, high=90.0),
        _column("longitude", "coordinate", "degrees east", low=-180.0, high=180.0),
        _column("population_low", "number", "80 % range: low end", low=0.0),
        _column("population", "number", "people living there, median", low=0.0),
        _column("population_high", "number", "80 % range: high end", low=0.0),
        _column("role", "word", "of a zone: people flee from it, to it, or both", words=words.ZONE_ROLES),
        _column("source", note="source of the population"),
        _column("date", "published", "day the population was published, YYYY-MM-DD, or undated"),
        _NOTES,
    ),
    key=("area",),
    required=True,
    note="Every area a figure may name; 1 to 40 zones partition the crisis area.",
)

RATES = Table(
    "rates",
    (
        _must(
            "input",
            "input",
            "name of the input; an input of a sector card starts with the card's code and '/'",
        ),
        _column("area", "id", "blank means every area: one number, shared by all"),
        _column("group", "word", "blank means every group", words=words.GROUPS),
        *RANGE,
        *ORIGIN,
    ),
    key=("input", "area", "group", "published"),
    required=True,
    note="Shares, hazards, household sizes, prices; of two rows with one name the younger counts.",
)

CORRECTIONS = Table(
    "corrections",
    (
        _must("figure_id", "id", "the figure to correct"),
        _column("column", note="the column to change; blank to exclude"),
        _must("action", "word", "replace, scale (multiply) or exclude", words=words.CORRECTION_ACTIONS),
        _column("expected", note="the value that stands there now; the correction fails when it differs"),
        _column("value", note="the new value, or the factor of a scale"),
        _must("reason", note="why"),
        _must("author", note="who decided it"),
        _must("date", "date", "when, YYYY-MM-DD"),
    ),
    note="Corrections are records, never edits of figures.csv.",
)

STOCKS = Table(
    "stocks",
    (
        _must("item", "input", "item of a sector card"),
        _must("area", "id", "an area of the table areas"),
        _must("quantity", "number", "what is held", low=0.0),
        _must("unit", "unit", "the unit of the item"),
        _AS_OF,
        _PUBLISHED,
        _column("holder_type", note="kind of holder, never a name or a site"),
        _must("source", note="where it was published"),
        _URL,
        _SENSITIVITY,
        _ILLUSTRATION,
        _NOTES,
    ),
    note="What is held. No row means unknown, not zero.",
)

PIPELINE = Table(
    "pipeline",
    (
        _must("item", "input", "item of a sector card"),
        _must("area", "id", "an area of the table areas"),
        _must("quantity_low", "number", "low end", low=0.0),
        _must("quantity", "number", "what is on its way, median", low=0.0),
        _must("quantity_high", "number", "high end", low=0.0),
        _must("mass", "number", "probability between the ends, such as 0.8", low=0.0, high=1.0),
        _must("unit", "unit", "the unit of the item"),
        _must("arrival_early", "date", "early end of the arrival, YYYY-MM-DD"),
        _must("arrival", "date", "as likely before as after, YYYY-MM-DD"),
        _must("arrival_late", "date", "late end of the arrival, YYYY-MM-DD"),
        _PUBLISHED,
        _must("source", note="where it was published"),
        _URL,
        _SENSITIVITY,
        _ILLUSTRATION,
        _NOTES,
    ),
    note="What is on its way and when it arrives.",
)

RESPONSE = Table(
    "response",
    (
        _must("sector", "id", "code of a sector card"),
        _column("item", "id", "item of that card; blank for the sector as a whole"),
        _must("kind", "word", "targeted, reached, funded or required", words=words.RESPONSE_KINDS),
        _must("quantity", "number", "how much", low=0.0),
        _must("unit", "unit", "person, household, the unit of the item or the currency"),
        _column("period_start", "date", "first day counted, YYYY-MM-DD"),
        _AS_OF,
        _PUBLISHED,
        _must("source", note="where it was published"),
        _URL,
        _SENSITIVITY,
        _ILLUSTRATION,
        _NOTES,
        _column(
            "full_ration_share",
            "number",
            "of a ration reached: share of a full ration of its period; blank means not stated",
            low=0.0,
            high=1.0,
        ),
    ),
    note="Who has been targeted and reached, what is funded.",
)

NAMES = Table(
    "names",
    (
        _must("name", note="a name or text of this folder, exactly as it stands there in English"),
        _must("language", "id", "two-letter code"),
        _must("text", note="the same in that language"),
    ),
    key=("name", "language"),
    note="Names of the crisis, its areas, sources, crossings and checks, and stories of scenarios, in other languages.",
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        FIGURES,
        SOURCES,
        AREAS,
        RATES,
        CORRECTIONS,
        STOCKS,
        PIPELINE,
        RESPONSE,
        CROSSINGS,
        DECISIONS,
        PRIORITIES,
        CHECKS,
        STATED,
        NAMES,
    )
}
