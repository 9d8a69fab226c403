"""Annotations for GitHub Actions: workflow commands, one a line.

Rules: properties and messages are escaped as the runner's own toolkit does.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

__all__ = ["annotation"]


def annotation(level: str, file: str, line: int | None, code: str, message: str) -> str:
    """Answer one command.

    Args:
        level: error, warning or notice.
        file: relative to the repository.
        line: where in it; `None` where it concerns all of it.
        code: what to call it.
        message: what to say.

    >>> annotation("warning", "policies.toml", 3, "MP101", "no jitter")
    '::warning file=policies.toml,line=3,title=mulligan MP101::no jitter'
    """
    place = "" if line is None else f",line={line}"
    return f"::{level} file={_property(file)}{place},title={_property(f'mulligan {code}')}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
