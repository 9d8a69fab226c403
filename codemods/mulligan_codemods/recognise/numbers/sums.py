"""Amounts as sums of named terms, so that `range(n + 1)` and `attempt == n` meet in `n + 1`; and how they are spelled.

Rules: pure; two sums are the same where their terms are.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mulligan_codemods.lowered import Amount, Symbol

__all__ = ["ZERO", "Number", "Sum", "amount", "spelled_factor"]

Number = int | float


@dataclass(frozen=True, slots=True)
class Sum:
    """A constant and a sum of named terms with factors: `n + 1` is `Sum(1, (("n", 1),))`."""

    constant: Number = 0
    terms: tuple[tuple[str, Number], ...] = ()
    names: frozenset[str] = frozenset()

    @property
    def number(self) -> Number | None:
        """The value where no name is left."""
        return None if self.terms else self.constant

    def plus(self, other: Sum, factor: Number = 1) -> Sum:
        """Answer `self + factor * other`."""
        terms = dict(self.terms)
        for name, count in other.terms:
            terms[name] = terms.get(name, 0) + factor * count
        return Sum(
            self.constant + factor * other.constant,
            tuple(sorted((name, count) for name, count in terms.items() if count)),
            self.names | other.names,
        )

    def times(self, other: Sum) -> Sum:
        """Answer the product; two sums with names become one named term."""
        for one, two in ((self, other), (other, self)):
            if (number := one.number) is not None:
                terms = tuple((name, number * count) for name, count in two.terms) if number else ()
                return Sum(number * two.constant, terms, two.names)
        text = f"{spelled_factor(self)} * {spelled_factor(other)}"
        return Sum(0, ((text, 1),), self.names | other.names)

    def equals(self, other: Sum) -> bool:
        """Tell whether both are the same by their terms."""
        return self.plus(other, -1).number == 0


ZERO = Sum()


def amount(total: Sum) -> Amount:
    """Answer a sum as a number, or as the expression that a person would write.

    >>> amount(Sum(1, (("n", 1),)))
    Symbol(text='n + 1')
    """
    if total.number is not None:
        return _plain(total.number)
    if not total.constant and [count for _, count in total.terms] == [1]:
        return Symbol(_ungrouped(total.terms[0][0]), total.names)
    text = ""
    terms = sorted(total.terms, key=lambda term: term[1] < 0)
    positive = sum(1 for _, count in terms if count > 0)
    if total.constant > 0 and not positive:
        text = f"{_plain(total.constant)}"
        total = Sum(0, total.terms, total.names)
    for name, count in terms:
        text = _joined(
            text, name if abs(count) == 1 else f"{_plain(abs(count))} * {_grouped(name)}", negative=count < 0
        )
        positive -= 1
        if not positive and total.constant > 0:
            text = _joined(text, f"{_plain(total.constant)}", negative=False)
    if total.constant < 0:
        text = _joined(text, f"{_plain(-total.constant)}", negative=True)
    return Symbol(text, total.names)


def _ungrouped(text: str) -> str:
    """Answer a term that stands alone without the brackets that it has among others."""
    return ast.unparse(ast.parse(text, mode="eval").body) if text.startswith("(") else text


def _joined(text: str, term: str, *, negative: bool) -> str:
    if not text:
        return f"-{_grouped(term)}" if negative else term
    return f"{text} - {_grouped(term)}" if negative else f"{text} + {term}"


def _grouped(text: str) -> str:
    simple = isinstance(
        ast.parse(text, mode="eval").body, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant
    )
    return text if simple else f"({text})"


def spelled_factor(total: Sum) -> str:
    """Answer a sum as a factor of a product, in brackets where it has several parts."""
    found = amount(total)
    return _grouped(found.text) if isinstance(found, Symbol) else str(found)


def _plain(number: Number) -> Number:
    return round(number, 12) if isinstance(number, float) else number
