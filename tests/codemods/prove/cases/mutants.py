"""Wrong rewrites: each a right one with one thing changed, on a loop where that matters.

Rules: a mutant changes what the code does in some world; the suite runs each against scripts of faults to make sure.
"""

from __future__ import annotations

from tests.codemods.prove.cases.model import Mutant

__all__ = ["MUTANTS"]


def _code(name: str, case: str, find: str, put: str, imports: str = "") -> Mutant:
    return Mutant(name=name, case=case, find=find, put=put, imports=imports)


def _policy(name: str, case: str, find: str, put: str, imports: str = "", *, seen: bool = True) -> Mutant:
    return Mutant(name=name, case=case, find=find, put=put, imports=imports, in_policies=True, seen=seen)


MUTANTS = (
    # How often
    _policy("one attempt more", "counter-in-log", "max_attempts=4", "max_attempts=5"),
    _policy("one attempt less", "whole-function", "max_attempts=3", "max_attempts=2"),
    _code("retries taken for attempts", "exponential-break-value", "retries + 1", "retries"),
    _code("attempts taken for retries", "countdown-function", "max_attempts=attempts", "max_attempts=attempts + 1"),
    _policy("one attempt of many less", "many-attempts-inner-poll", "max_attempts=300", "max_attempts=299"),
    _policy(
        "unlimited",
        "limit-checked-before-the-log",
        "max_attempts=3",
        "max_attempts=UNLIMITED",
        "from mulligan import UNLIMITED",
    ),
    _policy("limited", "unbounded-break", "max_attempts=UNLIMITED", "max_attempts=9"),
    _policy("default number of attempts", "exponential-capped", ", max_attempts=8", ""),
    _code("never called", "engine-countdown", "return execute(policy, func, *args, **kwargs)", "return None"),
    _code("called without a policy", "whole-function", "@retry(READ)\n            def work", "def work"),
    _policy("a deadline that comes earlier", "deadline-in-handler", "stop_after=5.0", "stop_after=4.0"),
    _policy("a hard timeout for a lax one", "deadline-of-a-local", "stop_after=5.0", "timeout=5.0"),
    _policy("no deadline", "deadline-that-answers", ", stop_after=4.25", ""),
    # How long
    _policy(
        "first delay",
        "unbounded-print",
        "constant(5)",
        "no_delay().take(1).then(constant(5))",
        "from mulligan import no_delay",
    ),
    _policy("delay", "async-value-used-after", "constant(1)", "constant(1.5)"),
    _policy("milliseconds for seconds", "several-returns", "constant(0.1)", "constant(100)"),
    _code("no delay", "inside-an-outer-try", "schedule=constant(config.wait)", "schedule=constant(0)"),
    _policy("exponent one higher", "exponential-break-value", "exponential(1)", "exponential(2)"),
    _policy("exponent's base", "timeout-clause-first", "factor=2", "factor=3"),
    _policy("cap", "exponential-capped", "cap=30", "cap=20"),
    _policy("no cap", "exponential-capped", ", cap=30", ""),
    _policy("linear from one", "trailing-sleep-linear", "linear(0, step=10)", "linear(10)"),
    _policy(
        "linear for exponential", "keywords-passed-on", "exponential(1)", "linear(1)", "from mulligan import linear"
    ),
    _policy("jitter lost", "try-else-return", ".jittered(additive_jitter(1))", "", seen=False),
    _policy("jitter's size", "module-level", "additive_jitter(0.1)", "additive_jitter(0.9)"),
    _policy(
        "another jitter",
        "full-jitter-capped",
        "full_jitter())",
        "equal_jitter())",
        "from mulligan import equal_jitter",
        seen=False,
    ),
    _policy(
        "jitter added",
        "whole-function",
        "linear(1)",
        "linear(1).jittered(full_jitter())",
        "from mulligan import full_jitter",
    ),
    _code("delays of a list one off", "listed-delays-none-last", "from_delays(delays)", "from_delays(delays[1:])"),
    _code(
        "sleep before the first attempt",
        "else-after-success",
        "value = execute(LOAD, load, path)",
        "time.sleep(1)\n                value = execute(LOAD, load, path)",
    ),
    _code(
        "sleep before instead of after",
        "countdown-function",
        "lambda: func(*args)",
        "lambda: (time.sleep(wait), func(*args))[1]",
    ),
    _code("sleep lost", "new-error-from-the-last", "time.sleep(5)\n", "pass\n"),
    _policy(
        "sleeps twice", "log-after-sleep-and-at-the-end", "no_delay()", "constant(5)", "from mulligan import constant"
    ),
    _code(
        "blocking sleep in a task",
        "async-engine-closed-over",
        "return await execute_async(policy, func, *args, **kwargs)",
        "policy = policy.replace(schedule=constant(0))\n"
        "                        return await Execution(policy, on_retry=lambda event: time.sleep(wait)).run_async("
        "func, *args, **kwargs)",
        "import time\nfrom mulligan import Execution",
    ),
    # What is retried
    _policy("a wider class", "success-flag", "retry_on=Broken", "retry_on=Exception"),
    _policy("another class", "assertion-is-not-retried", "retry_on=Timeout", "retry_on=AssertionError"),
    _policy("one class of two", "async-block-exponential-jitter", "retry_on=SAFE", "retry_on=OSError"),
    _policy("a class of two dropped", "exponential-break-value", "(Broken, Other)", "Broken"),
    _policy(
        "the clause that raises a subclass dropped",
        "timeout-clause-first",
        "retry_on=lambda error: isinstance(error, Broken) and not isinstance(error, Timeout)",
        "retry_on=Broken",
    ),
    _policy("predicate inverted", "timeout-clause-first", "not isinstance", "isinstance"),
    _policy(
        "control flow retried",
        "first-failure-says-more",
        "retry_on=Exception",
        "retry_on=(Exception, KeyboardInterrupt)",
    ),
    _policy("value predicate inverted", "value-decides", "response is None", "response is not None"),
    _policy("value predicate by truth", "falls-through", "not found", "found"),
    _code("a parameter's class ignored", "engine-linear-log-outside", "retry_on=kind", "retry_on=Exception"),
    _code(
        "what follows a success is retried",
        "else-after-success",
        "execute(LOAD, load, path)",
        "execute(LOAD, lambda: save(load(path)))",
    ),
    # What is called
    _code(
        "arguments computed once", "arguments-computed-each-time", "lambda: fetch(url, nonce())", "fetch, url, nonce()"
    ),
    _code(
        "an attribute hoisted that the callback changes",
        "token-renewed-between",
        "lambda: fetch(url, token=self.token)",
        "fetch, url, token=self.token",
    ),
    _code(
        "wrong argument",
        "limit-checked-before-the-log",
        "run(self.run, cmd, **kwargs)",
        "run(self.run, kwargs, **kwargs)",
    ),
    _code("keyword arguments lost", "keywords-passed-on", ", retries=retries, **kwargs", ", retries=retries"),
    _code("a keyword argument lost", "success-flag", ", fatal=True", ""),
    _code(
        "positional arguments lost",
        "raise-the-bound-error",
        "self.__page, url, *args, **kwargs",
        "self.__page, url, **kwargs",
    ),
    _code("another function called", "log-outside-handler", "session.prepare(choose())", "session.open(choose())"),
    _code("a call of the block lost", "async-block-exponential-jitter", "batch.lock()\n", "pass\n"),
    _code(
        "resource opened once",
        "finally-per-attempt",
        "def ask():\n                    connection = connect()\n",
        "connection = connect()\n\n                def ask():\n",
    ),
    _code(
        "finally lost",
        "finally-per-attempt",
        "try:\n"
        "                        return connection.ask(query)\n"
        "                    finally:\n"
        "                        connection.close()",
        "value = connection.ask(query)\n                    connection.close()\n                    return value",
    ),
    _code("reconnect lost", "reconnects-between", "door.reconnect()\n", "pass\n"),
    _code(
        "context opened once",
        "async-context-per-attempt",
        "async with async_session(url) as session:",
        "if session := async_session(url):",
    ),
    _code("not awaited", "async-context-per-attempt", "value = await session.get(url)", "value = session.get(url)"),
    _code("callback's argument one off", "token-renewed-between", "renew(event.attempt - 1)", "renew(event.attempt)"),
    # What is logged
    _code("log line lost", "reconnects-between", 'log.exception("query failed: %s", event.error)\n', "pass\n"),
    _code(
        "log line doubled",
        "unbounded-break",
        "on_retry=lambda event: log.error(",
        "on_retry=lambda event: log.error(str(event.error)) or log.error(",
    ),
    _code(
        "attempt one off in a log line", "body-builds-arguments", "event.attempt, LIMIT", "event.next_attempt, LIMIT"
    ),
    _code(
        "attempts left one off in a log line",
        "countdown-without-delay",
        "{ATTEMPTS - event.attempt}",
        "{ATTEMPTS - event.attempt + 1}",
    ),
    _code("log level", "counter-in-log", "log.warning", "log.error"),
    _code(
        "order of log and sleep",
        "new-error-from-the-last",
        'time.sleep(5)\n                    log.info(f"error: {event.error}. Retrying...")',
        'log.info(f"error: {event.error}. Retrying...")\n                    time.sleep(5)',
    ),
    _code(
        "log line of the last failure lost",
        "log-after-sleep-and-at-the-end",
        'log.warning("failed %s: %s", kwargs["entity"], ex.args if hasattr(ex, "args") else ex)\n',
        "pass\n",
    ),
    _code(
        "log line only where it retries",
        "own-class-logged-each-time",
        'log.warning("Ongoing. Retrying.")\n'
        "                            raise\n"
        "\n"
        "                    policy = ONGOING.replace(retry_on=Ongoing, max_attempts=trie"
        "s, schedule=constant(pause))\n"
        "                    return execute(policy, call)",
        "raise\n"
        "\n"
        "                    policy = ONGOING.replace(retry_on=Ongoing, max_attempts=trie"
        "s, schedule=constant(pause))\n"
        "                    return Execution(policy, on_retry=lambda event: log.warning("
        '"Ongoing. Retrying.")).run(call)',
        "from mulligan import Execution",
    ),
    _code(
        "log line moved into the handler",
        "log-outside-handler",
        "for attempt in attempts(CONNECT):\n                    with attempt:\n",
        'for attempt in Execution(CONNECT, on_retry=lambda event: log.info("No session. W'
        'aiting %ds", event.attempt - 1)).attempts():\n'
        "                    with attempt:\n",
        "from mulligan import Execution",
    ),
    _code(
        "log line moved out of the handler",
        "several-returns",
        "except Broken as err:\n"
        '                        log.error("Error executing query: %s", err)\n'
        "                        raise\n"
        "\n"
        "                return execute(QUERY, query)",
        "except Broken as err:\n"
        "                        failures.append(err)\n"
        "                        raise\n"
        "\n"
        "                failures = []\n"
        "                try:\n"
        "                    for attempt in attempts(QUERY):\n"
        "                        with attempt:\n"
        "                            return query()\n"
        '                        log.error("Error executing query: %s", failures[-1])\n'
        "                except Broken as err:\n"
        '                    log.error("Error executing query: %s", err)\n'
        "                    raise",
        "from mulligan import attempts",
    ),
    _code("error logged is another one", "unbounded-print", "{event.error}", "{event.delay}"),
    # How it ends
    _code("cause lost", "new-error-from-the-last", "raise Other(text) from e", "raise Other(text)"),
    _code("cause wrong", "deadline-that-answers", "from error", "from None"),
    _code("message wrong", "first-failure-says-more", 'Other("no connection")', 'Other("no answer")'),
    _code(
        "another class raised",
        "sleeps-first-from-the-second",
        'raise Other("gave up", url)',
        'raise ValueError("gave up", url)',
    ),
    _code(
        "error swallowed",
        "inside-a-loop-over-chunks",
        "execute(CHUNK.replace(max_attempts=retries, schedule=constant(pause)), loaded)",
        "try:\n"
        "                        execute(CHUNK.replace(max_attempts=retries, schedule=con"
        "stant(pause)), loaded)\n"
        "                    except Exception:\n"
        "                        pass",
    ),
    _code(
        "fallback raised instead",
        "answers-a-fallback",
        "except Broken:\n                    pass\n",
        "except Broken:\n                    raise\n",
    ),
    _code(
        "fallback for every error",
        "answers-a-fallback",
        "except Broken:\n                    pass\n",
        "except Exception:\n                    pass\n",
    ),
    _policy("a value instead of the error", "while-else-saved-error", 'on_exhausted="return"', 'on_exhausted="raise"'),
    _policy(
        "wrapped",
        "attribute-assigned-in-branches",
        "Policy(retry_on=Exception)",
        'Policy(retry_on=Exception, on_exhausted="wrap")',
    ),
    _policy("exhaustion raises instead of answering", "value-decides", 'on_exhausted="return"', 'on_exhausted="raise"'),
    _code("failure is nothing", "own-sleep-after-each-failure", "raise failure", "return None"),
    _code("an earlier error raised", "logs-the-last-failure-too", "failure = err\n", "failure = failure or err\n"),
    _code("return value dropped", "timeout-clause-first", "return Execution(", "Execution("),
    _code(
        "return value of the block dropped", "several-returns", "return execute(QUERY, query)", "execute(QUERY, query)"
    ),
    _code("variable not bound afterwards", "exponential-break-value", "raw = execute(", "execute("),
    _code(
        "variable of the function not bound afterwards",
        "while-else-saved-error",
        "nonlocal info, failure",
        "nonlocal failure",
    ),
    _code(
        "attribute not assigned", "attribute-assigned-in-branches", 'self.http = Plain("api")', 'http = Plain("api")'
    ),
    _code("assertion lost", "assertion-is-not-retried", "assert answer.code == wanted, answer", "pass"),
)
