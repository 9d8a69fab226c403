"""What the type checkers infer of the public surface: `assert_type` is checked by mypy and pyright, and run.

A wrong call carries the codes that both checkers give; an unused `type: ignore` is an error, so it must be one.
"""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Generic, TypeVar, assert_never, assert_type, overload

import pytest

from mulligan import (
    ConfigError,
    Execution,
    Failed,
    Pipeline,
    Policy,
    Schedule,
    Succeeded,
    attempts,
    execute,
    execute_async,
    exponential,
    no_delay,
    retry,
    try_execute,
    try_execute_async,
)
from mulligan.classifiers import error, value_where
from mulligan.testing import run_virtual

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

T = TypeVar("T")


class Response:
    """An answer with a status."""

    def __init__(self, status: int) -> None:
        self.status = status


class Page(Response):
    """A kind of answer."""


PLAIN = Policy(retry_on=ConnectionError, schedule=no_delay())
RESPONSES = Policy[Response](retry_if=lambda response: response.status == 503, schedule=no_delay())


def fetch(url: str, *, timeout: float = 3.0) -> bytes:
    return url.encode()


async def afetch(url: str, *, timeout: float = 3.0) -> bytes:
    return url.encode()


def page() -> Page:
    return Page(200)


class TestPolicies:
    def test_a_policy_judges_any_value_unless_it_says_otherwise(self) -> None:
        assert_type(PLAIN, Policy[object])
        assert_type(RESPONSES, Policy[Response])
        assert_type(RESPONSES.replace(max_attempts=2), Policy[Response])
        assert_type(Policy(retry_if=is_busy), Policy[Response])

    def test_a_policy_of_anything_serves_every_operation(self) -> None:
        specific: Policy[Page] = RESPONSES
        narrow: Policy[bytes] = PLAIN
        assert specific == RESPONSES
        assert narrow is PLAIN

    def test_a_policy_of_a_type_serves_no_wider_one(self) -> None:
        wider: Policy[object] = RESPONSES  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
        assert wider is RESPONSES

    def test_wrong_fields_are_errors(self) -> None:
        with pytest.raises(ConfigError):
            Policy(retry_on=ConnectionError, max_attempts="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        with pytest.raises(ConfigError):
            Policy(retry_on=int)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        with pytest.raises(TypeError):
            Policy(retry_on=ConnectionError, attempts=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

    def test_a_class_with_the_one_method_is_a_schedule(self) -> None:
        class Squares:
            def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
                return float(retry**2)

        own: Schedule = Squares()
        assert PLAIN.replace(schedule=own).schedule is own
        assert_type(exponential(0.1).delay(1, 7, None), float | None)


def is_busy(response: Response) -> bool:
    return response.status == 503


class TestFunctions:
    def test_execute_answers_what_the_operation_does(self) -> None:
        assert_type(execute(PLAIN, fetch, "u"), bytes)
        assert_type(execute(PLAIN, fetch, "u", timeout=1), bytes)
        assert_type(execute(RESPONSES, page), Page)
        assert_type(execute(Pipeline(PLAIN), fetch, "u"), bytes)

    def test_wrong_arguments_are_errors(self) -> None:
        with pytest.raises(TypeError):
            execute(PLAIN, fetch)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        with pytest.raises(TypeError):
            execute(PLAIN, fetch, "u", retries=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        with pytest.raises(AttributeError):
            execute(PLAIN, fetch, 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def test_an_operation_of_another_type_is_an_error(self) -> None:
        with pytest.raises(Exception, match="has no attribute 'status'"):
            execute(RESPONSES, fetch, "u")  # type: ignore[misc]  # pyright: ignore[reportArgumentType]

    def test_asynchronous_functions(self) -> None:
        async def main() -> None:
            assert_type(await execute_async(PLAIN, afetch, "u"), bytes)
            assert_type(await Execution(PLAIN).run_async(afetch, "u"), bytes)
            assert_type(await try_execute_async(PLAIN, afetch, "u"), Succeeded[bytes] | Failed[bytes])

        run_virtual(main)

    def test_executions(self) -> None:
        assert_type(Execution(PLAIN, seed=7), Execution[object])
        assert_type(Execution(PLAIN).run(fetch, "u"), bytes)
        assert_type(Execution(RESPONSES).run(page), Response)
        assert_type(Execution(PLAIN).try_run(page), Succeeded[Page] | Failed[Page])
        with pytest.raises(Exception, match="has no attribute 'status'"):
            Execution(RESPONSES).run(fetch, "u")  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
        with pytest.raises(TypeError):
            Execution(PLAIN).run(fetch)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]

    def test_answers_are_a_closed_union(self) -> None:
        answer = try_execute(PLAIN, fetch, "u")
        assert_type(answer, Succeeded[bytes] | Failed[bytes])
        match answer:
            case Succeeded(value):
                assert_type(value, bytes)
            case Failed(error, last_value):
                assert_type(error, Exception | None)
                assert_type(last_value, bytes | None)
            case _:
                assert_never(answer)


class TestBlocks:
    def test_accept_answers_the_values_own_type(self) -> None:
        for attempt in attempts(PLAIN):
            with attempt:
                assert_type(attempt.accept(page()), Page)
                assert_type(attempt.number, int)

    def test_accept_answers_what_the_policy_judges(self) -> None:
        for attempt in attempts(RESPONSES):
            with attempt:
                assert_type(attempt.accept(page()), Response)

    def test_accept_refuses_what_the_policy_cannot_judge(self) -> None:
        for attempt in attempts(RESPONSES):
            with pytest.raises(Exception, match="has no attribute 'status'"), attempt:
                attempt.accept(b"")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            break


class Service(Generic[T]):
    """One decorated callable of each kind."""

    def __init__(self, value: T) -> None:
        self.value = value

    @retry(PLAIN)
    def method(self, suffix: str, *, times: int = 1) -> T:
        return self.value

    @retry(PLAIN)
    async def coroutine(self, suffix: str) -> T:
        return self.value

    @classmethod
    @retry(PLAIN)
    def of_class(cls, name: str) -> str:
        return cls.__name__ + name

    @staticmethod
    @retry(PLAIN)
    def static(number: int) -> int:
        return number

    @property
    @retry(PLAIN)
    def attribute(self) -> T:
        return self.value

    def __call__(self, number: int) -> T:
        return self.value


@overload
def doubled(value: int) -> int: ...
@overload
def doubled(value: str) -> str: ...
@retry(PLAIN)
def doubled(value: int | str) -> int | str:
    return value * 2


@retry(PLAIN)
def first(values: list[T]) -> T:
    return values[0]


class TestDecorator:
    def test_functions_keep_their_types(self) -> None:
        assert_type(retry(PLAIN)(fetch)("u", timeout=1), bytes)
        with pytest.raises(TypeError):
            retry(PLAIN)(fetch)("u", retries=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        with pytest.raises(AttributeError):
            retry(PLAIN)(fetch)(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def test_async_functions_stay_coroutines(self) -> None:
        async def main() -> None:
            assert_type(await retry(PLAIN)(afetch)("u"), bytes)
            task = asyncio.create_task(retry(PLAIN)(afetch)("u"))  # only a coroutine can be a task
            assert_type(await task, bytes)

        run_virtual(main)

    def test_methods_keep_their_types(self) -> None:
        service = Service(7)
        assert_type(service.method("x", times=2), int)
        assert_type(Service.of_class("x"), str)
        assert_type(Service.static(3), int)
        assert_type(service.attribute, int)
        assert_type(retry(PLAIN)(service)(3), int)
        with pytest.raises(TypeError):
            service.method()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

    def test_overloads_generics_and_partials_keep_their_types(self) -> None:
        assert_type(doubled(2), int)
        assert_type(doubled("x"), str)
        assert_type(first([1, 2]), int)
        assert_type(first(["x"]), str)
        assert_type(retry(PLAIN)(functools.partial(fetch, timeout=1))("u"), bytes)

    def test_a_decorator_is_a_function_of_functions(self) -> None:
        decorate: Callable[[Callable[[str], bytes]], Callable[[str], bytes]] = retry(PLAIN)
        assert decorate(lambda url: url.encode())("u") == b"u"


def test_conditions_combine_their_types() -> None:
    assert_type(Policy(classify=error(OSError)), Policy[object])
    assert_type(Policy(classify=error(OSError) | value_where(is_busy)), Policy[Response])
    assert_type(Policy(classify=value_where(is_busy) & ~error(OSError)), Policy[Response])
    assert_type(Policy(classify=value_where(is_busy).hinted(3).otherwise(error(OSError))), Policy[Response])


def test_observers_may_be_async() -> None:
    async def on_retry(event: object) -> None: ...

    def log(event: object) -> None: ...

    observers: list[Callable[[object], Awaitable[None] | None]] = [on_retry, log]
    for observer in observers:
        Execution(PLAIN, on_retry=observer)
    with pytest.raises(ConfigError):
        Execution(PLAIN, on_retry="log")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_generators_type_check_and_are_refused_when_they_are_decorated() -> None:
    async def lines() -> AsyncIterator[int]:
        yield 1

    with pytest.raises(TypeError):
        retry(PLAIN)(lines)
