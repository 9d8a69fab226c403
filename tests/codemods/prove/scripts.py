# ruff: noqa: N818 - the errors of a generated outside
"""What the outside does to a generated program, the same in the interpreter and under CPython."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

__all__ = ["CLASSES", "Broken", "Script", "Worse", "scripts"]


class Broken(Exception):
    """An error of the outside."""


class Worse(Broken):
    """A narrower one."""


CLASSES: dict[str, type[BaseException]] = {
    "Broken": Broken,
    "Worse": Worse,
    "OSError": OSError,
    "TimeoutError": TimeoutError,
    "ValueError": ValueError,
    "KeyboardInterrupt": KeyboardInterrupt,
    "Exception": Exception,
    "BaseException": BaseException,
}


@dataclass(frozen=True)
class Script:
    """What the outside does: for each effect a class to raise, or None; and whether its result is true."""

    raises: tuple[str | None, ...]
    truths: tuple[bool, ...]

    def error(self, number: int) -> str | None:
        """Return the class that an effect raises."""
        return self.raises[number % len(self.raises)]

    def truth(self, number: int) -> bool:
        """Return the truth of a result."""
        return self.truths[number % len(self.truths)]


scripts = st.builds(
    Script,
    st.lists(
        st.sampled_from([None, None, None, "Broken", "Worse", "OSError", "TimeoutError", "KeyboardInterrupt"]),
        min_size=1,
        max_size=6,
    ).map(tuple),
    st.lists(st.booleans(), min_size=1, max_size=5).map(tuple),
)
