"""Retries where a client library has a place for them: one small module for each library, each an extra of that name.

- `mulligan.integrations.httpx`: transports for `httpx.Client` and `httpx.AsyncClient`.
- `mulligan.integrations.requests`: an adapter for `requests.Session`.
- `mulligan.integrations.aiohttp`: a client middleware for `aiohttp.ClientSession`.
- `mulligan.integrations.http`: what they share, in the standard library alone: which requests may be repeated, what
  servers say about when, and what an answer means.

Rules: nothing is imported here, so that each library is imported by its own module alone.
"""
