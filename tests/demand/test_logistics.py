"""Trucks, floor and crossings: cases worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from needscast.demand.logistics import Crossings, order_by, trucks, warehouse_floor
from needscast.draws import Draws
from needscast.errors import InputError
from needscast.inputs import read_crisis

REFERENCE = date(2020, 1, 21)


def crossings(*rows):
    columns = ["crossing", "opens", "closes", "trucks_low", "trucks", "trucks_high", "mass"]
    table = pd.DataFrame(rows, columns=columns).assign(payload_tonnes=20.0, payload_m3=60.0)
    table = table.astype({"trucks_low": float, "trucks": float, "trucks_high": float})
    return Crossings(table.assign(opens=pd.to_datetime(table["opens"]), closes=pd.to_datetime(table["closes"])))


# Security Council resolution 2504 (2020): two crossings, from 10 January to 10 July 2020.
OF_2504 = crossings(
    ("bab-al-hawa", "2020-01-10", "2020-07-10", 100, 100, 100, 0.8),
    ("bab-al-salam", "2020-01-10", "2020-07-10", 40, 40, 40, 0.8),
)


def test_a_month_of_full_rations_for_a_hundred_thousand_people_is_84_trucks_of_20_tonnes():
    # 0.555 kg a day x 30 days x 100,000 people = 1,665 t; at 1.7 m3 a tonne 2,830 m3 fill only 48 trucks.
    assert trucks(1665, 1665 * 1.7, 20, 60) == 84


def test_light_goods_fill_a_truck_before_they_load_it():
    # 3,000 tents of 55 kg and 0.282 m3: 165 t are 9 trucks, 846 m3 are 15.
    assert trucks(165, 846, 20, 60) == 15


def test_a_full_truck_more_is_a_truck_and_nothing_needs_none():
    assert [trucks(tonnes, 0, 20, 60) for tonnes in (0, 20, 20.1)] == [0, 1, 2]


def test_goods_stacked_two_metres_high_on_seven_tenths_of_the_floor():
    assert warehouse_floor(1400) == pytest.approx(1000)


def test_an_order_for_a_day_on_which_every_crossing_is_closed_must_be_across_before():
    # Needed on 20 July, lead time 60 days: across by 10 July, so ordered by 11 May and not by 21 May.
    assert order_by(date(2020, 7, 20), 60, OF_2504, REFERENCE) == date(2020, 5, 11)


def test_an_order_for_an_open_day_follows_its_lead_time_alone():
    assert order_by(date(2020, 4, 1), 60, OF_2504, REFERENCE) == date(2020, 2, 1)


def test_where_no_crossing_is_listed_nothing_is_closed():
    assert order_by(date(2020, 7, 20), 60, crossings(), REFERENCE) == date(2020, 5, 21)


def test_a_crossing_that_opens_again_takes_the_later_window():
    again = crossings(
        ("bridge", "2020-01-10", "2020-02-10", None, None, None, 0.8),
        ("bridge", "2020-03-10", None, None, None, None, 0.8),
    )
    assert again.last_open_day(date(2020, 3, 1), REFERENCE) == date(2020, 2, 10)
    assert again.last_open_day(date(2020, 3, 20), REFERENCE) == date(2020, 3, 20)
    assert again.is_open(date(2021, 1, 1)) and not again.is_open(date(2020, 2, 20))


def test_capacity_ends_with_the_day_on_which_the_crossing_closes():
    # Week 25 from 21 January runs from 7 to 13 July: four of its seven days lie before the crossings close.
    found = OF_2504.weekly_trucks(REFERENCE, [1, 25, 26], Draws(4, 0))
    assert found[:, 0].tolist() == pytest.approx([140, 140 * 4 / 7, 0])


def test_a_crossing_without_a_capacity_is_not_a_capacity_of_zero():
    assert (
        crossings(("gate", "2020-01-10", None, None, None, None, 0.8)).weekly_trucks(REFERENCE, [1], Draws(4, 0))
        is None
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2020-07-10", "2019-07-10", "crossings.csv:2:closes: '2019-07-10' is before it opens"),
        (",120,200,320,", ",120,,320,", "crossings.csv:2:trucks: gives only a part of the range"),
        (",120,200,320,", ",420,200,320,", "crossings.csv:2:trucks: 420, 200, 320 are not in order"),
        ("bab-al-salam,", "bab-al-hawa,", "stands in row 2 already"),
        (",20,60,", ",0,60,", "crossings.csv:2:payload_tonnes"),
    ],
)
def test_a_crossing_that_cannot_be_is_named_by_row(tmp_path, old, new, said):
    from needscast.inputs.shipped import data_path

    there = data_path("crises") / "nw-syria-2020"
    made = tmp_path / "nw"
    made.mkdir()
    for file in there.rglob("*"):
        target = made / file.relative_to(there)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file():
            target.write_bytes(file.read_bytes())
    table = (made / "crossings.csv").read_text().replace(old, new)
    (made / "crossings.csv").write_text(table)
    with pytest.raises(InputError) as found:
        read_crisis(made)
    assert any(said in str(problem) for problem in found.value.problems)


def test_the_capacity_of_the_shipped_crossings_is_a_range():
    crisis = read_crisis("nw-syria-2020")
    weekly = Crossings(crisis.crossings).weekly_trucks(crisis.reference_date, [1], Draws(1024, 0))
    low, high = np.quantile(weekly[0], [0.1, 0.9])
    assert 150 < low < 260 < high < 440
