"""No bug of the originals shows here, and each one is really one of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.regressions.bugs import BUGS

if TYPE_CHECKING:
    from tests.regressions.bug import Bug

every_bug = pytest.mark.parametrize("bug", BUGS, ids=[f"{bug.library}: {bug.what}" for bug in BUGS])


@every_bug
def test_it_does_not_show_here(bug: Bug) -> None:
    assert bug.ours() is False


@every_bug
@pytest.mark.filterwarnings("ignore")
def test_the_original_shows_it(bug: Bug) -> None:
    """When this fails, the original was mended: the row can go."""
    assert bug.original() is True
