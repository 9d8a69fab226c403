"""The JSON Schema agrees with the reader."""

from __future__ import annotations

import tomllib

import jsonschema
import pytest

from mulligan.config import PolicyFileError
from mulligan.config.file.document import read
from mulligan.config.file.schema import schema

GOOD = """
[owners]
shop = "shop@example.test"
[errors]
net = ["OSError"]
[budgets.shop]
model = "deposit"
ratio = 0.1
[policies.base]
template = true
timeout = 3
[policies.base.fetch]
extends = "base"
retry_on = "@net"
budget = "shop"
max_attempts = "unlimited"
"""


def accepted_by_schema(text: str) -> bool:
    try:
        jsonschema.validate(tomllib.loads(text), schema(), jsonschema.Draft202012Validator)
    except jsonschema.ValidationError:
        return False
    return True


def accepted_by_reader(text: str) -> bool:
    try:
        read(text)
    except PolicyFileError:
        return False
    return True


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_both_accept_a_file() -> None:
    assert accepted_by_schema(GOOD)
    assert accepted_by_reader(GOOD)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("timeout = 3", "timeout = 0"),
        ("timeout = 3", "timeuot = 3"),
        ("timeout = 3", 'timeout = "long"'),
        ('max_attempts = "unlimited"', "max_attempts = 0"),
        ('["OSError"]', "[]"),
        ('"deposit"', '"leaky"'),
        ("ratio = 0.1", "ration = 0.1"),
        ("template = true", "template = 1"),
        ("[owners]", "[owner]"),
    ],
)
def test_both_refuse_a_wrong_file(part: str, other: str) -> None:
    text = GOOD.replace(part, other)
    assert not accepted_by_schema(text)
    assert not accepted_by_reader(text)
