"""How the tests of library codemods migrate a module: on disk, by the engine and its real stages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import TYPE_CHECKING

from mulligan_codemods.config import Config, configured
from mulligan_codemods.prove.result import Proved
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages

if TYPE_CHECKING:
    from mulligan_codemods.rows import Row

__all__ = ["Migrated", "migrated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A module after a run.

    Args:
        text: its text; what it was where nothing was rewritten.
        policies: the policies module's text, empty where there is none.
        rows: the sites.
    """

    text: str
    policies: str
    rows: tuple[Row, ...]

    @property
    def statuses(self) -> list[str]:
        """How the sites ended."""
        return [row.status.value for row in self.rows]

    @property
    def codes(self) -> list[str | None]:
        """Why they were left alone."""
        return [None if row.reason is None else row.reason.code for row in self.rows]

    @property
    def assumed(self) -> list[str]:
        """What the proofs take for granted."""
        proofs = [row.proof for row in self.rows]
        return [each.text for proof in proofs if isinstance(proof, Proved) for each in proof.assumptions]

    @property
    def differences(self) -> list[str]:
        """How the new code may differ."""
        return [each for row in self.rows if isinstance(row.proof, Proved) for each in row.proof.differences]


def migrated(
    code: str, *, unsafe: bool = False, beside: dict[str, str] | None = None, settings: str | None = None
) -> Migrated:
    """Migrate a module `shop/client.py`; `beside` are other files of its package, `settings` its `pyproject.toml`."""
    with TemporaryDirectory() as folder:
        package = Path(folder) / "shop"
        package.mkdir()
        (package / "__init__.py").touch()
        for name, text in (beside or {}).items():
            (package / name).write_text(dedent(text))
        file = package / "client.py"
        file.write_text(dedent(code).lstrip("\n"))
        if settings is not None:
            (Path(folder) / "pyproject.toml").write_text(settings)
        config = Config() if settings is None else configured(str(file))
        report = run([str(file)], real_stages(), Options(prove=True, unsafe=unsafe, config=config))
        assert not report.errors
        changes = {Path(change.path).name: change.after.decode() for change in report.changes}
        text = changes.get("client.py", file.read_text())
        return Migrated(text=text, policies=changes.get("retry_policies.py", ""), rows=report.rows)
