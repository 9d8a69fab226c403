"""Shims under the libraries' own names: in this process, and in programs that are started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mulligan import ConfigError
from mulligan.cli.commands import commands
from mulligan.compat import interception
from mulligan.compat.symbols import LIBRARIES

PRINTS = "import backoff, retry.api, retrying; print(backoff.__file__, retry.api.__file__, retrying.__file__)"
ALL = "backoff,retry,retrying"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **environment}
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=variables
    )


def run(*arguments: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "mulligan", "run", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )


def served(output: str) -> bool:
    files = output.split()
    return bool(files) and all("mulligan" in file and "compat" in file for file in files)


def test_every_module_of_a_library_is_served() -> None:
    names = [name for library in LIBRARIES if library.shim for name in library.modules]
    done = python(
        "from mulligan.compat import install; import importlib\n"
        f"install('backoff', 'retry', 'retrying'); install('retry')\n"
        f"print(*(importlib.import_module(name).__file__ for name in {names}))"
    )
    assert served(done.stdout), done.stderr


def test_the_original_is_loaded_beside_the_shim() -> None:
    done = python(
        "from mulligan.compat import install; install('backoff')\n"
        "import backoff, backoff._sync\n"
        "calls = []\n"
        "@backoff.on_exception(backoff.constant, OSError, interval=0, jitter=None, max_tries=2)\n"
        "def fetch():\n"
        "    calls.append(1)\n"
        "    raise OSError\n"
        "try: fetch()\n"
        "except OSError as error:\n    origin = error.__traceback__.tb_next.tb_next.tb_next\n"
        "print(len(calls), origin.tb_frame.f_globals['__file__'])\n"
        "print(backoff.__file__, backoff._sync.__file__)",
        MULLIGAN_MODE="legacy",
    )
    calls, frame, *files = done.stdout.split()
    assert calls == "2"
    assert "mulligan" not in frame
    assert served(" ".join(files))


def test_a_library_that_was_imported_already_is_refused() -> None:
    done = python("import backoff\nfrom mulligan.compat import install\ninstall('backoff')")
    assert "libraries='backoff': backoff was imported already" in done.stderr


def test_a_module_that_must_not_be_imported_is_no_import() -> None:
    done = python(
        "import sys; sys.modules['backoff'] = None\nfrom mulligan.compat import install\ninstall('backoff')\n"
        "import backoff; print(backoff.__file__)"
    )
    assert served(done.stdout), done.stderr


@pytest.mark.parametrize("names", [(), ("tenacity",), ("backoff", "urllib3")])
def test_a_library_without_a_shim_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match="there is no shim"):
        interception.install(*names)


def test_a_script_a_module_and_a_console_script_are_served(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PRINTS)
    script = tmp_path / "console"
    script.write_text(f"#!{sys.executable}\n{PRINTS}\n")
    script.chmod(0o755)
    for command in ([sys.executable, "app.py"], [sys.executable, "-m", "app"], [str(script)]):
        done = run("--intercept", ALL, "--", *command, folder=tmp_path)
        assert served(done.stdout), done.stderr


def test_a_child_process_is_served_and_the_exit_code_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {PRINTS!r}], check=True)\nsys.exit(7)"
    )
    done = run("--intercept", ALL, "--", sys.executable, "app.py", folder=tmp_path)
    assert (done.returncode, served(done.stdout)) == (7, True)


def test_another_sitecustomize_runs_too(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('mulligan compat')")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH", ""))))
    done = run("--intercept", ALL, "--", sys.executable, "-c", PRINTS, PYTHONPATH=path)
    assert done.stdout.startswith("mulligan compat\n"), done.stderr
    assert served(done.stdout.splitlines()[-1])


def test_a_library_imported_before_the_program_is_refused(tmp_path: Path) -> None:
    code = "import os, runpy; import backoff; runpy.run_path(os.environ['STARTUP'])"
    startup = str(Path(interception.__file__).parent / "startup" / "sitecustomize.py")
    done = python(code, STARTUP=startup, MULLIGAN_INTERCEPT="backoff")
    assert done.returncode == 2
    assert done.stderr.startswith("mulligan run: libraries='backoff': backoff was imported already")


@pytest.mark.parametrize("first", ["1", ""])
def test_a_python_without_mulligan_ends_only_where_it_was_asked_for(first: str, tmp_path: Path) -> None:
    blocked = "import os, runpy, sys; sys.modules['mulligan'] = None; runpy.run_path(os.environ['STARTUP'])"
    startup = str(Path(interception.__file__).parent / "startup" / "sitecustomize.py")
    hidden = {"STARTUP": startup, "MULLIGAN_INTERCEPT": "backoff", "MULLIGAN_INTERCEPT_FIRST": first}
    done = python(f"import sys; sys.modules.setdefault('sitecustomize', sys); {blocked}", **hidden)
    assert done.returncode == (2 if first else 0), done.stderr
    assert ("has no mulligan" in done.stderr) is bool(first)


def test_a_wrong_mode_is_a_usage_error_before_the_program_begins(tmp_path: Path) -> None:
    code = "open('begun', 'w').close()"
    done = run("--intercept", "backoff", "--", sys.executable, "-c", code, folder=tmp_path, MULLIGAN_MODE="shadw")
    assert done.returncode == 2
    assert "MULLIGAN_MODE='shadw': no mode: give modern, legacy, shadow, or glob=mode" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--intercept", "tenacity", "--", "python", "app.py"], "tenacity: there is no shim"),
        (["--intercept", ",", "--", "python", "app.py"], "nothing: there is no shim"),
        (["--intercept", "backoff", "--", "python", "-Im", "app"], "-Im: this Python would not load the shims"),
        (["--intercept", "backoff", "--", "no-such-program"], "no-such-program: no such program"),
        (["--intercept", "backoff", "--", "app.py"], "app.py: no such program: give a Python first"),
        (["--intercept", "backoff"], "Missing argument"),
    ],
)
def test_what_cannot_work_is_a_usage_error(arguments: list[str], words: str) -> None:
    shown = CliRunner().invoke(commands, ["run", *arguments])
    assert shown.exit_code == 2
    assert words in shown.output
