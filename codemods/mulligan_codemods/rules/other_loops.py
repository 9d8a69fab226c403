"""ML3xx: loops that are no retries."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML301",
        title="Daemon",
        message="The loop serves for ever; an error makes it go on with its next round, not try the same thing again.",
        remedy="Nothing to do.",
        before="while running:\n    try:\n        handle(queue.get())\n"
        "    except Exception:\n        log.exception('failed')",
    ),
    Rule(
        code="ML302",
        title="Poll",
        message="The loop waits for a state of something else; errors are not what makes it go round.",
        remedy="Nothing to do.",
        before="while not job.done():\n    time.sleep(5)",
    ),
    Rule(
        code="ML303",
        title="Reader or queue",
        message="The loop takes one item after another; each round is another operation.",
        remedy="Nothing to do.",
    ),
    Rule(
        code="ML304",
        title="Iteration over different items",
        message="Each round works on another item, so going round is not trying again.",
        remedy="Nothing to do.",
        before="for host in hosts:\n    try:\n        return connect(host)\n    except OSError:\n        time.sleep(1)",
    ),
    Rule(
        code="ML305",
        title="Rate limiter",
        message="The pause keeps a pace; it is not a reaction to a failure.",
        remedy="Nothing to do.",
    ),
    Rule(
        code="ML306",
        title="Loop of a retry library",
        message="The loop runs over the attempts of a library, which does the retrying.",
        remedy="Nothing to do.",
        before="for attempt in Retrying(stop=stop_after_attempt(3)):\n    with attempt:",
    ),
    Rule(
        code="ML307",
        title="No failed attempt leads to another",
        message="Every exception leaves the loop, or nothing that could fail is repeated.",
        remedy="Nothing to do.",
    ),
)
