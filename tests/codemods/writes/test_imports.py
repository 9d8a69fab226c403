"""Every name of a rewrite means what it should, whatever the file imports and defines."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from tests.codemods.writes.shop import migrated

if TYPE_CHECKING:
    from pathlib import Path

LOOP = """

def fetch(url):
    for attempt in range(4):
        try:
            return requests.get(url)
        except requests.ConnectionError:
            if attempt == 3:
                raise
            time.sleep(1)
"""
CALL = "\n\n@retry(FETCH)\ndef fetch(url):\n    return requests.get(url)\n"
OURS = "from mulligan import retry\nfrom retry_policies import FETCH\n"
OURS_AND_CONSTANT = OURS.replace("import retry", "import constant, retry")

WRITTEN = {
    "plain": ("import time\n\nimport requests\n", f"import requests\n{OURS}"),
    "one line for several": ("import os, time, sys\nimport requests\n", f"import os, sys\nimport requests\n{OURS}"),
    "a comment keeps its import": (
        "import time  # for the pauses\nimport requests  # http\n",
        f"import time  # for the pauses\nimport requests  # http\n{OURS}",
    ),
    "two statements on a line": ("import time; import requests\n", f"import time; import requests\n{OURS}"),
    "what was unused before stays": (
        "import os\nimport time\nimport requests\n",
        f"import os\nimport requests\n{OURS}",
    ),
    "still used": (
        "import time\nimport requests\n\nSTART = time.time()\n",
        f"import time\nimport requests\n{OURS}\nSTART = time.time()\n",
    ),
    "exported": (
        'import time\nimport requests\n\n__all__ = ["time"]\n',
        f'import time\nimport requests\n{OURS}\n__all__ = ["time"]\n',
    ),
    "docstring and __future__": (
        '"""Doc."""\nfrom __future__ import annotations\n\nimport time\n\nimport requests\n',
        f'"""Doc."""\nfrom __future__ import annotations\n\nimport requests\n{OURS}',
    ),
    "a fallback for something else": (
        "try:\n    import simplejson as json\nexcept ImportError:\n    import json\nimport time\nimport requests\n",
        "try:\n    import simplejson as json\nexcept ImportError:\n    import json\n" + f"import requests\n{OURS}",
    ),
    "names that are there": (
        "import time\nimport requests\nfrom mulligan import constant\n\nDELAYS = constant(1)\n",
        f"import requests\n{OURS_AND_CONSTANT}\nDELAYS = constant(1)\n",
    ),
    "an alias of ours": (
        "import time\nimport requests\nfrom mulligan import retry as again\n",
        f"import requests\nfrom mulligan import retry as again\n{OURS}",
    ),
}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "client.py"


@pytest.mark.parametrize("case", WRITTEN)
def test_imports_are_added_and_dropped_where_a_person_would(file: Path, case: str) -> None:
    before, after = WRITTEN[case]
    file.write_text(before + LOOP)
    assert migrated("--write", ".").exit_code == 0
    assert file.read_text() == after + CALL
    assert migrated(".").stdout == ""


SHADOWED = {
    "a function": "\n\ndef retry(function):\n    return function\n",
    "an import of the same name": "from retrying import retry\n\n\n@retry\ndef other():\n    pass\n",
    "a class": "\n\nclass retry:\n    pass\n",
    "another binding under a condition": "\nif DEBUG:\n    retry = None\n",
}


@pytest.mark.parametrize("case", SHADOWED)
def test_a_name_that_means_something_else_here_is_reached_through_its_module(file: Path, case: str) -> None:
    file.write_text(f"import time\nimport requests\n{SHADOWED[case]}{LOOP}")
    assert migrated("--write", ".").exit_code == 0
    text = file.read_text()
    assert "import mulligan\n" in text
    assert "@mulligan.retry(FETCH)" in text
    assert "from mulligan import retry" not in text


def test_a_policy_whose_name_means_something_else_is_called_after_its_module(file: Path) -> None:
    file.write_text(f"import time\nimport requests\n\nFETCH = 3\n{LOOP}")
    assert migrated("--write", ".").exit_code == 0
    text = file.read_text()
    assert "FETCH = 3\n" in text
    assert "@retry(CLIENT_FETCH)" in text


def statuses(*arguments: str) -> list[tuple[str, str | None]]:
    sites = json.loads(migrated("--format", "json", *arguments).stdout)["sites"]
    return [(site["status"], site["reason"] and site["reason"]["code"]) for site in sites]


LEFT_ALONE = {
    "a star import": ("import time\nimport requests\nfrom somewhere import *\n", "ML223"),
    "a star import above": ("from somewhere import *\nimport time\nimport requests\n", "ML223"),
}


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_where_a_name_may_be_taken_nothing_is_written(file: Path, case: str) -> None:
    head, code = LEFT_ALONE[case]
    file.write_text(head + LOOP)
    assert statuses(".") == [("refused", code)]


@pytest.mark.parametrize(
    "head",
    [
        "import time\nimport requests\nimport typing\n\nif typing.TYPE_CHECKING:\n    from mulligan import retry\n",
        "try:\n    import requests\n    import time\nexcept ImportError:\n    raise\n",
        "import requests\nif DEBUG:\n    import time\nelse:\n    import time\n",
    ],
    ids=["TYPE_CHECKING", "in a try", "under a condition"],
)
def test_a_name_that_is_bound_on_some_paths_only_is_not_taken_for_granted(file: Path, head: str) -> None:
    file.write_text(head + LOOP)
    migrated("--write", "--unsafe", ".")
    tree = ast.parse(file.read_text())
    bound = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom | ast.Import) for alias in node.names}
    assert bound & {"retry", "mulligan"}, "there is an import that always runs"


def test_a_file_without_imports_gets_its_first(file: Path) -> None:
    loop = LOOP.replace("requests.get", "get").replace("requests.ConnectionError", "OSError")
    file.write_text("#!/usr/bin/env python\n# a comment\n" + loop.replace("url):", "url):\n    import time\n", 1))
    assert migrated("--write", ".").exit_code == 0
    lines = file.read_text().splitlines()
    assert lines[:4] == ["#!/usr/bin/env python", "# a comment", "from mulligan import execute", OURS.splitlines()[1]]


def test_the_policies_module_never_imports_the_modules_that_import_it(tmp_path: Path) -> None:
    """An exception class of the site's own module would be a cycle: the policy stands where it is used."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    own = "import time\n\n\nclass Refused(Exception):\n    pass\n"
    loop = LOOP.replace("requests.get", "get").replace("requests.ConnectionError", "Refused")
    (tmp_path / "shop" / "client.py").write_text(own + loop)
    assert migrated("--write", "shop").exit_code == 0
    assert "retry(Policy(retry_on=Refused" in (tmp_path / "shop" / "client.py").read_text()
    assert not (tmp_path / "shop" / "retry_policies.py").exists()
