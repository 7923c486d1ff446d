"""The shipped crisis as it was known on earlier days: the chain runs and every section of the reports stands."""

from datetime import date

import pytest

from needscast import report
from needscast.chain import estimate_all
from needscast.comparison import compare
from needscast.report.formats import html
from needscast.report.sections import COMPARISON, SCENARIO
from needscast.report.values import Day
from needscast.report.words import Words

pytestmark = pytest.mark.prove
DAYS = [date(2019, 12, 2), date(2019, 12, 20), date(2020, 1, 8), date(2020, 1, 20)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_report_of_an_earlier_day_knows_nothing_later_and_says_everything_it_can(day):
    results = estimate_all("nw-syria-2020", as_of=day, draws=128)
    assert results[0].crisis.reference_date == day
    assert results[0].crisis.figures["published"].max().date() <= day
    scenario, comparison = report.page(results[0]), report.page(compare(results))
    shown = [scenario.show("cover"), *map(scenario.show, SCENARIO), *map(comparison.show, COMPARISON)]
    assert Words("en").say(Day(str(day))) in html.page(tuple(shown), "en")
