"""Rounding by hand: as many digits as the range supports, and parts that still add up."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from needscast.report.numbers import (
    change_on,
    is_sum,
    round_range,
    round_to,
    shared_out,
    step_of,
    step_of_change,
)
from needscast.report.values import Amount, Day, Many, Named, Range, Text
from needscast.report.words import Words

WORDS = Words("en")


@pytest.mark.parametrize(
    ("ends", "printed"),
    [
        ((3_414_406, 3_594_112, 3_773_818), "3.4–3.8 million people (80 % range), middle 3.6 million"),
        ((1_210_000, 1_320_000, 1_480_000), "1.21–1.48 million people (80 % range), middle 1.32 million"),
        ((1_150_000, 1_300_000, 1_480_000), "1.2–1.5 million people (80 % range), middle 1.3 million"),
        ((311_234, 352_345, 401_234), "310,000–400,000 people (80 % range), middle 350,000"),
        ((940_000, 1_070_000, 1_240_000), "0.94–1.24 million people (80 % range), middle 1.07 million"),
        ((0, 21_000, 300_000), "0–300,000 people (80 % range), middle 20,000"),
        ((26, 26, 26), "26 people"),
        ((1, 1, 1), "1 person"),
    ],
)
def test_a_range_prints_the_digits_that_it_supports(ends, printed):
    assert WORDS.say(Range(*ends, 0.8, "person")).replace("\u00a0", " ") == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Range(8.1e6, 1.0e7, 1.31e7, 0.8, "USD"), "USD 8–13 million (80 % range), middle 10 million"),
        (Range(0.117, 0.251, 0.42, 0.8, "share"), "12–42 % (80 % range), middle 25 %"),
        (Range(-30_000, 12_000, 48_000, 0.5, "person"), "−30,000 to 50,000 people (50 % range), middle 10,000"),
        (Amount(4_000_000, "person"), "4 million people"),
        (Amount(0.612, "share", 2), "61 %"),
        (Amount(350_000, "movement"), "350,000 movements"),
        (Day("2020-01-05"), "5 January 2020"),
        (Many(("a", "b", "c")), "a, b and c"),
        (Many(("a",)), "a"),
        (None, "not known"),
        (Named({"en": "Food", "fr": "Vivres"}), "Food"),
        (Named({"fr": "Vivres"}), "Vivres"),
        (Amount(12, "family_tent"), "12 (family tent)"),
    ],
)
def test_a_value_prints_with_its_unit_and_mass(value, printed):
    assert WORDS.say(value).replace("\u00a0", " ") == printed


def test_the_step_is_that_of_the_narrower_half():
    assert step_of(3_414_406, 3_594_112, 3_773_818) == 100_000
    assert step_of(0, 21_000, 300_000) == 10_000
    assert step_of(5, 5, 5) == 0


def test_a_number_is_rounded_half_away_from_zero():
    assert [round_to(value, 10) for value in (25, -25, 24.9, 0)] == [30, -30, 20, 0]
    assert round_to(0.25, 0.1) == 0.3


def test_a_long_tail_is_not_printed_to_the_last_digit_of_the_short_one():
    assert round_range(Range(0, 5, 299_987, 0.8, "person")) == (0, 5, 300_000)


def test_parts_are_a_sum_whatever_the_order_of_adding_and_not_when_one_is_missing():
    assert is_sum([0.1] * 10, 1.0) and is_sum([0, 0], 0) and is_sum([1e9, -1e9, 5], 5)
    assert not is_sum([1, 2], 4) and not is_sum([1e9, 1], 1e9 + 3)


def test_thirds_of_a_hundred_thousand_still_add_up():
    assert shared_out([33_333.3, 33_333.3, 33_333.4], 100_000, 1_000) == [33_000, 33_000, 34_000]


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=30), st.sampled_from([0.1, 1, 100, 10_000]))
def test_rounded_parts_add_up_to_the_rounded_total_and_stay_within_a_step(parts, step):
    rounded = shared_out(parts, sum(parts), step)
    assert sum(rounded) == pytest.approx(round_to(sum(parts), step), abs=step * 1e-6)
    assert all(abs(after - before) < step * 1.0001 for after, before in zip(rounded, parts, strict=True))


def test_a_text_within_a_text_is_filled_in():
    text = Text("headline.driver", {"input": Text("input.pace_decay"), "low": Amount(7.4e5), "high": Amount(1.2e6)})
    assert WORDS.say(text) == (
        "“pace of flight each week, as a share of the week before” "
        "(740,000 at its low end, 1.2\u00a0million at its high end)"
    )


def ranged(median, below, above, step=0.0):
    return Range(median * (1 - below), median, median * (1 + above), 0.8, "person", step)


SHARES = st.floats(0, 0.9)
RANGES = st.builds(ranged, st.floats(1, 1e8) | st.just(0.0), SHARES, SHARES)


@given(RANGES, st.lists(st.floats(-1e7, 1e7) | st.just(0.0), min_size=1, max_size=9), SHARES, SHARES, st.floats(0, 1e6))
def test_before_now_change_and_parts_add_up_as_printed(before, parts, below, above, chance):
    assume(before.median + sum(parts) >= 1)
    now = ranged(before.median + sum(parts), below, above)
    step = step_of_change(before, now, parts, chance)
    middles = [round_range(replace(each, step=step))[1] for each in (before, now)]
    change = change_on(before, now, step)
    dust = 1e-9 * max(*middles, *map(abs, parts), 1)
    assert change == pytest.approx(middles[1] - middles[0], abs=dust)
    shown = shared_out(parts, change, step)
    assert sum(shown) == pytest.approx(change, abs=dust)
    assert all(abs(printed - part) <= step * 1.0001 for printed, part in zip(shown, parts, strict=True))
    assert all(printed == 0 for printed, part in zip(shown, parts, strict=True) if part == 0)


@pytest.mark.parametrize(
    ("before", "now", "parts", "chance", "step"),
    [
        ((50_000, 130_000, 280_000), (60_000, 157_000, 360_000), (103_000, -76_000), 9_000, 10_000),
        # the coarser of the two ranges decides
        ((500_000, 700_000, 900_000), (540_000, 680_000, 820_000), (-20_000,), 30_000, 100_000),
        # 4,044,000 and 4,090,000 would look 100,000 apart and are 46,000
        ((3_700_000, 4_044_000, 4_300_000), (3_800_000, 4_090_000, 4_300_000), (46_000,), 20_000, 10_000),
        ((3_700_000, 4_044_000, 4_300_000), (3_800_000, 4_090_000, 4_300_000), (46_000,), 50_000, 100_000),
        # two parts of more than chance that nearly cancel out
        ((900_000, 1_310_000, 1_900_000), (900_000, 1_320_000, 1_900_000), (130_000, -120_000), 90_000, 100_000),
        # ... and would be lost
        ((900_000, 1_310_000, 1_900_000), (900_000, 1_320_000, 1_900_000), (40_000, -30_000), 20_000, 10_000),
        # a range that has become narrow is still printed as one
        ((50_000, 150_000, 280_000), (150_100, 150_400, 150_900), (400,), 9_000, 1_000),
    ],
)
def test_a_change_is_printed_on_the_step_of_its_ranges_unless_it_would_be_lost(before, now, parts, chance, step):
    assert step_of_change(Range(*before, 0.8), Range(*now, 0.8), parts, chance) == step
