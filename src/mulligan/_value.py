"""The base of every frozen value: what `dataclass(frozen=True, slots=True, kw_only=True)` gives, without importing it.

Rules:
- A subclass of `Value` declares its fields as annotations; `name: type = default` gives a default. Values are frozen,
  slotted, equal by type and fields, hashable where their fields are, picklable, and their `repr` evaluates back.
- Fields are keyword-only; `class Returned(Value, kw_only=False)` takes them by position too, and matches by position.
- `__post_init__` checks the fields and may settle them into their final form with `_settle`; nothing changes later.
- A module that defines values has `from __future__ import annotations`, so that no annotation is ever evaluated.
- The base imports neither `dataclasses` nor `inspect`: they alone would cost half of the runtime's import time.
"""

from __future__ import annotations

from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from inspect import Signature
    from typing import Self, TypeGuard

__all__ = ["Value", "field_names"]

_REQUIRED = object()
_V = TypeVar("_V")


def _is_annotations(found: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(found, dict)


def _annotated(namespace: Mapping[str, object]) -> tuple[str, ...]:
    annotations = namespace.get("__annotations__")
    if not _is_annotations(annotations):
        return ()
    return tuple(name for name, annotation in annotations.items() if "ClassVar" not in str(annotation))


def _inherited(bases: Iterable[type]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for base in bases:
        if isinstance(base, ValueType):
            fields.update(base.__value_fields__)
    return fields


def _tuple_of(fields: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    if len(fields) > 1:
        return attrgetter(*fields)  # answers a tuple only when it is asked for two or more
    return lambda value: tuple(getattr(value, field) for field in fields)


def _first_constructor(cls: type, fields: Mapping[str, object], *, kw_only: bool) -> Callable[..., None]:
    """Put off writing the constructor to the first value: most classes that a program imports never have one."""

    def __init__(self: object, *arguments: object, **named: object) -> None:  # noqa: N807 - it stands in for it
        written = _constructor(cls, fields, kw_only=kw_only)
        type.__setattr__(cls, "__init__", written)
        written(self, *arguments, **named)

    return __init__


def _constructor(cls: type, fields: Mapping[str, object], *, kw_only: bool) -> Callable[..., None]:
    """Write `__init__` as source, as `dataclasses` does: a generic one costs five times as much at each call."""
    arguments = [name if default is _REQUIRED else f"{name}=_default_{name}" for name, default in fields.items()]
    star = ["*"] if kw_only and arguments else []
    body = [f"_set_{name}(self, {name})" for name in fields]
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    source = f"def __init__(self, {', '.join(star + arguments)}): " + ("; ".join(body) or "pass")
    scope = {f"_default_{name}": default for name, default in fields.items()}
    scope |= {f"_set_{name}": getattr(cls, name).__set__ for name in fields}
    exec(source, scope)  # noqa: S102 - the source holds nothing but the names of the class's own fields
    written = scope["__init__"]
    assert isinstance(written, FunctionType)  # noqa: S101 - tells the type checkers what `exec` defined
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    written.__module__ = cls.__module__
    return written


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=True)
class ValueType(type):
    """The type of values: turns annotations into slots and writes the constructor."""

    __value_kw_only__: bool
    __value_fields__: Mapping[str, object]
    __value_tuple__: staticmethod[[object], tuple[object, ...]]

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, object], *, kw_only: bool = True
    ) -> ValueType:
        """Create the class with its slots in place of its defaults."""
        own = {field: namespace.pop(field, _REQUIRED) for field in _annotated(namespace)}
        namespace.setdefault("__slots__", tuple(own))
        cls = super().__new__(mcs, name, bases, namespace)
        fields = {**_inherited(bases), **own}
        type.__setattr__(cls, "__value_fields__", fields)
        type.__setattr__(cls, "__value_tuple__", staticmethod(_tuple_of(tuple(fields))))
        type.__setattr__(cls, "__value_kw_only__", kw_only)
        type.__setattr__(cls, "__match_args__", () if kw_only else tuple(fields))
        if "__init__" not in namespace:
            type.__setattr__(cls, "__init__", _first_constructor(cls, fields, kw_only=kw_only))
        return cls

    @property
    def __signature__(cls) -> Signature:
        """Answer the signature that the constructor has, or will have once it is written."""
        from inspect import signature  # noqa: PLC0415 - whoever asks has imported inspect already

        written = _constructor(cls, cls.__value_fields__, kw_only=cls.__value_kw_only__)
        return signature(written.__get__(cls))


class Value(metaclass=ValueType):
    """A frozen value: subclass it and annotate the fields.

    >>> class Point(Value):
    ...     x: float
    ...     y: float = 0.0
    >>> point = Point(x=1.0)
    >>> point
    Point(x=1.0, y=0.0)
    >>> point.replace(y=2.0) == Point(x=1.0, y=2.0)
    True
    >>> point.x = 3.0
    Traceback (most recent call last):
        ...
    AttributeError: Point is frozen: x can't be set; .replace(x=...) makes a changed copy
    """

    __slots__ = ()

    def replace(self, **changes: object) -> Self:
        """Answer a copy with these fields changed, checked as at construction.

        Args:
            changes: new values by field name.

        Raises:
            TypeError: when a name is no field.

        >>> class Limit(Value):
        ...     attempts: int = 3
        >>> Limit().replace(attempts=5)
        Limit(attempts=5)
        """
        return _rebuild(type(self), {**_fields(self), **changes})

    def _settle(self, **fields: object) -> None:
        """Put fields into their final form; for `__post_init__` alone."""
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or type(other) is not type(self):
            return NotImplemented
        return _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash((type(self), _values(self)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in _fields(self).items())
        return f"{type(self).__qualname__}({shown})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            f"{type(self).__name__} is frozen: {name} can't be set; .replace({name}=...) makes a changed copy"
        )

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be deleted")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), _fields(self))


def field_names(value: Value | type[Value]) -> tuple[str, ...]:
    """Answer the names of a value's fields, in the order of their declaration.

    Args:
        value: a value, or a class of values.

    >>> class Span(Value):
    ...     start: int
    ...     end: int
    >>> field_names(Span)
    ('start', 'end')
    """
    return tuple(value.__value_fields__ if isinstance(value, ValueType) else type(value).__value_fields__)


def _values(value: Value) -> tuple[object, ...]:
    return type(value).__value_tuple__(value)


def _fields(value: Value) -> dict[str, object]:
    return dict(zip(type(value).__value_fields__, _values(value), strict=True))


def _rebuild(cls: Callable[..., _V], fields: Mapping[str, object]) -> _V:
    return cls(**fields)
