"""One line goes, or it is told why it stays; nothing else changes."""

from __future__ import annotations

import tomllib
from textwrap import dedent

import pytest
from mulligan_codemods.texts.requirements import declares, without

RETRY = frozenset({"retry", "retry2"})

PROJECT = """
# what we ship
[project]
name = "shop"
dependencies = [
    "requests>=2",  # the web
    # mails
    "retry>=0.9.2",
    'rich',
]

[project.optional-dependencies]
worker = ["celery", "backoff"]

[tool.poetry.dependencies]
python = "^3.11"
Retry2 = { version = "^0.9", extras = ["x"] }

[tool.other]
retry = 3
names = ["retry"]
"""


def test_a_line_of_a_list_goes() -> None:
    text = "requests\n# mails\nretry==0.9.2\nretrying  # stays\nRetry2 [x]>=0.9 ; python_version < '4'\n"
    taken = without(text, RETRY, toml=False)
    assert taken.text == "requests\n# mails\nretrying  # stays\n"
    assert [(each.line, each.name, each.why) for each in taken.lines] == [(3, "retry", ""), (5, "retry2", "")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("retry==0.9.2  # for the mails\n", "it has a comment"),
        ("retry==0.9.2 \\\n    --hash=sha256:00\n", "it goes on in further lines"),
        ("retry==0.9.2\n    # via -r requirements.in\n", "a resolver wrote it: change what it was told"),
    ],
)
def test_a_line_that_is_more_than_a_requirement_is_told(text: str, why: str) -> None:
    taken = without(text, RETRY, toml=False)
    assert taken.text == text
    assert [(each.line, each.why) for each in taken.lines] == [(1, why)]


@pytest.mark.parametrize("line", ["-r retry.txt", "# retry", "retrying==1", "--find-links retry", "", "my-retry"])
def test_other_lines_are_left(line: str) -> None:
    assert not declares(f"{line}\n", RETRY, toml=False)


def test_an_item_of_pyproject_goes_and_so_does_a_key() -> None:
    taken = without(PROJECT, RETRY, toml=True)
    lines = [line for line in PROJECT.split("\n") if '"retry>=' not in line and "Retry2" not in line]
    assert taken.text == "\n".join(lines)
    assert [each.why for each in taken.lines] == ["", ""]


def test_a_requirement_takes_the_first_place() -> None:
    taken = without(PROJECT, RETRY, toml=True, instead="mulligan>=1")
    assert "    # mails\n    \"mulligan>=1\",\n    'rich',\n" in taken.text
    assert taken.text.count("mulligan") == 1
    listed = without("a\nretry==0.9.2\nretry2==1\n", RETRY, toml=False, instead="mulligan==1")
    assert listed.text == "a\nmulligan==1\n"


def test_an_item_that_shares_its_line_is_told() -> None:
    taken = without(PROJECT, frozenset({"backoff"}), toml=True)
    assert taken.text == PROJECT
    assert [(each.name, each.why) for each in taken.lines] == [("backoff", "it shares a line with others")]
    assert PROJECT.split("\n")[taken.lines[0].line - 1].startswith("worker")


@pytest.mark.parametrize("line", ['    "retry",  # old', '    "retry[x]>=1",   # old'])
def test_an_item_with_a_comment_is_told(line: str) -> None:
    text = f"[project]\ndependencies = [\n{line}\n]\n"
    taken = without(text, RETRY, toml=True)
    assert taken.text == text
    assert [each.why for each in taken.lines] == ["it has a comment"]


def test_what_looks_like_a_requirement_elsewhere_is_left() -> None:
    text = dedent(
        """
        [tool.other]
        description = '''
        "retry",
        '''
        retry = 1
        """
    )
    taken = without(text, RETRY, toml=True)
    assert tomllib.loads(taken.text) == tomllib.loads(text)


def test_a_file_that_does_not_parse_is_left() -> None:
    assert without("dependencies = [\n  'retry',\n", RETRY, toml=True).lines == []
