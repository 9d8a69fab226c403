"""Recognise retry loops: is this loop a retry, in which shape, and what does it do?

Rules: everything here is a guess that the proof judges; what is called a retry must be one in 95 of 100 cases, and a
retry that can't be rewritten says why. No code of a scanned repository is imported or executed.
"""

from mulligan_codemods.recognise.sites import recognise

__all__ = ["recognise"]
