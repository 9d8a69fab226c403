"""The symbol tables: what each legacy library offers, one file a library.

They feed the codemods, the shims' refusals, the rule pages and the migration guide. Rules: plain values, importable
without the libraries; tests hold each table against the library itself.
"""

from mulligan.compat.symbols.backoff import BACKOFF
from mulligan.compat.symbols.model import Library, Parameter, Symbol
from mulligan.compat.symbols.retry import RETRY
from mulligan.compat.symbols.retrying import RETRYING
from mulligan.compat.symbols.stamina import STAMINA
from mulligan.compat.symbols.tenacity import TENACITY

__all__ = ["BACKOFF", "LIBRARIES", "RETRY", "RETRYING", "STAMINA", "TENACITY", "Library", "Parameter", "Symbol"]

LIBRARIES = (RETRYING, RETRY, BACKOFF, TENACITY, STAMINA)
"""Every table, in the order of the documentation."""
