"""Recognise retry loops: is this loop a retry, in which shape, and what does it do?

`sites.recognise` takes a candidate through the folders, in this order:

1. `loops`: find the loop and what is around it (`place`), take it apart (`anatomy`), and tell a retry from a daemon, a
   poll, an iteration (`kinds`, `answers`).
2. `reading`: the handler becomes one straight line of steps (`steps`) with what is known at each of them; tests on it
   are limits or guards (`endings`), the sleep is the delay. `numbers` knows how counters, delays and limits change.
3. `canonical`: a loop that can't be read or lowered as it stands is written in another way, and read again.
4. `lowering`: what was read becomes a `Lowered`, in the terms of a policy. `lower` says which file makes which piece.
5. `shapes` names the loop, `telling` says what it does and which hazards it has.

Rules: everything here is a guess that the proof judges; what is called a retry must be one in 95 of 100 cases, and a
retry that can't be rewritten says why: any part raises `Refused`, with a code of the rule table. Nothing holds a state:
a loop and everything that was read of it are values. No code of a scanned repository is imported or executed.
"""

from mulligan_codemods.recognise.sites import recognise

__all__ = ["recognise"]
