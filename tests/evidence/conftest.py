import pytest


@pytest.fixture(autouse=True, scope="module")
def nothing_is_kept():
    """Every module samples for itself: no block of draws comes from, or goes to, the store of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEEDSCAST_CACHE", "off")
        yield
