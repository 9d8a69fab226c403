"""How often a project's own retry engines are used is counted, and counted again only where something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.discover import discover
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.scanning import helpers
from mulligan_codemods.run.stages import real_stages

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.rows import FoundHelper

ENGINE = """\
import time

def call_again(operation, tries):
    for attempt in range(tries):
        try:
            return operation()
        except OSError:
            if attempt == tries - 1:
                raise
            time.sleep(1)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "again.py").write_text(ENGINE)
    return folder


def found(package: Path, cache: Path | None = None) -> tuple[FoundHelper, ...]:
    options = Options(prove=False, cache=cache)
    return run(discover([str(package)]).files, real_stages(), options).helpers


def callers(package: Path, cache: Path | None = None) -> int:
    (helper,) = found(package, cache)
    assert helper.name == "shop.again:call_again"
    return helper.callers


@pytest.mark.parametrize(
    "text",
    [
        "from shop.again import call_again\ncall_again(f, 3)\n",
        "from .again import call_again as again\nagain(f, 3)\n",
        "from .again import (\n    other,\n    call_again,\n)\ncall_again(f, 3)\n",
        "from .again import other, \\\n    call_again\ncall_again(f, 3)\n",
        "from . import again\nagain.call_again(f, 3)\n",
        "from shop import again as engine\nengine.call_again(f, 3)\n",
        "import shop.again\nshop.again.call_again(f, 3)\n",
        "def g():\n    from shop.again import call_again\n    call_again(f, 3)\n",
        "try:\n    from .again import call_again\nexcept ImportError:\n    raise\ncall_again(f, 3)\n",
        "from shop.again import call_again\r\ncall_again(f, 3)\r\n",
    ],
)
def test_every_way_to_name_an_engine_is_a_use(package: Path, text: str) -> None:
    (package / "user.py").write_bytes(text.encode())

    assert callers(package) == 1


@pytest.mark.parametrize(
    "text",
    [
        "# from shop.again import call_again\n# call_again(f, 3)\n",
        "from elsewhere.again import call_again\ncall_again(f, 3)\n",
        "from shop.again import call_again\n",
        "from shop.again import other\nself.call_again(f, 3)\n",
        "def call_again(f, n): pass\ncall_again(f, 3)\n",
        "from shop.again import call_again\ncall_again(f, 3\n",
    ],
)
def test_what_only_looks_like_a_use_is_none(package: Path, text: str) -> None:
    (package / "user.py").write_text(text)

    assert callers(package) == 0


def test_an_engine_that_nothing_uses_and_no_mapping_describes_is_not_told(package: Path) -> None:
    (package / "again.py").write_text(ENGINE.replace(", tries", "").replace("tries", "3"))

    assert found(package) == ()


class TestWithACache:
    @pytest.fixture
    def cache(self, tmp_path: Path, package: Path) -> Path:
        (package / "user.py").write_text("from .again import call_again\ncall_again(f, 3)\n")
        assert callers(package, tmp_path / "cache") == 1
        return tmp_path / "cache"

    def test_the_count_is_the_same(self, package: Path, cache: Path) -> None:
        assert callers(package, cache) == 1

    def test_nothing_is_read_for_it_again(self, package: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(path: str) -> bytes:
            raise AssertionError(path)

        monkeypatch.setattr(helpers, "bytes_of", never)

        assert callers(package, cache) == 1

    def test_another_use_is_counted(self, package: Path, cache: Path) -> None:
        (package / "user.py").write_text("from .again import call_again\ncall_again(f, 3)\ncall_again(g, 3)\n")

        assert callers(package, cache) == 2

    def test_an_engine_of_another_name_is_looked_for_everywhere(self, package: Path, cache: Path) -> None:
        (package / "again.py").write_text(ENGINE.replace("call_again", "call_twice"))
        (package / "user.py").write_text("from .again import call_twice\ncall_twice(f, 3)\n")

        (helper,) = found(package, cache)

        assert (helper.name, helper.callers) == ("shop.again:call_twice", 1)
