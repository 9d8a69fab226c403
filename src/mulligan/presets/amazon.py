"""AWS's standard retry mode, as of "Retries 2.1" (November 2026).

Sources: AWS SDKs and Tools Reference Guide, "Retry behavior"; the lists of error codes are those of botocore 1.44.

Rules: errors are botocore's, known by what they look like, so that nothing need be installed: a `response` mapping with
the error's code, the status and the header fields. An `x-amz-retry-after` that is no whole number of milliseconds is
as good as absent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mulligan._policy_fields import error_type
from mulligan._value import Value
from mulligan.classify import ACCEPT, FAIL, TRANSIENT, Transient
from mulligan.guards import Budget, quota
from mulligan.outcome import Raised
from mulligan.pipeline import Pipeline
from mulligan.policy import Policy
from mulligan.schedules import exponential, full_jitter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeGuard

    from mulligan.classify import Verdict
    from mulligan.events import Listener
    from mulligan.guards import Store
    from mulligan.outcome import Outcome
    from mulligan.schedules import Schedule

__all__ = ["aws_standard"]

CAP: Final = 20.0
THROTTLING_CODES: Final = frozenset(
    {
        *("BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete"),
        *("ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled"),
        *("RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException"),
        *("TooManyRequestsException", "TransactionInProgressException"),
    }
)
TRANSIENT_CODES: Final = frozenset({"RequestTimeout", "RequestTimeoutException"})
THROTTLING_STATUSES: Final = frozenset({429})
TRANSIENT_STATUSES: Final = frozenset({500, 502, 503, 504})
_MILLISECONDS: Final = re.compile("[0-9]{1,12}")


class Slowed(Transient, kw_only=False):
    """The service throttles: the delay grows from 1 s, whatever the policy's schedule."""

    def paced(self, schedule: Schedule) -> Schedule:  # noqa: ARG002 - the base's
        """Answer the schedule of throttling errors."""
        return _backoff(1.0)


class ByResponse(Value):
    """The classifier of AWS's errors.

    Args:
        types: errors without a response that are transient.
    """

    types: tuple[type[BaseException], ...]

    def __call__(self, outcome: Outcome[object], /) -> Verdict:
        """Answer what the error's code, status, hint and type say."""
        if not isinstance(outcome, Raised):
            return ACCEPT
        hint = _hint(outcome.error)
        if _throttles(outcome.error):
            return Slowed(hint, "near")
        if self._passes(outcome.error):
            return Transient(hint, "near")
        return FAIL

    def _passes(self, error: BaseException) -> bool:
        """Tell whether the error is transient."""
        response = _response(error)
        if response is None:
            return isinstance(error, self.types) or _is_of_botocore(error)
        return _code(response) in TRANSIENT_CODES or _status(response) in TRANSIENT_STATUSES


def is_throttling(outcome: Outcome[object], /) -> Verdict:
    """Answer transient where the service said that it is too much: such a retry costs less of the quota."""
    return TRANSIENT if isinstance(outcome, Raised) and _throttles(outcome.error) else FAIL


def _throttles(error: BaseException) -> bool:
    response = _response(error)
    if response is None:
        return False
    return _code(response) in THROTTLING_CODES or _status(response) in THROTTLING_STATUSES


def _is_of_botocore(error: BaseException) -> bool:
    """Tell whether botocore's HTTP client got no answer."""
    return any(
        kind.__name__ in {"HTTPClientError", "ConnectionError"} and kind.__module__ == "botocore.exceptions"
        for kind in type(error).__mro__
    )


def _response(error: BaseException) -> Mapping[str, object] | None:
    response: object = getattr(error, "response", None)
    return response if _is_mapping(response) else None


def _code(response: Mapping[str, object]) -> object:
    return _inside(response, "Error").get("Code")


def _status(response: Mapping[str, object]) -> object:
    return _inside(response, "ResponseMetadata").get("HTTPStatusCode")


def _hint(error: BaseException) -> float | None:
    """Answer the seconds that the service asks for."""
    fields = _inside(_inside(_response(error) or {}, "ResponseMetadata"), "HTTPHeaders")
    text = str(fields.get("x-amz-retry-after", ""))
    return int(text) / 1000 if _MILLISECONDS.fullmatch(text) else None


def _inside(response: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = response.get(name)
    return found if _is_mapping(found) else {}


def _is_mapping(found: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(found, dict)


def _backoff(base: float) -> Schedule:
    return exponential(base, factor=2, cap=CAP).jittered(full_jitter())


def aws_standard(
    name: str = "aws",
    *,
    dynamodb: bool = False,
    max_attempts: int | None = None,
    retry_on: tuple[type[BaseException], ...] = (ConnectionError, TimeoutError),
    timeout: float | None = None,
    key: str | Callable[..., object] = "",
    store: Store | None = None,
    listeners: Iterable[Listener] = (),
) -> Pipeline[object]:
    """Answer AWS's standard retry mode: 3 attempts, full jitter, a quota, and the service's hints.

    A delay is `U * min(base * 2^n, 20 s)`, with a base of 50 ms, or 1 s where the service throttles. A retry costs 14
    of 500 tokens, or 5 where the service throttles; a success at the first attempt puts 1 back in, a success later
    what its retry cost. `x-amz-retry-after` raises a delay towards the hint, by 5 s at most. Turn boto3's own retries
    off: `Config(retries={"total_max_attempts": 1})`.

    Args:
        name: what to call it in events, notes and stores.
        dynamodb: whether the service is DynamoDB or its streams: 4 attempts, and a base of 25 ms.
        max_attempts: how many attempts are made at most, the first included, instead of 3 or 4.
        retry_on: errors that are transient beside botocore's own.
        timeout: seconds for the whole execution.
        key: tells services apart: a constant, or a function of the call's arguments.
        store: where the quota sits; this process's memory when left out.
        listeners: who is told what happens.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import execute
    >>> execute(aws_standard("s3"), len, "object")
    6
    """
    policy = Policy[object](
        name=name,
        classify=ByResponse(types=tuple(error_type("retry_on", kind) for kind in retry_on)),
        schedule=_backoff(0.025 if dynamodb else 0.05),
        max_attempts=(4 if dynamodb else 3) if max_attempts is None else max_attempts,
        timeout=timeout,
    )
    budget = Budget(name, quota(), throttled=is_throttling, key=key, store=store)
    return Pipeline(policy, guards=[budget], listeners=listeners)
