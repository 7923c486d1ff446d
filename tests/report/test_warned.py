"""What the nowcast warns of stands on the first page, before any range is used."""

import pytest
from made_up_report import made_up_results
from reading import WORDS

from needscast import report
from needscast.report.words import Words

LOW = {"low_p10": 94_000.0, "low_p50": 123_000.0, "low_p90": 164_000.0, "low_share": 0.6}
HIGH = {"high_p10": 796_000.0, "high_p50": 980_000.0, "high_p90": 1_220_000.0}
STORIES = {f"idp_stock/{key}": value for key, value in (LOW | HIGH).items()}


def sure(**diagnostics):
    results = made_up_results()
    results.nowcast.diagnostics.update(diagnostics)
    (sentence,) = report.page(results).show("sure").blocks
    return WORDS.say(sentence.text).replace("\u00a0", " ").replace("\u2060", "")


def test_where_the_figures_tell_one_story_nothing_is_warned_of():
    assert sure().startswith("The high end is")


def test_two_stories_are_told_first_with_the_range_of_either_and_its_share():
    told = sure(**STORIES, converged="warning")
    assert told.startswith("Of displaced people present now the figures tell two stories that lie far apart: ")
    assert "90,000–160,000 people in 60 % of the modelled worlds, 0.8–1.2 million people in the others" in told
    assert "Runs agree only roughly" not in told  # of two stories every run has other shares


@pytest.mark.parametrize(
    ("diagnostics", "words"),
    [
        ({"newest_far": "F6, F9"}, "The newest word of its source lies far from the estimate"),
        ({"newest_far": "F6, F9"}, "reported figures of that kind: 2."),
        ({"check_p": 0.001}, "contradict each other more than chance allows"),
        ({"converged": "warning: R-hat 1.10"}, "Runs agree only roughly with each other"),
    ],
)
def test_each_warning_of_the_nowcast_is_told(diagnostics, words):
    assert words in sure(**diagnostics)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_two_stories_are_told_in_every_language(language):
    results = made_up_results()
    results.nowcast.diagnostics.update(STORIES)
    (sentence,) = report.page(results).show("sure").blocks
    assert "{" not in Words(language).say(sentence.text)
