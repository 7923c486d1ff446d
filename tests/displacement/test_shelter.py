"""Where people sleep: shares of those with room, and no bed left for those beyond the capacity of their zone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from needscast.displacement.shelter import displaced_and_crowded, sheltered
from needscast.vocabulary import GROUPS, SHELTERS

HALF_IN_CAMPS = np.array([[0.5], [0.2], [0.1], [0.15], [0.05]])


def test_the_displaced_split_by_their_shares():
    people = sheltered(np.array([[1000.0]]), np.array([[0.0]]), HALF_IN_CAMPS)
    assert people[:, 0, 0].tolist() == [500, 200, 100, 150, 50]


def test_whoever_finds_no_room_is_in_unfinished_buildings_or_on_open_ground():
    # 600 with room: 300, 120, 60, 90, 30; 400 without: three quarters and one quarter of the last two.
    people = sheltered(np.array([[1000.0]]), np.array([[400.0]]), HALF_IN_CAMPS)
    assert people[:, 0, 0].tolist() == [300, 120, 60, 390, 130]


def test_only_the_displaced_of_a_zone_can_be_beyond_its_capacity():
    people = np.zeros((len(GROUPS), 3, 1))
    people[GROUPS.index("host"), :, 0] = [900, 900, 1200]
    people[GROUPS.index("newly_displaced"), :, 0] = [300, 50, 70]
    displaced, crowded = displaced_and_crowded(people, np.full((3, 1), 1000.0))
    assert displaced.tolist() == [420]
    assert crowded.tolist() == [200 + 0 + 70]


@settings(max_examples=60)
@given(
    hnp.arrays(float, (2, 3), elements=st.integers(0, 10**6).map(float)),
    hnp.arrays(float, (2, 3), elements=st.floats(0, 1)),
    hnp.arrays(float, (len(SHELTERS), 3), elements=st.floats(0, 1)),
)
def test_every_displaced_person_sleeps_somewhere(displaced, share, shares):
    people = sheltered(displaced, np.floor(displaced * share), shares)
    assert np.array_equal(people.sum(axis=0), displaced)
    assert people.min() >= 0
    assert np.array_equal(people, np.floor(people))
