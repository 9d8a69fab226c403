"""Prices of parcels, and where customs keep them."""

import backoff

from .errors import CarrierError


@backoff.on_exception(backoff.expo, CarrierError, max_tries=4, jitter=None)
def quote(carrier, parcel):
    """Price of a parcel in cents."""
    return carrier.quote(parcel)


@backoff.on_predicate(backoff.constant, lambda state: state == "pending", interval=10, max_tries=3, jitter=None)
def customs_state(carrier, number):
    """State of a parcel at customs; still "pending" when they take too long."""
    return carrier.customs(number)
