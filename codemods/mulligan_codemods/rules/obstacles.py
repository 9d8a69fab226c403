"""ML215 to ML231: what around a retry kept it from being rewritten: results, clocks, names, settings."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML215",
        title="Driven by a result",
        message="The loop goes round again because of a value, not (only) because of an exception.",
        remedy="Express it as Policy(retry_if=...); this shape is not rewritten yet.",
        before=(
            "def fetch(url):\n"
            "    done = False\n"
            "    while not done:\n"
            "        try:\n"
            "            if busy(url):\n"
            "                continue\n"
            "            page = get(url)\n"
            "            done = True\n"
            "        except OSError:\n"
            "            time.sleep(1)\n"
            "    return page"
        ),
        after="Policy[Response](retry_on=(), retry_if=lambda r: r.status == 503)",
    ),
    Rule(
        code="ML216",
        title="Driven by a deadline",
        message="The clock and a number of attempts both limit the loop, and either may come first.",
        remedy="Express it as Policy(timeout=...) or Policy(stop_after=...).",
        before=(
            "def fetch(url):\n"
            "    tries = 0\n"
            "    end = time.monotonic() + 60\n"
            "    while time.monotonic() < end:\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            tries += 1\n"
            "            if tries > 5:\n"
            "                raise\n"
            "            time.sleep(1)\n"
            "    raise RuntimeError(url)"
        ),
        after="Policy(..., max_attempts=UNLIMITED, stop_after=60)",
    ),
    Rule(
        code="ML218",
        title="Handlers retry differently",
        message="Several handlers, or branches of one, have different delays or limits; one policy has one schedule.",
        remedy="Retry each operation with its own policy, or use a classifier with a hint.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(5):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except KeyError:\n"
            "            if attempt == 1:\n"
            "                raise\n"
            "            time.sleep(30)\n"
            "        except OSError:\n"
            "            if attempt == 4:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="",
    ),
    Rule(
        code="ML219",
        title="Exceptions can't be read",
        message="What the handler catches is computed from something that the loop changes.",
        remedy="Name the exception types, or compute them from the error alone.",
        before=(
            "def fetch(client, url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return client.get(url)\n"
            "        except client.transient(attempt):\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="except TRANSIENT_ERRORS:",
    ),
    Rule(
        code="ML220",
        title="Several operations",
        message="The attempt runs several steps or jumps in several ways: a state machine rather than one operation.",
        remedy="Extract the operation into a function.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            if cached(url):\n"
            "                return cached(url)\n"
            "            page = get(url)\n"
            "            break\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)\n"
            "    return page"
        ),
    ),
    Rule(
        code="ML221",
        title="Unit of a pause isn't known",
        message="It is not certain how long a pause of the code's own lasts, nor whether it does nothing else.",
        remedy="Call `time.sleep` with seconds. A function that is called just `sleep` is kept as it is.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            sleep_ms(1000)"
        ),
        after="",
    ),
    Rule(
        code="ML222",
        title="String over several lines in the handler",
        message="Names beside a string over several lines would change, and the string's own lines must not move.",
        remedy="Give the string a name before the loop, or write it line by line in brackets.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            '            log.warning("""attempt %d failed,\n'
            '                           trying again""", attempt + 1)\n'
            "            time.sleep(1)"
        ),
        after='log.warning("attempt %d failed, trying again", attempt + 1)',
    ),
    Rule(
        code="ML223",
        title="Imports can't be added",
        message="An added import would be shadowed, or the module imports everything with a star.",
        remedy="Rename the local definition, or import names one by one.",
        before=(
            "from legacy import *\n"
            "\n"
            "\n"
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="from legacy import connect, send",
    ),
    Rule(
        code="ML224",
        title="Can't be staged",
        message="With --staged the flag chooses whenever a site runs; this one runs once, when its module is imported.",
        remedy="Migrate it without --staged, or call the library in a function.",
        before="from retry.api import retry_call\n\nPAGE = retry_call(get, tries=3)",
        after="def page():\n    return retry_call(get, tries=3)",
    ),
    Rule(
        code="ML226",
        title="Loop in a class body",
        message="The loop's results are attributes of the class; inside a function they would be bound elsewhere.",
        remedy="Move the loop into a function.",
        before=(
            "class Page:\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            '            body = get("https://example.test")\n'
            "            break\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
    ),
    Rule(
        code="ML227",
        title="Excluded by configuration",
        message="The codes selected or ignored on the command line or in [tool.mulligan] leave this site out.",
        remedy="Remove --ignore, or the code from the configuration.",
        before=(
            '# pyproject.toml says: [tool.mulligan] ignore = ["ML208"]\n'
            "def pages(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            yield from get(url)\n"
            "            return\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="[tool.mulligan]\nignore = []",
    ),
    Rule(
        code="ML228",
        title="Ignored by a comment",
        message="A `# mulligan: ignore` comment on the loop's first line asks to leave it alone.",
        remedy="Remove the comment.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):  # mulligan: ignore\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="for _ in range(3):",
    ),
    Rule(
        code="ML229",
        title="Overlaps another rewrite",
        message="A site around or inside this one was rewritten in the same run, and this one no longer stands alone.",
        remedy="Run mulligan migrate again.",
    ),
    Rule(
        code="ML230",
        title="Blocking sleep in asynchronous code",
        message="`time.sleep` in an `async def` stops the whole event loop; a policy's sleep would not.",
        remedy="Await `asyncio.sleep` there first; then migrate.",
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
        after="async def fetch():\n    ...\n        except OSError:\n            await asyncio.sleep(1)",
    ),
    Rule(
        code="ML231",
        title="Loop around a policy",
        message="Each attempt runs a policy, which retries already: with a second one around it the attempts multiply.",
        remedy="Give the inner policy the attempts that are meant, and drop the loop.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return execute(FETCH, get, url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise"
        ),
        after="def fetch(url):\n    return execute(FETCH.replace(max_attempts=9), get, url)",
    ),
)
