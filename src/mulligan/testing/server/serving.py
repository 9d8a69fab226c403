"""The fault server's sockets and threads: one thread for each connection, HTTP/1.1 with keep-alive.

Rules: it listens on a free port of 127.0.0.1 from entry to exit; exit closes every connection and waits for the
threads. A broken reply breaks for real: a reset is a TCP reset, a truncated body ends before its `Content-Length`.
"""

from __future__ import annotations

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from mulligan.clock import SystemClock
from mulligan.errors import ConfigError
from mulligan.testing.server.program import Program, Request, in_order

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from mulligan.clock import Clock
    from mulligan.testing.server.program import Exchange, Rule
    from mulligan.testing.server.replies import Reply

__all__ = ["FaultServer"]

_LINGER_NOT = struct.pack("ii", 1, 0)  # SO_LINGER with 0 seconds: close() sends a reset


class _Server(ThreadingTCPServer):
    """Answers by a program."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True
    request_queue_size = 128

    def __init__(self, program: Program, instant: Callable[[], float]) -> None:
        self.program = program
        self.instant = instant
        self.closing = threading.Event()
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up: they are here to do so."""

    def close_connections(self) -> None:
        """Break what is still open, so that its threads end."""
        self.closing.set()
        for connection in tuple(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    """Reads requests and sends the program's replies."""

    protocol_version = "HTTP/1.1"

    @property
    def faulty(self) -> _Server:
        """The server that this connection belongs to."""
        assert isinstance(self.server, _Server)  # noqa: S101 - the base class knows only that it is some server
        return self.server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.faulty.connections.add(self.connection)

    def finish(self) -> None:
        self.faulty.connections.discard(self.connection)
        super().finish()

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.exchange
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden argument
        """Write nothing to stderr: the server has a log."""

    def exchange(self) -> None:
        """Answer one request."""
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self._body(),
            at=self.faulty.instant(),
        )
        self._send(self.faulty.program.answer(request))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunked()
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _chunked(self) -> bytes:
        pieces: list[bytes] = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _send(self, reply: Reply) -> None:
        if reply.latency:
            self.faulty.closing.wait(reply.latency)
        if reply.breakage == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.connection.close()
        if reply.breakage in ("reset", "close"):
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        bodiless = reply.status < 200 or reply.status in (204, 304)
        if not bodiless:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        body = reply.body[: len(reply.body) // 2] if reply.breakage == "truncate" else reply.body
        size = max(-(-len(body) // reply.chunks), 1)
        for start in range(0, len(body), size):
            if start:
                self.faulty.closing.wait(reply.pause)
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
        self.close_connection = self.close_connection or reply.breakage == "truncate"


class FaultServer:
    """A real HTTP server on loopback that fails as it is told to; a context manager.

    Args:
        clock: where the instants of requests come from, the system's clock where it is left out. Give the client's
            virtual clock to script an outage in virtual time.

    >>> from urllib.request import urlopen
    >>> from mulligan.testing import respond
    >>> with FaultServer() as server:
    ...     server.on("/invoices", respond(503, retry_after=1), respond(200, body="paid"))
    ...     try:
    ...         urlopen(server.url("/invoices"))
    ...     except OSError as error:
    ...         print(error)
    ...     with urlopen(server.url("/invoices")) as answer:
    ...         print(answer.read())
    ...     [exchange.status for exchange in server.log]
    HTTP Error 503: Service Unavailable
    b'paid'
    [503, 200]
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock: Clock = SystemClock() if clock is None else clock
        self._program = Program()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = _Server(self._program, self._clock.monotonic)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        server, thread = self._running(), self._thread
        server.shutdown()
        server.close_connections()
        server.server_close()
        if thread is not None:
            thread.join()
        self._server = None

    @property
    def log(self) -> list[Exchange]:
        """What was asked and answered, in order."""
        return self._program.log

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return self._running().server_address[1]

    def url(self, path: str = "/") -> str:
        """Answer the address of a path.

        Args:
            path: begins with a slash.
        """
        return f"http://127.0.0.1:{self.port}{path}"

    def on(self, path: str, *replies: Reply) -> None:
        """Say what the requests of a path get, in order.

        Args:
            path: the path without its query; `*` stands for every path of which nothing is said.
            replies: made by `respond` and `reset`; each is given once, the last for ever where it says so.

        Raises:
            ConfigError: when there is none.
        """
        if not replies:
            raise ConfigError("replies", replies, f"give {path} at least one reply")
        self._program.on(path, in_order(replies))

    def by(self, path: str, rule: Rule) -> None:
        """Let a function answer the requests of a path, such as `throttled`.

        Args:
            path: the path without its query; `*` stands for every path of which nothing is said.
            rule: answers a request; called by one thread at a time.
        """
        self._program.on(path, rule)

    def requests(self, path: str) -> list[Exchange]:
        """Answer the exchanges of one path, in order.

        Args:
            path: the path without its query.
        """
        return [exchange for exchange in self.log if exchange.request.path == path]

    def _running(self) -> _Server:
        if self._server is None:
            raise RuntimeError("the fault server runs inside `with FaultServer() as server:` only")
        return self._server
