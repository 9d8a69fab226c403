"""What a reviewer reads: nothing left over, nothing deeper than it must be, lines as a formatter leaves them."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

from mulligan_codemods.texts.wrapping import WIDTH

from tests.codemods.recognise.cases import CASES
from tests.codemods.rewriting import rewrite

if TYPE_CHECKING:
    from pathlib import Path


def rewritten(text: str) -> str:
    return rewrite(dedent(text)).text


def test_each_counter_goes_where_two_loops_share_its_name() -> None:
    text = """
    import time

    def fetch(url):
        t = 0
        while True:
            try:
                page = get(url)
                break
            except KeyError:
                t += 1
                if t > 3:
                    raise
                time.sleep(5)
        t = 0
        while True:
            try:
                return parse(page)
            except OSError:
                t += 1
                if t > 10:
                    raise
                time.sleep(5)
    """
    assert "t = 0" not in rewritten(text)


def test_a_counter_that_an_outer_handler_reads_stays() -> None:
    text = """
    import time

    def fetch(url):
        try:
            t = 0
            while True:
                try:
                    page = get(url)
                    break
                except KeyError:
                    t += 1
                    if t > 3:
                        raise
                    time.sleep(5)
            t = 7
        except ValueError:
            return t
        return page
    """
    assert "t = 0" in rewritten(text)


def test_what_follows_a_success_is_no_deeper_than_it_must_be() -> None:
    text = """
    import time

    def send(url):
        for _ in range(4):
            try:
                put(url)
                return True
            except OSError:
                time.sleep(1)
        raise RuntimeError(
            f"nothing was sent to {url}"
        )
    """
    assert rewritten(text).endswith(
        "    except OSError:\n        raise RuntimeError(\n"
        '            f"nothing was sent to {url}"\n        )\n    return True\n'
    )


def test_a_value_that_is_bound_only_to_be_returned_is_returned() -> None:
    text = """
    import time

    def create(hook):
        tries_left = 4
        while tries_left > 0:
            tries_left -= 1
            try:
                cluster = hook.create()
            except OSError:
                continue
            else:
                return cluster
        return None
    """
    assert "return execute(CREATE, hook.create)" in rewritten(text)


def test_the_comment_of_a_statement_that_is_never_reached_goes_with_it() -> None:
    text = """
    import time

    def fetch(url):
        prepare()
        for attempt in range(4):
            try:
                return get(url)
            except OSError:
                if attempt == 3:
                    raise
                time.sleep(1)

        # Unreachable
        raise RuntimeError
    """
    found = rewrite(dedent(text))
    assert "Unreachable" not in found.text
    assert found.emitted[0].dropped == ("# Unreachable",)


def test_classes_over_several_lines_are_written_anew() -> None:
    text = """
    import time

    def fetch(url):
        for _ in range(4):
            try:
                return get(url)
            except (OSError,
                    KeyError):
                time.sleep(1)
        raise RuntimeError(url)
    """
    assert "    except (OSError, KeyError):\n        raise RuntimeError(url)\n" in rewritten(text)


def test_a_formatter_leaves_new_calls_as_they_are(tmp_path: Path) -> None:
    """Where the text before was formatted already; docstrings aside, nothing of the cases is."""
    (tmp_path / "ruff.toml").write_text(f"line-length = {WIDTH}\n")
    for number, case in enumerate(CASES):
        before = tmp_path / f"case_{number}.py"
        before.write_text("import asyncio\nimport random\nimport time\n\n\n" + dedent(case.before).lstrip("\n"))
    formatted = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={WIDTH}", "-q", str(tmp_path)]
    subprocess.run(formatted, check=True)  # noqa: S603 -- our own arguments
    for file in sorted(tmp_path.glob("case_*.py")):
        file.write_text(rewrite(file.read_text()).text)
    checked = subprocess.run([*formatted, "--diff"], check=False, capture_output=True, text=True)  # noqa: S603 -- as above
    assert checked.stdout == ""


def test_comments_stand_where_what_they_explain_went() -> None:
    text = """
    import time

    def send(url):
        prepare()
        # three are enough
        for attempt in range(3):
            try:
                # the mirror is slow
                put(url)
                break
            except OSError as error:  # noqa: PERF203  # whatever it is
                # it was restarted
                log.warning("again: %s", error)  # nobody reads it
                if attempt == 2:
                    raise RuntimeError(url) from error  # the caller knows
                time.sleep(1)  # a second
    """
    assert "    # three are enough\n    def send_once():\n" in rewritten(text)
    assert "            # the mirror is slow\n            put(url)\n" in rewritten(text)
    assert "except OSError as error:  # noqa: PERF203  # whatever it is\n" in rewritten(text)
    assert rewrite(dedent(text)).emitted[0].dropped == ("# a second",)


def test_everything_that_is_imported_from_mulligan_is_there() -> None:
    texts = [
        rewrite(f"import asyncio\nimport random\nimport time\n\n\n{dedent(case.before).strip()}\n") for case in CASES
    ]
    typed = rewrite(
        dedent(CASES[1].before)
        .replace("(self, url):", "(self, url: str) -> bytes:")
        .replace("log.warning", "x = 1\n                log.warning")
    )
    for found in (*texts, typed):
        for node in ast.walk(ast.parse(found.text + found.policies)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mulligan"):
                module = importlib.import_module(node.module or "")
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


def test_one_more_attempt_behind_the_loop_keeps_the_delay_before_it() -> None:
    text = """
    import time

    def address(self, device):
        for _ in range(9):
            try:
                self.set_address(device)
                return
            except RuntimeError as error:
                log.warning("again: %s", error)
                time.sleep(1)
        self.set_address(device)
    """
    found = rewrite(dedent(text))
    assert [reason.code for reason in found.refused] == ["ML205"] or "max_attempts=10" in found.policies


STRINGS = """
    import time

    def decorated(session):
        for attempt in range(3):
            try:
                return session.post('''first
              second
                        third''', b'''x
                        y''')
            except OSError:
                if attempt == 2:
                    raise
                time.sleep(1)

    def executed(session, flag):
        if flag:
            for attempt in range(3):
                try:
                    answer = session.post('''first
              second
                        third''', text="one \\
                        two", data=f'''{flag}
                          four''')
                    break
                except OSError:
                    if attempt == 2:
                        log('''last
                              one''')
                        raise
                    time.sleep(1)
            return answer.json()
        return None

    def local(session, flag):
        if flag:
            for attempt in range(3):
                try:
                    answer = session.post('''first
              second
                        third''', text="one \\
                        two")
                    answer.check('''a
                        b''')
                    break
                except OSError:
                    log('''once
                             more''')
                    if attempt == 2:
                        raise
                    time.sleep(1)
            return answer.json()
        return None

    def called(session, flag):
        if flag:
            for attempt in range(3):
                try:
                    answer = session.at('''a
                        b''').post('''first
                      second''')
                    break
                except OSError:
                    if attempt == 2:
                        raise
                    session.close('''last
                              one''')
                    time.sleep(1)
            return answer.json()
        return None
    """


def test_strings_over_several_lines_stay_what_they_are() -> None:
    before = dedent(STRINGS)
    after = rewritten(STRINGS)
    assert "for attempt in range" not in after
    assert strings(after) >= strings(before)


def strings(text: str) -> set[str | bytes]:
    constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str | bytes)}


def test_a_test_for_the_last_attempt_goes_where_it_is_true_or_false_for_sure() -> None:
    text = """
    import time

    def wrapper(device, func):
        left = 5
        while left > 0:
            try:
                func(device)
                break
            except OSError:
                left -= 1
                if left == 0:
                    device.switch_off()
    """
    after = rewritten(text)
    assert "if " not in after
    assert "on_retry" not in after
    assert "    except OSError:\n        device.switch_off()\n" in after
