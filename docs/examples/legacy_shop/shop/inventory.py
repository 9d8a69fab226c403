"""Stock levels, the shelf scanners and the warehouse next door."""

import logging
import time

from .errors import CacheMiss, StockConflict
from .retry_helper import retry

log = logging.getLogger(__name__)

MAX_SYNC_FAILURES = 3


class Inventory(object):
    def __init__(self, store, retries=3, delay=0.1):
        self.store = store
        self.retries = retries
        self.delay = delay

    def level(self, sku):
        """Pieces on the shelf."""
        error = None
        for _ in range(self.retries):
            try:
                return self.store.level(sku)
            except ConnectionError as exc:
                error = exc
                time.sleep(self.delay)
        raise error

    def reserve(self, sku, pieces):
        """Put pieces aside for an order. Answers whether that worked."""
        done = False
        tries = 0
        while not done and tries < 5:
            try:
                self.store.reserve(sku, pieces)
                done = True
            except StockConflict:
                tries += 1
                time.sleep(0.2)
        return done

    @retry(tries=4, delay=1, backoff=2, exceptions=(StockConflict,))
    def release(self, sku, pieces):
        return self.store.release(sku, pieces)

    @retry(tries=2, exceptions=(ConnectionError, TimeoutError))
    def move(self, sku, shelf):
        """Tell the store where the boxes went."""
        return self.store.move(sku, shelf)

    def restock(self, sku, pieces):
        for attempt in range(3):
            try:
                return self.store.restock(sku, pieces)
            except StockConflict as exc:
                if attempt < 3:
                    log.warning("restock of %s: %s", sku, exc)
                    time.sleep(1)
                else:
                    raise

    def sync(self, sku):
        """Bring the level in the web shop in line with the shelf."""
        failures = 0
        while True:
            try:
                return self.store.sync(sku)
            except ConnectionError:
                if failures >= MAX_SYNC_FAILURES:
                    raise
                time.sleep(2)

    def recount(self, shelf):
        """Let the scanner count a shelf. Answers the count and how often the scanner had to try."""
        for attempt in range(1, 6):
            try:
                counted = self.store.count(shelf)
                break
            except TimeoutError:
                if attempt == 5:
                    raise
                time.sleep(2)
        log.info("shelf %s: %d pieces", shelf, counted)
        return counted, attempt

    def cached_level(self, sku, cache):
        """The level from the cache, else from the store; the cache's own error when both let us down."""
        try:
            return cache[sku]
        except CacheMiss:
            for _ in range(3):
                try:
                    level = self.store.level(sku)
                    break
                except ConnectionError:
                    time.sleep(1)
            else:
                raise
            cache[sku] = level
            return level
