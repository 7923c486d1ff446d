"""Measurements: `make bench` prints what was measured beside its target and its floor, in one run on one machine."""
