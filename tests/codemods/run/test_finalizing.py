"""Finalizing removes the old code and what only it needed, and nothing else."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.run.finalizing import finalized

from tests.codemods.staged_cases import CASES, HEAD, bare, migrated

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.run.finalizing import Finalized

IMPORT = "from mulligan.compat import legacy_here\n"


def of(folder: Path, text: str, name: str = "case.py") -> tuple[Finalized, str]:
    """Finalize one module, and answer what is told and the new text."""
    (folder / name).write_text(dedent(text))
    (found,) = finalized([str(folder / name)])
    return found, "" if found.change is None else found.change.after.decode()


def comments(text: str) -> list[str]:
    """Answer the lines of a text that are comments."""
    return [line.strip() for line in text.split("\n") if line.lstrip().startswith("#")]


@pytest.mark.parametrize("code", CASES.values(), ids=CASES)
def test_what_is_left_is_the_new_code_alone(tmp_path: Path, code: str) -> None:
    plain = migrated(tmp_path, HEAD + code, staged=False)[1]
    staged = migrated(tmp_path, HEAD + code)[1]
    found, text = of(tmp_path, staged, "shop/client.py")
    assert found.error is None
    assert not found.left
    assert "legacy_here" not in text
    assert "mulligan.compat" not in text
    if "@retry(" not in plain:
        assert bare(text) == bare(plain)
        assert comments(text) == comments(plain)


def test_finalizing_twice_changes_nothing(tmp_path: Path) -> None:
    _, text = of(tmp_path, migrated(tmp_path, HEAD + CASES["a counter further up"])[1])
    (tmp_path / "again.py").write_text(text)
    assert finalized([str(tmp_path / "again.py")]) == ()


def test_old_code_that_leaves_needs_no_else(tmp_path: Path) -> None:
    text = f'''
    {IMPORT}
    def fetch(page):
        """Fetch."""
        if legacy_here("billing.client:fetch"):
            return old(page)
        return execute(FETCH, page.upper)
    '''
    assert (
        of(tmp_path, text)[1].lstrip() == 'def fetch(page):\n    """Fetch."""\n    return execute(FETCH, page.upper)\n'
    )


def test_a_block_that_would_be_empty_passes(tmp_path: Path) -> None:
    text = f'{IMPORT}\ndef fetch(page):\n    if legacy_here("m:fetch"):\n        old(page)\n'
    assert of(tmp_path, text)[1] == "def fetch(page):\n    pass\n"


def test_a_name_that_is_still_read_is_kept(tmp_path: Path) -> None:
    text = f"""
    {IMPORT}import time

    def fetch(page):
        tries = 0
        begun = time.monotonic()
        made = build()
        if legacy_here("m:fetch"):
            return old(page, tries, begun, made)
        else:
            print(begun)
            return new(page)
    """.replace("\n    import time", "\nimport time")
    _, after = of(tmp_path, text.replace(f"\n    {IMPORT}", f"\n    {IMPORT}    "))
    assert "tries = 0" not in after
    assert "begun = time.monotonic()" in after
    assert "made = build()" in after  # what it does is unknown
    assert "import time" in after


def test_imports_of_the_old_code_go_and_others_stay(tmp_path: Path) -> None:
    text = f"""
    import random
    import time
    {IMPORT}
    def fetch(page):
        if legacy_here("m:fetch"):
            time.sleep(random.random())
        else:
            new(time.time())
    """
    after = of(tmp_path, text)[1]
    assert "import time" in after
    assert "random" not in after


def test_comments_that_go_are_named(tmp_path: Path) -> None:
    text = f"""
    {IMPORT}
    def fetch(page):
        if legacy_here("m:fetch"):
            # kept
            old(page)  # gone
        else:
            # kept
            new(page)
    """
    assert of(tmp_path, text)[0].dropped == ("# gone",)


@pytest.mark.parametrize(
    "use",
    [
        "flag = legacy_here('m:fetch')\n    return old() if flag else new()",
        "if not legacy_here('m:fetch'):\n        return new()",
        "if legacy_here(NAME):\n        return old()",
        "if legacy_here('m:fetch'): return old()",
        "if ready:\n        pass\n    elif legacy_here('m:fetch'):\n        return old()",
    ],
)
def test_another_use_of_the_flag_is_left_alone_and_named(tmp_path: Path, use: str) -> None:
    other = "def other():\n    if legacy_here('m:other'):\n        old()\n    new()\n"
    text = f"{IMPORT}\ndef fetch(page):\n    {use}\n\n{other}"
    found, after = of(tmp_path, text)
    assert len(found.left) == 1
    assert [each.site for each in found.sites] == ["m:other"]
    assert use in after
    assert IMPORT in after
    assert "m:other" not in after


def test_a_file_that_does_not_parse_is_named(tmp_path: Path) -> None:
    found, _ = of(tmp_path, f"{IMPORT}\ndef (:\n")
    assert found.error is not None
    assert (found.error.code, found.change) == ("ML004", None)


def test_a_file_of_another_legacy_here_is_no_ones_business(tmp_path: Path) -> None:
    (tmp_path / "case.py").write_text("from elsewhere import legacy_here\nif legacy_here('a:b'):\n    pass\n")
    assert finalized([str(tmp_path / "case.py")]) == ()
