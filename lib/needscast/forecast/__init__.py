"""A reported series -> its future, learned from past crises; and how good such forecasts have been.

>>> from needscast.forecast import forecast, hindcast
>>> forecast("series.csv", as_of="2020-01-21", horizons=(2, 4, 8, 12)).table
>>> hindcast("folder/of/series").scores
"""

from needscast.forecast.hindcast import Hindcast, hindcast, write_hindcast
from needscast.forecast.levels import LEVELS
from needscast.forecast.predict import HORIZONS, Forecast, forecast
from needscast.forecast.scores import width_factors

__all__ = ["HORIZONS", "LEVELS", "Forecast", "Hindcast", "forecast", "hindcast", "width_factors", "write_hindcast"]
