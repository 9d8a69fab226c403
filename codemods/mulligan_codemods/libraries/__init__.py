"""From the use of a retry library, or of a team's own helper, to the policy that takes its place.

The way of a use, one module each:

- `uses.tables`, `uses.sightings` (below this package): which names to look for, and where they are used.
- `place`, `arguments`, `dictionaries`: what is around the use, and its arguments by parameter, `**CONFIG` included.
- `lowering/`: one function a library, `Use → Terms`. `lowering.LOWERINGS` names it by the table.
- `shapes`: what the expression is part of, and what takes its place.
- `sites`: both together, as a `Site` with an `Adopted`.
- `emitting`: the module's new text. `checking`: nothing else changed.
- `models/`, `proving`: the library's schedule and stop, modelled by what it was told, against the policy that was
  written, at drawn numbers.

A mapped helper is one more table: `uses.tables.tables_of((library,))` with a `Library` that has no versions, whose
parameters name policy fields (`Parameter.field`) and units. `lowering.helper` goes by those fields, and so does
`models.helper`; nothing else knows about helpers. The tables of a run come from `Config.helpers`.

Rules: nothing is imported or executed; no use is dropped silently; the loops' stages know nothing of this package.
"""

from __future__ import annotations

from mulligan_codemods.libraries.checking import violation
from mulligan_codemods.libraries.emitting import emit
from mulligan_codemods.libraries.proving import prove
from mulligan_codemods.libraries.sites import recognise
from mulligan_codemods.libraries.staging import emit_staged

__all__ = ["emit", "emit_staged", "prove", "recognise", "violation"]
