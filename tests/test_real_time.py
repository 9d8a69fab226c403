"""The suite uses the testing kit: nobody patches a sleep by hand, and who really sleeps is told."""

from __future__ import annotations

import ast
import asyncio
from typing import TYPE_CHECKING, Final

import pytest
import trio

from mulligan import Policy, constant, execute
from mulligan.testing import raises, run_virtual, script, virtual_time
from tests.real_time import REALLY_SLEEPS, ROOT, RealSleepError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATCHES: Final = {
    "tests/real_time.py": "the guard itself",
    "tests/test_real_time.py": "what is looked for",
    "tests/executors/test_control_flow.py": "one test shows that a patch takes effect",
    "tests/testing/test_virtual_time.py": "what the kit leaves to the system's clock",
    "tests/compat/differential.py": "backoff measures by datetime.now, which belongs to the same script",
    "tests/codemods/prove/executed.py": "sleeps are written into the trace of generated programs",
    "tests/codemods/prove/cases/running.py": "as executed.py",
    "tests/codemods/generated/running.py": "as executed.py",
    "tests/codemods/libraries/": "originals and rewrites run side by side, in the trace of the same stage",
    "tests/benchmarks/ratios.py": "peers are measured without the kit",
}
"""Files and folders that patch a sleep by hand, and why they must."""
SLEEPS: Final = ("time.sleep", "asyncio.sleep", "trio.sleep")
PATCHERS: Final = ("setattr", "delattr", "patch", "object")


def patched(tree: ast.Module) -> Iterator[int]:
    """Yield the lines on which a sleep is patched."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=arguments) if name in PATCHERS:
                if _names_a_sleep(arguments):
                    yield node.lineno
            case ast.Assign(targets=targets):
                if any(ast.unparse(target) in SLEEPS for target in targets):
                    yield node.lineno
            case _:
                continue


def _names_a_sleep(arguments: list[ast.expr]) -> bool:
    words = [ast.unparse(argument).strip("'\"") for argument in arguments[:2]]
    return words[:1] != [] and (words[0].endswith(SLEEPS) or ".".join(words) in SLEEPS)


def test_nobody_patches_a_sleep_by_hand() -> None:
    files = [path for path in (ROOT / "tests").rglob("*.py") if "sleep" in path.read_text(encoding="utf-8")]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if any(True for _ in patched(ast.parse(path.read_text(encoding="utf-8"))))
    }
    unknown = {place for place in found if not place.startswith(tuple(PATCHES))}
    assert unknown == set(), "use mulligan.testing.virtual_time, with foreign=True for code of others"
    spare = {place for place in PATCHES if not any(each.startswith(place) for each in found)}
    assert spare <= {"tests/test_real_time.py"}, "these need not be excepted any more"


@pytest.mark.parametrize(
    "source",
    [
        'monkeypatch.setattr("time.sleep", list.append)',
        'monkeypatch.setattr(time, "sleep", print)',
        'monkeypatch.delattr("time.sleep")',
        'mock.patch("tenacity.nap.time.sleep")',
        'patch("time.sleep")',
        'mock.patch.object(asyncio, "sleep", print)',
        "time.sleep = print",
    ],
)
def test_patches_of_sleeps_are_found(source: str) -> None:
    assert list(patched(ast.parse(source))) == [1]


@pytest.mark.parametrize("source", ['setattr(clock, "sleep", 1)', 'monkeypatch.setattr("time.time", f)', "patch()"])
def test_others_are_not(source: str) -> None:
    assert list(patched(ast.parse(source))) == []


def test_exceptions_exist() -> None:
    assert all((ROOT / place).exists() for place in (*REALLY_SLEEPS, *PATCHES))


def test_a_real_sleep_is_told() -> None:
    policy = Policy(retry_on=OSError, schedule=constant(0.001))
    with pytest.raises(RealSleepError, match=r"src/mulligan/executors/synchronous\.py:\d+ really sleeps for 0.001 s"):
        execute(policy, script(raises(OSError)))


def test_a_real_sleep_in_asyncio_is_told() -> None:
    async def main() -> None:
        await asyncio.sleep(0.001)

    with pytest.raises(RealSleepError, match=r"tests/test_real_time\.py"):
        asyncio.run(main())
    run_virtual(main)


def test_a_real_sleep_in_trio_is_told() -> None:
    async def main() -> None:
        await trio.sleep(0.001)

    with pytest.raises(RealSleepError, match=r"tests/test_real_time\.py"):
        trio.run(main)
    trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))


def test_virtual_time_passes() -> None:
    policy = Policy(retry_on=OSError, schedule=constant(3600), max_attempts=2)
    with virtual_time() as clock, pytest.raises(ConnectionError):
        execute(policy, script(raises(ConnectionError).forever()))
    assert clock.sleeps == [3600.0]


def test_a_sleep_of_other_code_passes(tmp_path: Path) -> None:
    names: dict[str, object] = {}
    exec(compile("import time\ntime.sleep(0.001)\nslept = True", str(tmp_path / "other.py"), "exec"), names)  # noqa: S102 - the code of somebody else
    assert names["slept"]
