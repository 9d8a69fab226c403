"""What was found before is not looked for again, as long as nothing changed."""

from __future__ import annotations

import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.config import Config
from mulligan_codemods.files.discover import discover
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.scanning import cache as caching
from mulligan_codemods.run.scanning.cache import cache_folder, content_key, opened, salt_of
from mulligan_codemods.run.stages import Stages

from tests.codemods import fake_stages
from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.files.source import Source
    from mulligan_codemods.find import Candidate
    from mulligan_codemods.rows import Report
    from mulligan_codemods.site import Site

RECOGNISED: list[str] = []


def recognise(source: Source, candidate: Candidate) -> Site:
    RECOGNISED.append(source.path)
    return fake_stages.recognise(source, candidate)


COUNTING = Stages(recognise=recognise, assign=STAGES.assign, emit=STAGES.emit, prove=STAGES.prove)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(function("f"))
    (tmp_path / "b.py").write_text("x = 1  # mulligan: ignore\n")
    (tmp_path / "c.py").write_text("def (:\n    for x in y:\n        try: sleep(1)\n        except A: retry()\n")
    return tmp_path


def ran(root: Path, cache: Path | None, *, prove: bool = False, config: Config | None = None) -> tuple[Report, int]:
    """Answer the report, and how often something was recognised."""
    RECOGNISED.clear()
    options = Options(prove=prove, cache=cache, config=config or Config())
    report = run(discover([str(root)]).files, COUNTING, options)
    return replace(report, seconds=0.0), len(RECOGNISED)


@pytest.mark.parametrize("prove", [False, True])
def test_a_second_run_finds_the_same_without_looking(shop: Path, own_cache: Path, *, prove: bool) -> None:
    cold, once = ran(shop, own_cache, prove=prove)
    warm, again = ran(shop, own_cache, prove=prove)
    assert (once, again) == (1, 0)
    assert warm == cold
    assert (len(warm.rows), len(warm.errors), len(warm.notices)) == (1, 1, 1)
    assert warm == ran(shop, None, prove=prove)[0]


def test_without_a_cache_everything_is_looked_at(shop: Path) -> None:
    assert [ran(shop, None)[1] for _ in range(2)] == [1, 1]


def test_another_content_is_looked_at(shop: Path, own_cache: Path) -> None:
    ran(shop, own_cache)
    (shop / "a.py").write_text(function("g"))
    report, looked = ran(shop, own_cache)
    assert ([row.site.qualname for row in report.rows], looked) == (["g"], 1)


def test_a_content_that_moved_is_found_at_its_new_place(shop: Path, own_cache: Path) -> None:
    ran(shop, own_cache)
    (shop / "a.py").rename(shop / "d.py")
    assert [row.site.path for row in ran(shop, own_cache)[0].rows] == [str(shop / "d.py")]


def test_other_settings_are_other_results(shop: Path, own_cache: Path) -> None:
    ran(shop, own_cache)
    report, looked = ran(shop, own_cache, config=Config(ignore=("ML102",)))
    assert looked == 1
    assert [hazard.code for hazard in report.rows[0].hazards] == ["ML105"]


def test_another_code_of_this_package_begins_anew(shop: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(shop, own_cache)
    monkeypatch.setattr(caching, "_code", lambda: "other")
    assert ran(shop, own_cache)[1] == 1


def test_a_damaged_cache_is_begun_anew(shop: Path, own_cache: Path) -> None:
    ran(shop, own_cache)
    (own_cache / "examined.sqlite").write_bytes(b"no database at all, but long enough to be read as one" * 99)
    assert [ran(shop, own_cache)[1] for _ in range(2)] == [1, 0]


def test_a_cache_that_cannot_be_made_is_no_error(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("no") / "folder"
    file.write_text("")
    assert ran(shop, file)[1] == 1


def test_a_cache_that_another_run_holds_is_no_error(
    shop: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(shop, own_cache)
    monkeypatch.setattr(caching, "PATIENCE", 0.0)
    with closing(sqlite3.connect(own_cache / "examined.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert ran(shop, own_cache)[1] == 1
        other.execute("ROLLBACK")
    assert ran(shop, own_cache)[1] == 0, "it was not thrown away"


def test_a_cache_that_is_taken_later_is_no_error(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "PATIENCE", 0.0)
    cache = opened(own_cache)
    assert cache is not None
    cache.learn([(b"key", ())])
    with closing(sqlite3.connect(own_cache / "examined.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert cache.known(b"key") is None
        cache.learn([(b"more", ())])
        other.execute("ROLLBACK")
    assert (cache.known(b"key"), cache.known(b"more")) == ((), None)
    cache.close()


def test_nothing_but_own_values_is_read(own_cache: Path) -> None:
    """An entry that somebody else wrote cannot run anything."""
    cache = opened(own_cache)
    assert cache is not None
    cache.close()
    harmful = (b"key", b"cbuiltins\nprint\n(S'pwned'\ntR.")
    with sqlite3.connect(own_cache / "examined.sqlite") as database:
        database.execute("INSERT INTO entries VALUES (?, ?)", harmful)
        database.execute("INSERT INTO entries VALUES (?, ?)", (b"other", pickle.dumps("no tuple")))
    database.close()
    cache = opened(own_cache)
    assert cache is not None
    assert [cache.known(key) for key in (b"key", b"other", b"none")] == [None, None, None]
    cache.close()


def test_every_part_of_a_key_matters() -> None:
    salt = salt_of("a")
    keys = {content_key(salt, "p", b"x"), content_key(salt, "p", b"y"), content_key(salt, "q", b"x")}
    assert len(keys | {content_key(salt_of("b"), "p", b"x")}) == 4
    assert content_key(salt, "p", b"x") in keys


def test_another_process_knows_it_too(shop: Path, own_cache: Path) -> None:
    command = [sys.executable, "-m", "mulligan", "scan", "--jobs", "1", "--format", "json", str(shop)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = [subprocess.run(command, capture_output=True, env=environment, check=False).stdout for _ in range(2)]  # noqa: S603
    with sqlite3.connect(own_cache / "mulligan" / "examined.sqlite") as database:
        (entries,) = database.execute("SELECT COUNT(*) FROM entries").fetchone()
    database.close()
    assert said[0]
    assert entries == 3, "a second process that missed would have added its own"


def test_the_cache_is_the_users(own_cache: Path) -> None:
    assert cache_folder() == own_cache / "mulligan"
