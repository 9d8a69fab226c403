"""The originals' own test suites, run on the originals and on the shims, and compared test by test.

    python -m tests.compat.upstream [--folder DIR] [LIBRARY ...]

Each suite has an environment of its own, with the versions of its time. It runs from a folder that holds nothing but
the tests; the shims are served as `mulligan run --intercept` serves them, and a plugin makes sure which of the two was
tested. retry's suite comes with its distribution. The other two are read from checkouts whose paths are in
MULLIGAN_UPSTREAM_RETRYING (groodt/retrying at v1.4.2) and MULLIGAN_UPSTREAM_BACKOFF (litl/backoff at v2.2.1); without
them those suites are skipped, which counts as a difference where CI is `true`. `make test-full` runs all of them.
"""

# ruff: noqa: T201 - a command of its own, which prints

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mulligan.compat.interception import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOURCE = Path(__file__).parents[2] / "src"
PLUGIN = '''"""Make sure which of the two is tested."""
import importlib, os

def pytest_configure(config):
    file = importlib.import_module(os.environ["UPSTREAM_LIBRARY"]).__file__
    shim = os.path.join("mulligan", "compat") in file
    assert shim is (os.environ["UPSTREAM_SIDE"] == "shim"), file
'''


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A library's own tests."""

    library: str
    requirements: tuple[str, ...]
    tests: int
    paths: tuple[str, ...]
    checkout: str | None = None
    deselected: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tests that are left out, with the reason."""
    exceptions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tests that pass on the original and not on the shim, with the reason."""


SUITES = (
    Suite(
        library="retrying",
        requirements=("retrying==1.4.2", "pytest>=8"),
        tests=26,
        paths=("test_retrying.py",),
        checkout="MULLIGAN_UPSTREAM_RETRYING",
        deselected={"LoadTest": "it measures the machine's speed, for 24 seconds"},
    ),
    Suite(library="retry", requirements=("retry==0.9.2", "pytest>=8"), tests=9, paths=("tests",)),
    Suite(
        library="backoff",
        requirements=("backoff==2.2.1", "pytest<8", "pytest-asyncio==0.21.1", "requests", "responses"),
        tests=119,
        paths=("tests",),
        checkout="MULLIGAN_UPSTREAM_BACKOFF",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suites, print what they found, and answer how many differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.compat.upstream", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help="retrying, retry, backoff; all when left out")
    parser.add_argument("--folder", type=Path, help="keep the environments here, to run again sooner")
    options = parser.parse_args(arguments)
    chosen = [suite for suite in SUITES if not options.libraries or suite.library in options.libraries]
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        return sum(_compare(suite, folder) for suite in chosen)


def _compare(suite: Suite, folder: Path) -> bool:
    """Run one suite on both sides; answer whether it finds what it should not."""
    checkout = None if suite.checkout is None else os.environ.get(suite.checkout)
    if suite.checkout is not None and not checkout:
        print(f"{suite.library:<9} skipped: set {suite.checkout} to a checkout of its repository")
        return os.environ.get("CI") == "true"
    python = _environment(suite, folder / suite.library)
    tests = _tests(suite, python, checkout, folder / f"{suite.library}-tests")
    original, shim = (_outcomes(suite, python, tests, side) for side in ("original", "shim"))
    return _report(suite, original, shim)


def _environment(suite: Suite, folder: Path) -> Path:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *suite.requirements], check=True)  # noqa: S603
    return python


def _tests(suite: Suite, python: Path, checkout: str | None, folder: Path) -> Path:
    """Copy the tests, and nothing else, to a fresh folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if checkout is None:
        found = f"import {suite.library}, pathlib; print(pathlib.Path({suite.library}.__file__).parent)"
        origin = subprocess.run([python, "-c", found], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    else:
        origin = checkout
    for name in suite.paths:
        path = Path(origin, name)
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder / name)
    (folder / "upstream_plugin.py").write_text(PLUGIN)
    return folder


def _outcomes(suite: Suite, python: Path, tests: Path, side: str) -> dict[str, str]:
    report = tests / f"{side}.xml"
    variables = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "MULLIGAN_MODE"}}
    variables |= {"UPSTREAM_LIBRARY": suite.library, "UPSTREAM_SIDE": side, "PYTHONPATH": str(SOURCE)}
    if side == "shim":
        variables = environment((suite.library,), variables)
    left_out = [option for name in suite.deselected for option in ("-k", f"not {name}")]
    command = [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-p",
        "upstream_plugin",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
    ]
    done = subprocess.run(  # noqa: S603
        [*command, *left_out, *suite.paths], cwd=tests, env=variables, capture_output=True, text=True, check=False
    )
    if not report.exists():
        raise SystemExit(f"{suite.library} on the {side} did not run:\n{done.stdout}{done.stderr}")
    return {
        f"{case.get('classname')}::{case.get('name')}": _outcome(case)
        for case in ET.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it just now
    }


def _outcome(case: ET.Element) -> str:
    kinds = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
    return kinds[0] if kinds else "passed"


def _report(suite: Suite, original: Mapping[str, str], shim: Mapping[str, str]) -> bool:
    passed = [sum(outcome == "passed" for outcome in side.values()) for side in (original, shim)]
    print(f"{suite.library:<9} original {passed[0]} of {len(original)}   shim {passed[1]} of {len(shim)}")
    for name, reason in suite.deselected.items():
        print(f"          left out: {name}: {reason}")
    different = [name for name in sorted({*original, *shim}) if original.get(name) != shim.get(name)]
    for name in different:
        reason = suite.exceptions.get(name, "NOT EXPECTED")
        print(f"          {name}: original {original.get(name)}, shim {shim.get(name)}: {reason}")
    unexpected = [name for name in different if name not in suite.exceptions]
    missing = len(shim) != suite.tests
    if missing:
        print(f"          {suite.tests} tests were expected")
    return bool(unexpected) or missing


if __name__ == "__main__":
    sys.exit(main())
