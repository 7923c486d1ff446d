"""The fit: nested by crisis, written as coefficients only, read back as the same model."""

import json

import numpy as np
import pytest
from made_up_series import Folder, day

from needscast.errors import NeedscastError
from needscast.forecast.fitting import main
from needscast.forecast.model import from_numbers, model_without, shipped_coefficients, shipped_series
from needscast.forecast.past import cases
from needscast.forecast.truth import crisis, learning_cases
from needscast.inputs.series import read_folder


def crises(folder, *names):
    """Write series that rise at different paces, a crisis each."""
    for number, name in enumerate(names):
        days = range(0, 120, 10 + number)
        folder.series(name, [(ago, 20_000 * (number + 1) + 900 * ago + 77 * (ago % 7)) for ago in days])
    return folder.index(*((name, {"onset_date": str(day(-number))}) for number, name in enumerate(names))).path


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A folder of three crises that travel, and one that only lends its experience."""
    own = crises(Folder(tmp_path_factory.mktemp("own")), "one", "two", "three")
    lent = crises(Folder(tmp_path_factory.mktemp("lent")), "four")
    return own, main([own, lent])


@pytest.mark.prove
def test_there_is_one_set_of_coefficients_for_each_crisis_left_out_and_one_of_all(fitted):
    assert set(json.loads(fitted[1].read_text())["models"]) == {"", "one", "two", "three", "four"}


@pytest.mark.prove
def test_no_figure_of_any_series_is_written_with_the_coefficients(fitted):
    text = fitted[1].read_text()
    printed = {f"{value:.0f}" for series in read_folder(fitted[0]) for value in series.values}
    assert not [figure for figure in printed if figure in text]


@pytest.mark.prove
def test_the_written_numbers_give_a_model_whose_quantiles_are_in_order(fitted):
    own, path = fitted
    many = read_folder(own)
    past = learning_cases(many)
    model = from_numbers(json.loads(path.read_text())["models"]["one"], past[past["group"] != "one"])
    found = model.quantiles(cases(many[0], [0, 3], (1, 4, 26)))
    assert np.all(np.diff(found, axis=1) >= 0)


def test_fewer_than_four_crises_with_an_onset_are_too_few_to_choose_on(folder):
    with pytest.raises(NeedscastError, match="4 crises with a known onset"):
        main([crises(folder, "one", "two", "three")])


def test_every_shipped_crisis_has_a_set_of_coefficients_that_never_saw_it():
    assert {crisis(series) for series in shipped_series()} <= set(shipped_coefficients()["models"])


def test_analogues_of_a_crisis_left_out_are_not_among_the_past_cases():
    without = model_without(["palu"])
    sizes = [len(model.dated[2].growth) for model in (model_without(), without)]
    past = learning_cases(shipped_series())
    own = past[(past["group"] == "palu") & past["age"].notna()]
    assert sizes[0] - sizes[1] == len(own) > 0


def test_several_crises_can_be_left_out_at_once():
    model = model_without(["palu", "car"])
    series = next(one for one in shipped_series() if crisis(one) == "palu")
    assert np.all(np.isfinite(model.quantiles(cases(series, [2], (2, 26)))))
