"""Files of policies: `policies.toml`, or `[tool.mulligan.policies.*]` in `pyproject.toml`.

Rules: the stages are pure functions over values, one file each: reading (text → tables with their lines), inheritance
(tables → settings in full), names (error sets → exception names → classes), making (settings → policies). A `document`
is what comes out without an import. Only `loaded` keeps anything, and only `names` imports what a file names.
"""
