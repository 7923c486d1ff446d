"""The words every table uses: measures, units, groups, grades, levels. A word not listed is an error at the door."""

from __future__ import annotations

# What a reported figure measures. A *_cumulative figure counts over a window; a stock counts at a date.
CUMULATIVE = (
    "displaced_cumulative",
    "returns_cumulative",
    "arrivals_cumulative",
    "departures_cumulative",
    "people_assisted",
    "killed_cumulative",
    "injured_cumulative",
    "incidents",
)
STOCKS = ("idp_stock", "population_stock", "people_in_need", "facilities", "share_percent")
MEASURES = (*CUMULATIVE, *STOCKS, "other")

# Casualties are shown as documented counts by source and cut-off and never blended (law 4).
CASUALTIES = ("killed_cumulative", "injured_cumulative")

# What one unit of a figure is. None of them converts into another by itself (law 2).
FIGURE_UNITS = ("person", "household", "movement", "arrival", "percent", "facility", "incident")

# Population groups of a reported figure.
FIGURE_GROUPS = (
    "all",
    "idp",
    "host",
    "children",
    "women",
    "women_children",
    "newly_displaced",
    "displaced_long",
    "returnee",
)

# Population groups of the model: everybody present in a zone is in exactly one of them.
HOST = "host"  # not displaced, in a zone away from the front lines
STAYING = "staying"  # not displaced, in a zone that people flee from
DISPLACED_LONG = "displaced_long"  # displaced before the onset
NEWLY_DISPLACED = "newly_displaced"  # displaced once since the onset
DISPLACED_AGAIN = "displaced_again"  # had been displaced before and had to move again since the onset
RETURNEE = "returnee"  # went back since the onset; voluntariness unknown
GROUPS = (HOST, STAYING, DISPLACED_LONG, NEWLY_DISPLACED, DISPLACED_AGAIN, RETURNEE)

COVERAGES = ("complete", "partial", "analogue", "forward")
SOURCE_TYPES = ("un", "ngo", "local_responder", "monitor", "government", "media")
RELIABILITIES = tuple("ABCDEF")
CREDIBILITIES = tuple("123456")
SENSITIVITIES = ("public", "internal", "restricted")
READERSHIPS = ("public", "internal")
CONFIDENCES = ("high", "medium", "low")
AREA_LEVELS = ("crisis", "zone", "subdistrict", "community", "union", "ambiguous", "outside")
PUBLIC_AREA_LEVELS = ("crisis", "zone", "subdistrict", "union", "ambiguous", "outside")  # law 10: no finer in public
ZONE_ROLES = ("origin", "destination", "both")
PHASES = ("acute", "stabilised")
CORRECTION_ACTIONS = ("replace", "scale", "exclude")
RESPONSE_KINDS = ("targeted", "reached", "funded", "required")
SCALES = ("share", "relative")

# Items of a sector card.
# When an item is due: at each displacement in which goods were lost, at every flight, as long as people require it,
# for each episode of an illness (who has it now, then who falls ill), or shared by a number of people.
TRIGGERS = ("displacement", "flight", "presence", "episode", "facility")
PERIOD_DAYS = {
    "one_off": 0,
    "day": 1,
    "week": 7,
    "month": 30,
    "quarter": 91,
    "year": 365,
    "season": 0,  # a season's items are due once
}
SEASONS = ("all", "winter")
BASES_WITHOUT_SHARE = ("person", "household", "facility")  # any other basis is a share or rate: see basis_input
BASIS_RATES = {"birth": "birth_rate"}  # bases that are a rate a year of the whole population

# Special groups that size supplies; a crisis may give share_<group> for any of them, whether an item asks or not.
SPECIAL_GROUPS = (
    "child_under_5",
    "child_6_59_months",
    "child_5_17",
    "woman_15_49",
    "pregnant_or_lactating",
    "older_60",
    "with_disability",
)
# Words in the name of a share that must never be printed as people nor by area, only as supplies for the whole area.
NEVER_AS_PEOPLE = ("sexual_violence", "rape", "separated_child", "unaccompanied")

# A scenario: regimes of hostilities in the order in which they follow one another, the last one until the end.
PRESSURE = "pressure"  # shelling and strikes as now, the front lines move little
OFFENSIVE = "offensive"  # ground forces push, towns in the path empty
TRUCE = "truce"  # a ceasefire that is mostly kept
REGIMES = (PRESSURE, OFFENSIVE, TRUCE)
RETURN_REGIMES = ("fast", "partial", "blocked")  # each names the inputs return_hazard_<regime>

LACKS = ("life", "harm", "dignity")  # what lacking an item threatens first, the worst first

# Where displaced people sleep; the last two take those whom a full place has no other room for.
UNFINISHED, OPEN_GROUND = "unfinished", "open_ground"
SHELTERS = ("camp", "host_family", "rented", UNFINISHED, OPEN_GROUND)

# The uncertain inputs that the rooms ask for by name; those of sector cards and share_<basis> come on top.
AREA_INPUTS = (
    "pace_multiplier",
    "truce_pace_share",
    "offensive_hazard",
    "offensive_delay_weeks",
    "onward_hazard",
    "return_hazard",
    "destination_weight",
    "destination_capacity",
)
OVERALL_INPUTS = (
    "pace_decay",
    "pressure_weeks",
    "offensive_weeks",
    "truce_weeks",
    "return_start_week",
    "crowding",
    "crossing_share",
    "birth_rate",
    "death_rate",
)
SHELTER_INPUTS = tuple(f"shelter_{shelter}" for shelter in SHELTERS)  # optional: absent means not estimated
RETURN_INPUTS = tuple(f"return_hazard_{regime}" for regime in RETURN_REGIMES)  # read where a scenario names the regime
CRISIS_INPUTS = ("population", "household_size", "goods_lost_share", "backlog_unserved_share")
INPUTS = (*AREA_INPUTS, *OVERALL_INPUTS, *SHELTER_INPUTS, *RETURN_INPUTS, *CRISIS_INPUTS)
