"""How an entity is called, from what its records call it. A function of the set, never of arrival."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
    nicknames = {name: used for name, used in called.items() if names.is_nickname(name)}
    masked = {name: used for name, used in called.items() if names.is_masked(name)}
    opened = {name: used for name, used in called.items() if name not in nicknames and name not in masked}
    for choice in (opened, masked, {**aliases, **nicknames}):
        if choice:
            return min(choice, key=lambda name: (-len(choice[name]), -len(name), name))
    if identifiers:
        return min(identifiers, key=_plainest_first)[1]
    return None


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
