"""What tests of retried code need: time that passes without waiting.

- `virtual_time()`: inside it every execution of this context sleeps on a `VirtualClock`, which jumps.
- `VirtualClock`: the clock itself, also for `Execution(clock=...)`.
- `run_virtual(function)`: `asyncio.run` on an event loop whose time jumps whenever every task waits.

With trio, `trio.testing.MockClock(autojump_threshold=0)` does the same: executions go by the time of the running loop.
"""

from mulligan.testing.loop import VirtualLoop, run_virtual
from mulligan.testing.virtual import VirtualClock, virtual_time

__all__ = ["VirtualClock", "VirtualLoop", "run_virtual", "virtual_time"]
