"""mulligan: retries as values, in sync and async code."""

__version__ = "0.1.0"
