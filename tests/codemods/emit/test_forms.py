"""What a rewritten site looks like around its call: functions, hooks, comments, imports, names that are taken."""

from __future__ import annotations

from textwrap import dedent, indent

from mulligan_codemods.site import Form

from tests.codemods.rewriting import rewrite

RANGE = """
    for attempt in range(3):
        try:
            {body}
        except OSError as error:
            if attempt == 2:
                raise
            {between}
            time.sleep(1)
"""


def loop(body: str, between: str = "pass", head: str = "def fetch(self, url):") -> str:
    return f"import time\n\n\n{head}\n    prepare()" + RANGE.format(body=body, between=between)


def after(text: str) -> str:
    """Answer the function after the rewrite."""
    rewritten = rewrite(text).text
    return rewritten[rewritten.index("    prepare()\n") + len("    prepare()\n") :]


def test_plain_arguments_are_passed_on() -> None:
    assert after(loop("return get(url, 3, stream=True)")) == "    return execute(FETCH, get, url, 3, stream=True)\n"


def test_what_may_change_is_looked_up_at_each_attempt() -> None:
    assert after(loop("return self.api.get(url)")) == "    return execute(FETCH, lambda: self.api.get(url))\n"
    assert after(loop("return get(self.url)")) == "    return execute(FETCH, lambda: get(self.url))\n"
    assert after(loop('return get({"url": url})')) == '    return execute(FETCH, lambda: get({"url": url}))\n'


def test_a_method_of_a_local_is_called_directly() -> None:
    assert after(loop("return self.get(url)")) == "    return execute(FETCH, self.get, url)\n"


def test_asynchronous_calls_are_awaited() -> None:
    text = loop("return await self.get(url)", head="async def fetch(self, url):").replace("time", "asyncio")
    text = text.replace("asyncio.sleep", "await asyncio.sleep")
    assert after(text) == "    return await execute_async(FETCH, self.get, url)\n"


def test_values_that_are_read_later_are_returned() -> None:
    body = "head = get(url)\n            size = len(head)\n            break"
    expected = """
        def fetch_once():
            head = get(url)
            size = len(head)
            return head, size

        head, size = execute(FETCH, fetch_once)
        return head[:size]
    """
    assert after(loop(body) + "    return head[:size]\n") == indent(dedent(expected), "    ")


def test_a_blank_line_stands_before_a_function_and_its_comments_only_behind_a_statement() -> None:
    body = "head = get(url)\n            return head.text"
    text = loop(body)
    assert after(text).startswith("\n    def fetch_once():\n")
    assert after(text.replace("    for", "    # twice\n    for")).startswith("\n    # twice\n    def fetch_once():\n")
    opened = rewrite(
        text.replace("    prepare()\n", "    # at once\n").replace(
            "return head.text", "head.check()\n            break"
        )
    )
    assert "def fetch(self, url):\n    # at once\n    def fetch_once():\n" in opened.text


def test_constants_that_nothing_reads_any_more_are_dropped_with_their_comments() -> None:
    text = """
    import time

    def store(url):
        error = None
        for attempt in range(3):
            try:
                check(url)
                # the status matters
                put(url)
                # the linter wants it bound
                error = None
                break
            except OSError as caught:
                error = caught
        else:
            # nothing helped
            raise error
    """
    rewrites = rewrite(dedent(text))
    assert rewrites.text.endswith(
        "def store(url):\n    def store_once():\n        check(url)\n        # the status matters\n"
        "        put(url)\n\n    execute(STORE, store_once)\n"
    )
    assert rewrites.emitted[0].dropped == ("# the linter wants it bound", "# nothing helped")


def test_a_bare_return_at_the_end_of_a_decorated_function_is_dropped() -> None:
    text = """
    import time

    def ready(url):
        while True:
            try:
                if known(url):
                    return
                ask(url)
                return
            except OSError:
                time.sleep(1)
    """
    assert rewrite(dedent(text)).text.endswith(
        "@retry(READY)\ndef ready(url):\n    if known(url):\n        return\n    ask(url)\n"
    )


def test_annotated_functions_stay_annotated() -> None:
    text = loop(
        "head = get(url)\n            return parse(head)",
        "log.info('again')\n            clean()",
        head="def fetch(self, url: str) -> Page:",
    )
    rewritten = rewrite(text).text
    assert "def fetch_once() -> Page:" in rewritten
    assert "def before_retry(event: Retrying) -> None:" in rewritten
    assert "from mulligan import Execution\nfrom mulligan.events import Retrying\n" in rewritten


def test_comments_stay_with_their_statements_and_others_move_up() -> None:
    text = """
    import time


    def fetch(url):
        for attempt in range(3):
            # once more
            try:
                # the mirror
                page = get(url)  # slow
                return page.text
            except OSError:
                if attempt == 2:
                    # that was it
                    raise
                time.sleep(1)  # a second
    """
    rewrites = rewrite(text)
    assert rewrites.text.endswith(
        "    # once more\n    # the mirror\n    page = get(url)  # slow\n    return page.text\n"
    )
    assert rewrites.emitted[0].dropped == ("# that was it", "# a second")


def test_strings_over_several_lines_are_not_moved() -> None:
    body = 'page = get(url, """\nfirst\n  second\n""")\n            return page.text'
    assert '(url, """\nfirst\n  second\n""")' in after(loop(body))


def test_imports_are_sorted_in_and_the_last_use_takes_them_away() -> None:
    rewritten = rewrite(loop("return get(url)")).text
    assert rewritten.startswith("from mulligan import execute\n\nfrom app.retry_policies import FETCH\n\n\ndef")


def test_an_import_that_is_still_used_stays() -> None:
    assert rewrite(loop("return get(url)") + "\n\nNOW = time.time()\n").text.startswith("import time\n\nfrom mulligan")


def test_a_name_that_is_taken_is_called_by_its_module() -> None:
    text = loop("return get(url)") + "\n\ndef execute(sql):\n    return sql\n"
    assert "return mulligan.execute(FETCH, get, url)" in rewrite(text).text


def test_names_of_local_functions_avoid_those_in_use() -> None:
    body = "fetch_once = get(url)\n            return fetch_once.text"
    assert "def fetch_once_2():" in after(loop(body))


def test_a_decorator_goes_below_the_others() -> None:
    text = loop("return get(url)", head="@cached\ndef fetch(url):").replace("    prepare()\n", "")
    rewrites = rewrite(text)
    assert "@cached\n@retry(FETCH)\ndef fetch(url):\n    return get(url)\n" in rewrites.text
    assert rewrites.emitted[0].form is Form.DECORATOR


def test_an_exception_of_the_module_keeps_the_policy_in_the_call() -> None:
    """The central module could import it only in a circle."""
    text = loop("return get(url)").replace("OSError", "Lost")
    text = text.replace("\n\ndef", "\n\nclass Lost(Exception):\n    pass\n\n\ndef", 1)
    rewritten = rewrite(text)
    assert "return execute(Policy(retry_on=Lost, schedule=constant(1), max_attempts=3), get, url)" in rewritten.text
    assert "define(" not in rewritten.policies


def test_a_decorator_may_hold_the_policy_where_its_exception_is_known() -> None:
    before = loop("return get(url)", head="def fetch(url):").replace("    prepare()\n", "").replace("OSError", "Lost")
    late = before + "\n\nclass Lost(Exception):\n    pass\n"
    early = before.replace("\n\ndef", "\n\nclass Lost(Exception):\n    pass\n\n\ndef", 1)
    assert "@retry(Policy(retry_on=Lost, schedule=constant(1), max_attempts=3))\ndef fetch(url):" in rewrite(early).text
    assert (
        "    return execute(Policy(retry_on=Lost, schedule=constant(1), max_attempts=3), get, url)"
        in rewrite(late).text
    )


def test_an_exception_of_the_function_keeps_the_policy_in_the_call() -> None:
    text = loop("return get(url)", head="def fetch(url, lost):").replace("OSError", "lost")
    assert "return execute(Policy(retry_on=lost, schedule=constant(1), max_attempts=3), get, url)" in rewrite(text).text


def test_a_star_import_is_refused() -> None:
    refused = rewrite("from legacy import *\n" + loop("return get(url)")).refused
    assert [reason.code for reason in refused] == ["ML223"]


def test_what_nothing_reaches_is_not_copied_out_of_its_loop() -> None:
    text = """
    import time

    def fetch(url):
        count = 0
        while True:
            try:
                return get(url)
            except OSError as error:
                if count < 3:
                    time.sleep(1)
                    count += 1
                    continue
                raise LookupError(url) from error
                continue
    """
    assert rewrite(dedent(text)).text.endswith(
        "    try:\n        return execute(FETCH, get, url)\n"
        "    except OSError as error:\n        raise LookupError(url) from error\n"
    )


def test_a_break_at_the_last_failure_goes_on_after_the_loop() -> None:
    text = """
    import time

    def fetch(url):
        for attempt in range(4):
            try:
                return get(url)
            except OSError:
                if attempt < 3:
                    time.sleep(1)
                    continue
                break
                continue
        return None
    """
    assert rewrite(dedent(text)).text.endswith(
        "    try:\n        return execute(FETCH, get, url)\n    except OSError:\n        pass\n    return None\n"
    )


def test_a_break_under_a_condition_of_the_last_failure_is_refused() -> None:
    text = loop("return get(url)").replace(
        "                raise\n",
        "                if url:\n                    break\n                log.error(error)\n                raise\n",
    )
    assert [reason.code for reason in rewrite(text).refused] == ["ML205"]


def test_a_deadline_that_only_ends_the_sleeping_is_refused() -> None:
    text = """
    import time

    def fetch(url):
        start = time.monotonic()
        while True:
            try:
                value = get(url)
                break
            except OSError:
                if not time.monotonic() - start >= 30:
                    time.sleep(1)
        return value
    """
    assert [reason.code for reason in rewrite(dedent(text)).refused] == ["ML206"]


def test_a_delay_computed_from_itself_is_the_delay_of_the_event() -> None:
    text = """
    import time

    def fetch(url):
        delay = 1.0
        while True:
            try:
                return get(url)
            except OSError:
                log.error("again in %s", delay)
                time.sleep(delay)
                delay = min(60.0, delay * 2.0)
    """
    assert 'on_retry=lambda event: log.error("again in %s", event.delay)' in rewrite(dedent(text)).text
    whole = rewrite(dedent(text).replace("1.0", "1").replace("60.0", "60").replace("2.0", "2"))
    assert 'log.error("again in %s", event.delay)' in whole.text
