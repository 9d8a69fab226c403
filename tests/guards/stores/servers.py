"""A real redis-server on a free port, and a TCP proxy in front of it that can hold its answers back."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

__all__ = ["PATIENT", "Proxy", "RedisServer", "free_port", "refuse_to_go_without", "until"]

PATIENT = 30.0
"""Seconds to wait on a crowded machine, where what is tested is not the time."""


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    end = time.monotonic() + PATIENT
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def refuse_to_go_without() -> None:
    """Skip where redis-server is missing, and say how to get it; in CI that is a failure."""
    if shutil.which("redis-server") is not None:
        return
    hint = "redis-server is missing: apt-get install redis-server, or brew install redis"
    if os.environ.get("CI"):
        pytest.fail(hint)
    pytest.skip(hint)


def free_port() -> int:
    """Answer a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """A server that keeps nothing on disk, to be killed and started again at will."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options, self.port = folder, options, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers; on another port where somebody took this one meanwhile."""
        end = time.monotonic() + 30
        while self.process is None or not self.answers():
            assert time.monotonic() < end, "redis-server did not start"
            if self.process is None or self.process.poll() is not None:
                self.port = self.port if self.process is None else free_port()
                self.process = self._launched()
            time.sleep(0.02)

    def _launched(self) -> subprocess.Popen[bytes]:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--save", "", "--appendonly", "no", *self.options]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

    def answers(self) -> bool:
        """Tell whether it answers a ping."""
        with suppress(OSError):
            return self.ask("PING") == "PONG"
        return False

    def ask(self, *words: str) -> str:
        """Answer what it replies to a command, in plain text."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            parts = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
            connection.sendall(f"*{len(words)}\r\n{parts}".encode())
            stream = connection.makefile("rb")
            head = stream.readline().decode().strip()
            return stream.read(int(head[1:])).decode() if head[0] == "$" and head != "$-1" else head[1:]

    def kill(self) -> None:
        """Kill it, as a crash does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()


class Proxy:
    """Forwards to a port; between `hold` and `let_go` what the server answers is kept back."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.answers = threading.Event()
        self.answers.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.connections: list[tuple[socket.socket, socket.socket]] = []
        self.accepting = threading.Thread(target=self._accept, daemon=True)

    def hold(self) -> None:
        """Let questions through, and no answer."""
        self.answers.clear()

    def let_go(self) -> None:
        """Let the answers through."""
        self.answers.set()

    def __enter__(self) -> Self:
        self.accepting.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.let_go()
        _hang_up(self.listener)
        self.accepting.join()
        for near, far in self.connections:
            _hang_up(near)
            _hang_up(far)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.connections.append((near, far))
                for way in ((near, far, None), (far, near, self.answers)):
                    threading.Thread(target=_pump, args=way, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, gate: threading.Event | None) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            if gate is not None:
                gate.wait()
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _hang_up(ours: socket.socket) -> None:
    with suppress(OSError):
        ours.shutdown(socket.SHUT_RDWR)
    ours.close()
