"""The rule table: every code that a report can name, with what it means and what to do about it.

Rules: one row per code, sorted by code; a code is never reused for something else. ML0xx: files that were left
alone. ML1xx: hazards of the code as it stands. ML2xx: retries that were refused. ML3xx: loops that are no retries.
ML4xx: what the proof said. `mulligan rule ML204` prints a row; the stages refer to rows by code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, assert_never

__all__ = ["RULES", "TABLE", "Family", "Rule", "family", "heading", "rule"]

Family = Literal["file", "hazard", "refusal", "not a retry", "proof"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table.

    Args:
        code: `ML` and three digits; the first digit is the family.
        title: a few words, no full stop.
        message: what it means and why it matters, in one to three sentences.
        remedy: what a person can do.
        before: code that the rule is about; empty where no code can show it.
        after: the same code once the remedy was applied; empty where there is nothing to write.
    """

    code: str
    title: str
    message: str
    remedy: str
    before: str = ""
    after: str = ""


def family(code: str) -> Family:
    """Answer the family of a code, by its first digit.

    >>> family("ML104")
    'hazard'
    """
    families: dict[str, Family] = {
        "0": "file",
        "1": "hazard",
        "2": "refusal",
        "3": "not a retry",
        "4": "proof",
    }
    return families[code[2]]


def rule(code: str) -> Rule | None:
    """Answer the row of `code`, in any case of letters, or `None` where there is none.

    >>> rule("ml104").title
    'Catches everything'
    """
    return TABLE.get(code.upper())


def heading(of: Family) -> str:
    """Answer what a list of rules calls this family."""
    match of:
        case "file":
            return "Files that were left alone"
        case "hazard":
            return "Hazards of the code as it stands"
        case "refusal":
            return "Retries that were not rewritten"
        case "not a retry":
            return "Loops that are no retries"
        case "proof":
            return "What the proof said"
    assert_never(of)


RULES: Final[tuple[Rule, ...]] = (
    # ---- ML0xx: files
    Rule(
        code="ML001",
        title="File cannot be read",
        message="The operating system refused to open or to read the file; the other files were processed.",
        remedy="Check that the path exists and that you may read it.",
    ),
    Rule(
        code="ML002",
        title="Text cannot be decoded",
        message=(
            "The bytes are not text in the file's encoding (UTF-8, unless a PEP 263 cookie says otherwise), or could"
            " not be written back exactly. Python itself would reject most such files."
        ),
        remedy="Save the file as UTF-8, or name its real encoding in the first line.",
        before="name = 'caf\\xe9'          # the byte E9, no cookie",
        after="# -*- coding: latin-1 -*-\nname = 'caf\\xe9'",
    ),
    Rule(
        code="ML003",
        title="File holds a NUL byte",
        message="Python does not accept NUL bytes in source code; such a file is usually binary or truncated.",
        remedy="Exclude the file, or restore it from version control.",
    ),
    Rule(
        code="ML004",
        title="File does not parse",
        message="The file has a syntax error, or uses syntax that is newer than the Python that runs mulligan.",
        remedy="Fix the syntax error, or run mulligan under a newer Python.",
        before="print 'Python 2'",
        after="print('Python 2')",
    ),
    Rule(
        code="ML005",
        title="File is nested too deeply",
        message="Expressions or blocks are nested so deeply that a parser would exhaust its stack.",
        remedy="Exclude the file; it is almost certainly generated.",
    ),
    Rule(
        code="ML006",
        title="Notebooks are not rewritten",
        message="The code of a notebook is stored inside JSON together with its output; mulligan leaves it alone.",
        remedy="Move the retrying code to a module that the notebook imports.",
    ),
    Rule(
        code="ML007",
        title="File changed meanwhile",
        message="The file on disk was no longer what was scanned when its rewrite was due; it was left alone.",
        remedy="Run mulligan migrate again.",
    ),
    Rule(
        code="ML008",
        title="File cannot be written",
        message="The operating system refused the write. The file is as it was: it is replaced whole or not at all.",
        remedy="Check permissions and free space, then run mulligan migrate again.",
    ),
    Rule(
        code="ML009",
        title="Internal error",
        message="mulligan itself failed on this file or site; it was left alone, and the rest of the run went on.",
        remedy="Please report it with the file, or with the loop cut out of it.",
    ),
    Rule(
        code="ML010",
        title="Rewrite did not pass its check",
        message=(
            "After the rewrite the file would not parse, would differ outside the edited places, or would still hold"
            " the site. Nothing was written to this file."
        ),
        remedy="Please report it with the file, or with the loop cut out of it.",
    ),
    Rule(
        code="ML011",
        title="Encoding lacks a character",
        message="The rewritten text holds a character that the file's encoding cannot express.",
        remedy="Save the file as UTF-8.",
    ),
    Rule(
        code="ML012",
        title="Policies module cannot be used",
        message=(
            "The central module for policies could not be read, or has no importable name from the rewritten file:"
            " the file lies in another package, or the folder's name is no identifier."
        ),
        remedy="Name a module inside the package with --policies FILE.",
    ),
    # ---- ML1xx: hazards
    Rule(
        code="ML101",
        title="Unbounded",
        message="The loop has no limit of attempts or time; while the fault lasts, it never returns.",
        remedy="Give the policy max_attempts or a timeout; UNLIMITED says that no limit is meant.",
        before="while True:\n    try:\n        return fetch()\n    except OSError:\n        time.sleep(1)",
        after="FETCH = Policy(retry_on=OSError, schedule=constant(1), max_attempts=10)",
    ),
    Rule(
        code="ML102",
        title="No jitter",
        message="All clients that failed together retry together, and hit the recovering service as one.",
        remedy="Add jitter to the schedule.",
        before="exponential(0.5, cap=30)",
        after="exponential(0.5, cap=30).jittered(full_jitter())",
    ),
    Rule(
        code="ML103",
        title="No cap",
        message="The delay grows without a bound: ten doublings of one second are seventeen minutes.",
        remedy="Give the schedule a cap.",
        before="time.sleep(2 ** attempt)",
        after="exponential(1, cap=60)",
    ),
    Rule(
        code="ML104",
        title="Catches everything",
        message="`except Exception` retries programming errors too: a TypeError will not go away by waiting.",
        remedy="Name the exceptions that are transient.",
        before="except Exception:\n    time.sleep(1)",
        after="retry_on=(ConnectionError, TimeoutError)",
    ),
    Rule(
        code="ML105",
        title="Swallows the failure",
        message="When all attempts have failed, the code goes on as if nothing had happened; the caller sees None.",
        remedy="Raise after the last attempt, or answer a value on purpose.",
        before="for _ in range(3):\n    try:\n        return fetch()\n    except OSError:\n        time.sleep(1)",
        after="return execute(FETCH, fetch)      # raises the last error",
    ),
    Rule(
        code="ML106",
        title="Sleeps after the last attempt",
        message="The caller waits once more although nothing is going to be tried again.",
        remedy="Rewrite it: a policy sleeps only before a retry.",
        before="for _ in range(3):\n    try:\n        return fetch()\n    except OSError as e:\n        last = e\n"
        "        time.sleep(5)\nraise last",
        after="return execute(FETCH, fetch)",
    ),
    Rule(
        code="ML107",
        title="Blocks the event loop",
        message="`time.sleep` in async code stops every task of the event loop, not only this one.",
        remedy="Await an asynchronous sleep; execute_async does.",
        before="async def fetch():\n    ...\n    time.sleep(1)",
        after="async def fetch():\n    ...\n    await asyncio.sleep(1)",
    ),
    Rule(
        code="ML108",
        title="Repeats a call that is not idempotent",
        message="A POST or an insert that timed out may have succeeded; trying again may do it twice.",
        remedy="Send an idempotency key with the request.",
        before="requests.post(url, json=order)",
        after="Policy(..., idempotency_key=lambda: uuid4().hex)",
    ),
    Rule(
        code="ML109",
        title="Nested retries",
        message="A retry around a retry multiplies the attempts: three times three are nine calls, and their delays.",
        remedy="Retry at one level only.",
        before="for _ in range(3):\n    try:\n        return fetch_with_retries()   # itself up to 3 calls",
        after="return execute(FETCH, fetch_once)",
    ),
    Rule(
        code="ML110",
        title="Dead guard",
        message="A condition that should end the loop is always or never true, so exhaustion is silent.",
        remedy="Compare with the last index: `attempt == attempts - 1`.",
        before="for i in range(n):\n    ...\n    if i >= n:\n        raise",
        after="for i in range(n):\n    ...\n    if i == n - 1:\n        raise",
    ),
    Rule(
        code="ML111",
        title="Counter never changes",
        message="The loop tests a counter that nothing in it changes, so it is unbounded.",
        remedy="Count, or use a policy with max_attempts.",
        before="while retries < 3:\n    try:\n        return fetch()\n    except OSError:\n        time.sleep(1)",
        after="return execute(FETCH, fetch)",
    ),
    Rule(
        code="ML112",
        title="No delay",
        message="The retry follows at once, while the fault most likely still lasts.",
        remedy="Give the policy a schedule; no_delay() says that none is meant.",
        before="for _ in range(3):\n    try:\n        return fetch()\n    except OSError:\n        pass",
        after="FETCH = Policy(retry_on=OSError, schedule=exponential(0.1).jittered(full_jitter()))",
    ),
    Rule(
        code="ML113",
        title="Unit of the delay looks wrong",
        message="A sleep of hundreds of seconds between attempts suggests that milliseconds were meant.",
        remedy="Divide by 1000, or name the unit.",
        before="time.sleep(500)",
        after="time.sleep(0.5)",
    ),
    Rule(
        code="ML114",
        title="Catches interruption",
        message="A bare `except:` or `except BaseException` retries KeyboardInterrupt and cancellation too.",
        remedy="Catch Exception at most.",
        before="except:\n    time.sleep(1)",
        after="except ConnectionError:\n    time.sleep(1)",
    ),
    # ---- ML2xx: refusals
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
        before="for _ in range(3):\n    try:\n        page = fetch()\n    except OSError:\n        time.sleep(1)\n"
        "    else:\n        pages.append(page)\n        count += 1",
        after="page = fetch_with_retries()\npages.append(page)\ncount += 1",
    ),
    Rule(
        code="ML203",
        title="Operation uses the attempt number",
        message="The number of the attempt is an argument of the operation, so the attempts are not the same call.",
        remedy="Read mulligan.current_attempt().number in the operation, or leave the loop.",
        before="for attempt in range(3):\n    try:\n        return fetch(url, attempt)",
        after="",
    ),
    Rule(
        code="ML204",
        title="Loop variable is read after the loop",
        message="Code behind the loop reads a variable that the loop sets; after the rewrite it would not exist.",
        remedy="Don't read the loop's variables afterwards.",
        before="for attempt in range(3):\n    ...\nlog.info('took %d attempts', attempt)",
        after="match try_execute(FETCH, fetch):\n    case Succeeded(attempts=n): log.info('took %d attempts', n)",
    ),
    Rule(
        code="ML205",
        title="Exhaustion does something of its own",
        message="What follows the last failure is neither raising nor answering a value nor falling through.",
        remedy="Handle exhaustion after the loop, from the last error alone.",
    ),
    Rule(
        code="ML206",
        title="Condition of the retry can't be read",
        message="Whether an exception is retried depends on more than the exception.",
        remedy="Move the condition into a function of the exception.",
        before="except OSError as e:\n    if self.closing or not transient(e):\n        raise",
        after="except OSError as e:\n    if not self.is_transient(e):\n        raise",
    ),
    Rule(
        code="ML207",
        title="Delay can't be read",
        message="The delay is computed in a way that no schedule expresses.",
        remedy="Use a constant, linear or exponential delay, or a list of delays.",
    ),
    Rule(
        code="ML208",
        title="Yields inside the attempt",
        message="A generator that already gave items away can't be started again without repeating them.",
        remedy="Retry what produces one item, not the generator.",
        before="for _ in range(3):\n    try:\n        yield from pages()\n        return",
        after="for number in count():\n    yield execute(FETCH, page, number)",
    ),
    Rule(
        code="ML209",
        title="Attempts build on each other",
        message="An attempt changes state that the next one starts from: an offset, a list of what is left, a token.",
        remedy="Leave it: this is resumption, not a retry of one operation.",
        before="while offset < size:\n    try:\n        offset += send(data[offset:])",
        after="",
    ),
    Rule(
        code="ML210",
        title="Handler does more than log and sleep",
        message="Between two attempts the handler changes something or calls something that the rewrite would drop.",
        remedy="Move it to a callback: Execution(POLICY, on_retry=reconnect).",
        before="except ConnectionError:\n    self.connection = connect()\n    time.sleep(1)",
        after="Execution(SEND, on_retry=self.reconnect).run(self.send, data)",
    ),
    Rule(
        code="ML211",
        title="A finally per attempt",
        message="A `finally` in the loop runs after every attempt and before every delay.",
        remedy="Move the try-finally into the operation.",
        before="try:\n    return send()\nexcept OSError:\n    time.sleep(1)\nfinally:\n    close()",
        after="def send_and_close():\n    try:\n        return send()\n    finally:\n        close()",
    ),
    Rule(
        code="ML212",
        title="Budget outlives the call",
        message="The counter is kept on an object, so attempts of earlier calls count too.",
        remedy="Use a retry budget as a guard of a pipeline.",
        before="while self.failures < 5:\n    ...\n    self.failures += 1",
        after="",
    ),
    Rule(
        code="ML213",
        title="Attempt binds names that are read later",
        message="The operation assigns several names that code behind the loop reads; one call has one value.",
        remedy="Return the values from a function, and unpack them.",
        before="try:\n    head = read()\n    body = read()\n    break",
        after="head, body = execute(READ, read_both)",
    ),
    Rule(
        code="ML214",
        title="Sleeps after success too",
        message="The pause follows every round, not only failed ones: the loop paces as well as retries.",
        remedy="Move the pause into the handler if it was meant for failures alone.",
    ),
    Rule(
        code="ML215",
        title="Driven by a result",
        message="The loop goes round again because of a value, not (only) because of an exception.",
        remedy="Express it as Policy(retry_if=...); this shape is not rewritten yet.",
        before="while True:\n    response = get()\n    if response.status != 503:\n        return response\n"
        "    time.sleep(1)",
        after="Policy[Response](retry_on=(), retry_if=lambda r: r.status == 503)",
    ),
    Rule(
        code="ML216",
        title="Driven by a deadline",
        message="The loop ends by the clock; this shape is not rewritten yet.",
        remedy="Express it as Policy(timeout=...) or Policy(stop_after=...).",
        before="while time.time() < deadline:\n    ...",
        after="Policy(..., max_attempts=UNLIMITED, stop_after=60)",
    ),
    Rule(
        code="ML217",
        title="Counter is shared with another loop",
        message="A loop inside or around this one changes the same counter.",
        remedy="Give each loop its own counter.",
    ),
    Rule(
        code="ML218",
        title="Handlers retry differently",
        message="Several handlers have different delays or limits; one policy has one schedule.",
        remedy="Retry each operation with its own policy, or use a classifier with a hint.",
        before="except Throttled:\n    time.sleep(30)\nexcept ConnectionError:\n    time.sleep(1)",
        after="",
    ),
    Rule(
        code="ML219",
        title="Exceptions can't be read",
        message="What the handler catches is computed when an exception arrives.",
        remedy="Name the exception types, or bind the tuple once at the top of the module.",
        before="except self.transient_errors():",
        after="except TRANSIENT_ERRORS:",
    ),
    Rule(
        code="ML220",
        title="Several operations",
        message="The attempt runs several steps or jumps in several ways: a state machine rather than one operation.",
        remedy="Extract the operation into a function.",
    ),
    Rule(
        code="ML221",
        title="Name can't be resolved",
        message="It is not certain what a name that the loop uses means: it is bound in more than one way.",
        remedy="Bind the name once.",
        before="try:\n    from gevent import sleep\nexcept ImportError:\n    from time import sleep",
        after="",
    ),
    Rule(
        code="ML222",
        title="Comments would be lost",
        message="The rewrite has no place for a comment of the loop.",
        remedy="Move the comment above the loop.",
    ),
    Rule(
        code="ML223",
        title="Imports can't be added",
        message="An added import would be shadowed, or the module imports everything with a star.",
        remedy="Rename the local definition, or import names one by one.",
        before="from legacy import *",
        after="from legacy import connect, send",
    ),
    Rule(
        code="ML224",
        title="Shape is not rewritten yet",
        message="The loop is understood as a retry, but this version has no rewrite for its shape.",
        remedy="Leave it; later versions may rewrite it.",
    ),
    Rule(
        code="ML225",
        title="Generic retry engine",
        message="The loop calls whatever it is given, with hooks of its own: it is a retry library itself.",
        remedy="Replace its users by policies, then delete it.",
        before="def retrying(fn, hook):\n    while True:\n        try:\n            return fn()\n"
        "        except Exception as e:\n            hook(e)",
        after="",
    ),
    Rule(
        code="ML226",
        title="Module-level or class-level loop",
        message="The loop's results are globals or class attributes; inside a function they would be bound elsewhere.",
        remedy="Move the loop into a function.",
    ),
    Rule(
        code="ML227",
        title="Excluded by configuration",
        message="The codes selected or ignored on the command line or in [tool.mulligan] leave this site out.",
        remedy="Remove --ignore, or the code from the configuration.",
    ),
    Rule(
        code="ML228",
        title="Ignored by a comment",
        message="A `# mulligan: ignore` comment on the loop's first line asks to leave it alone.",
        remedy="Remove the comment.",
        before="for _ in range(3):  # mulligan: ignore[ML102]",
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
        before="async def fetch():\n    ...\n        except OSError:\n            time.sleep(1)",
        after="async def fetch():\n    ...\n        except OSError:\n            await asyncio.sleep(1)",
    ),
    # ---- ML3xx: not a retry
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
    # ---- ML4xx: proof
    Rule(
        code="ML401",
        title="Code outside the interpreted grammar",
        message="The loop, or its rewrite, uses a construct that the proof does not interpret.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML402",
        title="Name is not certain in the proof",
        message="What a name means can't be told from the module alone, so nothing can be proved about its use.",
        remedy="Import the name explicitly; or read the diff and apply it with --unsafe.",
        before="from legacy import *",
        after="from legacy import connect",
    ),
    Rule(
        code="ML403",
        title="Code looks at its own place",
        message="A call such as locals() or eval() sees where the code stands, so moving the code may change it.",
        remedy="Pass what is needed explicitly; or read the diff and apply it with --unsafe.",
    ),
    Rule(
        code="ML404",
        title="Code runs too long in the proof",
        message="The interpreted code did not come to an end within the bound of steps.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML405",
        title="Policy can't be read by the proof",
        message="The policy that the rewrite uses has an argument that is not interpreted, or is defined elsewhere.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML406",
        title="More changed than one place",
        message="Besides the loop the rewrite changes what a name of the module or of the function means.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML407",
        title="Variables are shared in a way that is not interpreted",
        message="A nested function rebinds a variable, or the function takes hold of its own variables.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML408",
        title="Text can't be read by the proof",
        message="The module, or its rewrite, is too deep or too odd for the proof to read.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML490",
        title="Rewrite behaves differently",
        message="In at least one world the rewritten code does something else than the loop; --explain-proof shows it.",
        remedy="Read the world that is shown; if the new behaviour is what you want, apply it with --unsafe.",
    ),
    Rule(
        code="ML491",
        title="Proof is undecided",
        message="A bound on the number of worlds or on time was reached; nothing is claimed about the rewrite.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML492",
        title="Proof rests on an uncommon assumption",
        message="The rewrite is equal only if something holds that is not on the documented short list.",
        remedy="Check the assumption; apply the rewrite with --unsafe.",
    ),
)

TABLE: Final[dict[str, Rule]] = {row.code: row for row in RULES}
"""The rows by their codes."""
