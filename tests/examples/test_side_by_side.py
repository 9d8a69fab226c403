"""The demonstration: it tells equal from different timelines, and it ends well."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def demonstration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("side_by_side", EXAMPLES / "side_by_side.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def verdict(demonstration: ModuleType, old: str, new: str) -> str:
    """Compare two timelines, each written as kinds of events or as kind=text."""

    def lines(text: str) -> list[object]:
        pairs = (word.partition("=") for word in text.split())
        return [demonstration.Line(at=0.0, kind=kind, text=value) for kind, _, value in pairs]

    return str(demonstration.compare(lines(old), lines(new)).verdict)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call=1 error sleep=2 call=2 result=x", "call=1 error sleep=2 call=2 result=x"),
        ("call=1 error raised=x", "call=1 error raised=x note=tired"),
    ],
)
def test_equal_timelines(demonstration: ModuleType, old: str, new: str) -> None:
    assert verdict(demonstration, old, new) == demonstration.SAME


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call=1 error sleep=2 raised=x", "call=1 error raised=x"),
        (
            "call=1 error sleep=2 call=2 error log=y sleep=2 raised=x",
            "call=1 error sleep=2 call=2 error log=y raised=x",
        ),
    ],
)
def test_dropped_sleep_after_the_last_failure_is_permitted(demonstration: ModuleType, old: str, new: str) -> None:
    assert verdict(demonstration, old, new) == demonstration.DROPPED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call=1 error sleep=2 call=2 result=x", "call=1 error call=2 result=x"),
        ("call=1 error sleep=2 call=2 result=x", "call=1 error sleep=3 call=2 result=x"),
        ("call=1 error raised=x", "call=1 error sleep=2 raised=x"),
        ("call=1 error sleep=2 raised=x", "call=1 error raised=y"),
        ("call=1 error log=a raised=x", "call=1 error raised=x"),
        ("call=1 error sleep=1 sleep=2 raised=x", "call=1 error sleep=1 raised=x"),
        ("call=1 result=x", ""),
    ],
)
def test_anything_else_is_a_difference(demonstration: ModuleType, old: str, new: str) -> None:
    assert verdict(demonstration, old, new) == demonstration.DIFFERENT


def test_demonstration_finds_no_difference() -> None:
    """The whole of it, as `make run` does it: it really migrates, and no script tells old from new."""
    command = [sys.executable, str(EXAMPLES / "side_by_side.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=EXAMPLES)  # noqa: S603
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "0  DIFFERENT" in done.stdout
    assert "shop/http_client.py" in done.stdout
