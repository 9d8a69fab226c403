"""How a schedule is written down: as the public calls that make it.

Rules: the text evaluates back to an equal value; a number is written the short way.
"""

from __future__ import annotations

__all__ = ["call", "short"]


def call(name: str, *arguments: object, **named: object) -> str:
    """Write a call; named arguments that are None are left out.

    Args:
        name: of the function.
        arguments: given by position.
        named: given by name.

    >>> call("exponential", 0.1, factor=2.0, cap=None)
    'exponential(0.1, factor=2)'
    """
    shown = [short(argument) for argument in arguments]
    shown += [f"{key}={short(value)}" for key, value in named.items() if value is not None]
    return f"{name}({', '.join(shown)})"


def short(value: object) -> str:
    """Write a value; a float that is whole without its fraction.

    Args:
        value: any.

    >>> short(10.0), short(0.25), short(-0.0)
    ('10', '0.25', '-0.0')
    """
    text = repr(value)
    return text[:-2] if isinstance(value, float) and text.endswith(".0") and text != "-0.0" else text
