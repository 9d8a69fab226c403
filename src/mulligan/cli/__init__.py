"""The command line: the group `mulligan` and the commands of the runtime.

Rules: `commands` holds the group; one file a command; what a command computes is a value, and how it is shown stands in
another file. Commands of other packages come by the entry point group `mulligan.commands` and are imported when called.
"""

from __future__ import annotations
