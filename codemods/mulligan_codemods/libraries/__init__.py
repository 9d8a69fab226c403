"""From the use of a retry library, or of a team's own helper, to the policy that takes its place.

The way of a use, in the order in which things happen; what to look for, and where it is used, say `uses.tables` and
`uses.sightings` below this package:

1. `reading/`: where the use stands, and its arguments by parameter, `**CONFIG` included: as numbers, lengths of time,
   exception classes and predicates.
2. `shapes/`: what the expression is part of (a decorator, a call, a block), and what takes its place.
3. `lowering/`: what the arguments say as a policy's `Terms`; one module a library, named by its table in `LOWERINGS`.
4. `adopting`, `sites`: terms and shape together, as an `Adopted` in a `Site`; or a reason, where one of these raised
   `Refused` (`refusal`). `behaviour` and `naming` say what the use does today, and what its policy is called after.
5. `writing/`: the module's new text, alone or beside the old expression; and the check that nothing else changed.
6. `proving/`: each library's schedule and stop, modelled by what it was told (`models/`), against the policy that was
   written, at drawn numbers.

`differences` is the closed list of how new code may differ, and words the premises. `clients` tells of HTTP clients and
queues that retry by themselves, which are never rewritten.

A mapped helper is one more table: `uses.tables.tables_of((library,))` with a `Library` that has no versions, whose
parameters name policy fields (`Parameter.field`) and units. `lowering.helper` goes by those fields, and so does
`proving.models.helper`. The tables of a run come from `Config.helpers`.

Rules: nothing is imported or executed; no use is dropped silently; the loops' stages know nothing of this package.
"""

from __future__ import annotations

from mulligan_codemods.libraries.proving.comparing import prove
from mulligan_codemods.libraries.sites import recognise
from mulligan_codemods.libraries.writing.checking import violation
from mulligan_codemods.libraries.writing.emitting import emit
from mulligan_codemods.libraries.writing.staging import emit_staged

__all__ = ["emit", "emit_staged", "prove", "recognise", "violation"]
