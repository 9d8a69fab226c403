"""AWS's standard retry mode against the numbers of "Retries 2.1": delays, hints, quota, kinds of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan import ConfigError, Pipeline, try_execute
from mulligan.decision import Retry, State, Stop, decide
from mulligan.guards import Budget
from mulligan.outcome import Raised
from mulligan.presets import aws_standard
from mulligan.schedules import uniform
from mulligan.testing import virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 7


class ClientError(Exception):
    """What botocore raises: the code, the status and the header fields of a response."""

    def __init__(self, code: str = "", status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.status = code, status
        self.response = {
            "Error": {"Code": code},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers or {}},
        }


OUTAGE = ClientError("InternalError", 500)
THROTTLING = ClientError("ThrottlingException", 400)


def hinted(text: str, error: ClientError = OUTAGE) -> ClientError:
    return ClientError(error.code, error.status, {"x-amz-retry-after": text})


def delay_of(pipeline: Pipeline[object], error: Exception, retry: int) -> float:
    decision = decide(pipeline.policy, State(attempt=retry, seed=SEED), Raised(error), 0.0)
    assert isinstance(decision, Retry)
    return decision.delay


def budget_of(pipeline: Pipeline[object]) -> Budget:
    (budget,) = pipeline.guards
    assert isinstance(budget, Budget)
    return budget


@pytest.mark.parametrize(
    ("error", "dynamodb", "backoffs"),
    [
        (OUTAGE, False, [0.05, 0.1, 0.2, 0.4]),
        (OUTAGE, True, [0.025, 0.05, 0.1, 0.2]),
        (THROTTLING, False, [1, 2, 4, 8, 16, 20, 20]),
        (THROTTLING, True, [1, 2, 4]),
        (ConnectionError(), False, [0.05, 0.1]),
    ],
)
def test_delays_grow_from_the_base_of_the_kind_of_error(
    error: Exception, dynamodb: bool, backoffs: list[float]
) -> None:
    pipeline = aws_standard(dynamodb=dynamodb, max_attempts=20)
    for retry, backoff in enumerate(backoffs, 1):
        assert delay_of(pipeline, error, retry) == pytest.approx(backoff * uniform(SEED, retry))


def test_the_cap_bounds_the_backoff_before_the_jitter() -> None:
    pipeline = aws_standard(max_attempts=50)
    assert delay_of(pipeline, OUTAGE, 12) == pytest.approx(20 * uniform(SEED, 12))


@pytest.mark.parametrize(("dynamodb", "attempts"), [(False, 3), (True, 4)])
def test_attempts(dynamodb: bool, attempts: int) -> None:
    with virtual_time():
        assert try_execute(aws_standard(dynamodb=dynamodb), _raising(OUTAGE)).attempts == attempts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1500", 1.5),
        ("0", None),  # below the backoff: it is the backoff
        ("10000", 5.0),  # five seconds above the backoff at most
        ("1.5", None),
        ("-100", None),
        ("+100", None),
        ("²", None),
        ("soon", None),
        ("", None),
    ],
)
def test_the_hint_raises_the_backoff_by_five_seconds_at_most(text: str, expected: float | None) -> None:
    backoff = 0.05 * uniform(SEED, 1)
    found = delay_of(aws_standard(), hinted(text), 1)
    if expected is None:
        assert found == pytest.approx(backoff)
    elif expected == 5.0:
        assert found == pytest.approx(backoff + 5)
    else:
        assert found == expected


def test_the_hint_counts_for_throttling_errors_too() -> None:
    assert delay_of(aws_standard(), hinted("3000", THROTTLING), 1) == 3.0


@pytest.mark.parametrize(
    ("script", "levels"),
    [
        ([OUTAGE, OUTAGE, None], [500, 486, 472, 486]),
        ([THROTTLING, None], [500, 495, 500]),
        ([OUTAGE, THROTTLING, None], [500, 486, 481, 486]),
        ([OUTAGE, OUTAGE, OUTAGE], [500, 486, 472, 472]),
        ([None], [500, 500]),
        ([ClientError("AccessDenied", 403)], [500, 500]),
    ],
)
def test_the_quota_pays_for_retries(script: list[Exception | None], levels: list[float]) -> None:
    pipeline = aws_standard()
    seen: list[float] = []
    steps = iter(script)

    def operation() -> int:
        seen.append(budget_of(pipeline).level())
        error = next(steps)
        if error is not None:
            raise error
        return 7

    with virtual_time():
        try_execute(pipeline, operation)
        assert [*seen, budget_of(pipeline).level()] == levels


def test_a_full_outage_makes_35_retries_and_then_none() -> None:
    pipeline, calls = aws_standard(), 0

    def down() -> int:
        nonlocal calls
        calls += 1
        raise OUTAGE

    with virtual_time():
        for _ in range(100):
            try_execute(pipeline, down)
    assert calls == 100 + 35


@pytest.mark.parametrize(
    ("error", "retried"),
    [
        (ClientError("RequestTimeout", 400), True),
        (ClientError("SlowDown", 503), True),
        (ClientError("Whatever", 429), True),
        (ClientError("Whatever", 502), True),
        (ClientError("Whatever", 501), False),
        (ClientError("NoSuchKey", 404), False),
        (TimeoutError(), True),
        (ValueError(), False),
    ],
)
def test_kinds_of_errors(error: Exception, retried: bool) -> None:
    decision = decide(aws_standard().policy, State(), Raised(error), 0.0)
    assert isinstance(decision, Retry if retried else Stop)


def test_botocores_own_errors_are_known_by_their_class() -> None:
    http = type("HTTPClientError", (Exception,), {"__module__": "botocore.exceptions"})
    error = type("ReadTimeoutError", (http,), {"__module__": "botocore.exceptions"})()
    assert isinstance(decide(aws_standard().policy, State(), Raised(error), 0.0), Retry)


def test_what_is_no_tuple_of_types_is_refused() -> None:
    with pytest.raises(ConfigError, match="retry_on="):
        aws_standard(retry_on=(TimeoutError(),))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def _raising(error: Exception) -> Callable[[], object]:
    def operation() -> object:
        raise error

    return operation
