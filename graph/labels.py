"""How an entity is called, from what its records call it. A function of the set, never of arrival."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from schemas.claims import Features
from schemas.identifiers import mask, names

_LABEL_KINDS = (
    "plate", "tracking_no", "credit_code", "licence_no", "phone", "wechat", "bank_card", "id_number",
)  # fmt: skip

Names = Mapping[str, Collection[object]]
"""Names and, for each, the records that use it."""


def label_of(called: Names, aliases: Names, identifiers: Collection[tuple[str, str]]) -> str | None:
    """The best name: the most frequent open one (then the longest, then by text), else a masked
    one, a nickname, last an identifier; None when nobody gave it a name or number.

    >>> label_of({"林小强": [1, 2], "林某某": [3, 4, 5]}, {}, [])
    '林小强'
    >>> label_of({"阿强": [1, 2], "林某某": [3]}, {}, [])
    '林某某'
    >>> label_of({}, {}, [("phone", "13800001234"), ("plate", "琼A12345")])
    '琼A12345'
    """
    choice = _choice(called, aliases)
    if choice:
        return min(choice, key=lambda name: (-len(choice[name]), -len(name), name))
    return min(identifiers, key=_plainest_first)[1] if identifiers else None


def settled_label(described: Iterable[Features]) -> str | None:
    """The label, when it does not depend on how many records use which name; else None.

    >>> settled_label([Features(name="林小强"), Features(name="林小强", aliases=("阿强",))])
    '林小强'
    >>> settled_label([Features(name="林小强"), Features(name="林晓强")]) is None
    True
    """
    described = list(described)
    called = {each.name: () for each in described if each.name}
    aliases = {alias: () for each in described for alias in each.aliases}
    choice = _choice(called, aliases)
    if len(choice) > 1:
        return None
    numbers = [(one.kind, one.value) for each in described for one in (*each.identifiers, *each.masked)]
    return label_of(choice, {}, numbers)


def _choice(called: Names, aliases: Names) -> Names:
    """The names of the best sort there is: open ones, masked ones, then nicknames and aliases."""
    nicknames = {name: used for name, used in called.items() if names.is_nickname(name)}
    masked = {name: used for name, used in called.items() if names.is_masked(name)}
    opened = {name: used for name, used in called.items() if name not in nicknames and name not in masked}
    return opened or masked or {**aliases, **nicknames}


def _plainest_first(identifier: tuple[str, str]) -> tuple[bool, int, str]:
    kind, value = identifier
    rank = _LABEL_KINDS.index(kind) if kind in _LABEL_KINDS else len(_LABEL_KINDS)
    return (mask.is_masked(value), rank, value)


def also_called(called: Names, aliases: Names, label: str) -> tuple[str, ...]:
    """All other names and aliases, by text.

    >>> also_called({"林小强": [1], "林某某": [2]}, {"阿强": [1]}, "林小强")
    ('林某某', '阿强')
    """
    return tuple(sorted({*called, *aliases} - {label}))
