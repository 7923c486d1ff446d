"""A crisis of which the response is known and nothing else; like every crisis it equals no other."""

from types import SimpleNamespace


class Told(SimpleNamespace):
    __hash__ = object.__hash__
