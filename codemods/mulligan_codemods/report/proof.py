"""A proof as people read it: what it rests on, or the world in which old and new differ, side by side."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, assert_never

from rich.text import Text

from mulligan_codemods.prove.result import Differs, Proof, Proved, Step, Undecided, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["proof_lines"]


def proof_lines(proof: Proof) -> Iterator[Text]:
    """Yield what `--explain-proof` shows below a site."""
    match proof:
        case Proved():
            yield from _proved(proof)
        case Differs():
            yield from _differs(proof)
        case Undecided(worlds=worlds, seconds=seconds):
            yield Text(f"undecided after {worlds} worlds and {seconds:.2f} s")
        case Unsupported(line=line, column=column, in_new=in_new):
            where = "the rewritten text" if in_new else "the file"
            yield Text(f"the proof stopped at line {line}, column {column + 1} of {where}")
        case _:
            assert_never(proof)


def _proved(proof: Proved) -> Iterator[Text]:
    yield Text(f"the proof took {proof.seconds:.2f} s; old and new did the same in each of {proof.worlds} worlds")
    if proof.bound is not None:
        yield Text(f"within the bound: {proof.bound}")
    for assumption in proof.assumptions:
        listed = "documented" if assumption.documented else "not on the documented list"
        yield Text(f"assumption {assumption.code} ({listed}): {assumption.text}")
    if not proof.assumptions:
        yield Text("no assumption was needed")


def _differs(proof: Differs) -> Iterator[Text]:
    width = max([len("before"), *(len(step.text) for step in proof.old)])
    yield Text.assemble(("  before".ljust(width + 4), "bold"), ("after", "bold"))
    empty = Step(text="")
    for old, new in zip_longest(proof.old, proof.new, fillvalue=empty):
        differs = old.differs or new.differs
        style = "red" if differs else ""
        yield Text.assemble(
            ("≠ " if differs else "  ", "bold red"), (old.text.ljust(width + 2), style), (new.text, style)
        )
