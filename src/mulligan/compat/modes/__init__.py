"""The modes that run an original: `legacy`, and `shadow` with the engine beside it; one file a library.

Rules: imported when a site first runs in one of these modes. An original gets what its shim was given.
"""
