import os

import pytest
from hypothesis import settings

from needscast import processor

os.environ.update(processor.environment())  # before numpy is loaded: as every process of ours

# No test is timed: a busy machine is no fault of the code.
settings.register_profile("needscast", deadline=None)
settings.load_profile("needscast")


def pytest_collection_modifyitems(items):
    """Put the long campaigns first, so that no worker begins one when the others are nearly done."""
    items.sort(key=lambda item: item.path.parent.name != "prove")


@pytest.fixture(scope="session")
def kernels():
    """Kernels as a render forks them: what they import is imported once."""
    from needscast.press.kernel import Kernels

    made = Kernels(warm=True)
    yield made
    made.stop()
