"""The traps of real loops: each invites a rewrite that looks right, and that must not be proved.

Rules: `naive` is what a hasty hand would write. The numbers are those of the list in the documentation. Where a proof
may hold under an assumption that is the trap's point, `point` is that assumption's code.
"""

from __future__ import annotations

from tests.codemods.prove.cases.model import Case, Trap

__all__ = ["TRAPS"]

THREE = """
    from mulligan import Policy, constant
    from outside import Broken

    THREE = Policy(retry_on=Broken, schedule=constant(1), max_attempts=3)
"""


def _trap(
    number: int,
    name: str,
    why: str,
    *,
    before: str,
    naive: str,
    imports: str = "import time\nfrom outside import Broken, fetch",
    added: str = "from mulligan import execute\nfrom policies import THREE",
    policies: str = THREE,
    qualname: str = "work",
    call: str = "work('u')",
    seen: bool = True,
) -> Trap:
    case = Case(
        name=name,
        imports=imports,
        before=before,
        added=added,
        after=naive,
        policies=policies,
        qualname=qualname,
        calls=(call,),
    )
    return Trap(number=number, case=case, why=why, seen=seen)


TRAPS = (
    _trap(
        1,
        "dead-guard",
        "the guard always holds, so the last failure is silent",
        before="""
            def work(url):
                for i in range(3):
                    try:
                        return fetch(url)
                    except Broken:
                        if i < 3:
                            time.sleep(1)
                        else:
                            raise
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
    ),
    _trap(
        2,
        "counter-never-changed",
        "the counter is tested and never changed, so the loop is unbounded",
        before="""
            def work(url):
                tries = 0
                while tries < 3:
                    try:
                        return fetch(url)
                    except Broken:
                        if tries == 2:
                            raise
                        time.sleep(1)
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
    ),
    _trap(
        3,
        "exception-means-success",
        "the loop waits for the error",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        fetch(url)
                    except Broken:
                        return True
                    time.sleep(1)
                return False
        """,
        naive="""
            def work(url):
                try:
                    execute(THREE, fetch, url)
                except Broken:
                    return False
                return True
        """,
    ),
    _trap(
        4,
        "one-branch-is-success",
        "one of the handlers ends the loop as a success",
        imports="import time\nfrom outside import Broken, Other, client",
        before="""
            def work(name):
                for n in range(3):
                    try:
                        client.create(name)
                        break
                    except Other:
                        break
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
                return client.find(name)
        """,
        naive="""
            def work(name):
                execute(THREE, client.create, name)
                return client.find(name)
        """,
    ),
    _trap(
        5,
        "range-over-delays",
        "the range holds delays, not attempts",
        before="""
            def work(url):
                for delay in range(1, 8, 3):
                    try:
                        return fetch(url)
                    except Broken:
                        time.sleep(delay)
                return None
        """,
        naive="""
            def work(url):
                try:
                    return execute(THREE.replace(max_attempts=7), fetch, url)
                except Broken:
                    return None
        """,
    ),
    _trap(
        6,
        "milliseconds",
        "the pause is in milliseconds",
        before="""
            def work(url, pause):
                for n in range(3):
                    try:
                        return fetch(url)
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(pause / 1000)
        """,
        added="from mulligan import constant, execute\nfrom policies import THREE",
        naive="""
            def work(url, pause):
                return execute(THREE.replace(schedule=constant(pause)), fetch, url)
        """,
        call="work('u', 500)",
    ),
    _trap(
        7,
        "sleep-in-a-helper",
        "what sleeps and raises is another function, which nobody read",
        imports="import time\nfrom outside import Broken, fetch, pause_or_raise",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url)
                    except Broken as error:
                        pause_or_raise(n, error)
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
    ),
    _trap(
        8,
        "loop-variable-read-after",
        "the loop's variable is answered",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        value = fetch(url)
                        break
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
                return value, n
        """,
        naive="""
            def work(url):
                n = 0
                value = execute(THREE, fetch, url)
                return value, n
        """,
    ),
    _trap(
        9,
        "attempt-is-an-argument",
        "the operation is told which attempt it is",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url, n)
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url, 0)
        """,
    ),
    _trap(
        10,
        "else-raises-the-outer-error",
        "the body rebinds an outer name, and the loop's else raises the error of the handler around it",
        imports="import time\nfrom outside import Broken, fetch, mirrors",
        before="""
            def work(url):
                try:
                    return fetch(url)
                except Broken:
                    for n in range(3):
                        try:
                            url = mirrors.after(url)
                            return fetch(url)
                        except Broken:
                            if n < 2:
                                time.sleep(1)
                    else:
                        raise
        """,
        naive="""
            def work(url):
                try:
                    return fetch(url)
                except Broken:

                    def again():
                        mirror = mirrors.after(url)
                        return fetch(mirror)

                    return execute(THREE, again)
        """,
    ),
    _trap(
        11,
        "opened-outside-the-try",
        "opening stands outside of the try, so its errors are not caught",
        imports="import time\nfrom outside import Broken, connect",
        before="""
            def work(url):
                for n in range(3):
                    door = connect(url)
                    try:
                        return door.ask()
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
        """,
        naive="""
            def work(url):
                def ask():
                    door = connect(url)
                    return door.ask()

                return execute(THREE, ask)
        """,
    ),
    _trap(
        12,
        "budget-on-self",
        "the budget is the object's, across calls",
        before="""
            class Client:
                def __init__(self):
                    self.left = 3

                def work(self, url):
                    while self.left > 0:
                        try:
                            return fetch(url)
                        except Broken:
                            self.left -= 1
                            if not self.left:
                                raise
                            time.sleep(1)
        """,
        naive="""
            class Client:
                def __init__(self):
                    self.left = 3

                def work(self, url):
                    return execute(THREE.replace(max_attempts=self.left), fetch, url)
        """,
        qualname="Client.work",
        call="(lambda client: (client.work('u'), client.left))(Client())",
    ),
    _trap(
        13,
        "interrupt-while-retrying",
        "control flow is handled, but from the second attempt on only",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url)
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
                    except KeyboardInterrupt:
                        if n == 0:
                            raise
                        return None
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
    ),
    _trap(
        13,
        "interrupt-while-sleeping",
        "control flow is handled while it sleeps, where the rewrite lets it pass",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url)
                    except Broken:
                        if n == 2:
                            raise
                        try:
                            time.sleep(1)
                        except KeyboardInterrupt:
                            return None
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
        seen=False,
    ),
    _trap(
        14,
        "yield-inside",
        "what was yielded before a failure is yielded again",
        imports="import time\nfrom outside import Broken, lines",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        for line in lines(url):
                            yield line.read()
                        return
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
        """,
        naive="""
            def work(url):
                def read():
                    return [line.read() for line in lines(url)]

                yield from execute(THREE, read)
        """,
        call="list(work('u'))",
    ),
    _trap(
        15,
        "nested-loop-shares-the-counter",
        "reconnecting uses up the same counter",
        imports="import time\nfrom outside import Broken, door",
        before="""
            def work(query):
                tries = 0
                while True:
                    try:
                        return door.ask(query)
                    except Broken:
                        tries += 1
                        if tries == 3:
                            raise
                        while tries < 3:
                            try:
                                door.open()
                                break
                            except Broken:
                                tries += 1
                        time.sleep(1)
        """,
        added="from mulligan import Execution, execute, no_delay\nfrom policies import THREE",
        naive="""
            def work(query):
                def again(event):
                    execute(THREE.replace(schedule=no_delay()), door.open)

                return Execution(THREE, on_retry=again).run(door.ask, query)
        """,
    ),
    _trap(
        16,
        "condition-tests-the-result",
        "nothing found makes the loop go on, too, and is not counted",
        imports="import time\nfrom outside import Broken, find",
        before="""
            def work(url):
                response = None
                n = 0
                while response is None and n < 3:
                    try:
                        response = find(url)
                    except Broken:
                        n += 1
                        if n == 3:
                            raise
                        time.sleep(1)
                return response
        """,
        naive="""
            def work(url):
                return execute(THREE, find, url)
        """,
    ),
    _trap(
        17,
        "delay-by-error",
        "the delay depends on the error, and a call says which errors count",
        imports="import time\nfrom outside import Broken, Timeout, fetch, kinds",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url)
                    except (Broken, *kinds("net")) as error:
                        if n == 2:
                            raise
                        time.sleep(5 if isinstance(error, Timeout) else 1)
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
    ),
    _trap(
        18,
        "blocking-sleep-in-a-task",
        "the sleep blocks the event loop: letting other tasks run meanwhile is another behaviour",
        imports="import time\nfrom outside import Broken, async_fetch",
        before="""
            async def work(url):
                for n in range(3):
                    try:
                        return await async_fetch(url)
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
        """,
        added="from mulligan import execute_async\nfrom policies import THREE",
        naive="""
            async def work(url):
                return await execute_async(THREE, async_fetch, url)
        """,
    ),
    _trap(
        19,
        "finally-per-attempt",
        "each attempt is followed by the finally, not the whole",
        imports="import time\nfrom outside import Broken, door, fetch",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url)
                    except Broken:
                        if n == 2:
                            raise
                        time.sleep(1)
                    finally:
                        door.close()
        """,
        naive="""
            def work(url):
                try:
                    return execute(THREE, fetch, url)
                finally:
                    door.close()
        """,
    ),
    _trap(
        20,
        "error-transformed-before-the-test",
        "the error that is tested and raised is another one",
        imports="import time\nfrom outside import Broken, Timeout, fetch, translate",
        before="""
            def work(url):
                for n in range(3):
                    try:
                        return fetch(url)
                    except Broken as error:
                        told = translate(error)
                        if n == 2 or not isinstance(told, Timeout):
                            raise
                        time.sleep(1)
        """,
        naive="""
            def work(url):
                return execute(THREE.replace(retry_on=Timeout), fetch, url)
        """,
    ),
    _trap(
        21,
        "sleeps-after-success",
        "it sleeps after a success as well",
        before="""
            def work(url):
                for n in range(3):
                    value = None
                    done = False
                    try:
                        value = fetch(url)
                        done = True
                    except Broken:
                        if n == 2:
                            raise
                    time.sleep(1)
                    if done:
                        return value
        """,
        naive="""
            def work(url):
                return execute(THREE, fetch, url)
        """,
    ),
    _trap(
        22,
        "module-level-result",
        "what the loop binds are variables of the module, and a function's are its own",
        imports="import time\nfrom outside import Broken, load",
        before="""
            for n in range(3):
                try:
                    table = load("words")
                    index = table.index
                    break
                except Broken:
                    if n == 2:
                        raise
                    time.sleep(1)
        """,
        naive="""
            def loaded():
                table = load("words")
                index = table.index

            execute(THREE, loaded)
        """,
        qualname="",
        call="(table, index)",
    ),
)
