"""Tests of stores run against a real redis-server, started on a free port."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.guards.stores.servers import RedisServer, refuse_to_go_without

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """Give a server of the test's own."""
    refuse_to_go_without()
    with RedisServer(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Give a server that the tests of a module share."""
    refuse_to_go_without()
    with RedisServer(tmp_path_factory.mktemp("redis")) as started:
        yield started
