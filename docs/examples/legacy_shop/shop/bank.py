"""The bank's own interface, for cards that the gateway does not take and for the statements."""

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_fixed


class Bank(object):
    def __init__(self, wire):
        self.wire = wire

    @retry(
        stop=stop_after_attempt(3),
        wait=wait_exponential(multiplier=0.5, max=10),
        retry=retry_if_exception_type(ConnectionError),
        reraise=True,
    )
    def authorize(self, card, amount):
        return self.wire.authorize(card, amount)

    # no reraise here: accounting catches tenacity.RetryError and files the statement by hand
    @retry(stop=stop_after_attempt(2), wait=wait_fixed(30))
    def fetch_statement(self, day):
        return self.wire.statement(day)
