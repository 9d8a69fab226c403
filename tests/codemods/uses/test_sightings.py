"""A library's name means the library, unless a module of the project has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.source import Source, read
from mulligan_codemods.find import find

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("folder", "package", "found"),
    [("project", "shop", 0), ("site-packages", "shop", 1), ("dist-packages", "shop", 1), ("site-packages", "retry", 0)],
)
def test_a_module_beside_the_package_hides_a_library_unless_it_is_the_library(
    tmp_path: Path, folder: str, package: str, found: int
) -> None:
    for each in ("retry", "shop"):
        (tmp_path / folder / each).mkdir(parents=True)
        (tmp_path / folder / each / "__init__.py").touch()
    file = tmp_path / folder / package / "client.py"
    file.write_text("from retry import retry\n\n\n@retry(OSError, tries=3)\ndef fetch(url):\n    return get(url)\n")
    source = read(str(file))
    assert isinstance(source, Source)
    candidates = find(source)
    assert isinstance(candidates, tuple)
    assert len(candidates) == found
