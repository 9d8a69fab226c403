"""What a file of policies says, and everything that is wrong with one."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, cast

import pytest

from mulligan import UNLIMITED, ClassifierError, Policy, constant, execute
from mulligan.config import PolicyFileError
from mulligan.config.file.document import read
from mulligan.policy import DEFAULT_SCHEDULE

if TYPE_CHECKING:
    from mulligan.config.file.document import Document


def document(text: str, file: str = "policies.toml") -> Document:
    return read(dedent(text), file)


def problems(text: str, file: str = "policies.toml") -> list[str]:
    with pytest.raises(PolicyFileError) as caught:
        document(text, file)
    return [str(problem) for problem in caught.value.problems]


def only(text: str) -> Policy[object]:
    (entry,) = document(text).entries
    return cast("Policy[object]", entry.outline)  # it judges no values


class TestPolicies:
    def test_every_field_is_taken(self) -> None:
        policy = only("""
            [policies.billing.fetch]
            retry_on = ["ConnectionError", "TimeoutError"]
            schedule = "constant(2).take(4)"
            max_attempts = 5
            timeout = 30
            attempt_timeout = 2.5
            attempt_timeout_mode = "advise"
            stop_after = 20
            on_exhausted = "wrap"
            note = false
        """)
        assert policy == Policy(
            name="billing.fetch",
            retry_on=(ConnectionError, TimeoutError),
            schedule=constant(2).take(4),
            max_attempts=5,
            timeout=30,
            attempt_timeout=2.5,
            attempt_timeout_mode="advise",
            stop_after=20,
            on_exhausted="wrap",
            note=False,
        )

    def test_what_is_left_out_is_the_default_of_a_policy(self) -> None:
        assert only('[policies.a]\nretry_on = "OSError"') == Policy(name="a", retry_on=OSError)
        assert only('[policies.a]\nretry_on = "OSError"').schedule == DEFAULT_SCHEDULE

    @pytest.mark.parametrize("header", ["policies.a.b", 'policies."a.b"', 'policies.a."b"'])
    def test_a_dotted_name_is_a_name(self, header: str) -> None:
        assert only(f'[{header}]\nretry_on = "OSError"').name == "a.b"

    def test_a_policy_may_stand_below_another(self) -> None:
        found = document("""
            [policies.a]
            retry_on = "OSError"
            [policies.a.b]
            retry_on = "ValueError"
        """)
        assert [entry.name for entry in found.entries] == ["a", "a.b"]

    def test_no_limit_is_said_in_words(self) -> None:
        policy = only('[policies.a]\nretry_on = "OSError"\nmax_attempts = "unlimited"\ntimeout = "none"')
        assert (policy.max_attempts, policy.timeout) == (UNLIMITED, None)

    def test_nothing_is_imported(self) -> None:
        policy = only('[policies.a]\nretry_on = "nowhere.at.all:Outer.Gone"')
        assert [(each.__module__, each.__qualname__) for each in policy.retry_types] == [
            ("nowhere.at.all", "Outer.Gone")
        ]

    @pytest.mark.parametrize("field", ["retry_if", "classify"])
    def test_a_function_that_is_not_imported_is_known_by_its_name_and_can_not_be_called(self, field: str) -> None:
        policy = only(f'[policies.a]\n{field} = "shop:is_busy"')
        assert repr(policy) == f"Policy(name='a', {field}=shop:is_busy)"
        assert policy != only(f'[policies.a]\n{field} = "shop:is_closed"')
        with pytest.raises(ClassifierError, match="'shop:is_busy': it is not imported in an outline"):
            execute(policy, int)

    def test_pyproject_has_its_own_section(self) -> None:
        text = """
            [tool.mulligan]
            exclude = ["x"]
            [tool.mulligan.policies.a]
            retry_on = "@net"
            [tool.mulligan.errors]
            net = ["OSError"]
        """
        assert document(text, "pyproject.toml").entries[0].outline == Policy(name="a", retry_on=OSError)
        assert document("[tool.mulligan]\npolicies = 'x.py'", "pyproject.toml").entries == ()


class TestSets:
    def test_sets_are_written_out_each_name_once(self) -> None:
        found = document("""
            [errors]
            net = ["ConnectionError", "ssl:SSLError"]
            all = ["@net", "TimeoutError", "ConnectionError"]
            [policies.a]
            retry_on = ["OSError", "@all"]
        """)
        assert found.entries[0].exceptions == ("OSError", "ConnectionError", "ssl:SSLError", "TimeoutError")

    def test_a_circle_of_sets_is_refused(self) -> None:
        (first, *_) = problems('[errors]\na = ["@b"]\nb = ["@a"]')
        assert first == "policies.toml:2: errors.a[0]='@b': break the circle @b → @a → @b"

    def test_a_set_that_is_not_there_is_named(self) -> None:
        text = '[errors]\nnet = ["OSError"]\n[policies.a]\nretry_on = "@nett"'
        assert problems(text) == [
            "policies.toml:4: policies.a.retry_on[0]='@nett': no such set in [errors]: did you mean net?"
        ]


class TestInheritance:
    TEXT = """
        [policies.base]
        template = true
        description = "what all share"
        retry_on = "OSError"
        timeout = 30
        max_attempts = 5
        [policies.middle]
        extends = "base"
        max_attempts = 4
        [policies.last]
        extends = "middle"
        timeout = "none"
    """

    def test_own_fields_are_over_those_that_are_inherited(self) -> None:
        found = document(self.TEXT)
        assert [entry.outline for entry in found.entries] == [
            Policy(name="middle", retry_on=OSError, timeout=30, max_attempts=4),
            Policy(name="last", retry_on=OSError, max_attempts=4),
        ]
        assert found.templates == ("base",)
        assert found.entries[1].ancestors == ("middle", "base")

    def test_what_describes_the_parent_is_not_inherited(self) -> None:
        assert all(not isinstance(entry.table.description, str) for entry in document(self.TEXT).entries)

    def test_a_field_is_known_by_the_line_where_it_was_written(self) -> None:
        assert document(self.TEXT).entries[1].places["max_attempts"] == 10

    def test_a_classifier_replaces_what_is_inherited(self) -> None:
        found = document("""
            [policies.a]
            retry_on = "OSError"
            [policies.b]
            extends = "a"
            classify = "shop.errors:transient"
            [policies.c]
            extends = "b"
            retry_on = "ValueError"
        """)
        assert [entry.outline.judges_values for entry in found.entries] == [False, True, False]

    def test_a_circle_is_told_once(self) -> None:
        text = '[policies.c]\nextends = "b"\n[policies.b]\nextends = "a"\n[policies.a]\nextends = "b"\n'
        assert problems(text) == ["policies.toml:6: policies.a.extends='b': break the circle a → b → a"]

    def test_a_template_may_be_incomplete_and_a_policy_may_not(self) -> None:
        assert document("[policies.a]\ntemplate = true\ntimeout = 3").entries == ()
        (told,) = problems("\n[policies.a]\ntimeout = 3")
        assert told.startswith("policies.toml:2: policies.a.retry_on=None: say what is transient")


BAD = {
    "max_attempts = 0": "give a whole number from 1",
    "max_attempts = true": "give a whole number from 1",
    'max_attempts = "many"': "give a whole number from 1",
    "timeout = 0": "give a number of seconds above 0",
    "timeout = inf": "give a number of seconds above 0",
    "timeout = nan": "give a number of seconds above 0",
    "timeout = 1e10": "give a number of seconds above 0",
    "timeuot = 3": "no such field: did you mean timeout?",
    "xyzzy = 3": "no such field: use one of description, owner",
    'schedule = "exponential(1"': "write it as Python does",
    "schedule = \"open('/etc/passwd')\"": "no such function",
    'schedule = "exponential(1, cap=0.5)"': "cap=0.5: give a cap that isn't below base",
    'on_exhausted = "ignore"': 'give "raise", "return" or "wrap"',
    'retry_if = "is_busy"': "name it as module:name",
    'budget = "shop"': "no such budget in [budgets]",
    'extends = "b"': "no such policy in this file",
    "note = 1": "give true or false",
    "ignore = []": "give a list of codes",
}


@pytest.mark.parametrize(("line", "said"), BAD.items(), ids=BAD)
def test_a_wrong_field_is_named_with_its_line_and_remedy(line: str, said: str) -> None:
    (told,) = problems(f'[policies.a]\nretry_on = "OSError"\n{line}\n')
    assert told.startswith(f"policies.toml:3: policies.a.{line.partition(' ')[0]}=")
    assert said in told


def test_fields_that_exclude_each_other_are_named() -> None:
    (told,) = problems('[policies.a]\nretry_on = "OSError"\nclassify = "shop.errors:x"\n')
    assert told.startswith("policies.toml:2: policies.a.retry_on=")
    assert told.endswith("give either classify or retry_on and retry_if, not both")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("TimeoutErrr", "no builtin exception: did you mean TimeoutError?"),
        ("Timeout", "no builtin exception"),
        ("len", "no builtin exception"),
        ("httpx.ConnectError", "write the module before a colon: httpx:ConnectError"),
        ("os; import sys", "name a builtin exception, module:Class, or a set"),
        ("a:b:c", "name a builtin exception, module:Class, or a set"),
    ],
)
def test_a_name_that_can_be_no_exception_is_named(name: str, said: str) -> None:
    (told,) = problems(f'[policies.a]\nretry_on = ["OSError",\n"{name}"]\n')
    assert told.startswith(f"policies.toml:3: policies.a.retry_on[1]='{name}': ")
    assert said in told


def test_everything_that_is_wrong_is_told_at_once_in_order() -> None:
    told = problems("""\
        [polices.x]
        [errors]
        net = "OSError"
        [policies.a]
        retry_on = "OSError"
        max_attempts = 0
        timeout = -1
        [policies.b]
        retry_on = "Nope"
        [owners]
        me = 3
        [budgets.q]
        model = "quota"
        ratio = 0.1
        [budgets.r]
        capacity = 1
        [budgets.s]
        model = "leaky"
    """)
    assert [line.split("=")[0] for line in told] == [
        "policies.toml:1: polices",
        "policies.toml:3: errors.net",
        "policies.toml:6: policies.a.max_attempts",
        "policies.toml:7: policies.a.timeout",
        "policies.toml:9: policies.b.retry_on[0]",
        "policies.toml:11: owners.me",
        "policies.toml:14: budgets.q.ratio",
        "policies.toml:15: budgets.r",
        "policies.toml:18: budgets.s.model",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[policies.a]\nx = \n", "policies.toml:2: TOML='x =': make it valid TOML: Invalid value"),
        ("[policies.a", "policies.toml:1: TOML='[policies.a': make it valid TOML: "),
        ("policies = 3", "policies.toml:1: policies=3: make it a table, as in [policies.NAME]"),
        ("[policies]\na = 3", "policies.toml:2: policies.a=3: make it a table, as in [policies.NAME]"),
    ],
)
def test_what_is_no_file_of_policies_is_told(text: str, told: str) -> None:
    (found,) = problems(text)
    assert found.startswith(told)


def test_names_that_operators_cannot_tell_apart_are_refused() -> None:
    told = problems('[policies.a.b]\nretry_on = "OSError"\n[policies.a_b]\nretry_on = "OSError"')
    assert told == [
        (
            "policies.toml:3: policies.a_b='a_b': the environment can't tell it from 'a.b': "
            "give each policy a name of its own"
        )
    ]
