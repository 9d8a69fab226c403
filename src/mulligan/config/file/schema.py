"""The JSON Schema of a file of policies, for editors and validators.

Rules: made from the one list of fields in `tables`, by the validator itself. A policy may hold further policies, as a
dotted name does; there the schema refers to itself, so that a misspelled field is no table and is told.
"""

from __future__ import annotations

from typing import Final

import msgspec

from mulligan.config.file.tables import FileTable

__all__ = ["schema"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, object]:
    """Answer the JSON Schema of `policies.toml`.

    >>> sorted(schema()["$defs"])
    ['BudgetTable', 'PolicyTable']
    """
    _, definitions = msgspec.json.schema_components([FileTable], ref_template="#/$defs/{name}")
    parts = msgspec.convert(definitions, dict[str, dict[str, object]])
    whole = parts.pop("FileTable")
    parts["PolicyTable"]["additionalProperties"] = {"$ref": "#/$defs/PolicyTable"}
    parts["BudgetTable"]["additionalProperties"] = False
    return {
        "$schema": DIALECT,
        **whole,
        "title": "Policies of mulligan",
        "additionalProperties": False,
        "$defs": {name: {key: value for key, value in part.items() if key != "title"} for name, part in parts.items()},
    }
