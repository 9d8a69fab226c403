"""Files of policies in a process: asking for a policy, overrides, reading again, and what is imported."""

from __future__ import annotations

import pickle
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from mulligan import ConfigError, Pipeline, Policy, config, constant, execute, no_delay
from mulligan.config import PolicyFileError, load, pipeline, policy
from mulligan.guards import Budget
from mulligan.presets import aws_standard

if TYPE_CHECKING:
    from pathlib import Path

FETCH = """
[policies.billing.fetch]
retry_on = ["ConnectionError"]
schedule = "no_delay()"
max_attempts = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "policies.toml"
    found.write_text(FETCH)
    return found


class TestPolicy:
    def test_a_loaded_policy_is_answered_by_its_name(self, file: Path) -> None:
        assert load(file) == ("billing.fetch",)
        expected = Policy(name="billing.fetch", retry_on=ConnectionError, schedule=no_delay(), max_attempts=5)
        assert policy("billing.fetch") == expected
        assert config.policies() == (expected,)
        assert execute(policy("billing.fetch"), int, "3") == 3

    def test_a_file_is_loaded_once(self, file: Path) -> None:
        load(file)
        assert load(str(file)) == ("billing.fetch",)

    def test_the_nearest_file_beside_a_module_is_loaded(self, file: Path) -> None:
        module = file.parent / "billing" / "client" / "http.py"
        assert policy("billing.fetch", beside=str(module)).max_attempts == 5

    def test_a_pyproject_without_policies_is_passed_by(self, file: Path) -> None:
        folder = file.parent / "billing"
        folder.mkdir()
        (folder / "pyproject.toml").write_text("[tool.mulligan]\nexclude = []\n")
        assert policy("billing.fetch", beside=str(folder / "a.py")).max_attempts == 5
        (folder / "pyproject.toml").write_text(FETCH.replace("[policies.billing", "[tool.mulligan.policies.shop"))
        assert policy("shop.fetch", beside=str(folder / "a.py")).name == "shop.fetch"

    def test_without_a_file_the_remedy_is_to_load_one(self) -> None:
        with pytest.raises(ConfigError, match=r"no file is loaded: call mulligan\.config\.load"):
            policy("billing.fetch")

    def test_a_name_that_is_near_is_guessed(self, file: Path) -> None:
        load(file)
        with pytest.raises(ConfigError, match=r"did you mean billing\.fetch\?"):
            policy("biling.fetch")

    def test_no_file_beside_a_module_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"there is no policies\.toml in"):
            policy("billing.fetch", beside=str(tmp_path / "a.py"))

    def test_a_name_of_the_code_is_taken(self, file: Path) -> None:
        config.define(Policy(name="billing_fetch", retry_on=OSError))
        with pytest.raises(ConfigError, match="can't tell it from 'billing_fetch'"):
            load(file)

    def test_code_cannot_take_the_name_of_a_file(self, file: Path) -> None:
        load(file)
        with pytest.raises(ConfigError, match="the name is taken"):
            config.define(Policy(name="billing.fetch", retry_on=OSError))

    def test_threads_that_ask_at_once_load_it_once(self, file: Path) -> None:
        answers: list[Policy[object]] = []
        ask = [
            threading.Thread(target=lambda: answers.append(policy("billing.fetch", beside=str(file)))) for _ in range(8)
        ]
        for each in ask:
            each.start()
        for each in ask:
            each.join()
        assert len(answers) == 8
        assert len(config.policies()) == 1


class TestNames:
    def test_names_are_imported_when_the_policy_is_asked_for(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (file.parent / "shop_errors_a.py").write_text("class Busy(Exception): ...\n")
        monkeypatch.setattr(sys, "path", [str(file.parent), *sys.path])
        file.write_text('[policies.a]\nretry_on = ["OSError", "shop_errors_a:Busy"]')
        load(file)
        assert "shop_errors_a" not in sys.modules
        assert [each.__name__ for each in policy("a").retry_types] == ["OSError", "Busy"]

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("nowhere_at_all:X", "there is no module nowhere_at_all: install what brings it, or correct the name"),
            ("shop_errors_b:Buzy", "shop_errors_b has no Buzy: did you mean Busy?"),
            ("shop_errors_b:LIMIT", "it is 3: name exception classes, or one predicate alone"),
            ("shop_errors_c:Busy", "importing shop_errors_c raised ZeroDivisionError: division by zero"),
            ("shop_errors_d:Busy", "importing shop_errors_d needs the module nowhere_at_all, which isn't installed"),
        ],
    )
    def test_what_cannot_be_imported_is_told(
        self, file: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
    ) -> None:
        (file.parent / "shop_errors_b.py").write_text("LIMIT = 3\nclass Busy(Exception): ...\n")
        (file.parent / "shop_errors_c.py").write_text("1 / 0\n")
        (file.parent / "shop_errors_d.py").write_text("import nowhere_at_all\n")
        monkeypatch.setattr(sys, "path", [str(file.parent), *sys.path])
        file.write_text(f'[policies.a]\nretry_on = ["OSError", "{name}"]')
        load(file)
        with pytest.raises(PolicyFileError) as caught:
            policy("a")
        (problem,) = caught.value.problems
        assert (problem.line, problem.field, problem.value, problem.remedy) == (2, "a.retry_on", name, said)

    def test_a_predicate_alone_is_one(self, file: Path) -> None:
        file.write_text('[policies.a]\nretry_on = "operator:truth"')
        load(file)
        assert callable(policy("a").retry_on)

    def test_a_policy_with_keys_is_a_value_like_any_other(self, file: Path) -> None:
        file.write_text('[policies.a]\nretry_on = "OSError"\nidempotency_key = "uuid4"')
        load(file)
        found = policy("a")
        assert found.idempotency_key is not None
        assert len(found.idempotency_key()) == 32
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
        config.reload()
        assert policy("a") == found

    def test_a_policy_that_judges_values_needs_their_type(self, file: Path) -> None:
        file.write_text('[policies.a]\nretry_if = "operator:not_"')
        load(file)
        with pytest.raises(ConfigError, match=r"policy\('a', judging="):
            policy("a")
        judging = policy("a", judging=int)
        assert judging.retry_if is not None
        assert judging.retry_if(0)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('classify = "math:pi"', "name something that can be called"),
            ('retry_if = "math:"', "name a builtin exception, module:Class, or a set as @name"),
            ('retry_on = ["OSError", "operator:truth"]', "name exception classes, or one predicate alone"),
        ],
    )
    def test_what_is_of_another_kind_is_told(self, file: Path, text: str, said: str) -> None:
        file.write_text(f"[policies.a]\n{text}\n")
        with pytest.raises(PolicyFileError, match=said):
            load(file)
            policy("a", judging=object)


class TestBudgets:
    TEXT = """
        [budgets.shop]
        model = "quota"
        capacity = 28
        cost = 14
        [policies.a]
        retry_on = "OSError"
        budget = "shop"
        [policies.b]
        extends = "a"
        [policies.c]
        retry_on = "OSError"
    """

    def test_policies_that_name_a_budget_share_it(self, file: Path) -> None:
        file.write_text(self.TEXT)
        load(file)
        first, second, third = pipeline("a"), pipeline("b"), pipeline("c")
        assert isinstance(first, Pipeline)
        assert first.guards == second.guards
        assert isinstance(first.guards[0], Budget)
        assert first.guards[0].level() == 28
        assert third.guards == ()

    def test_threads_that_ask_at_once_share_it(self, file: Path) -> None:
        file.write_text(self.TEXT)
        load(file)
        found: list[object] = []
        asking = [threading.Thread(target=lambda: found.append(pipeline("a").guards[0])) for _ in range(8)]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
        assert len(set(map(id, found))) == 1
        assert len(found) == 8

    def test_a_budget_that_is_as_before_is_kept(self, file: Path) -> None:
        file.write_text(self.TEXT)
        load(file)
        before = pipeline("a").guards
        config.reload()
        assert pipeline("a").guards == before
        file.write_text(self.TEXT.replace("28", "56"))
        config.reload()
        assert pipeline("a").guards != before


class TestOverrides:
    def test_the_environment_wins_over_the_file(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS", "2")
        config.reload()
        load(file)
        assert policy("billing.fetch").max_attempts == 2
        file.write_text(FETCH.replace("5", "9"))
        config.reload()
        assert policy("billing.fetch").max_attempts == 2

    def test_a_wrong_override_is_told_when_the_file_is_loaded(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS", "many")
        config.reload()
        with pytest.raises(ConfigError, match="MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS='many'"):
            load(file)

    def test_overrides_are_logged_when_the_file_is_loaded(
        self, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setenv("MULLIGAN_POLICY_BILLING_FETCH__TIMEOUT", "3")
        config.reload()
        with caplog.at_level("INFO", logger="mulligan.config"):
            load(file)
            policy("billing.fetch")
        assert [record.getMessage() for record in caplog.records] == [
            "billing.fetch: timeout is overridden by MULLIGAN_POLICY_BILLING_FETCH__TIMEOUT=3 (it was None)"
        ]


class TestReload:
    def test_the_registry_answers_the_new_policies(self, file: Path) -> None:
        load(file)
        before = policy("billing.fetch")
        file.write_text(FETCH.replace("5", "7") + FETCH.replace("fetch", "send"))
        assert config.reload() == ()
        assert before.max_attempts == 5
        assert policy("billing.fetch").max_attempts == 7
        assert policy("billing.send").max_attempts == 5

    @pytest.mark.parametrize(
        ("text", "field"),
        [
            ("[policies.x]\nretry_on", "TOML"),
            (FETCH.replace("5", "0"), "policies.billing.fetch.max_attempts"),
            (FETCH.replace("ConnectionError", "nowhere_at_all:X"), "billing.fetch.retry_on"),
            (FETCH + FETCH.replace("fetch", "send").replace("5", "0"), "policies.billing.send.max_attempts"),
            (FETCH + FETCH.replace("billing.fetch", "shop"), "name"),
        ],
    )
    def test_a_bad_file_leaves_everything_as_it_was_and_says_so(
        self, file: Path, caplog: pytest.LogCaptureFixture, text: str, field: str
    ) -> None:
        config.define(Policy(name="shop", retry_on=OSError))
        load(file)
        before = config.policies()
        file.write_text(text)
        (problem,) = config.reload()
        assert problem.field == field
        assert config.policies() == before
        assert "the policies stay as they were" in caplog.text
        assert problem.remedy in caplog.text

    def test_a_policy_that_is_gone_from_the_file_is_gone(self, file: Path) -> None:
        load(file)
        before = policy("billing.fetch")
        file.write_text(FETCH.replace("fetch", "send"))
        config.reload()
        assert before.max_attempts == 5
        with pytest.raises(ConfigError, match=r"there is no policy of this name"):
            policy("billing.fetch")

    def test_a_file_that_is_gone_leaves_everything_as_it_was(self, file: Path) -> None:
        load(file)
        file.unlink()
        (problem,) = config.reload()
        assert problem.remedy == "give a file that can be read: No such file or directory"
        assert policy("billing.fetch").max_attempts == 5


def test_the_error_can_be_pickled(file: Path) -> None:
    file.write_text("[policies.a]\ntimeout = 0")
    with pytest.raises(PolicyFileError) as caught:
        load(file)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes


def test_without_the_validator_the_extra_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mulligan.config.file.")]:
        if not name.endswith(("loading", "complaints", "positions")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "msgspec", None)
    with pytest.raises(ConfigError, match=r"pip install 'mulligan\[config\]'"):
        load(file)
    (file.parent / "pyproject.toml").write_text(file.read_text())
    file.unlink()
    with pytest.raises(ConfigError, match=r"pip install 'mulligan\[config\]'"):
        policy("billing.fetch", beside=str(file))


class TestPresets:
    def test_a_preset_holds_where_the_policy_says_nothing_else(self, file: Path) -> None:
        file.write_text("""
            [policies.s3]
            preset = "aws_standard"
            timeout = 9
            [policies.search]
            preset = "sre"
            retry_on = "ConnectionError"
            schedule = "constant(1)"
            [policies.rpc]
            preset = "grpc_a6"
        """)
        load(file)
        prescribed = aws_standard("s3").policy
        assert policy("s3") == prescribed.replace(timeout=9)
        assert policy("search").schedule == constant(1)
        assert policy("rpc").max_attempts == 4
        assert [len(pipeline(name).guards) for name in ("s3", "search", "rpc")] == [1, 2, 1]
        assert pipeline("s3").guards == pipeline("s3").guards

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('preset = "sre"', "retry_on=None: name the exceptions"),
            ('preset = "grpc_a6"\nretry_on = "OSError"', "leave it out: grpc_a6 retries by status"),
            ('preset = "aws"', 'give "aws_standard", "grpc_a6" or "sre"'),
        ],
    )
    def test_what_a_preset_cannot_take_is_told(self, file: Path, text: str, said: str) -> None:
        file.write_text(f"[policies.a]\n{text}\n")
        with pytest.raises(PolicyFileError, match=said):
            load(file)
