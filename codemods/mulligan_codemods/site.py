"""What the codemods say about one place that retries: the values that pass between the stages.

Every stage reads and answers these frozen values; none of them holds a syntax tree, so all of them pickle
between processes. A site is never dropped silently: it ends with a `Status`, and with a `Reason` where it was
left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Understood

__all__ = ["Behaviour", "Form", "Hazard", "Kind", "Reason", "Site", "Span", "Status"]


class Kind(StrEnum):
    """What kind of code the site is."""

    LOOP = "loop"
    DECORATOR = "decorator"
    CALL = "call"
    HELPER = "helper"


class Status(StrEnum):
    """How a site ended."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    CANDIDATE = "candidate"
    REFUSED = "refused"
    IGNORED = "ignored"
    FAILED = "failed"
    NOT_RETRY = "not_retry"


class Form(StrEnum):
    """What a rewritten site looks like, the preferred form first."""

    DECORATOR = "decorator"
    EXECUTE = "execute"
    FUNCTION = "function"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in a file: lines from 1, columns in characters from 0, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a site was left alone: a code of the rule table, a sentence about this site, and where."""

    code: str
    message: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A likely bug of the code as it stands, by its code of the rule table."""

    code: str
    message: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the code does today, for people: each a short phrase in the code's own words."""

    attempts: str
    delays: str
    exceptions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One place in a file that retries, or looks like it.

    `lowered` holds the parameters that a rewrite needs; it is `None` where `reason` says why there is none.
    """

    path: str
    qualname: str
    span: Span
    kind: Kind
    shape: str | None
    is_retry: bool
    behaviour: Behaviour | None = None
    hazards: tuple[Hazard, ...] = ()
    lowered: Understood | None = None
    reason: Reason | None = None
