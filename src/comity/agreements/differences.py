"""What changed between two versions of an agreement, in words and with both texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from comity.agreements.base import Agreement
from comity.agreements.beside import plain
from comity.agreements.entries import Basis
from comity.agreements.gates import Gate
from comity.agreements.terms import Value

NEW = "new"
DROPPED = "dropped"
CHANGED = "changed"

# Two texts that are longer stand on lines of their own.
_SHORT = 60

Parts = Mapping[str, str]
"""An entry as its parts: what each is called, and its text."""


@dataclass(frozen=True)
class Change:
    """One change: the `kind` and `name` of an entry, whether it is new, dropped or changed, and in which `part`.

    `old` and `new` are the texts of that part, '' where there is none. Whether a rule has become stricter cannot be
    told from its words; both are given.
    """

    kind: str
    name: str
    what: str
    part: str
    old: str
    new: str

    def sentence(self) -> str:
        """The change in words."""
        named = f"The {self.kind} {self.name}".rstrip()
        if self.what == NEW:
            return f"{named} is new: {self.new}"
        if self.what == DROPPED:
            return f"{named} is dropped; it was: {self.old}"
        old, new = self.old or "nothing", self.new or "nothing"
        if len(old) + len(new) > _SHORT:
            return f"{named} changes in {self.part}:\n    from  {old}\n    to    {new}"
        return f"{named} changes in {self.part}: from {old} to {new}"


def differences(old: Agreement, new: Agreement) -> tuple[Change, ...]:
    """Every change from `old` to `new`, in the order of an agreement's files; () when their words are the same."""
    return tuple(
        change
        for kind, of_old, of_new in zip(_KINDS, _entries(old), _entries(new), strict=True)
        for change in _compared(kind, of_old, of_new)
    )


_KINDS = (
    "agreement",
    "passage",
    "value",
    "list of reply codes",
    "reply code",
    "gate",
    "lawful request",
    "case",
    "order",
)


def _entries(agreement: Agreement) -> Iterator[Mapping[str, Parts]]:
    """Every entry by its name, for each of _KINDS in turn."""
    yield {"": {"name": agreement.name, "version": agreement.version, "title": agreement.title}}
    yield {
        passage.clause: {
            "its text": _one_line(passage.text),
            "its mark": passage.mark,
            "its source": passage.source,
            "the day of its text": passage.text_of,
            "whose duty it is": passage.duty,
            "its number": str(passage.number),
        }
        for passage in agreement.law
    }
    yield {value.name: _value(value) for value in agreement.values}
    yield {"": {"their order": ", ".join(agreement.codes), "what is sufficient": ", ".join(agreement.sufficiency)}}
    yield {
        office.code: {"what it says": office.says, "what to do": office.next, "its basis": _basis([office.basis])}
        for office in agreement.office_codes
    }
    yield {gate.key: _gate(gate) for gate in agreement.gates}
    yield {"": {name: plain(value) for name, value in agreement.lawful.items()}}
    yield {
        f"“{case.what}” of {case.gate}": {
            "what it gives": case.gives,
            "what it changes": _mapping(case.given),
            "what it takes away": ", ".join(case.absent),
        }
        for case in agreement.cases
    }
    yield {
        order.id: {
            "what it says": order.says,
            "its court": f"{order.court}, No. {order.docket}, {order.ordered_on}",
            "its direction": order.direction,
            "its basis": _basis([order.basis]),
        }
        for order in agreement.orders
    }


def _value(value: Value) -> Parts:
    bounds = {"least": value.least, "most": value.most}
    return {
        "what it is": _one_line(plain(value.dated()[0].value)),
        "its later readings": "; ".join(_reading(entry) for entry in value.dated()[1:]),
        "its bounds": ", ".join(f"{name} {bound}" for name, bound in bounds.items() if bound is not None),
        "its column": value.column,
        "its kind": value.kind,
        "its basis": _basis([value.basis]),
        "the day it starts": str(value.dated()[0].starts),
        "what it says": value.says,
    }


def _reading(entry: Value) -> str:
    return f"{_one_line(plain(entry.value))} from {entry.starts} ({_basis([entry.basis])})"


def _gate(gate: Gate) -> Parts:
    return {
        "what must hold": _one_line(gate.unless),
        "when it applies": _one_line(gate.applies),
        "what follows": gate.outcome,
        "what it says": gate.says,
        "what to do": gate.next,
        "its basis": _basis(gate.basis),
        "its scope": gate.scope,
        "who can check it": gate.needs,
        "what an absence says": _mapping(gate.absent),
        "what may be absent": ", ".join(gate.may_be_absent),
    }


def _compared(kind: str, old: Mapping[str, Parts], new: Mapping[str, Parts]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        if name not in old:
            yield Change(kind, name, NEW, "", "", _summed(new[name]))
        elif name not in new:
            yield Change(kind, name, DROPPED, "", _summed(old[name]), "")
        else:
            for part in dict.fromkeys((*old[name], *new[name])):
                was, will = old[name].get(part, ""), new[name].get(part, "")
                if was != will:
                    yield Change(kind, name, CHANGED, part, was, will)


def _summed(parts: Parts) -> str:
    """The first part, which says the most, and on what the entry rests."""
    first = next(iter(parts.values()))
    return f"{first} ({parts['its basis']})" if parts.get("its basis") else first


def _basis(bases: Iterable[Basis]) -> str:
    return "; ".join(f"{basis.level}, {basis.clause}{f': “{basis.quote}”' if basis.quote else ''}" for basis in bases)


def _mapping(given: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {plain(value)}" for name, value in given.items())


def _one_line(value: object) -> str:
    return " ".join(str(value).split())
