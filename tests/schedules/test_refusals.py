"""A value that can't be used is refused at construction, with field, value and remedy."""

from __future__ import annotations

from decimal import Decimal
from math import inf, nan
from typing import TYPE_CHECKING

import pytest

from mulligan.errors import ConfigError
from mulligan.schedules import (
    BaseSchedule,
    additive_jitter,
    constant,
    decorrelated,
    exponential,
    fibonacci,
    from_delays,
    full_jitter,
    linear,
    max_of,
    min_of,
    no_delay,
    proportional_jitter,
)

if TYPE_CHECKING:
    from collections.abc import Callable

BAD_SECONDS: list[object] = [-1, -0.001, nan, inf, -inf, True, "1", None, 1j, Decimal(1), 1e9 + 1, 10**400, [1]]

SECONDS_FIELDS: dict[str, tuple[str, Callable[[float], object]]] = {
    "constant": ("seconds", constant),
    "linear": ("base", linear),
    "linear step": ("step", lambda bad: linear(1, step=bad)),
    "linear cap": ("cap", lambda bad: linear(0.001, cap=bad)),
    "exponential": ("base", exponential),
    "exponential cap": ("cap", lambda bad: exponential(0.001, cap=bad)),
    "fibonacci": ("base", fibonacci),
    "fibonacci cap": ("cap", lambda bad: fibonacci(0.001, cap=bad)),
    "decorrelated": ("base", decorrelated),
    "decorrelated cap": ("cap", lambda bad: decorrelated(0.001, cap=bad)),
    "from_delays": ("delays", lambda bad: from_delays([1, bad])),
    "additive_jitter": ("most", additive_jitter),
    "capped": ("cap", lambda bad: constant(1).capped(bad)),
    "within": ("total", lambda bad: constant(1).within(bad)),
}
MAY_BE_NONE = {"linear step", "linear cap", "exponential cap", "fibonacci cap", "decorrelated cap"}


@pytest.mark.parametrize(("name", "bad"), [(name, bad) for name in SECONDS_FIELDS for bad in BAD_SECONDS], ids=repr)
def test_seconds_are_checked(name: str, bad: object) -> None:
    field, build = SECONDS_FIELDS[name]
    if bad is None and name in MAY_BE_NONE:
        build(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        return
    with pytest.raises(ConfigError) as raised:
        build(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert raised.value.field == field
    assert raised.value.value is bad
    assert raised.value.remedy.startswith("give ")


@pytest.mark.parametrize("bad", [0, -1, nan, inf, True, "2", None, 1e301])
def test_factors_are_checked(bad: object) -> None:
    with pytest.raises(ConfigError, match="factor="):
        exponential(1, factor=bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("bad", [-0.1, 1.1, nan, inf, True, "0.2", None])
def test_ratios_are_checked(bad: object) -> None:
    with pytest.raises(ConfigError, match="ratio="):
        proportional_jitter(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("bad", [-1, 1.5, True, "3", None, inf])
def test_numbers_of_retries_are_checked(bad: object) -> None:
    with pytest.raises(ConfigError, match="retries="):
        constant(1).take(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigError, match="retries="):
        constant(1).take(3).take(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("bad", [1.5, True, "7", None])
def test_seeds_are_checked(bad: object) -> None:
    with pytest.raises(ConfigError, match="seed="):
        constant(1).delays(seed=bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("family", [linear, exponential, fibonacci, decorrelated])
def test_a_cap_below_the_base_is_refused(family: Callable[..., object]) -> None:
    with pytest.raises(ConfigError, match=r"cap=1: give a cap that isn't below base=2\.0"):
        family(2, cap=1)


@pytest.mark.parametrize("schedule", [constant(1).jittered(full_jitter()), decorrelated(1), decorrelated(1).take(2)])
def test_a_jittered_schedule_is_neither_capped_nor_jittered_again(schedule: BaseSchedule) -> None:
    for combined in (schedule, constant(1).take(1).then(schedule), max_of(schedule, no_delay()), min_of(schedule)):
        with pytest.raises(ConfigError, match="cap first, then jitter"):
            combined.capped(5)
        with pytest.raises(ConfigError, match="jitter once"):
            combined.jittered(full_jitter())


def test_nothing_follows_a_schedule_that_never_ends() -> None:
    with pytest.raises(ConfigError, match=r"\.take\(n\) first: constant\(1\) never ends"):
        constant(1).then(constant(2))


@pytest.mark.parametrize("bad", [1.0, None, "constant(1)", [1, 2], dict])
def test_only_schedules_are_combined(bad: object) -> None:
    for build in (constant(1).take(1).then, max_of, min_of):
        with pytest.raises(ConfigError, match="give a schedule"):
            build(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_an_extreme_of_nothing_is_refused() -> None:
    for build in (max_of, min_of):
        with pytest.raises(ConfigError, match="at least one"):
            build()


@pytest.mark.parametrize("bad", [full_jitter, 0.5, None])
def test_only_kinds_of_jitter_jitter(bad: object) -> None:
    with pytest.raises(ConfigError, match="give a kind of jitter"):
        constant(1).jittered(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("bad", [5, None, "12", b"12"])
def test_only_lists_are_delays(bad: object) -> None:
    with pytest.raises(ConfigError, match="give a list of seconds"):
        from_delays(bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_changed_copy_is_checked_too() -> None:
    with pytest.raises(ConfigError, match="cap="):
        exponential(1, cap=5).replace(base=6)
