"""Find statements where Python does not allow them, which parsing alone does not tell.

Rules: what the compiler refuses after a successful parse, for the constructs that a rewrite moves about: `break` and
`continue` outside a loop, `return` and `await` outside a function. The text is never compiled.
"""

from __future__ import annotations

import ast

__all__ = ["misplaced"]

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def misplaced(tree: ast.Module) -> str | None:
    r"""Say which statement of a module stands where Python does not allow it, or `None`.

    >>> misplaced(ast.parse("for x in y:\n    pass\nelse:\n    continue"))
    "'continue' outside a loop (line 4)"
    """
    return _among(tree.body, looping=False, function=None)


def _among(statements: list[ast.stmt], *, looping: bool, function: Function | None) -> str | None:
    found = (_below(each, looping=looping, function=function) for each in statements)
    return next((each for each in found if each is not None), None)


def _below(node: ast.AST, *, looping: bool, function: Function | None) -> str | None:
    wrong = _wrong(node, looping=looping, function=function)
    if wrong is not None:
        return wrong
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            function, looping = node, False
        case ast.ClassDef():
            function, looping = None, False
        case ast.For() | ast.AsyncFor() | ast.While():
            return _among(node.body, looping=True, function=function) or _among(
                node.orelse, looping=looping, function=function
            )
        case _:
            pass
    below = (_below(child, looping=looping, function=function) for child in ast.iter_child_nodes(node))
    return next((each for each in below if each is not None), None)


def _wrong(node: ast.AST, *, looping: bool, function: Function | None) -> str | None:
    match node:
        case ast.Break() if not looping:
            return f"'break' outside a loop (line {node.lineno})"
        case ast.Continue() if not looping:
            return f"'continue' outside a loop (line {node.lineno})"
        case ast.Return() if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return f"'return' outside a function (line {node.lineno})"
        case ast.Await() | ast.AsyncFor() | ast.AsyncWith() if not isinstance(function, ast.AsyncFunctionDef):
            return f"'await' outside an async function (line {node.lineno})"
        case _:
            return None
