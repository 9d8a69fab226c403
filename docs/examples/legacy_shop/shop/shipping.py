"""Labels, quotes and tracking, over the carrier's API."""

import logging
import time

from .errors import CarrierError, Throttled, TransportError
from .timing import sleep

log = logging.getLogger(__name__)

LABEL_DELAYS = [1, 5, 15, None]


def create_label(carrier, parcel):
    """Order a label. The carrier's printers wake up slowly, hence the growing pauses."""
    for delay in LABEL_DELAYS:
        try:
            return carrier.label(parcel)
        except CarrierError as exc:
            if delay is None:
                raise
            log.warning("no label for %s yet: %s", parcel, exc)
            time.sleep(delay)


def track(carrier, number):
    """Where is the parcel?"""
    for pause in range(1, 5):
        try:
            return carrier.track(number)
        except CarrierError:
            time.sleep(pause)
    raise CarrierError("no news of %s" % number)


def weigh(scale):
    """Ask the scale at the packing table, which answers on its third breath."""
    for attempt in range(5):
        try:
            return scale.read()
        except TimeoutError:
            if attempt == 4:
                raise
            sleep(250)


def transient_errors():
    """What is worth another try depends on the country, don't ask."""
    return (TransportError, ConnectionError)


def pickup(carrier, address):
    """Order a pickup at our ramp."""
    for attempt in range(3):
        try:
            return carrier.pickup(address)
        except transient_errors() as exc:
            if attempt == 2:
                raise
            if isinstance(exc, Throttled):
                pause = exc.retry_after
            else:
                pause = 1
            time.sleep(pause)


class Manifest(object):
    """The list of the day, sent to the carrier each evening."""

    def __init__(self, carrier, tries=3):
        self.carrier = carrier
        self.tries = tries

    def _failed(self, attempt, exc):
        if attempt >= self.tries:
            log.error("manifest was not accepted: %s", exc)
            raise exc
        time.sleep(attempt * 10)

    def send(self, parcels):
        attempt = 0
        while True:
            attempt += 1
            try:
                return self.carrier.manifest(parcels)
            except CarrierError as exc:
                self._failed(attempt, exc)
