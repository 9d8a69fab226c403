"""retry2 and its shim do the same; retry2 has retry's import name, so it is fetched into a folder of its own."""

from __future__ import annotations

import logging
import subprocess
import sys
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan.compat.retry import api as shim
from tests.compat.differential import Script, Seen, played
from tests.compat.examples import EXAMPLES
from tests.compat.judges import is_os_error, no_answer, one_of, options

if TYPE_CHECKING:
    from pathlib import Path

NAME = "tests_compat_retry2"
OUTCOMES = st.lists(one_of(OSError, ValueError, KeyError, None, "page"), min_size=1, max_size=8)
OPTIONS = options(
    {
        "exceptions": one_of(OSError, (OSError, ValueError), Exception),
        "tries": one_of(-1, 0, 1, 2, 7),
        "delay": st.floats(0, 20),
        "max_delay": st.floats(0, 20),
        "backoff": st.integers(0, 3),
        "jitter": st.tuples(st.floats(0, 5), st.floats(0, 5)),
    }
)
ADDED = one_of(
    {"log_traceback": True},
    {"on_exception": is_os_error},
    {"on_exception": no_answer, "log_traceback": True},
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("retry2")
    fetched = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), "retry2==0.9.5"]
    subprocess.run(fetched, check=True, capture_output=True)  # noqa: S603
    spec = spec_from_file_location(
        NAME, folder / "retry" / "__init__.py", submodule_search_locations=[str(folder / "retry")]
    )
    assert spec is not None
    assert spec.loader is not None
    module: Any = module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module.api


def _run(library: Any, given_options: dict[str, Any], decorates: bool, script: Script, seen: Seen) -> object:
    def fetch(page: object) -> object:
        return script(page)

    logger = logging.getLogger("tests.retry2")
    if decorates:
        return library.retry(logger=logger, **given_options)(fetch)(1)
    return library.retry_call(fetch, [1], logger=logger, **given_options)


@pytest.mark.full
@EXAMPLES
@given(given_options=OPTIONS, added=ADDED, outcomes=OUTCOMES, seed=st.integers(0, 99), decorates=st.booleans())
def test_it_does_what_the_original_does(
    original: Any,
    given_options: dict[str, Any],
    added: dict[str, Any],
    outcomes: list[object],
    seed: int,
    decorates: bool,
) -> None:
    def play(library: Any) -> list[tuple[object, ...]]:
        run = partial(_run, library, given_options | added, decorates)
        return played(run, outcomes, seconds=0.1, seed=seed, loggers=["tests.retry2"])

    assert play(shim) == play(original)
