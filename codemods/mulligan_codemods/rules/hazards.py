"""ML1xx: hazards of the code as it stands."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML101",
        title="Unbounded",
        message="The loop has no limit of attempts or time; while the fault lasts, it never returns.",
        remedy="Give the policy max_attempts or a timeout; UNLIMITED says that no limit is meant.",
        before=(
            "def fetch(url):\n"
            "    while True:\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            time.sleep(1)"
        ),
        after="FETCH = Policy(retry_on=OSError, schedule=constant(1), max_attempts=10)",
    ),
    Rule(
        code="ML102",
        title="No jitter",
        message="All clients that failed together retry together, and hit the recovering service as one.",
        remedy="Add jitter to the schedule.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(4):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 3:\n"
            "                raise\n"
            "            time.sleep(5)"
        ),
        after="exponential(0.5, cap=30).jittered(full_jitter())",
    ),
    Rule(
        code="ML103",
        title="No cap",
        message="The delay grows without a bound: ten doublings of one second are seventeen minutes.",
        remedy="Give the schedule a cap.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(20):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 19:\n"
            "                raise\n"
            "            time.sleep(2**attempt)"
        ),
        after="exponential(1, cap=60)",
    ),
    Rule(
        code="ML104",
        title="Catches everything",
        message="`except Exception` retries programming errors too: a TypeError will not go away by waiting.",
        remedy="Name the exceptions that are transient.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(4):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except Exception:\n"
            "            if attempt == 3:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="retry_on=(ConnectionError, TimeoutError)",
    ),
    Rule(
        code="ML105",
        title="Swallows the failure",
        message="When all attempts have failed, the code goes on as if nothing had happened; the caller sees None.",
        remedy="Raise after the last attempt, or answer a value on purpose.",
        before=(
            "def fetch(url):\n"
            "    for _ in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            time.sleep(1)"
        ),
        after="return execute(FETCH, fetch)      # raises the last error",
    ),
    Rule(
        code="ML106",
        title="Sleeps after the last attempt",
        message="The caller waits once more although nothing is going to be tried again.",
        remedy="Rewrite it: a policy sleeps only before a retry.",
        before=(
            "def fetch(url):\n"
            "    last = None\n"
            "    for _ in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError as error:\n"
            "            last = error\n"
            "            time.sleep(5)\n"
            "    raise last"
        ),
        after="return execute(FETCH, fetch)",
    ),
    Rule(
        code="ML107",
        title="Blocks the event loop",
        message="`time.sleep` in async code stops every task of the event loop, not only this one.",
        remedy="Await an asynchronous sleep; execute_async does.",
        before=(
            "async def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return await get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="async def fetch():\n    ...\n    await asyncio.sleep(1)",
    ),
    Rule(
        code="ML108",
        title="Repeats a call that is not idempotent",
        message="A POST or an insert that timed out may have succeeded; trying again may do it twice.",
        remedy="Send an idempotency key with the request.",
        before=(
            "def order(session, url, body):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return session.post(url, json=body)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="Policy(..., idempotency_key=lambda: uuid4().hex)",
    ),
    Rule(
        code="ML109",
        title="Nested retries",
        message="A retry around a retry multiplies the attempts: three times three are nine calls, and their delays.",
        remedy="Retry at one level only.",
        before=(
            "def connect(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return dial(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)\n"
            "\n"
            "\n"
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return connect(url).get()\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="return execute(FETCH, fetch_once)",
    ),
    Rule(
        code="ML110",
        title="Dead guard",
        message="A condition that should end the loop is always or never true, so exhaustion is silent.",
        remedy="Compare with the last index: `attempt == attempts - 1`.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt >= 3:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="for i in range(n):\n    ...\n    if i == n - 1:\n        raise",
    ),
    Rule(
        code="ML111",
        title="Counter never changes",
        message="The loop tests a counter that nothing in it changes, so it is unbounded.",
        remedy="Count, or use a policy with max_attempts.",
        before=(
            "def fetch(url):\n"
            "    retries = 0\n"
            "    while retries < 3:\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            time.sleep(1)"
        ),
        after="return execute(FETCH, fetch)",
    ),
    Rule(
        code="ML112",
        title="No delay",
        message="The retry follows at once, while the fault most likely still lasts.",
        remedy="Give the policy a schedule; no_delay() says that none is meant.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise"
        ),
        after="FETCH = Policy(retry_on=OSError, schedule=exponential(0.1).jittered(full_jitter()))",
    ),
    Rule(
        code="ML113",
        title="Unit of the delay looks wrong",
        message="A sleep of hundreds of seconds between attempts suggests that milliseconds were meant.",
        remedy="Divide by 1000, or name the unit.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(500)"
        ),
        after="time.sleep(0.5)",
    ),
    Rule(
        code="ML114",
        title="Catches interruption",
        message="A bare `except:` or `except BaseException` retries KeyboardInterrupt and cancellation too.",
        remedy="Catch Exception at most.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="except ConnectionError:\n    time.sleep(1)",
    ),
)
