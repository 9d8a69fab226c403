"""The exceptions of the shop."""


class ShopError(Exception):
    """Base class of everything we raise on purpose."""


class TransportError(ShopError):
    """The other side could not be reached, or hung up on us."""


class Throttled(TransportError):
    """The other side asks us to slow down."""

    def __init__(self, message, retry_after=1):
        super().__init__(message)
        self.retry_after = retry_after


class HttpError(ShopError):
    """An answer with a status that we can't use."""

    def __init__(self, status, message=""):
        super().__init__("%s %s" % (status, message))
        self.status = status


class StorageError(ShopError):
    """The database gave up on us."""


class GatewayError(ShopError):
    """The payment gateway failed."""

    def __init__(self, message, transient=True):
        super().__init__(message)
        self.transient = transient


class PaymentDeclined(GatewayError):
    """The bank said no. Never try this again."""

    def __init__(self, message):
        super().__init__(message, transient=False)


class ChargeNotFound(GatewayError):
    """The gateway does not know (any more) what we are talking about."""


class StockConflict(ShopError):
    """Somebody else changed the stock level in between."""


class CacheMiss(ShopError, LookupError):
    """Not in the cache."""


class CarrierError(ShopError):
    """The carrier's API had a bad day."""


class BrokerDown(ShopError, ConnectionError):
    """The message broker is not there."""


class MailError(ShopError):
    """The mail relay refused."""
