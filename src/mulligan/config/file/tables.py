"""What a file of policies may hold: the fields of a policy, of a budget and of the file, with their types.

Rules: this is the one list of fields; the validator, the JSON Schema and the remedies are read from it. `UNSET` stands
for a field that was left out.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from mulligan.schedules.arguments import LONGEST

__all__ = ["FILE_NAME", "UNSET", "Attempts", "BudgetTable", "FileTable", "Limit", "PolicyTable", "UnsetType"]

FILE_NAME: Final = "policies.toml"

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Texts: TypeAlias = Annotated[list[Text], Meta(min_length=1)]
Attempts: TypeAlias = Annotated[int, Meta(ge=1)] | Literal["unlimited"]
Limit: TypeAlias = Annotated[float, Meta(gt=0, le=LONGEST)] | Literal["none"]


class PolicyTable(Struct, frozen=True, kw_only=True):
    """The fields of `[policies.NAME]`."""

    description: Annotated[
        Text | UnsetType,
        Meta(description="What the policy is for, in a sentence.", extra={"remedy": "give a sentence"}),
    ] = UNSET
    owner: Annotated[
        Text | UnsetType,
        Meta(
            description="Who looks after it: one of [owners], where the file has that table.",
            extra={"remedy": "give the name of a team or a person"},
        ),
    ] = UNSET
    runbook: Annotated[
        Text | UnsetType,
        Meta(description="Where to read what to do when it gives up: a URL.", extra={"remedy": "give a URL"}),
    ] = UNSET
    template: Annotated[
        bool | UnsetType,
        Meta(
            description="True for settings that other policies extend, and that are no policy themselves.",
            extra={"remedy": "give true or false"},
        ),
    ] = UNSET
    extends: Annotated[
        Text | UnsetType,
        Meta(
            description="The policy of this file whose fields are taken where this one has none.",
            extra={"remedy": "give the name of one policy or template of this file"},
        ),
    ] = UNSET
    preset: Annotated[
        Literal["aws_standard", "grpc_a6", "sre"] | UnsetType,
        Meta(
            description="What a provider prescribes: its settings and guards hold where this policy says nothing else.",
            extra={"remedy": 'give "aws_standard", "grpc_a6" or "sre"'},
        ),
    ] = UNSET
    retry_on: Annotated[
        Text | Texts | UnsetType,
        Meta(
            description=(
                "What is transient: names of built-in exceptions (ConnectionError), of others (httpx:TransportError), "
                "of sets (@transient); or alone, a predicate (shop.errors:is_transient)."
            ),
            examples=[["ConnectionError", "TimeoutError"], "@transient"],
            extra={"remedy": 'name exceptions, such as ["ConnectionError", "httpx:TransportError", "@transient"]'},
        ),
    ] = UNSET
    retry_if: Annotated[
        Text | UnsetType,
        Meta(
            description="A predicate on returned values: module:function. Where it holds, the value is not accepted.",
            extra={"remedy": "name a function, as module:function"},
        ),
    ] = UNSET
    classify: Annotated[
        Text | UnsetType,
        Meta(
            description="A classifier, instead of retry_on and retry_if: module:name.",
            extra={"remedy": "name a classifier, as module:name"},
        ),
    ] = UNSET
    schedule: Annotated[
        Text | UnsetType,
        Meta(
            description="The delays between attempts, written as in Python; times in seconds.",
            examples=["exponential(0.1, cap=10).jittered(full_jitter())"],
            extra={"remedy": 'write a schedule, such as "exponential(0.1, cap=10).jittered(full_jitter())"'},
        ),
    ] = UNSET
    max_attempts: Annotated[
        Attempts | UnsetType,
        Meta(
            description='How many attempts are made at most, the first included; "unlimited" where no limit is meant.',
            extra={"remedy": 'give a whole number from 1, the first attempt included, or "unlimited"'},
        ),
    ] = UNSET
    timeout: Annotated[
        Limit | UnsetType,
        Meta(
            description="Seconds for the whole execution, delays included.",
            extra={"remedy": 'give a number of seconds above 0, or "none"'},
        ),
    ] = UNSET
    attempt_timeout: Annotated[
        Limit | UnsetType,
        Meta(
            description="Seconds for one attempt; enforced in asynchronous code.",
            extra={"remedy": 'give a number of seconds above 0, or "none"'},
        ),
    ] = UNSET
    attempt_timeout_mode: Annotated[
        Literal["enforce", "advise"] | UnsetType,
        Meta(
            description='"advise" publishes the attempt timeout and does not enforce it: for synchronous code.',
            extra={"remedy": 'give "enforce" or "advise"'},
        ),
    ] = UNSET
    stop_after: Annotated[
        Limit | UnsetType,
        Meta(
            description="Seconds after which a failure is final; laxer than timeout.",
            extra={"remedy": 'give a number of seconds above 0, or "none"'},
        ),
    ] = UNSET
    on_exhausted: Annotated[
        Literal["raise", "return", "wrap"] | UnsetType,
        Meta(
            description='When attempts are used up: "raise" the last error, "return" the last value, or "wrap".',
            extra={"remedy": 'give "raise", "return" or "wrap"'},
        ),
    ] = UNSET
    idempotency_key: Annotated[
        Text | UnsetType,
        Meta(
            description='A factory of keys, one for each execution: "uuid4" or module:function.',
            extra={"remedy": 'give "uuid4", or name a function without arguments, as module:function'},
        ),
    ] = UNSET
    note: Annotated[
        bool | UnsetType,
        Meta(
            description="Whether the error that is raised in the end gets a note about the attempts.",
            extra={"remedy": "give true or false"},
        ),
    ] = UNSET
    budget: Annotated[
        Text | UnsetType,
        Meta(
            description="The retry budget: one of [budgets]. Policies that name the same one share it.",
            extra={"remedy": "give the name of one of [budgets]"},
        ),
    ] = UNSET
    ignore: Annotated[
        Texts | UnsetType,
        Meta(
            description="Codes that `mulligan policies check` leaves out for this policy.",
            examples=[["MP101"]],
            extra={"remedy": 'give a list of codes, such as ["MP101"]'},
        ),
    ] = UNSET


class BudgetTable(Struct, frozen=True, kw_only=True):
    """The fields of `[budgets.NAME]`; which ones a model takes is what its function takes."""

    model: Annotated[
        Literal["quota", "token_ratio", "deposit"],
        Meta(description="How it counts.", extra={"remedy": 'give "quota", "token_ratio" or "deposit"'}),
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
