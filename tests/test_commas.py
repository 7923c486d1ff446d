"""Tables as text are what pandas writes, byte for byte."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from needscast.commas import parts_of

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.sampled_from([1, 1.0, True])
)


def of_pandas(table):
    return table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode()


@given(st.lists(st.tuples(CELLS, CELLS, st.floats()), min_size=1))
def test_any_cells_are_written_as_pandas_writes_them(rows):
    mixed, other, numbers = zip(*rows, strict=True)
    table = pd.DataFrame({"a": pd.Series(mixed, dtype=object), "x": numbers, "b": pd.Series(other, dtype=object)})
    assert b"".join(parts_of(table)) == of_pandas(table)


PLAIN = st.floats(1e-4, 1e16, exclude_max=True)


@given(st.lists(st.tuples(st.one_of(PLAIN, PLAIN.map(lambda size: -size), st.just(np.nan), st.just(0.0)), st.text())))
def test_numbers_of_people_and_money_are_written_as_pandas_writes_them(rows):
    numbers, words = [row[0] for row in rows], [row[1] for row in rows]
    table = pd.DataFrame({"number": pd.Series(numbers, dtype=float), "word": pd.Series(words, dtype=str)})
    assert b"".join(parts_of(table)) == of_pandas(table)


def test_a_table_of_estimates_is_written_as_by_hand():
    table = pd.DataFrame(
        {
            "area": ["Idleb, city", 'the "camp"', "all"],
            "week": np.array([0, 1, "horizon"], dtype=object),
            "week_start": np.array([date(2020, 1, 21), None, date(2020, 1, 28)], dtype=object),
            "published": pd.to_datetime(["2020-01-01", None, "2020-01-03"]),
            "median": [0.1, np.nan, 1e16],
            "count": [1, 2, 3],
            "sources": ["a; b", "", "line\nbreak"],
        }
    )
    assert b"".join(parts_of(table)).decode() == (
        "area,week,week_start,published,median,count,sources\n"
        '"Idleb, city",0,2020-01-21,2020-01-01,0.1,1,a; b\n'
        '"the ""camp""",1,,,,2,\n'
        'all,horizon,2020-01-28,2020-01-03,1e+16,3,"line\nbreak"\n'
    )
    assert b"".join(parts_of(table)) == of_pandas(table)


def test_a_table_without_rows_is_its_names():
    assert b"".join(parts_of(pd.DataFrame(columns=["a", "b,c"]))) == b'a,"b,c"\n'
