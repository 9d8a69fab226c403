"""The real stages over one generated module: what the codemod makes of it.

Rules: the engine runs as the command does, files in a folder of their own; only the proof's bounds are smaller, and
counted in worlds, so that the same text always has the same answer.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.prove import prove
from mulligan_codemods.prove.result import Assumption, Proof, Proved
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Site, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.rows import Row

__all__ = ["Migration", "migrate"]

WORLDS = 600 if os.environ.get("MULLIGAN_TESTS") == "full" else 200
"""How many worlds a proof may look at; enough for every textbook loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What became of a module.

    Args:
        rows: its sites.
        after: its new text, with all safe rewrites.
        policies: the policies module's text.
        errors: what the engine could not process.
    """

    rows: tuple[Row, ...]
    after: str
    policies: str
    errors: tuple[str, ...]

    @property
    def safe(self) -> bool:
        """Whether a rewrite is offered as safe."""
        return any(row.status is Status.SAFE for row in self.rows)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the proofs rest on."""
        proofs = (row.proof for row in self.rows if row.status is Status.SAFE)
        return tuple(each for proof in proofs if isinstance(proof, Proved) for each in proof.assumptions)

    @property
    def differences(self) -> tuple[str, ...]:
        """What the proofs say they permit."""
        proofs = (row.proof for row in self.rows if row.status is Status.SAFE)
        return tuple(each for proof in proofs if isinstance(proof, Proved) for each in proof.differences)

    @property
    def outcome(self) -> str:
        """The first retry's status, with the code of the reason."""
        rows = [row for row in self.rows if row.status is not Status.NOT_RETRY] or list(self.rows)
        if not rows:
            return "not found"
        code = f" {rows[0].reason.code}" if rows[0].reason else ""
        return f"{rows[0].status}{code}"


def _prove(before: str, after: str, site: Site, policies: Mapping[str, str]) -> Proof:
    module = module_name(site.path)
    return prove(
        before, after, qualname=site.qualname, policies=policies, module=module, max_worlds=WORLDS, seconds=600.0
    )


def migrate(text: str) -> Migration:
    """Migrate one module."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.py"
        path.write_text(text)
        report = run([str(path)], replace(real_stages(), prove=_prove), Options(prove=True))
    after = {Path(change.path).name: change.after.decode() for change in report.changes}
    return Migration(
        rows=report.rows,
        after=after.get("case.py", text),
        policies=after.get("retry_policies.py", ""),
        errors=tuple(f"{error.code} {error.message}" for error in report.errors),
    )
