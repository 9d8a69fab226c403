"""Compare what a library does with the policy that was written in its place.

The library is modelled by what it was told; the policy is built from the new text by mulligan itself. At every drawing
of the numbers that the code computes, both must make as many attempts, and wait as long after each: for random delays,
the least and the greatest.

Rules: a departure that the reading named makes the answer `Differs`, and nothing is compared; what can't be evaluated
is `Unsupported`.
"""

from __future__ import annotations

import ast
import time
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from mulligan.errors import ConfigError
from mulligan.policy import Unlimited
from mulligan.schedules import BaseSchedule
from mulligan_codemods.files.source import parsed
from mulligan_codemods.libraries.proving.evaluating import Evaluator, NotEvaluated, atoms
from mulligan_codemods.libraries.proving.models import MODELS
from mulligan_codemods.libraries.proving.models.model import Numbers
from mulligan_codemods.libraries.writing.checking import changed
from mulligan_codemods.lowered import Adopted, Strategy, Symbol
from mulligan_codemods.prove.result import Assumption, Differs, Proof, Proved, Step, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mulligan import Policy
    from mulligan.schedules import Bounds
    from mulligan_codemods.libraries.proving.models.model import Modelled
    from mulligan_codemods.lowered import Told
    from mulligan_codemods.site import Site

__all__ = ["prove"]

ATTEMPTS: Final = 8
"""After how many attempts the delays are compared; every family has bent at its cap by then, or is compared at draws
where it has."""

COUNTS: Final = (1, 2, 3, 7)
LENGTHS: Final = (0, 0.25, 1, 3, 20)
DRAWINGS: Final = 400
CLOSE: Final = 1e-9


def prove(before: str, after: str, site: Site, policies: Mapping[str, str]) -> Proof:
    """Compare a use with its rewrite.

    Args:
        before: the module's text.
        after: the rewritten text.
        site: the use, a site of `before`.
        policies: the central modules' texts by name.
    """
    adopted = site.lowered
    if not isinstance(adopted, Adopted):
        return Unsupported(code="ML408", message="nothing is known of this use", line=site.span.line, column=0)
    began = time.perf_counter()
    if adopted.departures:
        return _departs(adopted, began)
    found = changed(before, after, site)
    policy = None if isinstance(found, str) else _policy_of(found, adopted)
    if policy is None:
        return Unsupported(code="ML405", message="the policy can't be found again", line=site.span.line, column=0)
    return _compared(adopted, policy, _definitions(policies, after), began)


def _departs(adopted: Adopted, began: float) -> Differs:
    old = tuple(Step(text="as the library does it", differs=True) for _ in adopted.departures)
    new = tuple(Step(text=each, differs=True) for each in adopted.departures)
    return Differs(story="; ".join(adopted.departures), old=old, new=new, worlds=0, seconds=time.perf_counter() - began)


def _policy_of(found: ast.expr, adopted: Adopted) -> ast.expr | None:
    """Answer the policy among the arguments of the new expression."""
    made = found.value if adopted.suffix and isinstance(found, ast.Attribute) else found
    return made.args[0] if isinstance(made, ast.Call) and made.args else None


def _definitions(policies: Mapping[str, str], after: str) -> dict[str, ast.expr]:
    """Answer what constants stand for in the policies modules, and in the module itself."""
    return {
        statement.targets[0].id: statement.value
        for text in (after, *policies.values())
        for statement in parsed(text).body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }


def _compared(adopted: Adopted, policy: ast.expr, definitions: Mapping[str, ast.expr], began: float) -> Proof:
    model, drawn = MODELS[adopted.original.name], 0
    for numbers in _drawings(adopted):
        drawn += 1
        evaluator = Evaluator(numbers, definitions)
        try:
            modelled = model(Numbers(adopted.original, evaluator.number))
            steps = _differing(modelled, evaluator.policy(policy))
        except ConfigError as error:
            steps = (Step(text="goes on", differs=True), Step(text=f"ConfigError: {error}", differs=True))
        except NotEvaluated as error:
            return Unsupported(
                code="ML405", message=f"`{error}` is not interpreted", line=policy.lineno, column=0, in_new=True
            )
        if steps is not None:
            return _differs(numbers, steps, drawn, began)
    return Proved(
        assumptions=tuple(Assumption(code=each.code, text=each.text, documented=True) for each in adopted.premises),
        differences=adopted.differences, worlds=drawn, seconds=time.perf_counter() - began,
    )  # fmt: skip


def _differs(numbers: Mapping[str, float], steps: tuple[Step, Step], drawn: int, began: float) -> Differs:
    where = ", ".join(f"{name} = {value:g}" for name, value in sorted(numbers.items()))
    old, new = steps
    story = f"the library {old.text}, the policy {new.text}{f' (with {where})' if where else ''}"
    return Differs(story=story, old=(old,), new=(new,), worlds=drawn, seconds=time.perf_counter() - began)


def _differing(modelled: Modelled, policy: Policy[object]) -> tuple[Step, Step] | None:
    """Answer the first thing that a library and a policy do differently."""
    attempts = None if isinstance(policy.max_attempts, Unlimited) else policy.max_attempts
    pairs: list[tuple[str, object, object]] = [
        ("attempts", modelled.attempts, attempts),
        ("seconds until a failure is final", modelled.stop_after, policy.stop_after),
        ("seconds that no sleep may reach", modelled.timeout, policy.timeout),
        ("in the end", modelled.on_exhausted, policy.on_exhausted),
    ]
    last = ATTEMPTS if attempts is None else min(ATTEMPTS, attempts - 1)
    for attempt, bounds in enumerate(_bounds(policy, last), 1):
        least, greatest = modelled.delays(attempt)
        pairs.append((f"least delay {attempt}", least, bounds.least))
        pairs.append((f"greatest delay {attempt}", greatest, bounds.greatest))
    for name, old, new in pairs:
        if not _equal(old, new):
            return Step(text=f"has {name}: {old}", differs=True), Step(text=f"has {name}: {new}", differs=True)
    return None


def _bounds(policy: Policy[object], last: int) -> tuple[Bounds, ...]:
    """Answer the least and greatest delays of the first retries."""
    return policy.schedule.bounds(last) if isinstance(policy.schedule, BaseSchedule) else ()


def _equal(old: object, new: object) -> bool:
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) <= CLOSE * max(1.0, abs(old))
    return old == new


def _drawings(adopted: Adopted) -> Iterator[dict[str, float]]:
    """Yield numbers for the atoms of all expressions, within the premises."""
    counts = {each.text.removesuffix(" ≥ 1") for each in adopted.premises if each.code == "count"}
    counted = {atom for text in counts for atom in atoms(text)}
    limit = adopted.parameters.max_attempts
    if isinstance(limit, Symbol):
        counted |= atoms(limit.text)
    texts = sorted({atom for text in _texts(adopted.original) for atom in atoms(text)})
    above = {atom for each in adopted.premises if each.text.endswith(" > 0") for atom in atoms(each.text[:-4])}
    choices = [COUNTS if text in counted else LENGTHS[1:] if text in above else LENGTHS for text in texts]
    return (dict(zip(texts, each, strict=True)) for each in islice(product(*choices), DRAWINGS))


def _texts(told: Told) -> Iterator[str]:
    """Yield the expressions in what a library was told."""
    match told:
        case Symbol(text=text):
            yield text
        case Strategy(given=given):
            for _, each in given:
                yield from _texts(each)
        case tuple():
            for part in told:
                yield from _texts(part)
        case _:
            return
