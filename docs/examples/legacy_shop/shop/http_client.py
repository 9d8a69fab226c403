"""HTTP client for the internal services (catalogue, pricing, accounts)."""

import json
import logging
import random
import time
import urllib.error
import urllib.request

from .errors import HttpError, TransportError

log = logging.getLogger(__name__)

MAX_POST_ATTEMPTS = 3
POST_DELAY = 2


class Response(object):
    def __init__(self, status, body=b"", headers=None):
        self.status = status
        self.body = body
        self.headers = headers or {}

    def json(self):
        return json.loads(self.body.decode("utf-8"))


class UrllibTransport(object):
    """The real thing. Tests inject their own."""

    def __init__(self, timeout=10):
        self.timeout = timeout

    def send(self, method, url, body=None):
        request = urllib.request.Request(url, data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return Response(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as exc:
            return Response(exc.code, exc.read(), dict(exc.headers))
        except urllib.error.URLError as exc:
            raise TransportError(str(exc.reason)) from exc


class HttpClient(object):
    def __init__(self, base_url, transport=None, retries=3, delay=0.5):
        self.base_url = base_url
        self.transport = transport or UrllibTransport()
        self.retries = retries
        self.delay = delay

    def _send(self, method, path, body=None):
        return self.transport.send(method, self.base_url + path, body)

    def get(self, path):
        """GET `path`, however flaky the network is today."""
        for attempt in range(self.retries):
            try:
                return self._send("GET", path)
            except TransportError as exc:
                if attempt == self.retries - 1:
                    raise
                log.warning("GET %s failed: %s", path, exc)
                time.sleep(self.delay)

    def get_json(self, path):
        """GET `path` and decode it. The catalogue sometimes cuts its answers short, hence the ValueError."""
        for attempt in range(5):
            try:
                response = self._send("GET", path)
                return response.json()
            except (TransportError, ValueError):
                if attempt == 4:
                    raise
                time.sleep(0.1 * 2 ** attempt)

    def post(self, path, body):
        """POST. All of our endpoints are idempotent (they say)."""
        failures = 0
        while True:
            try:
                return self._send("POST", path, body)
            except TransportError:
                failures += 1
                if failures >= MAX_POST_ATTEMPTS:
                    raise
                time.sleep(POST_DELAY)

    def put(self, path, body):
        # all shops PUT their prices at 06:00 sharp; spread them out a little
        for attempt in range(4):
            try:
                return self._send("PUT", path, body)
            except TransportError:
                if attempt == 3:
                    raise
                time.sleep(random.uniform(0, 0.5 * 2 ** attempt))

    def ping(self):
        """True when the service answers. Never raises; this runs in the status page."""
        for _ in range(3):
            try:
                self._send("GET", "/ping")
                return True
            except TransportError:
                time.sleep(1)

    def download(self, path):
        """Fetch a big file from the asset server, which answers 503 with Retry-After while it warms up."""
        tries = 0
        while True:
            tries += 1
            try:
                response = self._send("GET", path)
            except TransportError:
                if tries >= 5:
                    raise
                time.sleep(1)
                continue
            if response.status < 400:
                return response.body
            if response.status != 503 or tries >= 5:
                raise HttpError(response.status, path)
            time.sleep(int(response.headers.get("Retry-After", 1)))

    def options(self, path, answer=None):
        """Ask the pricing service what it can do. It answers None until it has loaded its tables."""
        tries = 0
        while answer is None and tries < 3:
            tries += 1
            try:
                answer = self._send("OPTIONS", path)
            except TransportError:
                time.sleep(2)
        return answer
