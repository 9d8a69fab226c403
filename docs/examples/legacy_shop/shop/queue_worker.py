"""Takes jobs from the broker and runs them. One process per queue, kept alive by supervisord."""

import logging
import time

from .errors import BrokerDown, ShopError

log = logging.getLogger(__name__)

ACK_DELAY = 5
MAX_RECONNECTS = 4


class QueueWorker(object):
    def __init__(self, broker, handlers, poll_seconds=2):
        self.broker = broker
        self.handlers = handlers
        self.poll_seconds = poll_seconds
        self.running = False
        self.retry_budget = 5

    def stop(self, *_):
        self.running = False

    def run_forever(self):
        """The main loop of the process."""
        self.running = True
        while self.running:
            try:
                job = self.broker.pop()
                if job is not None:
                    self.handlers[job["kind"]](job)
                    self.ack(job["id"])
            except ShopError:
                log.exception("job failed, next one please")
            time.sleep(self.poll_seconds)

    def wait_for_broker(self):
        """Block until the broker answers (it starts after us on most machines)."""
        while True:
            try:
                self.broker.ping()
                break
            except BrokerDown:
                time.sleep(self.poll_seconds)
        log.info("broker is up")

    def ack(self, job_id):
        # a job that is not acknowledged is run twice, so this one never gives up
        while True:
            try:
                return self.broker.ack(job_id)
            except BrokerDown as exc:
                log.warning("could not acknowledge %s: %s", job_id, exc)
                time.sleep(ACK_DELAY)

    def connect(self):
        """Connect, with some patience."""
        delay = 1
        while True:
            try:
                return self.broker.connect()
            except BrokerDown:
                time.sleep(delay)
                delay = min(delay * 2, 60)

    def process(self, job):
        """Run one job. A worker may retry five times in its life, then it is replaced by a fresh one."""
        while True:
            try:
                return self.handlers[job["kind"]](job)
            except ConnectionError:
                if self.retry_budget <= 0:
                    raise
                self.retry_budget -= 1
                time.sleep(1)

    def next_job(self):
        """Wait for a job; Ctrl-C while the broker is away ends the worker politely."""
        failures = 0
        while True:
            try:
                return self.broker.pop()
            except BrokerDown:
                failures += 1
                if failures > 10:
                    raise
                try:
                    time.sleep(3)
                except KeyboardInterrupt:
                    log.info("stopped while waiting for the broker")
                    return None

    def publish(self, message):
        """Publish, reconnecting when needed; no more than MAX_RECONNECTS reconnects per message."""
        reconnects = 0
        while True:
            try:
                return self.broker.publish(message)
            except BrokerDown:
                while reconnects < MAX_RECONNECTS:
                    reconnects += 1
                    try:
                        self.broker.connect()
                        break
                    except BrokerDown:
                        time.sleep(1)
                else:
                    raise
