"""The commands `scan`, `migrate` and `rule`.

Rules: a thin shell over the engine, one file a command. What was asked for goes to standard output; beside a diff the
report goes to standard error, so that `mulligan migrate . | git apply` works. Exit codes: 0 done, 1 `--check` or
`--baseline` found something, 2 usage, 3 some files could not be processed, 130 interrupted (what was done so far is
reported).
"""

from mulligan_codemods.cli.migrate_command import migrate
from mulligan_codemods.cli.rule_command import rule
from mulligan_codemods.cli.scan_command import scan

__all__ = ["migrate", "rule", "scan"]
