"""Each symbol table is held against the library itself."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module

import pytest

from mulligan.compat.symbols import LIBRARIES, Library, Symbol
from mulligan.compat.symbols.retry import RETRY2_ONLY

SYMBOLS = [(library, symbol) for library in LIBRARIES for symbol in library.symbols]
PASSING: dict[object, str] = {
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "either",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "rest",
    inspect.Parameter.VAR_KEYWORD: "keywords",
}

OWN = {Exception, float}
"""Classes whose signature is none of a library's."""


def parameters_of(original: object) -> list[inspect.Parameter]:
    """Answer the parameters of a callable: none where it is a class that has only those of a builtin."""
    if isinstance(original, type) and not {"__init__", "__new__"} & vars(original).keys() and original.__base__ in OWN:
        return []
    assert callable(original)
    return list(inspect.signature(original).parameters.values())


every_symbol = pytest.mark.parametrize(
    ("library", "symbol"), SYMBOLS, ids=[f"{library.name}.{symbol.name}" for library, symbol in SYMBOLS]
)
every_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)


@every_symbol
def test_its_parameters_are_the_library_s(library: Library, symbol: Symbol) -> None:
    original: object = getattr(import_module(symbol.module), symbol.name)
    if not callable(original):
        assert symbol.parameters == ()
        return
    found = [
        (parameter.name, PASSING[parameter.kind], parameter.default is inspect.Parameter.empty)
        for parameter in parameters_of(original)
    ]
    listed = [(entry.name, entry.passing, entry.default is None) for entry in symbol.parameters]
    assert listed == found


@every_symbol
def test_plain_defaults_are_the_library_s(library: Library, symbol: Symbol) -> None:
    original: object = getattr(import_module(symbol.module), symbol.name)
    if not callable(original):
        return
    for parameter in parameters_of(original):
        name: str = parameter.name
        default: object = parameter.default
        if default is None or isinstance(default, bool | int | float | str):
            written = symbol.takes(name).default
            levels = {"logging.INFO": "20", "logging.ERROR": "40"}
            assert levels.get(str(written), written) == repr(default)


@every_library
def test_every_module_is_one_of_the_library_s(library: Library) -> None:
    for module in library.modules:
        assert import_module(module).__name__ == module


@every_library
def test_every_public_name_is_listed(library: Library) -> None:
    module = import_module(library.name)
    names: list[str] = list(getattr(module, "__all__", ())) or [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and (getattr(value, "__module__", None) == library.name or name.isupper())
    ]
    assert set(names) <= {symbol.name for symbol in library.symbols}


def test_an_unknown_name_is_a_key_error() -> None:
    library = LIBRARIES[0]
    with pytest.raises(KeyError, match="tenacious"):
        library.symbol("tenacious")
    with pytest.raises(KeyError, match="tenacious"):
        library.symbol("Retrying").takes("tenacious")
    assert library.symbol("Retrying").takes("wait_fixed").unit == "ms"
    assert [parameter.name for parameter in RETRY2_ONLY] == ["log_traceback", "on_exception"]


def test_tables_import_no_library() -> None:
    code = (
        "import sys, mulligan.compat.symbols;"
        "print(sorted({'retrying', 'retry', 'backoff', 'tenacity', 'stamina', 'logging'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
