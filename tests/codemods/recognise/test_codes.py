"""Every code that the recogniser or the emitter gives is a row of the rule table."""

from __future__ import annotations

import re
from pathlib import Path

import mulligan_codemods
from mulligan_codemods.rules.table import TABLE

FOLDER = Path(mulligan_codemods.__file__).parent


def test_every_code_is_in_the_rule_table() -> None:
    files = [*FOLDER.glob("recognise/**/*.py"), *FOLDER.glob("emit/*.py")]
    codes = {code for file in files for code in re.findall(r'"(ML\d{3})"', file.read_text())}
    assert codes
    assert codes <= TABLE.keys()
