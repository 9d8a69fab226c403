"""Everything around the payment gateway."""

import logging
import time

from .errors import ChargeNotFound, GatewayError, PaymentDeclined, ShopError

log = logging.getLogger(__name__)

RATE_ATTEMPTS = 4
RATE_DELAY = 3


def load_exchange_rates(fetch):
    """The European rates of today, from the central bank, which is not the fastest."""
    for attempt in range(1, RATE_ATTEMPTS + 1):
        try:
            return fetch("EUR")
        except OSError as exc:
            if attempt == RATE_ATTEMPTS:
                raise
            log.info("no exchange rates yet (%s)", exc)
            time.sleep(RATE_DELAY)


def translate(exc):
    """The gateway's SDK raises OSErrors and ValueErrors for everything; make something useful of them."""
    if isinstance(exc, TimeoutError):
        return GatewayError("gateway timed out", transient=True)
    if isinstance(exc, OSError):
        return GatewayError("gateway unreachable", transient=True)
    return GatewayError("gateway answered nonsense: %s" % exc, transient=False)


class Payments(object):
    def __init__(self, gateway, max_tries=3, pause=1.5):
        self.gateway = gateway
        self.max_tries = max_tries
        self.pause = pause

    def lookup(self, charge_id):
        tries = 0
        while True:
            tries += 1
            try:
                return self.gateway.lookup(charge_id)
            except ConnectionError:
                if tries >= self.max_tries:
                    raise
                time.sleep(self.pause)

    def capture(self, charge_id, amount):
        """Take the money. Declined is declined, everything else deserves another chance."""
        tries = 0
        while True:
            tries += 1
            try:
                return self.gateway.capture(charge_id, amount)
            except GatewayError as exc:
                if not exc.transient or tries >= 3:
                    raise
                time.sleep(1.5)

    def settle(self, batch):
        """Send the batch of the day to the acquirer."""
        problem = None
        for _ in range(3):
            try:
                receipt = self.gateway.settle(batch)
            except GatewayError as exc:
                problem = exc
                log.error("settlement failed: %s", exc)
                time.sleep(60)
            else:
                break
        else:
            raise ShopError("batch was not settled") from problem
        log.info("settled: %s", receipt)
        return receipt

    def refund(self, charge_id, amount):
        # the gateway wants a fresh request id each time it has seen the old one fail
        for attempt in range(3):
            try:
                return self.gateway.refund(charge_id, amount, "%s-%d" % (charge_id, attempt))
            except GatewayError:
                if attempt == 2:
                    raise
                time.sleep(2)

    def dispute(self, charge_id):
        for attempt in range(4):
            try:
                return self.gateway.dispute(charge_id)
            except (OSError, ValueError) as exc:
                error = translate(exc)
                if not error.transient or attempt == 3:
                    raise error
                time.sleep(1)

    def wait_until_voided(self, charge_id):
        """True once the gateway has forgotten the charge, False when it still knows it after a minute."""
        for _ in range(6):
            try:
                self.gateway.lookup(charge_id)
            except ChargeNotFound:
                return True
            time.sleep(10)
        return False


def is_final(exc):
    return isinstance(exc, PaymentDeclined)
