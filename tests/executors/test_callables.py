"""Any callable is retried, or refused with a clear TypeError."""

from __future__ import annotations

import asyncio
import functools
import inspect
import warnings
from typing import TYPE_CHECKING, Generic, TypeVar

import pytest

from mulligan import ConfigError, Execution, Policy, execute, execute_async, no_delay, retry, try_execute
from mulligan.testing import run_virtual

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

POLICY = Policy(retry_on=ConnectionError, schedule=no_delay())
T = TypeVar("T")


class Failing:
    """Fails twice, then answers."""

    def __init__(self) -> None:
        self.calls = 0

    def step(self) -> None:
        self.calls += 1
        if self.calls < 3:
            raise ConnectionError


class Service(Generic[T]):
    """One retried method of each kind."""

    failing = Failing()

    def __init__(self, value: T) -> None:
        self.value = value

    @retry(POLICY)
    def method(self, suffix: str) -> str:
        self.failing.step()
        return f"{self.value}{suffix}"

    @retry(POLICY)
    async def coroutine(self, suffix: str) -> str:
        self.failing.step()
        return f"{self.value}{suffix}"

    @classmethod
    @retry(POLICY)
    def of_class(cls) -> str:
        cls.failing.step()
        return cls.__name__

    @staticmethod
    @retry(POLICY)
    def static() -> str:
        Service.failing.step()
        return "static"

    @property
    @retry(POLICY)
    def attribute(self) -> T:
        self.failing.step()
        return self.value

    def __call__(self, suffix: str) -> str:
        self.failing.step()
        return f"{self.value}{suffix}"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    Service.failing = Failing()


class TestDecorated:
    def test_a_method(self) -> None:
        assert Service("a").method("b") == "ab"
        assert Service.failing.calls == 3

    def test_an_async_method(self) -> None:
        assert asyncio.run(Service("a").coroutine("b")) == "ab"
        assert Service.failing.calls == 3

    def test_a_class_method(self) -> None:
        assert Service.of_class() == "Service"
        assert Service.failing.calls == 3

    def test_a_static_method(self) -> None:
        assert Service.static() == "static"
        assert Service("a").static() == "static"

    def test_a_property(self) -> None:
        assert Service("a").attribute == "a"
        assert Service.failing.calls == 3

    def test_a_callable_object(self) -> None:
        assert retry(POLICY)(Service("a"))("b") == "ab"

    def test_a_bound_method(self) -> None:
        assert retry(POLICY)(Service("a").__call__)("b") == "ab"

    def test_a_partial(self) -> None:
        assert retry(POLICY)(functools.partial(Service("a"), "b"))() == "ab"

    def test_a_builtin(self) -> None:
        assert retry(POLICY)(max)(1, 2) == 2

    def test_a_class_is_a_callable_too(self) -> None:
        assert retry(POLICY)(Service)("a").value == "a"

    def test_an_async_callable_object(self) -> None:
        class Client:
            async def __call__(self, suffix: str) -> str:
                Service.failing.step()
                return suffix

        decorated = retry(POLICY)(Client())
        assert asyncio.run(consume(decorated("b"))) == "b"
        assert Service.failing.calls == 3

    def test_an_async_partial(self) -> None:
        decorated = retry(POLICY)(functools.partial(Service("a").coroutine, "b"))
        assert asyncio.run(consume(decorated())) == "ab"

    def test_name_docstring_and_signature_are_kept(self) -> None:
        def fetch(url: str, *, timeout: float = 3) -> bytes:
            """Fetch it."""
            return b""

        for policy in (POLICY, POLICY.replace(timeout=3)):
            decorated = retry(policy)(fetch)
            assert (decorated.__name__, decorated.__doc__) == ("fetch", "Fetch it.")
            assert inspect.signature(decorated) == inspect.signature(fetch)

    def test_an_async_function_stays_one(self) -> None:
        for policy in (POLICY, POLICY.replace(timeout=3)):
            assert inspect.iscoroutinefunction(retry(policy)(answer))


async def consume(awaitable: Awaitable[T]) -> T:
    return await awaitable


async def answer() -> int:
    return 7


def lines() -> Iterator[int]:
    yield 1


async def async_lines() -> AsyncIterator[int]:
    yield 1


class Lines:
    """A callable object that is a generator."""

    def __call__(self) -> Iterator[int]:
        yield 1


class TestRefused:
    @pytest.mark.parametrize(
        "generator", [lines, async_lines, functools.partial(lines), Lines(), Lines().__call__], ids=range(5)
    )
    def test_a_generator_is_refused_at_decoration(self, generator: Callable[[], object]) -> None:
        """Its errors come while it is iterated, where no decorator sees them."""
        with pytest.raises(TypeError, match="is a generator"):
            retry(POLICY)(generator)

    def test_a_function_that_answers_a_generator_object_is_fine(self) -> None:
        assert list(retry(POLICY)(lambda: lines())()) == [1]  # noqa: PLW0108 - the lambda is the point

    @pytest.mark.parametrize("kind", [staticmethod, classmethod, property])
    def test_descriptors_are_refused_with_the_order_to_use(self, kind: Callable[[object], object]) -> None:
        decorate: Callable[[object], object] = retry(POLICY)  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
        with pytest.raises(TypeError, match="above @retry"):
            decorate(kind(lines))

    def test_what_is_not_callable_is_refused(self) -> None:
        decorate: Callable[[object], object] = retry(POLICY)  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
        with pytest.raises(TypeError, match="not callable"):
            decorate(7)

    def test_a_lambda_that_answers_a_coroutine_is_a_type_error_and_the_coroutine_is_closed(self) -> None:
        operation: Callable[[], object] = lambda: answer()  # noqa: E731, PLW0108 - the lambda is the point
        ways: list[Callable[[], object]] = [
            lambda: execute(POLICY, operation),
            lambda: execute(POLICY.replace(timeout=3), operation),
            lambda: execute(POLICY.replace(retry_if=lambda value: False), operation),
            lambda: try_execute(POLICY, operation),
            lambda: Execution(POLICY).run(operation),
            retry(POLICY)(operation),
            retry(POLICY.replace(timeout=3))(operation),
        ]
        for way in ways:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                with pytest.raises(TypeError, match="answered a coroutine: use execute_async"):
                    way()

    def test_an_awaitable_after_a_retry_is_a_type_error_too(self) -> None:
        failing = Failing()

        def operation() -> object:
            failing.step()
            return answer()

        with pytest.raises(TypeError, match="answered a coroutine"):
            execute(POLICY, operation)

    def test_a_future_is_an_awaitable(self) -> None:
        async def main() -> None:
            future = asyncio.get_running_loop().create_future()
            with pytest.raises(TypeError, match="answered a Future"):
                execute(POLICY, lambda: future)
            assert future.cancelled()

        asyncio.run(main())

    def test_an_object_that_is_only_awaitable_is_refused_as_well(self) -> None:
        class Deferred:
            def __await__(self) -> Iterator[int]:
                yield 1

        with pytest.raises(TypeError, match="answered a Deferred"):
            execute(POLICY, Deferred)

    def test_a_sync_function_in_execute_async_is_a_clear_type_error_and_never_retried(self) -> None:
        calls: list[int] = []

        def operation() -> int:
            calls.append(1)
            return 7

        run: Callable[..., Awaitable[object]] = execute_async
        for policy in (Policy(retry_on=TypeError), Policy(retry_on=TypeError, timeout=3)):
            calls.clear()
            with pytest.raises(TypeError, match="is no async function"):
                run_virtual(consume_with, run, policy, operation)
            assert calls == [1]


async def consume_with(
    run: Callable[..., Awaitable[object]], policy: Policy[object], operation: Callable[[], object]
) -> None:
    await run(policy, operation)


class TestAttemptTimeoutInSyncCode:
    ENFORCING = POLICY.replace(attempt_timeout=5)

    def test_it_is_refused_at_decoration(self) -> None:
        with pytest.raises(ConfigError, match="advise"):
            retry(self.ENFORCING)(lines.__class__)

    def test_it_is_refused_by_execute(self) -> None:
        with pytest.raises(ConfigError, match="advise"):
            execute(self.ENFORCING, len, "x")

    def test_it_is_refused_by_blocks(self) -> None:
        with pytest.raises(ConfigError, match="advise"):
            next(iter(Execution(self.ENFORCING).attempts()))

    def test_advice_is_accepted(self) -> None:
        assert execute(self.ENFORCING.replace(attempt_timeout_mode="advise"), len, "x") == 1
