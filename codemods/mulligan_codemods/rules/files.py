"""ML0xx: files that were left alone."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
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
            "The central module for policies could not be read, or the file that --policies names has no importable"
            " name. Or what policies.toml says can't be used. Where a package has no sure name, because its folder's"
            " is no identifier or its files import each other as if they stood right on the path, each policy stands in"
            " its call."
        ),
        remedy="Name a module inside the package with --policies FILE.",
    ),
    Rule(
        code="ML013",
        title="Syntax is newer than this Python",
        message=(
            "The Python that runs mulligan does not parse the file; libcst does, and finds the loop. Neither the"
            " recogniser nor the proof reads such a file."
        ),
        remedy="Run mulligan under the Python version that the file is written for.",
        before="type Answer[T] = T | None      # Python 3.12",
    ),
    Rule(
        code="ML014",
        title="Took too long",
        message="Reading or rewriting this one file exceeded its time limit; the rest of the run went on.",
        remedy="Please report it with the file; --seconds gives each file more time.",
    ),
    Rule(
        code="ML015",
        title="Not written: interrupted",
        message="The run was stopped before this file's rewrite was written. The file is as it was.",
        remedy="Run mulligan migrate --write again, or take the written files back with --undo.",
    ),
    Rule(
        code="ML016",
        title="File has several names",
        message=(
            "The file is hard-linked. Replacing it would part it from its other names, and writing in place could"
            " leave it half-written."
        ),
        remedy="Make it a file of its own (cp -p FILE COPY && mv COPY FILE), then run mulligan migrate again.",
    ),
)
