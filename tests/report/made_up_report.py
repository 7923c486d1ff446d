"""A small made-up crisis with results in the shape that the chain gives, so that the report room is tested alone."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pandas as pd

from needscast import tables
from needscast.demand.schedule import LINES
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs.uncertain import UncertainInput

MASS = 0.8
WEEKS = range(14)
ZONES = {
    "north": ("North border", 36.5, 36.9),
    "west": ("West valley", 36.2, 36.2),
    "south": ("South hills", 35.6, 36.6),
}
SECTORS = {
    "FOO": ("Food", ["ration", "flour"]),
    "SHE": ("Shelter and <script>alert(1)</script>", ["tent"]),
    "WAT": ("Water", ["soap"]),
}
ITEMS = {
    "ration": ("Food ration", "ration"),
    "flour": ("Wheat flour", "kg"),
    "tent": ('=HYPERLINK("http://x")', "tent"),
    "soap": ("Soap", "bar"),
}
FIGURES = """
figure_id|measure|area|area_printed|period_start|as_of|hedge|value|unit|definition|coverage|source|upstream|sensitivity|url
F1|displaced_cumulative|all-zones|region|2019-12-01|2020-01-05|over|300000|person|displaced|complete|agency||public|http://a/1
F2|displaced_cumulative|all-zones|region|2019-12-01|2020-01-14|almost|350000|person|displaced|complete|agency||public|http://a/2
F3|displaced_cumulative|all-zones|region|2019-12-01|2020-01-21|some|350000|person|displaced|complete|helpers|F2|public|SEED (article)
F4|displaced_cumulative|all-zones|region|2019-12-02|2020-01-20||453000|movement|movements|complete|monitor||public|http://a/4
F5|displaced_cumulative|south|the hills|2019-12-01|2020-01-20|hundreds of thousands||person|displaced|partial|paper||public|SEED (article)
F6|killed_cumulative|village|Kafr Example|2020-01-21|2020-01-21|at least|26|person|documented|complete|helpers||public|SEED (article)
F7|idp_stock|west|the valley||2019-12-31||120000|person|still_displaced|complete|secret-cell||restricted|
F8|people_in_need|all-zones|the region||2019-11-30||2800000|person|in_need|complete|agency||public|http://a/8
"""  # noqa: E501


class MadeUp(SimpleNamespace):
    """A namespace that can be a key, as the frozen crisis can."""

    __hash__ = object.__hash__


def made_up_crisis() -> MadeUp:
    figures = pd.read_csv(StringIO(FIGURES), sep="|", keep_default_na=False).assign(
        group="all",
        published="2020-01-21",
        value_low=np.nan,
        value_high=np.nan,
        relayed_by="",
        reliability="B",
        credibility="3",
        notes="",
        excluded="",
    )
    figures["value"] = pd.to_numeric(figures["value"].replace("", None))
    for column in ("period_start", "as_of", "published"):
        figures[column] = pd.to_datetime(figures[column].replace("", None))
    sources = pd.DataFrame(
        [
            ("agency", "The Agency", "un", "B", "people", "public"),
            ("monitor", "Movement Monitor", "ngo", "B", "movements", "public"),
            ("helpers", "White Hats (Civil Help)", "local_responder", "C", "people", "public"),
            ("paper", "The Paper", "media", "D", "people", "public"),
            ("secret-cell", "Secret Cell", "ngo", "B", "people", "restricted"),
        ],
        columns=["source", "name", "type", "reliability", "counts", "sensitivity"],
    ).assign(network="", notes="")
    areas = [("all-zones", "The Region", "crisis", "", np.nan, np.nan)]
    areas += [
        (key, name, "zone", "all-zones", latitude, longitude) for key, (name, longitude, latitude) in ZONES.items()
    ]
    areas += [("village", "Kafr Example", "community", "south", 35.61, 36.61)]
    areas = pd.DataFrame(areas, columns=["area", "name", "level", "parent", "latitude", "longitude"]).assign(
        pcode="",
        covers="",
        population_low=1e5,
        population=2e5,
        population_high=3e5,
        role="both",
        source="assumption",
        date="",
        notes="",
    )
    settings = SimpleNamespace(
        name="Region of <b>Examples</b>",
        country="SYR",
        languages=("en",),
        currency="USD",
        reference_date=date(2020, 1, 21),
        onset=date(2019, 12, 1),
        phase="acute",
        phase_chosen_by="a tester",
        horizon_weeks=13,
        planning_level=0.8,
        planning_level_chosen_by="default; no named person has chosen yet",
        anchor_source="agency",
        readership="public",
        winter_months=(11, 12, 1, 2, 3),
        seed=20200121,
        draws=512,
    )
    rate = UncertainInput(
        "pace_decay",
        Range(0.5, 0.8, 1.0, MASS, "share"),
        "assumption",
        date(2020, 1, 2),
        author="A. Tester",
        reason="as in the last wave",
    )
    dated = UncertainInput(
        "SHE/tent/price",
        Range(280, 340, 450, MASS, "USD"),
        "Price survey",
        date(2019, 5, 1),
        url="https://p.example",
        confidence="medium",
    )
    scenarios = (scenario("as-now", "As now", 2, 0.5), scenario("truce", "The truce holds", 1, 0.2))
    return MadeUp(
        id="examples",
        settings=settings,
        figures=figures,
        sources=sources,
        areas=areas,
        inputs=(rate, dated),
        scenarios=scenarios,
        sectors=tuple(sector(code) for code in SECTORS),
        cards=tuple(sector(code) for code in SECTORS),
        unsized=(),
        crisis_area="all-zones",
        zones=list(ZONES),
        reference_date=date(2020, 1, 21),
        hidden=pd.DataFrame([("figures.csv", 9, "F9", "2020-02-03")], columns=["table", "row", "name", "published"]),
        admitted=(("SHE/tent/specification", "the product did not change"),),
        digests={"figures.csv": "0" * 64},
        illustration=False,
        stocks=pd.DataFrame(),
        pipeline=pd.DataFrame(),
        response=pd.DataFrame(),
        crossings=pd.DataFrame(),
        stated_priorities=pd.DataFrame(),
        names={},
        boundaries={},
    )


def scenario(key: str, title: str, order: int, weight: float) -> SimpleNamespace:
    override = UncertainInput(
        "offensive_hazard/south",
        Range(0.1, 0.2, 0.4, MASS, "share"),
        "assumption",
        date(2020, 1, 21),
        author="A. Tester",
        reason="judged",
    )
    return SimpleNamespace(
        id=key,
        title={"en": title},
        order=order,
        narrative="Shelling goes on at the pace of January.",
        weight=weight,
        weight_by="a tester",
        weight_reason="judged",
        weight_date=None,
        analogues=("F1",),
        overrides=(override,),
        withheld=0,
    )


def sector(code: str) -> SimpleNamespace:
    name, items = SECTORS[code]
    made = [
        SimpleNamespace(
            id=item,
            name={"en": ITEMS[item][0]},
            unit=ITEMS[item][1],
            basis="household",
            per=1.0,
            trigger="displacement",
            period="one_off",
            season="all",
            pack=1,
            pack_name="piece",
            in_cost_total=True,
            instead_of=("ration",) if item == "flour" else (),
            by_area=True,
            norms=(standard(item),),
            norm=lambda phase, item=item: standard(item),
        )
        for item in items
    ]
    return SimpleNamespace(
        code=code,
        name={"en": name},
        order=list(SECTORS).index(code),
        is_need=True,
        items=tuple(made),
        requires=(),
        input_names={},
        names_of=lambda item: (f"{code}/in_reach",) if item.id == "tent" else (),
    )


def standard(item: str) -> SimpleNamespace:
    return SimpleNamespace(
        phase="any",
        quantity=1,
        source="Handbook",
        url="https://h.example",
        published=date(2018, 11, 1),
        confidence="high",
        second_hand=item == "soap",
    )


def made_up_results(name: str = "as-now", readership: str = "public", scale: float = 1.0) -> SimpleNamespace:
    crisis = made_up_crisis()
    draws = Draws(512, 7)
    heads = {
        "displaced_since_onset": 3.6e5,
        "displaced_since_onset_end": 4.6e5 * scale,
        "displaced_next": 1e5 * scale,
        "idp_stock": 1.1e6,
        "idp_stock_end": 1.15e6 * scale,
        "returns_next": 2e4,
        **{
            f"{name}/{code}": 4e5 * scale / (at + 1)
            for at, code in enumerate(SECTORS)
            for name in ("requiring", "requiring_end")
        },
    }
    headlines = {key: one(draws, key, middle, "person") for key, middle in heads.items()}
    headlines |= {
        "movements_next": one(draws, "movements_next", 1.5e5 * scale, "movement"),
        "cost": one(draws, "cost", 4e7 * scale, "USD"),
        "tonnes": one(draws, "tonnes", 9e3 * scale, "tonne"),
    }
    headlines |= {f"cost/{code}": one(draws, f"cost/{code}", 1e7 * scale, "USD") for code in SECTORS}
    return SimpleNamespace(
        crisis=crisis,
        scenario=next(each for each in crisis.scenarios if each.id == name),
        readership=readership,
        draws=512,
        seed=7,
        mass=MASS,
        inputs=crisis.inputs,
        nowcast=made_up_nowcast(draws),
        tables=made_up_tables(scale),
        headlines=headlines,
        since_onset=growing(draws, scale),
        to_buy={
            f"{each.code}/{item.id}": one(draws, f"{item.id} to buy", 3e4 * scale, item.unit)
            for each in crisis.sectors
            for item in each.items
        },
        missing=(("SHE/tent", "no price"),),
        used_inputs=list(crisis.inputs),
        assumptions=[crisis.inputs[0]],
    )


def growing(draws: Draws, scale: float) -> Estimate:
    level = draws.sample("displaced_since_onset", Range(3.3e5, 3.6e5, 4.3e5, MASS, "person"))
    people = level * (1 + np.arange(len(WEEKS))[:, None] * 0.03 * scale)
    return Estimate.of(people, {"week": list(WEEKS)}, "person", "displaced since the onset")


def one(draws: Draws, name: str, middle: float, unit: str) -> Estimate:
    return Estimate.of(
        draws.sample(name, Range(middle * 0.9, middle, middle * 1.2, MASS, unit)),
        {},
        unit,
        name,
        sources=["F1", "F2"],
    )


def made_up_nowcast(draws: Draws) -> SimpleNamespace:
    standing = pd.DataFrame(
        [
            ("F1", True, "used", "displaced", "F1", 1.0, 0.01, 0.02, "F4"),
            ("F2", True, "used", "displaced", "F2", 2.0, 0.0, -0.03, ""),
            ("F3", False, "relay of F2", "displaced", "F2", 0.0, 0.0, 0.0, ""),
            ("F4", True, "used", "movements", "F4", 1.0, 0.0, 0.0, "F1"),
            ("F5", False, "no value", "", "F5", 0.0, 0.0, 0.0, ""),
            ("F6", False, "deaths are not estimated", "", "F6", 0.0, 0.0, 0.0, ""),
            ("F7", True, "used", "stock", "F7", 1.0, 0.0, 0.0, ""),
            ("F8", False, "planning figure", "", "F8", 0.0, 0.0, 0.0, ""),
        ],
        columns=[
            "figure_id",
            "used",
            "reason",
            "target",
            "root",
            "weight",
            "pull",
            "leave_one_out",
            "conflicts",
        ],
    )
    population = np.stack([draws.sample(zone, Range(1e6, 1.2e6, 1.5e6, MASS, "person")) for zone in ZONES])
    return SimpleNamespace(
        standing=standing,
        diagnostics={"ess": 900.0, "converged": "yes", "check_p": 0.5, "newest_far": ""},
        estimates={
            "population": Estimate.of(population, {"area": list(ZONES)}, "person", "population"),
            "movement_ratio": Estimate.of(
                draws.sample("ratio", Range(1.1, 1.3, 1.6, MASS, "movement / person")),
                {},
                "movement / person",
                "movement_ratio",
            ),
        },
    )


def summary(middle: float, unit: str, **labels) -> dict:
    return {
        **labels,
        "unit": unit,
        "lower": middle * 0.8,
        "median": middle,
        "upper": middle * 1.3,
        "mean": middle * 1.02,
        "mass": MASS,
        "sources": "F1; F2",
    }


def made_up_response(scale: float) -> pd.DataFrame:
    """One sector of three has published figures."""
    people = {"requiring": 4e5, "targeted": 1e5, "reached": 5e4, "not_reached": 3.5e5}
    money = {"need": 1e7, "target_cost": 2.5e6, "funded": 2e6, "remaining": 8e6}
    rows = [summary(middle * scale, "person", sector="FOO", quantity=name) for name, middle in people.items()]
    rows += [summary(middle * scale, "USD", sector="FOO", quantity=name) for name, middle in money.items()]
    rows += [summary(25.0, "USD / person", sector=code, quantity="per_person") for code in SECTORS]
    whole = {"need": 3e7, "funded": 2e6, "remaining": 2.8e7}
    rows += [summary(middle * scale, "USD", sector="all", quantity=name) for name, middle in whole.items()]
    return pd.DataFrame(rows)


def made_up_supply(scale: float) -> dict[str, pd.DataFrame]:
    """Tents run out around 18 February, in 15 % of the worlds not within the horizon; rations given so far."""
    out = {
        "sector": "SHE",
        "item": "tent",
        "early": date(2020, 2, 10),
        "middle": date(2020, 2, 18),
        "late": None,
        "within_horizon": 0.85,
        "before_arrival": 0.7,
        "lead_time_days": 60.0,
        "mass": MASS,
        "sources": "stock: agency",
    }
    moving = [
        ("SHE", "tent", "pipeline/tent/0/arrival", 0.5, "up", 20.4, 70.0),
        ("SHE", "tent", "now/", 0.01, "", 28, 29),
    ]
    given = {"full_rations": (5e4, "full_ration"), "ration_coverage": (0.4, "share")}
    return {
        "stock_out": pd.DataFrame([out]).astype({"late": object}),
        "stock_out_weeks": pd.DataFrame(
            [
                ("SHE", "tent", week, date(2020, 1, 21) + timedelta(weeks=week - 1), share)
                for week, share in enumerate([0.0, 0.0, 0.1, 0.5, 0.25, *[0.0] * 8], start=1)
            ],
            columns=tables.COLUMNS["stock_out_weeks"],
        ),
        "date_drivers": pd.DataFrame(moving, columns=tables.COLUMNS["date_drivers"]),
        "reach": pd.DataFrame(
            [
                summary(middle * (scale if unit != "share" else 1), unit, sector="FOO", item="ration", quantity=name)
                for name, (middle, unit) in given.items()
            ]
        ),
        "passage": pd.DataFrame(
            [
                ("FOO", "ration", 100.0, 60.0, 10.0, 30.0, 1234.5, 370.35),
                ("SHE", "tent", 50.0, 30.0, 5.0, 15.0, 1234.5, 370.35),
            ],
            columns=LINES,
        ),
        "crossing": pd.DataFrame(
            [summary(middle, "truck", quantity=name) for name, middle in {"capacity": 105.0, "never": 45.0}.items()]
        ),
    }


def made_up_tables(scale: float) -> dict[str, pd.DataFrame]:
    start = pd.Timestamp("2020-01-21")
    when = {week: start + pd.Timedelta(weeks=week) for week in WEEKS}
    shares = {"north": 0.5, "west": 0.3, "south": 0.2}
    displacement, people, demand, costs, gap = [], [], [], [], []
    for week in WEEKS:
        weekly = {"week": week, "week_start": when[week]}
        for area, share in {"all": 1.0, **shares}.items():
            for quantity, middle in {
                "displaced_people": 8e3,
                "displaced_present": 1.1e6 + 4e3 * week,
            }.items():
                displacement.append(
                    summary(middle * share * scale, "person", quantity=quantity, group="all", area=area, **weekly)
                )
        displacement.append(
            summary(
                3.6e5 + 8e3 * week * scale,
                "person",
                quantity="displaced_since_onset",
                group="all",
                area="all",
                **weekly,
            )
        )
        for at, code in enumerate(SECTORS):
            for area, share in {"all": 1.0, **shares}.items():
                people.append(
                    summary(4e5 / (at + 1) * share * scale, "person", sector=code, group="all", area=area, **weekly)
                )
            people.append(
                summary(3e5 / (at + 1) * scale, "person", sector=code, group="newly_displaced", area="all", **weekly)
            )
            for item in SECTORS[code][1]:
                demand.append(summary(2e4 * scale, ITEMS[item][1], sector=code, item=item, area="all", **weekly))
        for quantity, middle in {
            "demand": 900.0,
            "covered": 900.0 if week < 4 else 0.0,
            "gap": 0.0 if week < 4 else 900.0,
        }.items():
            gap.append(summary(middle * scale, "tent", sector="SHE", item="tent", quantity=quantity, **weekly))
    gap += [
        summary(middle * scale, "tent", sector="SHE", item="tent", quantity=quantity, week="horizon", week_start=start)
        for quantity, middle in {"demand": 12600.0, "covered": 3600.0, "gap": 9000.0}.items()
    ]
    orders = []
    for code, (_, items) in SECTORS.items():
        costs.append(summary(1e7 * scale, "USD", sector=code, item="all"))
        for item in items:
            costs.append(summary(1e7 / len(items) * scale, "USD", sector=code, item=item))
            demand += [
                summary(
                    2e5 * share * scale,
                    ITEMS[item][1],
                    sector=code,
                    item=item,
                    area=area,
                    week="horizon",
                    week_start=start,
                )
                for area, share in {"all": 1.0, **shares}.items()
            ]
            orders.append(
                {
                    "sector": code,
                    "item": item,
                    "unit": ITEMS[item][1],
                    "quantity": 231234.0,
                    "p50": 2e5,
                    "p80": 231234.0,
                    "p95": 2.8e5,
                    "packs": 231234,
                    "pack_name": "piece",
                    "tonnes": 1234.5,
                    "m3": 3456.0,
                    "cost_usd": 1.1e7,
                    "lead_time_days": 60.0,
                    "order_by": date(2020, 1, 10) if item == "ration" else date(2020, 2, 10),
                    "needed_from": date(2020, 3, 1),
                    "needed_before_arrival": 10.0,
                    "lack": {"tent": "life", "ration": "harm", "soap": "dignity"}.get(item, ""),
                    "shared": False,
                    "people_waiting": 2e4 if item == "ration" else 1e4,
                    "when": "late" if item == "ration" else "month",
                    "late_days": 11 if item == "ration" else 0,
                    "earliest": date(2020, 2, 5) if item == "flour" else date(2020, 3, 21),
                    "in_cost_total": True,
                    "supply_known": item == "tent",
                    "norm": 1.0,
                    "norm_source": "Handbook (2018-11-01)",
                    "confidence": "medium",
                    "second_hand": item == "soap",
                    "sources": "Handbook",
                }
            )
    costs.append(summary(3e7 * scale, "USD", sector="all", item="all"))
    drivers = [
        {
            "headline": "displaced_next",
            "input": "pace_decay",
            "share_of_variance": 0.61,
            "direction": "up",
            "if_low": 8e4,
            "if_high": 1.3e5,
            "source": "assumption (2020-01-02)",
        },
        {
            "headline": "displaced_next",
            "input": "what is true now (all reported figures together)",
            "share_of_variance": 0.22,
            "direction": "",
            "if_low": 9e4,
            "if_high": 1.1e5,
            "source": "reported figures",
        },
        {
            "headline": "cost",
            "input": "SHE/tent/price",
            "share_of_variance": 0.4,
            "direction": "up",
            "if_low": 3.5e7,
            "if_high": 4.6e7,
            "source": "Price survey (2019-05-01)",
        },
    ]
    across = [{"area": area, "largest_sector": 4e5, "independent": 5e5, "cap": 7e5} for area in ("north", "all")]
    return {
        "displacement": pd.DataFrame(displacement),
        "people": pd.DataFrame(people),
        "demand": pd.DataFrame(demand),
        "costs": pd.DataFrame(costs),
        "gap": pd.DataFrame(gap),
        "orders": pd.DataFrame(orders),
        "drivers": pd.DataFrame(drivers),
        "response": made_up_response(scale),
        **made_up_supply(scale),
        "across": pd.DataFrame(across),
        "causes": pd.DataFrame(
            [("displaced_next", "events", 0.6), ("displaced_next", "now", 0.3), ("cost", "prices", 0.5)],
            columns=["headline", "group", "share_of_variance"],
        ),
        **{name: tables.joined(name, []) for name in ("planning", "decisions", "information", "allocation")},
    }
