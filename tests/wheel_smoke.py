"""Install the built wheel into a fresh environment and try it as a new user would.

Usage: python tests/wheel_smoke.py DIST
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
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
TEST = """\
from retry import retry
from mulligan import Policy, constant, execute


def test_retries_sleep_in_virtual_time_and_the_library_is_the_shim(virtual_clock):
    left = [ConnectionError()]

    def fetch():
        if left:
            raise left.pop()

    execute(Policy(retry_on=ConnectionError, schedule=constant(3)), fetch)
    assert virtual_clock.sleeps == [3]
    assert retry.__module__.startswith("mulligan.compat.retry")
"""


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """Run a command, insist on its exit code, and answer what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MULLIGAN"))}
    done = subprocess.run([*command], cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def smoke(wheel: Path, folder: Path) -> None:
    """Try the runtime alone, then the command, the codemod, and pytest with a shim."""
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
    run(*pip, "pytest", cwd=folder)
    (folder / "test_shim.py").write_text(TEST)
    run(command, "run", "--intercept", "retry", "--", python, "-m", "pytest", "-q", "-W", "error", cwd=folder)


def shipped() -> set[str]:
    """Answer the files of the packages, as the wheel names them."""
    files = (path for root in ("src", "codemods") for path in (ROOT / root).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix().partition("/")[2] for path in files if "__pycache__" not in path.parts}


def check_wheel(wheel: Path) -> None:
    """Insist that the wheel holds the packages, whole, and nothing else but its own description."""
    names = zipfile.ZipFile(wheel).namelist()
    packed = {name for name in names if ".dist-info/" not in name}
    assert {"mulligan/py.typed", "mulligan_codemods/py.typed"} <= packed, "py.typed is missing"
    assert packed == shipped(), packed ^ shipped()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names), "the licence is missing"


def check_sdist(sdist: Path) -> None:
    """Insist that the source distribution holds what builds, tests and documents the project."""
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "Makefile", "pyproject.toml"}
    needed |= {"conftest.py", "noxfile.py", "docs/index.md", "docs/site/zensical.toml", "tests/wheel_smoke.py"}
    needed |= {f"{'codemods' if name.startswith('mulligan_codemods/') else 'src'}/{name}" for name in shipped()}
    assert needed <= packed, needed - packed
    strays = {name for name in packed if "__pycache__" in name or name.startswith(("build/", "dist/", ".venv", ".nox"))}
    assert not strays, strays


def newest(folder: Path, pattern: str) -> Path:
    """Answer the file that was built last."""
    return max(folder.glob(pattern), key=lambda path: path.stat().st_mtime)


def main() -> None:
    """Check the contents of both distributions, then try the wheel."""
    built = Path(sys.argv[1]).resolve()
    wheel = newest(built, "mulligan-*.whl")
    check_wheel(wheel)
    check_sdist(newest(built, "mulligan-*.tar.gz"))
    with tempfile.TemporaryDirectory() as folder:
        smoke(wheel, Path(folder))
    sys.stdout.write(f"{wheel.name}: checked, installed and tried\n")


if __name__ == "__main__":
    main()
