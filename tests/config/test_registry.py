"""Named policies and what an operator changes from outside."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mulligan import (
    UNLIMITED,
    ConfigError,
    Execution,
    Policy,
    Reason,
    RetryExhausted,
    config,
    constant,
    execute,
    no_delay,
    try_execute,
)
from mulligan.executors import switch
from tests.executors.worlds import Script, World, every_form, every_world

POLICY: Policy[int] = Policy(name="billing.fetch", retry_on=ConnectionError, schedule=no_delay(), max_attempts=5)


def define_with(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> Policy[int]:
    monkeypatch.setenv(name, text)
    config.reload()
    return config.define(POLICY)


class TestDefine:
    def test_it_answers_the_policy(self) -> None:
        assert config.define(POLICY) == POLICY
        assert config.policies() == (POLICY,)

    def test_a_policy_needs_a_name(self) -> None:
        with pytest.raises(ConfigError, match="give the policy a name"):
            config.define(POLICY.replace(name=""))

    def test_defining_it_twice_is_fine(self) -> None:
        """A module may be imported again."""
        assert config.define(POLICY) == config.define(POLICY)

    def test_a_name_is_taken_once(self) -> None:
        config.define(POLICY)
        with pytest.raises(ConfigError, match="the name is taken"):
            config.define(POLICY.replace(max_attempts=2))

    @pytest.mark.parametrize("name", ["billing_fetch", "billing-fetch", "Billing.Fetch"])
    def test_names_that_the_environment_cannot_tell_apart_collide(self, name: str) -> None:
        config.define(POLICY)
        with pytest.raises(ConfigError, match=r"can't tell it from 'billing\.fetch'"):
            config.define(POLICY.replace(name=name))


class TestOverrides:
    @pytest.mark.parametrize(
        ("field", "text", "changed"),
        [
            ("MAX_ATTEMPTS", "2", POLICY.replace(max_attempts=2)),
            ("MAX_ATTEMPTS", " unlimited ", POLICY.replace(max_attempts=UNLIMITED)),
            ("TIMEOUT", "2.5", POLICY.replace(timeout=2.5)),
            ("TIMEOUT", "none", POLICY),
            ("STOP_AFTER", "3", POLICY.replace(stop_after=3)),
            ("ATTEMPT_TIMEOUT", "1", POLICY.replace(attempt_timeout=1)),
        ],
    )
    def test_a_limit_is_overridden(
        self, monkeypatch: pytest.MonkeyPatch, field: str, text: str, changed: Policy[int]
    ) -> None:
        assert define_with(monkeypatch, f"MULLIGAN_POLICY_BILLING_FETCH__{field}", text) == changed

    def test_an_override_that_takes_effect_is_logged_once(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level("INFO", logger="mulligan.config"):
            define_with(monkeypatch, "MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS", "2")
            config.policies()
        assert [record.getMessage() for record in caplog.records] == [
            "billing.fetch: max_attempts is overridden by MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS=2 (it was 5)"
        ]

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("MAX_ATTEMPTS", "0"),
            ("MAX_ATTEMPTS", "-1"),
            ("MAX_ATTEMPTS", "²"),
            ("MAX_ATTEMPTS", "many"),
            ("TIMEOUT", "soon"),
            ("TIMEOUT", "-1"),
            ("TIMEOUT", "nan"),
            ("RETRY_ON", "Exception"),
            ("TIMEOUTS", "1"),
        ],
    )
    def test_a_wrong_override_is_named_when_its_policy_is_defined(
        self, monkeypatch: pytest.MonkeyPatch, field: str, text: str
    ) -> None:
        variable = f"MULLIGAN_POLICY_BILLING_FETCH__{field}"
        with pytest.raises(ConfigError) as caught:
            define_with(monkeypatch, variable, text)
        assert (caught.value.field, caught.value.value) == (variable, text)

    def test_other_policies_are_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert define_with(monkeypatch, "MULLIGAN_POLICY_BILLING__MAX_ATTEMPTS", "2") == POLICY

    def test_reload_reads_them_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was defined is a value and stays; the registry answers the new one."""
        defined = config.define(POLICY)
        monkeypatch.setenv("MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS", "2")
        assert config.policies() == (POLICY,)
        config.reload()
        assert defined.max_attempts == 5
        assert config.policies() == (POLICY.replace(max_attempts=2),)


class TestDisabled:
    @pytest.fixture(autouse=True)
    def _disabled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MULLIGAN_DISABLED", "1")
        config.reload()

    @every_form
    @every_world
    def test_every_policy_is_a_single_attempt(self, world: World, form: str) -> None:
        for policy in (POLICY, POLICY.replace(timeout=60), POLICY.replace(retry_on=lambda error: True)):
            script = Script(ConnectionError("down"), 7)
            with pytest.raises(ConnectionError, match="down") as caught:
                world.run(form, policy, script)
            assert script.calls == 1
            assert caught.value.__notes__[0].endswith("(disabled)")

    def test_a_success_is_a_success(self) -> None:
        assert execute(POLICY, len, "x") == 1

    def test_values_are_still_judged(self) -> None:
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1))
        with pytest.raises(RetryExhausted):
            execute(policy, int, "-1")
        assert try_execute(policy.replace(on_exhausted="return"), int, "-1").attempts == 1

    def test_the_reason_says_so(self) -> None:
        answer = Execution(POLICY.replace(retry_on=ValueError)).try_run(int, "x")
        assert getattr(answer, "reason", None) is Reason.DISABLED


@pytest.mark.parametrize(("text", "disabled"), [("", False), ("0", False), ("off", False), ("1", True), ("TRUE", True)])
def test_the_switch_is_read_by_reload_alone(monkeypatch: pytest.MonkeyPatch, text: str, disabled: bool) -> None:
    monkeypatch.setenv("MULLIGAN_DISABLED", text)
    assert switch.disabled is False
    config.reload()
    assert switch.disabled is disabled


def test_a_switch_that_is_neither_on_nor_off_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULLIGAN_DISABLED", "perhaps")
    with pytest.raises(ConfigError, match="MULLIGAN_DISABLED='perhaps'"):
        config.reload()


def test_the_registry_needs_neither_the_validator_nor_a_parser() -> None:
    source = (
        "import sys; before = set(sys.modules); import mulligan.config;"
        "print(sorted({'msgspec', 'tomllib', 'logging', 'difflib'} & (sys.modules.keys() - before)))"
    )
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)  # noqa: S603
    assert found.stdout == "[]\n"
