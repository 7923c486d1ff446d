"""Special groups: how many of the displaced are children, women of child-bearing age, older people, with a disability.

They size supplies and services. Their shares are uncertain inputs of the crisis, ``share_<group>``; groups overlap, so
they are never added. Shares for sexual violence or for children alone are none of these groups, and are never people.
"""

from __future__ import annotations

from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import Inputs
from needscast.vocabulary import SPECIAL_GROUPS


def special_groups(people: Estimate, inputs: Inputs, draws: Draws) -> dict[str, Estimate]:
    """Return the people of each special group whose share the crisis gives, by the labels of ``people``. [person]"""
    return {
        group: people.times(inputs.draw(f"share_{group}", draws), name=f"displaced people, {group}")
        for group in SPECIAL_GROUPS
        if inputs.has(f"share_{group}")
    }
