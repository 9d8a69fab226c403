"""Small stages for tests of the engine: they read one shape by its text, and prove what a comment says.

The one shape is `for _ in range(N):` with `return CALL` in the try and `time.sleep(D)` in the handler. A comment in
the handler tells how it ends: `# differs`, `# assumes`, `# uncommon`, `# refused`, `# crash recognise`, and so on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Source, cut, offsets
from mulligan_codemods.lowered import (
    Call,
    Constant,
    ErrorClass,
    Lowered,
    Origin,
    Parameters,
    Result,
    Schedule,
    Use,
)
from mulligan_codemods.prove.result import Assumption, Differs, Proof, Proved, Step, Undecided, Unsupported
from mulligan_codemods.run.stages import Stages
from mulligan_codemods.site import Behaviour, Form, Hazard, Kind, Reason, Site, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan_codemods.find import Candidate

SHAPE = re.compile(
    r"for _ in range\((?P<count>\d+)\):(?:.*)\n\s+try:\n\s+return (?P<callee>[\w.]+)\((?P<arguments>.*)\)\n"
    r"\s+except (?P<error>\w+):(?P<comment>.*)\n\s+time\.sleep\((?P<delay>\d+)\)"
)


def head(span: Span) -> Span:
    return replace(span, end_line=span.line, end_column=span.column)


def recognise(source: Source, candidate: Candidate) -> Site:
    text = cut(source.text, candidate.span)
    match = SHAPE.fullmatch(text)
    site = Site(
        path=source.path,
        qualname=candidate.qualname,
        span=candidate.span,
        kind=Kind.LOOP,
        shape="S03",
        is_retry=True,
        behaviour=Behaviour(attempts="3", delays="1 s", exceptions="OSError"),
        hazards=(
            Hazard(code="ML102", message="all clients retry together", line=candidate.span.line),
            Hazard(code="ML105", message="falls through", line=candidate.span.end_line),
        ),
    )
    if "# crash recognise" in text:
        raise RuntimeError("recogniser")
    if match is None:
        return replace(site, is_retry=False, shape=None, behaviour=None, hazards=())
    if "# refused" in text:
        where = replace(head(candidate.span), line=candidate.span.line + 3, end_line=candidate.span.line + 3)
        return replace(site, reason=Reason(code="ML211", message="a finally per attempt", span=where))
    return replace(site, lowered=lowered(candidate.span, match))


def lowered(span: Span, match: re.Match[str]) -> Lowered:
    return Lowered(
        asynchronous=False,
        annotated=False,
        parameters=Parameters(
            retry_on=(ErrorClass(text=match["error"], origin=Origin.BUILTIN),),
            schedule=Schedule(backoff=Constant(int(match["delay"]))),
            max_attempts=int(match["count"]),
        ),
        operation=Call(callee=match["callee"], arguments=(match["arguments"],), direct=True),
        result=Result(use=Use.RETURNED),
        region=span,
    )


@dataclass(frozen=True)
class FakeBook:
    names: Mapping[Parameters, str]

    def name_for(self, site: Site) -> str:
        assert site.lowered is not None
        return self.names[site.lowered.parameters]

    def render(self, existing: str | None) -> str:
        text = existing or '"""Policies."""\n'
        for name in self.names.values():
            if f"{name} = " not in text:
                text += f"{name} = object()\n"
        return text

    def limited_to(self, sites: Sequence[Site]) -> FakeBook:
        kept = {site.lowered.parameters for site in sites if site.lowered is not None}
        return FakeBook({each: name for each, name in self.names.items() if each in kept})


def assign(sites: Sequence[Site], existing: str | None) -> FakeBook:
    parameters = [site.lowered.parameters for site in sites if site.lowered is not None]
    if any(each.max_attempts == 13 for each in parameters):
        raise RuntimeError("assigner")
    return FakeBook({each: f"P{each.max_attempts}" for each in parameters})


@dataclass(frozen=True)
class FakeRewritten:
    text: str
    form: Form
    dropped: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def emit(text: str, site: Site, policy: str, module: str) -> FakeRewritten | Reason:
    assert isinstance(site.lowered, Lowered)
    operation = site.lowered.operation
    assert isinstance(operation, Call)
    loop = cut(text, site.span)
    if "# crash emit" in loop:
        raise RuntimeError("emitter")
    if "# not emitted" in loop:
        return Reason(code="ML223", message="imports can't be added", span=head(site.span))
    if "# nothing" in loop:
        return FakeRewritten(text, Form.EXECUTE)
    begin, end = offsets(text, site.span)
    mark = "≥" if "# encoding" in loop else ""
    arguments = ", ".join((policy, operation.callee, *operation.arguments))
    call = f"return execute({arguments}){'  # ' + mark if mark else ''}"
    new = text[:begin] + call + text[end:]
    if "# elsewhere" in loop:
        new += "extra = 1\n"
    if "# broken" in loop:
        new += "def (:\n"
    added = f"from {module} import {policy}\n"
    return FakeRewritten(new if added in new else added + new, Form.EXECUTE)


def prove(before: str, after: str, site: Site, policies: Mapping[str, str]) -> Proof:
    assert before != after
    assert site.lowered is not None
    assert all(text.startswith('"""') for text in policies.values())
    old, new = before.split("\n"), after.split("\n")
    gone = next(line for line in old if "except" in line and old.count(line) > new.count(line))
    proved = Proved(assumptions=(), differences=("the sleep after the last failure is dropped",), worlds=7, seconds=0.1)
    match gone.partition("# ")[2]:
        case "assumes":
            return replace(proved, assumptions=(Assumption(code="count", text="n ≥ 1", documented=True),))
        case "uncommon":
            return replace(proved, assumptions=(Assumption(code="pure", text="f is pure", documented=False),))
        case "differs":
            steps = (Step(text="call f()"), Step(text="sleep 1 s", differs=True))
            return Differs(story="sleeps once less", old=steps, new=steps[:1], worlds=2, seconds=0.1)
        case "undecided":
            return Undecided(message="too many worlds", worlds=9, seconds=0.1)
        case "unsupported":
            line = before[: before.index(gone)].count("\n") + 1
            return Unsupported(code="ML401", message="a lambda", line=line, column=0)
        case "crash prove":
            raise RuntimeError("prover")
        case _:
            return proved


STAGES = Stages(recognise=recognise, assign=assign, emit=emit, prove=prove)


def function(name: str, comment: str = "", count: int = 3, first: str = "") -> str:
    """Answer a function with one loop of the shape."""
    return (
        f"def {name}(x):\n    for _ in range({count}):{first}\n        try:\n            return g(x)\n"
        f"        except OSError:{'  # ' + comment if comment else ''}\n            time.sleep(1)\n"
    )
