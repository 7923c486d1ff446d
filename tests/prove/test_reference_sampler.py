"""The engine against a plain sampler of another kind, on three simulated registers."""

import emcee
import numpy as np
import pytest
from reference_sampler import reference_draws, split_rhat
from simulated_register import ONSET, simulate
from threadpoolctl import threadpool_limits

from needscast.evidence import engine
from needscast.evidence.behaviour import shipped
from needscast.evidence.prepare import prepare

pytestmark = pytest.mark.prove

REGISTERS = (71, 72, 73)
ERRORS, SDS, RHAT = 3.0, 0.1, 1.01
KEPT, THIN = 32, 3


def watched(evidence, draws):
    """Return logarithms of what matters, chains x draws each."""
    world, model = evidence.posterior.world(draws.reshape(-1, draws.shape[-1])), evidence.model
    people = world.flow.value @ model.since_onset
    numbers = {
        "displaced since the onset": people,
        "movements": people * model.ratio(world, ONSET, model.weeks.reference),
        "displaced people": world.idp.value.sum(axis=1),
        "population": world.population.value.sum(axis=1),
    }
    return {name: np.log(value).reshape(draws.shape[:2]) for name, value in numbers.items()}


def effective(values):
    """Return effective draws of chains x draws, by emcee's integrated autocorrelation time."""
    return values.size / emcee.autocorr.integrated_time(values.T[:, :, None], quiet=True)[0]


@pytest.mark.parametrize("seed", REGISTERS)
def test_the_engine_agrees_with_a_plain_sampler(seed):
    evidence = prepare(simulate(seed).crisis, shipped())
    target, size = evidence.posterior.log_likelihood, evidence.posterior.size
    with threadpool_limits(limits=1, user_api="blas"):
        plain = watched(evidence, reference_draws(target, size, np.random.default_rng(seed)))
        run = engine.sample(target, size, kept=KEPT, thin=THIN, generator=np.random.default_rng(seed + 1))
    ours = watched(evidence, run.z)
    for name, reference in plain.items():
        assert split_rhat(reference) < RHAT, name
        sd, found = reference.std(), ours[name]
        of_chains = found.mean(axis=1).var(ddof=1) / len(found)  # chains are independent: the error of their mean
        error = np.sqrt(sd**2 / effective(reference) + of_chains)
        apart = abs(found.mean() - reference.mean())
        assert apart < ERRORS * error, (name, apart / error)
        assert apart < SDS * sd, (name, apart / sd)
        assert np.log(found.std() / sd) == pytest.approx(0, abs=0.1), name
