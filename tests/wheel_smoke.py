"""Install the built wheel into a fresh environment and try it as a new user would.

Usage: python tests/wheel_smoke.py DIST
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LOOP = """\
import time


def fetch(get, url):
    for attempt in range(3):
        try:
            return get(url)
        except ConnectionError:
            if attempt == 2:
                raise
            time.sleep(2**attempt)
"""
RUNTIME = """\
import sys
from mulligan import Policy, execute, no_delay
assert execute(Policy(retry_on=OSError, schedule=no_delay()), int, "42") == 42
heavy = {"asyncio", "logging", "libcst", "click", "dataclasses"} & set(sys.modules)
assert not heavy, heavy
"""


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """Run a command, insist on its exit code, and answer what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MULLIGAN"))}
    done = subprocess.run([*command], cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def smoke(wheel: Path, folder: Path) -> None:
    """Try the runtime alone, then the command, then the codemod."""
    run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, wheel, cwd=folder)
    installed = run(python, "-m", "pip", "list", "--format=freeze", cwd=folder).lower()
    extra = {re.split("==| @ ", line)[0].replace("_", "-") for line in installed.splitlines()}
    assert extra <= {"mulligan", "typing-extensions", "pip", "setuptools", "wheel"}, extra
    run(python, "-c", RUNTIME, cwd=folder)
    assert "pip install 'mulligan[cli]'" in run(python, "-m", "mulligan", cwd=folder, code=2)
    run(*pip, f"{wheel}[codemod]", cwd=folder)
    command = folder / "env" / "bin" / "mulligan"
    assert "cumulative" in run(command, "schedule", "exponential(1)", "--count", "3", cwd=folder)
    (folder / "client.py").write_text(LOOP)
    run(command, "migrate", "--write", "client.py", cwd=folder)
    assert "@retry(" in (folder / "client.py").read_text()
    assert "Policy(" in (folder / "retry_policies.py").read_text()
    run(command, "migrate", "--check", "client.py", cwd=folder)


def main() -> None:
    """Check the wheel's contents, then try it."""
    wheel = max(Path(sys.argv[1]).resolve().glob("mulligan-*.whl"), key=lambda path: path.stat().st_mtime)
    names = zipfile.ZipFile(wheel).namelist()
    expected = {"mulligan/py.typed", "mulligan_codemods/py.typed", "mulligan/__init__.py", "_mulligan_pytest.py"}
    expected |= {f"mulligan/guards/{folder}/transitions.lua" for folder in ("breaker", "budget")}
    missing = expected - set(names)
    assert not missing, missing
    with tempfile.TemporaryDirectory() as folder:
        smoke(wheel, Path(folder))
    sys.stdout.write(f"{wheel.name}: installed and tried\n")


if __name__ == "__main__":
    main()
