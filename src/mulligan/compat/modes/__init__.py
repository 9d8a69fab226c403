"""The modes that run an original: `legacy`, and `shadow` with the engine beside it.

Rules: one file for each library, and one for a team's own helper; imported when a site first runs in one of these
modes. An original gets what its shim was given.
"""
