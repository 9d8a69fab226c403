"""A certificate that nobody vouches for is hopeless to every client: the handshake is made once."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest
import trustme

from mulligan import Policy, no_delay
from mulligan.integrations.http import Kind
from tests.integrations.clients import CLIENTS, Client, Setup

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unknown:
    """A server whose certificate is of an authority that nobody knows."""

    def __init__(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        self.listening, self.context = listening, context
        self.handshakes = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://127.0.0.1:{self.listening.getsockname()[1]}/"

    def serve(self) -> None:
        """Begin handshakes until the socket is closed."""
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.handshakes += 1
            with connection:
                connection.settimeout(5)
                try:
                    self.context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    continue


@pytest.fixture(scope="module")
def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(made)  # pyright: ignore[reportUnknownMemberType] # OpenSSL.SSL
    return made


@pytest.fixture
def unknown(context: ssl.SSLContext) -> Iterator[Unknown]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Unknown(listening, context)
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_it_is_not_tried_again(client: Client, unknown: Unknown) -> None:
    policy: Policy = Policy(classify=client.failures, schedule=no_delay(), max_attempts=5)
    with pytest.raises(client.error) as caught:
        client.ask(Setup(policy=policy, verify=True), unknown.url)
    assert client.failures.kind(caught.value) is Kind.HOPELESS
    assert unknown.handshakes == 1
