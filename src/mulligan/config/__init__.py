"""Named policies, in code or in a file, and what an operator may change about them from outside.

- `define(Policy(name="billing.fetch", ...))` registers a policy of the code and answers it.
- `load("policies.toml")` registers the policies of a file; `policy("billing.fetch")` answers one of them,
  `pipeline("billing.fetch")` with the budget that the file gives it.
- `MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS=2` overrides a limit of either; `MULLIGAN_DISABLED=1` makes every policy
  a single attempt. The environment wins over the file. Each override that takes effect is logged once.
- `reload()` reads the environment and the files again; a file that is wrong leaves its policies as they were.

Rules: nothing is read in an execution. What reads files (and the extra `config`) is imported when a file is loaded.
"""

from typing import TYPE_CHECKING

from mulligan.config.registry import define, policies, reload

if TYPE_CHECKING:
    from mulligan.config.file.document import outlined
    from mulligan.config.file.loading import load, pipeline, policy
    from mulligan.config.problems import PolicyFileError, Problem
else:
    from mulligan import _later

    __getattr__, __dir__ = _later.served(
        globals(),
        {
            "PolicyFileError": "problems",
            "Problem": "problems",
            "load": "file.loading",
            "outlined": "file.document",
            "pipeline": "file.loading",
            "policy": "file.loading",
        },
    )

__all__ = ["PolicyFileError", "Problem", "define", "load", "outlined", "pipeline", "policies", "policy", "reload"]
