"""What programs read is what the published schema says."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast, get_type_hints

import pytest
from jsonschema import Draft202012Validator
from mulligan_codemods.report import json as reporting
from mulligan_codemods.report.json import as_json, rendered

from tests.codemods.report.reports import everything, first_known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Json = dict[str, object]
SCHEMA = cast("Json", json.loads(files("mulligan_codemods.report").joinpath("report.schema.json").read_text()))
PARTS = cast("dict[str, Json]", SCHEMA["$defs"])


def wrong(document: Mapping[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]  # pyright: ignore[reportUnknownMemberType] -- the stub's own unknown


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("prove", [False, True])
def test_a_report_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, prove: bool) -> None:
    monkeypatch.chdir(tmp_path)
    report = everything(tmp_path, prove=prove)
    assert wrong(json.loads(rendered(report))) == []
    assert wrong(as_json(replace(first_known(report), interrupted=True))) == []


@pytest.mark.parametrize("field", ["version", "sites", "seconds"])
def test_a_report_without_a_field_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    monkeypatch.chdir(tmp_path)
    document = dict(as_json(everything(tmp_path)))
    del document[field]
    assert wrong(document)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (SCHEMA, reporting.JsonReport),
        (PARTS["site"], reporting.JsonSite),
        (PARTS["policy"], reporting.JsonPolicy),
        (PARTS["assumption"], reporting.JsonAssumption),
        (PARTS["coded"], reporting.JsonReason),
        (PARTS["told"], reporting.JsonError),
    ],
)
def test_the_schema_names_every_field(part: Json, value: type) -> None:
    fields = set(get_type_hints(value))
    assert set(cast("Json", part["properties"])) == fields
    assert set(cast("list[str]", part["required"])) == fields
