"""What tests of retried code need: time that passes without waiting, operations and servers that fail as they are told.

- `virtual_time()`: inside it every execution of this context sleeps on a `VirtualClock`, which jumps.
- `VirtualClock`: the clock itself, also for `Execution(clock=...)`.
- `run_virtual(function)`: `asyncio.run` on an event loop whose time jumps whenever every task waits.
- `script(raises(ConnectionError), returns("page"))`: an operation whose calls are written down.
- `chaos(policy, error_rate=0.3, seed=7)`: faults around an operation, drawn by a seed.
- `recording()`: what executions do, as `RecordedEvents` with readable assertions.
- `no_retries()`: every policy is a single attempt.
- `FaultServer`: a real HTTP server on loopback, programmed by `respond`, `reset` and `throttled`.
- `mulligan.testing.strategies`: Hypothesis strategies for schedules, policies and scripts.

With trio, `trio.testing.MockClock(autojump_threshold=0)` does what `run_virtual` does: executions go by the time of the
running loop. pytest has three of these as fixtures, without any setting up: `virtual_clock`, `retry_events` and
`no_retries`. With unittest use `self.enterContext(virtual_time())`, and so on.
"""

from mulligan.testing.faults import Chaos, chaos
from mulligan.testing.loop import VirtualLoop, run_virtual
from mulligan.testing.recorder import RecordedEvents, recording
from mulligan.testing.scripts import Call, Script, ScriptEnded, Step, raises, returns, script
from mulligan.testing.server import Exchange, FaultServer, Reply, Request, http_date, reset, respond, throttled
from mulligan.testing.single import no_retries
from mulligan.testing.virtual import VirtualClock, virtual_time

__all__ = [
    "Call",
    "Chaos",
    "Exchange",
    "FaultServer",
    "RecordedEvents",
    "Reply",
    "Request",
    "Script",
    "ScriptEnded",
    "Step",
    "VirtualClock",
    "VirtualLoop",
    "chaos",
    "http_date",
    "no_retries",
    "raises",
    "recording",
    "reset",
    "respond",
    "returns",
    "run_virtual",
    "script",
    "throttled",
    "virtual_time",
]
