"""Settings in full: a policy's own fields over those of the policy that it extends.

Rules: pure. A child's field replaces the parent's; `template` and `description` are not inherited, `retry_on` and
`retry_if` give way to a child's `classify`, and the other way round. A cycle is refused, and so is a parent that isn't
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.config.file.complaints import guess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan.config.file.complaints import Complaints
    from mulligan.config.file.positions import Path
    from mulligan.config.file.reading import Written

__all__ = ["Inherited", "inherited"]

OWN: Final = frozenset({"template", "description", "extends"})
RIVALS: Final = {"classify": {"retry_on", "retry_if"}, "retry_on": {"classify"}, "retry_if": {"classify"}}


class Inherited(Value):
    """The fields of one policy, and where each was written.

    Args:
        name: the policy's.
        path: where its table stands.
        ancestors: those it extends, the nearest first.
        fields: its own and those of the ancestors.
        places: the path of the table that each field comes from.
    """

    name: str
    path: Path
    ancestors: tuple[str, ...]
    fields: Mapping[str, object]
    places: Mapping[str, Path]


def inherited(policies: Mapping[str, Written], complaints: Complaints) -> tuple[Inherited, ...]:
    """Answer the policies with what they inherit, in the order of the file; those in a cycle are left out.

    Args:
        policies: as they were written.
        complaints: takes what is wrong.
    """
    found = (_inherited(written, policies, complaints) for written in policies.values())
    return tuple(each for each in found if each is not None)


def _inherited(written: Written, policies: Mapping[str, Written], complaints: Complaints) -> Inherited | None:
    line = [written]
    while "extends" in line[-1].fields:
        parent = str(line[-1].fields["extends"])
        if parent not in policies:
            if line[-1] is written:
                remedy = f"no such policy in this file{guess(parent, policies)}"
                complaints.add((*written.path, "extends"), parent, remedy)
            break
        if any(each.name == parent for each in line):
            _complain_of_cycle(line, parent, complaints)
            return None
        line.append(policies[parent])
    return _merged(line)


def _complain_of_cycle(line: list[Written], parent: str, complaints: Complaints) -> None:
    names = [each.name for each in line]
    if parent == names[0] == min(names):  # the circle is told once
        around = " → ".join([*names, parent])
        complaints.add((*line[0].path, "extends"), line[0].fields["extends"], f"break the circle {around}")


def _merged(line: list[Written]) -> Inherited:
    fields: dict[str, object] = {}
    places: dict[str, Path] = {}
    for each in reversed(line):
        given = {name: value for name, value in each.fields.items() if each is line[0] or name not in OWN}
        for gone in set[str]().union(*(RIVALS.get(name, set[str]()) for name in given)):
            fields.pop(gone, None)
        fields |= given
        places |= dict.fromkeys(given, each.path)
    first = line[0]
    ancestors = tuple(each.name for each in line[1:])
    return Inherited(name=first.name, path=first.path, ancestors=ancestors, fields=fields, places=places)
