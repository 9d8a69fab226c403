"""Run a command and measure it from outside: seconds, processor time, and the memory of all its processes."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Measured", "measured"]

INTERVAL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a command took.

    Args:
        seconds: from its start to its end.
        processor: seconds of processor time, its own and that of all processes below it.
        parent: the most memory that its own process held, in MiB.
        worker: the most that one of its other processes held, in MiB.
        workers: how many of those there were.
        output: what it printed.
    """

    seconds: float
    processor: float
    parent: float
    worker: float
    workers: int
    output: str


def measured(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Measured:
    """Run a command to its end, which must be a success."""
    began, before = time.perf_counter(), _spent()
    with subprocess.Popen(  # noqa: S603 -- the benchmark's own commands
        command,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        output, errors = process.communicate()
        seconds = time.perf_counter() - began
        watch.ended.set()
        watch.join()
    if process.returncode not in {0, 1, 3}:
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {process.returncode}: {errors[-2000:]}")
    own = watch.most.pop(process.pid, 0)
    return Measured(
        seconds=seconds,
        processor=_spent() - before,
        parent=own / 1024,
        worker=max(watch.most.values(), default=0) / 1024,
        workers=len(watch.most),
        output=output,
    )


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@dataclass(slots=True, eq=False)
class _Watch:
    """Look at a process and all below it until it is over."""

    root: int
    most: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    ended: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def join(self) -> None:
        if self.thread is not None:
            self.thread.join()

    def _look(self) -> None:
        while not self.ended.wait(INTERVAL):
            for pid in _below(self.root):
                self.most[pid] = max(self.most[pid], _peak(pid))


def _below(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found = [root]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def _peak(pid: int) -> int:
    """Answer the most memory that a process held so far, in KiB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
