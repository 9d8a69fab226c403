"""The codes of what is doubtful about policies and files of policies, and what each means.

Rules: one row per code, sorted; a code is never reused. MP0xx: files that can't be used. MP1xx: policies, told by
`mulligan explain` and `mulligan policies check`. MP2xx: files of policies, told by the check. `mulligan rule MP101`
prints a row.
"""

from __future__ import annotations

from typing import Final

from mulligan._value import Value

__all__ = ["RULES", "Rule", "title"]


class Rule(Value):
    """One row of the table.

    Args:
        code: `MP` and three digits; the first is the family.
        title: a few words.
        message: what it means and why it matters.
        remedy: what a person can do.
        before: an example that has it, as it stands in a file of policies.
        after: the example once the remedy was applied.
    """

    code: str
    title: str
    message: str
    remedy: str
    before: str = ""
    after: str = ""


_SHORT = '[policies.shop]\nretry_on = "ConnectionError"\ntimeout = 2\n'
_HEAD = '[policies.shop]\nretry_on = "ConnectionError"\ntimeout = 20\n'

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="MP001",
        title="The file can't be used",
        message="A field, a name or the TOML itself is wrong; no policy of this file is taken.",
        remedy="Correct it as the message says.",
        before='[policies.shop]\nretry_on = "ConnectionErrr"',
        after='[policies.shop]\nretry_on = "ConnectionError"',
    ),
    Rule(
        code="MP002",
        title="A name can't be imported",
        message="What the policy names isn't there, or is of another kind than the field needs; asking for it fails.",
        remedy="Correct the name, or install what brings it; --no-import leaves this out.",
        before='[policies.shop]\nretry_on = "json:JSONDecodeErrr"',
        after='[policies.shop]\nretry_on = "json:JSONDecodeError"',
    ),
    Rule(
        code="MP101",
        title="The delays have no jitter",
        message="All clients that failed together retry together, and hit the recovering service as one.",
        remedy="Draw the delays: .jittered(full_jitter()).",
        before=f'{_HEAD}schedule = "exponential(0.1, cap=5)"',
        after=f'{_HEAD}schedule = "exponential(0.1, cap=5).jittered(full_jitter())"',
    ),
    Rule(
        code="MP102",
        title="The delays have no cap",
        message="The delay grows without a bound, and the attempts allow more than a minute: ten doublings of one "
        "second are seventeen minutes.",
        remedy="Give the schedule a cap.",
        before=f'{_HEAD}schedule = "exponential(1).jittered(full_jitter())"\nmax_attempts = 12',
        after=f'{_HEAD}schedule = "exponential(1, cap=8).jittered(full_jitter())"\nmax_attempts = 5',
    ),
    Rule(
        code="MP103",
        title="No limit in seconds",
        message="Attempts are counted and time is not: an execution takes as long as its attempts like, and the caller "
        "may have gone by then.",
        remedy="Give it a timeout, or stop_after where the last delay may pass the limit.",
        before='[policies.shop]\nretry_on = "ConnectionError"',
        after='[policies.shop]\nretry_on = "ConnectionError"\ntimeout = 20',
    ),
    Rule(
        code="MP104",
        title="It never ends",
        message="Neither attempts nor schedule nor seconds are limited: while the fault lasts it never returns.",
        remedy="Give it max_attempts or a timeout.",
        before='[policies.shop]\nretry_on = "ConnectionError"\nmax_attempts = "unlimited"',
        after=f"{_HEAD}max_attempts = 5",
    ),
    Rule(
        code="MP105",
        title="It retries every exception",
        message="Errors of the program itself, a misspelled name among them, are retried too, and show up late.",
        remedy="Name the exceptions that are transient.",
        before='[policies.shop]\nretry_on = "Exception"\ntimeout = 20',
        after=_HEAD.rstrip(),
    ),
    Rule(
        code="MP106",
        title="Attempts that are never made",
        message="The timeout ends it before its attempts are used up, whatever the draws: max_attempts says something "
        "that is not so.",
        remedy="Lower max_attempts, shorten the delays, or raise the timeout.",
        before=f'{_HEAD}schedule = "constant(10).jittered(equal_jitter())"\nmax_attempts = 9',
        after=f'{_HEAD}schedule = "constant(1).jittered(equal_jitter())"\nmax_attempts = 9',
    ),
    Rule(
        code="MP107",
        title="The timeout may leave no retry",
        message="The first delay can be as long as the timeout: then the first failure is the last.",
        remedy="Raise the timeout, or begin with shorter delays.",
        before=f'{_SHORT}schedule = "exponential(2).jittered(full_jitter())"',
        after=f'{_SHORT}schedule = "exponential(0.2).jittered(full_jitter())"',
    ),
    Rule(
        code="MP108",
        title="An outage multiplies the load",
        message="While a dependency is down each call becomes more than five, and that is what keeps it down; layers "
        "that retry multiply.",
        remedy="Lower max_attempts, or share a budget: budget = ... in a file, Budget on a Pipeline in code.",
        before=f"{_HEAD}max_attempts = 10",
        after=f'{_HEAD}max_attempts = 10\nbudget = "shop"\n\n[budgets.shop]\nmodel = "quota"',
    ),
    Rule(
        code="MP109",
        title="The attempt timeout is no shorter than the timeout",
        message="One attempt may take all the time that there is, so that there is none for another.",
        remedy="Give attempts less time than the whole: timeout divided by max_attempts is a start.",
        before=f"{_HEAD}attempt_timeout = 30",
        after=f"{_HEAD}attempt_timeout = 5",
    ),
    Rule(
        code="MP110",
        title="No pause between attempts",
        message="It tries again at once, and then again: the fault has no time to pass.",
        remedy="Pause from the second retry on: no_delay().take(1).then(exponential(0.1).jittered(full_jitter())).",
        before=f'{_HEAD}schedule = "no_delay()"\nmax_attempts = 4',
        after=f'{_HEAD}schedule = "exponential(0.1).jittered(full_jitter())"\nmax_attempts = 4',
    ),
    Rule(
        code="MP111",
        title="The schedule ends first",
        message="There are fewer delays than max_attempts needs: the schedule ends it, and the attempts don't.",
        remedy="Make both say the same.",
        before=f'{_HEAD}schedule = "exponential(0.1).jittered(full_jitter()).take(2)"\nmax_attempts = 5',
        after=f'{_HEAD}schedule = "exponential(0.1).jittered(full_jitter())"\nmax_attempts = 5',
    ),
    Rule(
        code="MP201",
        title="No owner",
        message="The file says who there is, and not who looks after this policy.",
        remedy="Give it an owner, itself or by what it extends.",
        before=f'[owners]\nteam = "team@shop.example"\n\n{_HEAD.rstrip()}',
        after=f'[owners]\nteam = "team@shop.example"\n\n{_HEAD}owner = "team"',
    ),
    Rule(
        code="MP202",
        title="Unknown owner",
        message="The policy's owner is none of [owners].",
        remedy="Correct the name, or add it to [owners].",
        before=f'[owners]\nteam = "team@shop.example"\n\n{_HEAD}owner = "taem"',
        after=f'[owners]\nteam = "team@shop.example"\n\n{_HEAD}owner = "team"',
    ),
    Rule(
        code="MP203",
        title="Nothing uses it",
        message="No policy of this file names this set, template or budget.",
        remedy="Take it out, or correct the name where it was meant.",
        before=f'{_HEAD}\n[errors]\ndatabase = ["sqlite3:OperationalError"]',
        after=_HEAD.rstrip(),
    ),
    Rule(
        code="MP204",
        title="An override of nothing",
        message="A variable of the environment names no policy of this file, so it changes nothing here.",
        remedy="Correct the name: MULLIGAN_POLICY_, the policy's name with _ for its dots, __ and the limit.",
    ),
    Rule(
        code="MP205",
        title="It ignores nothing",
        message="The policy leaves out a code that it doesn't have, or that there isn't.",
        remedy="Take the code out of ignore.",
        before=f'{_HEAD}ignore = ["MP101"]',
        after=_HEAD.rstrip(),
    ),
)
"""Every code."""


def title(code: str) -> str:
    """Answer the title of a code.

    >>> title("MP101")
    'The delays have no jitter'
    """
    return next(rule.title for rule in RULES if rule.code == code)
