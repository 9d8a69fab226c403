"""The base of frozen values behaves as a frozen, slotted, keyword-only dataclass would."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import ClassVar, Generic, TypeVar

import pytest

from mulligan._value import Value, field_names

V_contra = TypeVar("V_contra", contravariant=True)


class Point(Value):
    kind: ClassVar[str] = "point"
    x: float
    y: float = 0.0


class Spot(Point):
    name: str = ""


class Pair(Value, kw_only=False):
    left: int
    right: int = 2


class Single(Value, kw_only=False):
    only: object


class Empty(Value):
    pass


class Halved(Value):
    size: float

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("size")
        self._settle(size=self.size / 2)


class Box(Value, Generic[V_contra]):
    label: str = "box"


class SubBox(Box[int]):
    pass


def test_fields_are_keyword_only_unless_asked() -> None:
    assert Pair(1).right == 2
    assert Point(x=1.0).y == 0.0
    with pytest.raises(TypeError, match="positional"):
        Point(1.0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_a_missing_and_an_unknown_field_are_type_errors() -> None:
    with pytest.raises(TypeError, match="x"):
        Point()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="z"):
        Point(x=1.0).replace(z=1)


def test_values_are_equal_by_type_and_fields() -> None:
    assert Point(x=1.0) == Point(x=1.0, y=0.0)
    assert Point(x=1.0) != Point(x=2.0)
    assert Spot(x=1.0) != Point(x=1.0)
    assert Empty() == Empty()
    assert len({Pair(1), Pair(1, 2), Single(1), Single(1), Empty(), Empty()}) == 3


def test_a_value_with_an_unhashable_field_is_unhashable() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Single([]))


@pytest.mark.parametrize("value", [Point(x=1.5), Spot(x=1.0, name="a"), Pair(1, 3), Single(None), Empty(), Box[int]()])
def test_values_survive_pickle_copy_and_repr(value: Value) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
    assert copy.deepcopy(value) == copy.copy(value) == value
    assert eval(repr(value), globals()) == value  # noqa: S307 - our own repr


def test_nothing_can_be_set_or_deleted() -> None:
    point = Point(x=1.0)
    for name in ("x", "new"):
        with pytest.raises(AttributeError, match="frozen"):
            setattr(point, name, 2.0)
    with pytest.raises(AttributeError, match="frozen"):
        delattr(point, "x")
    assert not hasattr(point, "__dict__")


def test_replace_checks_as_construction_does() -> None:
    assert Halved(size=8.0).replace(size=2.0) == Halved(size=2.0)
    with pytest.raises(ValueError, match="size"):
        Halved(size=8.0).replace(size=-1.0)


def test_fields_are_inherited_in_order_and_class_variables_are_none() -> None:
    assert field_names(Spot) == ("x", "y", "name")
    assert field_names(SubBox()) == ("label",)
    assert Spot.kind == "point"


def test_positional_values_match_by_position() -> None:
    match Pair(1, 3):
        case Pair(left, right):
            assert (left, right) == (1, 3)
    assert Point.__match_args__ == ()


def test_generic_values_can_be_parametrised() -> None:
    assert Box[int]() == Box[str]() == Box()
    assert SubBox(label="s").label == "s"


def test_the_signature_is_that_of_the_fields() -> None:
    assert str(inspect.signature(Spot)) == "(*, x, y=0.0, name='')"
    assert str(inspect.signature(Pair)) == "(left, right=2)"
    Pair(1)
    assert str(inspect.signature(Pair)) == "(left, right=2)"
