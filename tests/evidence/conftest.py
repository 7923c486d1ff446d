import pytest


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch):
    """Every test samples for itself: no block of draws comes from, or goes to, the store of this machine."""
    monkeypatch.setenv("NEEDSCAST_CACHE", "off")
