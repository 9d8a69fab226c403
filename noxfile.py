"""The suite on every supported Python that is present, and with the lowest dependencies that are admitted.

    nox                                   # tests on 3.11, 3.12 and 3.13, and lowest
    nox -s tests-3.13 -- tests/executors  # some of them on one

Rules: a Python that isn't there is skipped, and nox says so; nothing is downloaded in its place. `make pythons` and
`make lowest` install nox and run these.
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


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the suite with the newest dependencies."""
    _install(session, "highest")
    _run(session)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the suite with the lowest versions of what `pyproject.toml` names."""
    _install(session, "lowest-direct")
    _run(session)


def _install(session: nox.Session, resolution: str) -> None:
    session.env["UV_PYTHON_DOWNLOADS"] = "never"
    session.run_install(
        *("uv", "pip", "install", "--quiet", "--resolution", resolution, "--editable", ".[all]", "--group", "test"),
        external=True,
    )


def _run(session: nox.Session) -> None:
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    session.run("pytest", *EXAMPLES)
    session.run("pytest", "tests", *PARALLEL)
