"""Client of the new event service, the only asynchronous thing we have."""

import asyncio
import logging
import time

from .errors import ShopError, TransportError, Throttled

log = logging.getLogger(__name__)

SUBMIT_ATTEMPTS = 3


class AsyncClient(object):
    def __init__(self, session, max_retries=3, backoff=0.2):
        self.session = session
        self.max_retries = max_retries
        self.backoff = backoff

    async def _request(self, verb, *args):
        return await self.session.request(verb, *args)

    async def fetch(self, key):
        """Read one event."""
        for attempt in range(4):
            try:
                return await self._request("fetch", key)
            except TransportError:
                if attempt == 3:
                    raise
                await asyncio.sleep(self.backoff * 2 ** attempt)

    async def submit(self, event):
        """Send one event; the service swallows duplicates."""
        error = None
        for _ in range(SUBMIT_ATTEMPTS):
            try:
                return await self._request("submit", event)
            except TransportError as exc:
                error = exc
                await asyncio.sleep(1)
        raise ShopError("event was not accepted") from error

    async def subscribe(self, topic):
        """Subscribe; `max_retries` counts what comes after the first try."""
        failed = 0
        while True:
            try:
                return await self._request("subscribe", topic)
            except (TransportError, asyncio.TimeoutError):
                failed += 1
                if failed > self.max_retries:
                    raise
                await asyncio.sleep(self.backoff)

    async def wait_until_ready(self):
        while True:
            try:
                await self._request("hello")
                return
            except ConnectionError:
                await asyncio.sleep(1)

    async def upload(self, blob):
        """Upload an attachment. Runs in its own loop in its own thread (see media.py, RIP)."""
        for attempt in range(3):
            try:
                return await self._request("upload", blob)
            except TransportError:
                if attempt == 2:
                    raise
                time.sleep(1)

    async def history(self, topic):
        """All events of a topic, page after page."""
        events = []
        page = 0
        for attempt in range(5):
            try:
                while page is not None:
                    batch, page = await self._request("page", topic, page)
                    events.extend(batch)
                return events
            except Throttled as exc:
                if attempt == 4:
                    raise
                await asyncio.sleep(exc.retry_after)
