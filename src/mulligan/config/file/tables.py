"""What a file of policies may hold: the fields of a policy, of a budget and of the file, with their types.

Rules: this is the one list of fields; the validator, the JSON Schema and the remedies are read from it. `UNSET` stands
for a field that was left out.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from mulligan.schedules.arguments import LONGEST

__all__ = ["UNSET", "BudgetTable", "FileTable", "PolicyTable", "UnsetType"]

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Texts: TypeAlias = Annotated[list[Text], Meta(min_length=1)]
Attempts: TypeAlias = Annotated[int, Meta(ge=1)] | Literal["unlimited"]
Limit: TypeAlias = Annotated[float, Meta(gt=0, le=LONGEST)] | Literal["none"]


def _field(description: str, remedy: str, *, examples: list[object] | None = None) -> Meta:
    """Describe a field for the schema, and say what to give where it is wrong."""
    return Meta(description=description, examples=examples, extra={"remedy": remedy})


class PolicyTable(Struct, frozen=True, kw_only=True):
    """The fields of `[policies.NAME]`."""

    description: Annotated[Text | UnsetType, _field("What the policy is for, in a sentence.", "give a sentence")] = (
        UNSET
    )
    owner: Annotated[
        Text | UnsetType,
        _field(
            "Who looks after it: one of [owners], where the file has that table.", "give the name of a team or a person"
        ),
    ] = UNSET
    runbook: Annotated[Text | UnsetType, _field("Where to read what to do when it gives up: a URL.", "give a URL")] = (
        UNSET
    )
    template: Annotated[
        bool | UnsetType,
        _field(
            "True for settings that other policies extend, and that are no policy themselves.", "give true or false"
        ),
    ] = UNSET
    extends: Annotated[
        Text | UnsetType,
        _field(
            "The policy of this file whose fields are taken where this one has none.",
            "give the name of one policy or template of this file",
        ),
    ] = UNSET
    preset: Annotated[
        Literal["aws_standard", "grpc_a6", "sre"] | UnsetType,
        _field(
            "What a provider prescribes: its settings and guards hold where this policy says nothing else.",
            'give "aws_standard", "grpc_a6" or "sre"',
        ),
    ] = UNSET
    retry_on: Annotated[
        Text | Texts | UnsetType,
        _field(
            "What is transient: names of built-in exceptions (ConnectionError), of others (httpx:TransportError), "
            "of sets (@transient); or alone, a predicate (shop.errors:is_transient).",
            'name exceptions, such as ["ConnectionError", "httpx:TransportError", "@transient"]',
            examples=[["ConnectionError", "TimeoutError"], "@transient"],
        ),
    ] = UNSET
    retry_if: Annotated[
        Text | UnsetType,
        _field(
            "A predicate on returned values: module:function. Where it holds, the value is not accepted.",
            "name a function, as module:function",
        ),
    ] = UNSET
    classify: Annotated[
        Text | UnsetType,
        _field("A classifier, instead of retry_on and retry_if: module:name.", "name a classifier, as module:name"),
    ] = UNSET
    schedule: Annotated[
        Text | UnsetType,
        _field(
            "The delays between attempts, written as in Python; times in seconds.",
            'write a schedule, such as "exponential(0.1, cap=10).jittered(full_jitter())"',
            examples=["exponential(0.1, cap=10).jittered(full_jitter())"],
        ),
    ] = UNSET
    max_attempts: Annotated[
        Attempts | UnsetType,
        _field(
            'How many attempts are made at most, the first included; "unlimited" where no limit is meant.',
            'give a whole number from 1, the first attempt included, or "unlimited"',
        ),
    ] = UNSET
    timeout: Annotated[
        Limit | UnsetType,
        _field("Seconds for the whole execution, delays included.", 'give a number of seconds above 0, or "none"'),
    ] = UNSET
    attempt_timeout: Annotated[
        Limit | UnsetType,
        _field(
            "Seconds for one attempt; enforced in asynchronous code.", 'give a number of seconds above 0, or "none"'
        ),
    ] = UNSET
    attempt_timeout_mode: Annotated[
        Literal["enforce", "advise"] | UnsetType,
        _field(
            '"advise" publishes the attempt timeout and does not enforce it: for synchronous code.',
            'give "enforce" or "advise"',
        ),
    ] = UNSET
    stop_after: Annotated[
        Limit | UnsetType,
        _field(
            "Seconds after which a failure is final; laxer than timeout.", 'give a number of seconds above 0, or "none"'
        ),
    ] = UNSET
    on_exhausted: Annotated[
        Literal["raise", "return", "wrap"] | UnsetType,
        _field(
            'When attempts are used up: "raise" the last error, "return" the last value, or "wrap".',
            'give "raise", "return" or "wrap"',
        ),
    ] = UNSET
    idempotency_key: Annotated[
        Text | UnsetType,
        _field(
            'A factory of keys, one for each execution: "uuid4" or module:function.',
            'give "uuid4", or name a function without arguments, as module:function',
        ),
    ] = UNSET
    note: Annotated[
        bool | UnsetType,
        _field("Whether the error that is raised in the end gets a note about the attempts.", "give true or false"),
    ] = UNSET
    budget: Annotated[
        Text | UnsetType,
        _field(
            "The retry budget: one of [budgets]. Policies that name the same one share it.",
            "give the name of one of [budgets]",
        ),
    ] = UNSET
    ignore: Annotated[
        Texts | UnsetType,
        _field(
            "Codes that `mulligan policies check` leaves out for this policy.",
            'give a list of codes, such as ["MP101"]',
            examples=[["MP101"]],
        ),
    ] = UNSET


class BudgetTable(Struct, frozen=True, kw_only=True):
    """The fields of `[budgets.NAME]`; which ones a model takes is what its function takes."""

    model: Annotated[
        Literal["quota", "token_ratio", "deposit"],
        _field("How it counts.", 'give "quota", "token_ratio" or "deposit"'),
    ]
    capacity: Annotated[int | UnsetType, Meta(description="quota: how many tokens a full one holds.")] = UNSET
    cost: Annotated[int | UnsetType, Meta(description="quota: what a retry takes.")] = UNSET
    throttling_cost: Annotated[int | UnsetType, Meta(description="quota: what a retry after throttling takes.")] = UNSET
    credit: Annotated[int | UnsetType, Meta(description="quota: what a success without a retry puts in.")] = UNSET
    max_tokens: Annotated[int | UnsetType, Meta(description="token_ratio: how many tokens a full one holds.")] = UNSET
    ratio: Annotated[
        float | UnsetType, Meta(description="token_ratio, deposit: retries for each success, or execution.")
    ] = UNSET
    ttl: Annotated[float | UnsetType, Meta(description="deposit: seconds after which it forgets.")] = UNSET
    reserve: Annotated[float | UnsetType, Meta(description="deposit: retries a second that are always there.")] = UNSET


class FileTable(Struct, frozen=True, kw_only=True):
    """The tables of a file."""

    policies: Annotated[
        dict[str, PolicyTable],
        Meta(description='The policies by name: [policies.billing.fetch] is "billing.fetch".'),
    ]
    errors: Annotated[
        dict[str, Texts] | UnsetType,
        Meta(description="Named sets of exceptions, which retry_on names as @NAME."),
    ] = UNSET
    owners: Annotated[
        dict[str, str] | UnsetType, Meta(description="Who looks after policies: a name, and how to reach them.")
    ] = UNSET
    budgets: Annotated[dict[str, BudgetTable] | UnsetType, Meta(description="Retry budgets by name.")] = UNSET
