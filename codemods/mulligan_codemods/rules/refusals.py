"""ML201 to ML213: retries that were not rewritten for what the loop itself does."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML201",
        title="Shape is not known",
        message="The loop retries, but not in a way that any recogniser reads completely.",
        remedy="Leave it, or bring it into one of the shapes of the documentation.",
    ),
    Rule(
        code="ML202",
        title="Code after or around the operation",
        message="Besides the attempt the loop does more, on success or in every round; a policy's call does not.",
        remedy="Move the additional work out of the loop.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        if wanted(url):\n"
            "            try:\n"
            "                return get(url)\n"
            "            except OSError:\n"
            "                if attempt == 2:\n"
            "                    raise\n"
            "                time.sleep(1)"
        ),
        after="if wanted(url):\n    return execute(FETCH, get, url)",
    ),
    Rule(
        code="ML203",
        title="Operation uses the attempt number",
        message="The number of the attempt is an argument of the operation, so the attempts are not the same call.",
        remedy="Read mulligan.current_attempt().number in the operation, or leave the loop.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url, attempt)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="",
    ),
    Rule(
        code="ML204",
        title="Loop variable is read after the loop",
        message="Code behind the loop reads a variable that the loop sets; after the rewrite it would not exist.",
        remedy="Don't read the loop's variables afterwards.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            page = get(url)\n"
            "            break\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)\n"
            '    log.info("took %d attempts", attempt + 1)\n'
            "    return page"
        ),
        after="match try_execute(FETCH, fetch):\n    case Succeeded(attempts=n): log.info('took %d attempts', n)",
    ),
    Rule(
        code="ML205",
        title="Exhaustion does something of its own",
        message="What follows the last failure is neither raising nor answering a value nor falling through.",
        remedy="Handle exhaustion after the loop, from the last error alone.",
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
    ),
    Rule(
        code="ML206",
        title="Condition of the retry can't be read",
        message="Whether an exception is retried depends on more than the exception.",
        remedy="Move the condition into a function of the exception.",
        before=(
            "def fetch(url):\n"
            "    tries = 0\n"
            "    while tries < limit(url):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            tries += 1\n"
            "            time.sleep(1)\n"
            "    raise RuntimeError(url)"
        ),
        after="except OSError as e:\n    if not self.is_transient(e):\n        raise",
    ),
    Rule(
        code="ML207",
        title="Delay can't be read",
        message="The delay is computed in a way that neither a schedule nor the error alone gives.",
        remedy="Use a constant, linear or exponential delay, a list of delays, or a classifier's hint.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(next_delay(url, attempt))"
        ),
    ),
    Rule(
        code="ML208",
        title="Yields inside the attempt",
        message="A generator that already gave items away can't be started again without repeating them.",
        remedy="Retry what produces one item, not the generator.",
        before=(
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
        after="for number in count():\n    yield execute(FETCH, page, number)",
    ),
    Rule(
        code="ML209",
        title="Attempts build on each other",
        message="An attempt changes state that the next one starts from: an offset, a list of what is left, a token.",
        remedy="Leave it: this is resumption, not a retry of one operation.",
        before=(
            "def send(data):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            data = put(data)\n"
            "            return data\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)"
        ),
        after="",
    ),
    Rule(
        code="ML210",
        title="Handler does more than log and sleep",
        message="Between two attempts the handler changes something or calls something that the rewrite would drop.",
        remedy="Move it to a callback: Execution(POLICY, on_retry=reconnect).",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            return get(url)\n"
            "        except OSError as error:\n"
            "            if error.errno:\n"
            "                pause = error.errno\n"
            "            if attempt == 2:\n"
            "                raise\n"
            '            log.warning("again in %d s", pause)\n'
            "            time.sleep(1)"
        ),
        after="Execution(SEND, on_retry=self.reconnect).run(self.send, data)",
    ),
    Rule(
        code="ML211",
        title="A finally per attempt",
        message="A `finally` in the loop runs after every attempt and before every delay.",
        remedy="Move the try-finally into the operation.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            page = get(url)\n"
            "            break\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)\n"
            "        finally:\n"
            '            log.debug("attempt %d", attempt)\n'
            "    return page"
        ),
        after="def send_and_close():\n    try:\n        return send()\n    finally:\n        close()",
    ),
    Rule(
        code="ML212",
        title="Budget outlives the call",
        message="The counter is kept on an object, so attempts of earlier calls count too.",
        remedy="Use a retry budget as a guard of a pipeline.",
        before=(
            "class Client:\n"
            "    def fetch(self, url):\n"
            "        while True:\n"
            "            try:\n"
            "                return get(url)\n"
            "            except OSError:\n"
            "                self.failures += 1\n"
            "                if self.failures >= 5:\n"
            "                    raise\n"
            "                time.sleep(1)"
        ),
        after="",
    ),
    Rule(
        code="ML213",
        title="Attempt binds names that are read later",
        message="The operation assigns several names that code behind the loop reads; one call has one value.",
        remedy="Return the values from a function, and unpack them.",
        before=(
            "def fetch(url):\n"
            "    for attempt in range(3):\n"
            "        try:\n"
            "            if url:\n"
            "                page = get(url)\n"
            "            break\n"
            "        except OSError:\n"
            "            if attempt == 2:\n"
            "                raise\n"
            "            time.sleep(1)\n"
            "    return page"
        ),
        after="head, body = execute(READ, read_both)",
    ),
)
