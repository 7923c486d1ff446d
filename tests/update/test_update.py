"""Two versions of a crisis: what differs, what stands between them, and a change that its parts explain."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from needscast.draws import Range
from needscast.errors import NeedscastError
from needscast.inputs import Inputs
from needscast.update import update
from needscast.update.mixture import CAUSES, causes_between, mixture

TABLES = ("figures", "sources", "areas", "stocks", "pipeline", "response", "crossings")


def test_the_causes_are_what_differs(made):
    assert made.causes == ("time", "new_figures", "corrections", "movement", "supply")
    assert dict(made.figures.itertuples(index=False)) == {
        **dict.fromkeys(["T2", "T3", "T4", "T5", "T6"], "corrected"),
        "T7": "new",
    }
    changed = {change.name: (change.before.range.best, change.after.range.best) for change in made.inputs}
    assert changed == {"pace_decay": (0.6, 0.5)}


def test_an_area_without_a_rate_of_its_own_had_the_general_one_and_no_population_of_all(versions, without_doubt):
    before, after = versions
    earlier = replace(before, inputs=Inputs.of(row for row in before.inputs if row.name != "population/front"))
    own = replace(after.inputs.find("pace_decay"), name="pace_decay/front", range=Range(0.5, 0.55, 0.6, 0.8, "share"))
    later = replace(after, inputs=Inputs.of([*after.inputs, own]))
    found = update(later, "as-now", before=earlier, draws=64, seed=0).inputs
    changed = {change.name: change for change in found}
    assert changed["pace_decay/front"].before == before.inputs.find("pace_decay")
    assert earlier.inputs.has("population") and changed["population/front"].before is None


def test_the_parts_of_every_headline_add_up_to_its_change(made):
    whole = made.parts.groupby("headline")["change"].sum()
    change = made.moves.set_index("headline")["change"]
    assert len(change) > 10
    np.testing.assert_allclose(whole[change.index], change, rtol=1e-9, atol=1e-6)


def test_the_parts_are_those_worked_out_by_hand(made):
    """1,000 more had fled. Next, a tenth of those who fled do in the first week, then a share of who is left, decaying.

    900 at 0.6:   900 + 39,100 x 0.0135  + 38,572 x 0.0081   + 38,260 x 0.00486   = 1,926.2 (before)
    1,000 at 0.6: 1,000 + 39,000 x 0.015 + 38,415 x 0.009    + 38,069 x 0.0054    = 2,136.3
    900 at 0.5:   900 + 39,100 x 0.01125 + 38,660 x 0.005625 + 38,443 x 0.0028125 = 1,665.5
    1,000 at 0.5: 1,000 + 39,000 x 0.0125 + 38,512 x 0.00625 + 38,271 x 0.003125  = 1,848.8 (now)
    Corrected figures: (210.1 + 183.3) / 2 = 196.7; rates: (-260.7 - 287.5) / 2 = -274.1; people are whole.
    """
    parts = made.parts.set_index(["headline", "cause"])["change"]
    assert parts["displaced_since_onset"].to_dict() == {
        "time": 0,
        "new_figures": 0,
        "corrections": 1000,
        "movement": 0,
        "supply": 0,
    }
    assert parts["displaced_next"].to_dict() == pytest.approx(
        {"time": 0, "new_figures": 0, "corrections": 196.7, "movement": -274.1, "supply": 0}, abs=1
    )


def test_all_causes_together_make_the_later_crisis_and_none_the_earlier(versions):
    before, after = versions
    for acted, wanted in ((set(), before), (set(CAUSES), after)):
        between = mixture(before, after, acted)
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(between, name), getattr(wanted, name), check_dtype=False)
        assert between.settings == wanted.settings and between.inputs.by_name == dict(wanted.inputs.by_name)
        assert (between.reference_date, between.sectors) == (wanted.reference_date, wanted.sectors)


def test_a_figure_that_is_gone_is_withdrawn_and_its_source_is_still_there(versions):
    before, after = versions
    between = mixture(after, before, {"time"})
    assert "T7" in set(between.figures["figure_id"]) <= set(after.figures["figure_id"])
    assert set(between.figures["source"]) <= set(between.sources["source"])
    assert causes_between(after, before, (after.scenarios[0],) * 2)[2] == "movement"


def test_nothing_changed_is_no_change(versions, without_doubt):
    after = versions[1]
    same = update(after, "as-now", before=after, draws=64, seed=0)
    assert same.causes == () and same.figures.empty and same.inputs == ()
    assert (same.moves["change"] == 0).all() and same.parts.empty


def test_other_zones_cannot_be_shared_out(versions):
    before, after = versions
    other = replace(before, areas=before.areas[before.areas["area"] != "safe"])
    with pytest.raises(NeedscastError, match="zones are front before and front, safe after"):
        mixture(other, after, {"time"})


def test_what_an_update_needs_is_said(versions):
    before, after = versions
    with pytest.raises(NeedscastError, match="a crisis that was read cannot be read again"):
        update(after, since=date(2020, 1, 7))
    with pytest.raises(NeedscastError, match=r"2020-01-21 is not before 2020-01-21"):
        update("nw-syria-2020", since=date(2020, 1, 21))
    with pytest.raises(NeedscastError, match="scenario of both versions 'as-nwo'.*did you mean 'as-now'"):
        update(after, "as-nwo", before=before)
