"""Results of the small made-up crisis, in both editions."""

from types import SimpleNamespace

import pytest
from made_up_report import made_up_results


@pytest.fixture(scope="session")
def results() -> SimpleNamespace:
    return made_up_results()


@pytest.fixture(scope="session")
def internal() -> SimpleNamespace:
    return made_up_results(readership="internal")
