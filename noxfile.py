"""The suite on every supported Python that is present, and with the lowest dependencies that are admitted.

    nox                                   # tests on 3.11, 3.12 and 3.13, and lowest
    nox -s tests-3.13 -- tests/executors  # some of them on one

Rules: a Python that isn't there is skipped, and nox says so; nothing is downloaded in its place. `lowest` runs on the
Python that runs nox. `make pythons` and `make lowest` install nox and run these.
"""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["tests", "lowest"]

PYTHONS = ("3.11", "3.12", "3.13")
EXAMPLES = ("src", "codemods", "docs", "README.md")
PARALLEL = ("--numprocesses", "auto", "--dist", "loadgroup")
FOLDERS = ("cli", "config", "guards/stores", "integrations", "observe", "codemods/emit", "codemods/report")
DEPENDING = (*(f"tests/{folder}" for folder in FOLDERS), *PARALLEL)
"""The tests whose subjects use another library."""


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the suite with the newest dependencies."""
    _install(session)
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    session.run("pytest", *EXAMPLES)
    session.run("pytest", "tests", *PARALLEL)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run what uses another library with the lowest versions that extras admit; tools of the tests are the newest."""
    pins = session.create_tmp() + "/lowest.txt"
    resolution = ("--no-deps", "--resolution", "lowest-direct", "--extra", "all")
    session.run_install("uv", "pip", "compile", "--quiet", *resolution, "pyproject.toml", "-o", pins, external=True)
    _install(session, "--constraint", pins)
    for chosen in (session.posargs,) if session.posargs else (EXAMPLES[:2], DEPENDING):
        session.run("pytest", "-W", "default", *chosen)  # what old versions warn of beside new tools is theirs


def _install(session: nox.Session, *options: str) -> None:
    session.env["UV_PYTHON_DOWNLOADS"] = "never"
    packages = ("--editable", ".[all]", "--group", "test")
    session.run_install("uv", "pip", "install", "--quiet", *options, *packages, external=True)
