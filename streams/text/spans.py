"""Reading free Chinese text by rules: the entry point.

Choose this for text of any origin: it never raises, takes time linear in the length of the text,
and says of each finding where it stands in the text as given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.text.findings import TextReading
from streams.text.fold import fold
from streams.text.goods import find_substances, quantities_of
from streams.text.identifiers import find_identifiers
from streams.text.measures import find_measures
from streams.text.moments import find_times

if TYPE_CHECKING:
    from streams.text.findings import FoundIdentifier, IdentifierKind

__all__ = ["TextReading", "read_text"]


def read_text(text: str) -> TextReading:
    """What a text says of phones, vehicles, people, accounts, parcels, money, goods and times.

    >>> text = "阿明开琼A·12345送货，电话１３８-００００-１２３４，冰毒300元一克，共5克"
    >>> reading = read_text(text)
    >>> [item.normal for item in reading.identifiers]
    ['琼A12345', '13800001234']
    >>> [(item.value, item.unit, reading.substances[item.of].code) for item in reading.quantities]
    [(1.0, '克', 'methamphetamine'), (5.0, '克', 'methamphetamine')]
    >>> text[slice(*reading.phones[0].span)]
    '１３８-００００-１２３４'
    """
    folded = fold(text)
    ground = find_identifiers(folded)
    amounts, quantities = find_measures(folded, ground)
    substances = find_substances(folded, ground, amounts, quantities)
    of_kind: dict[IdentifierKind, list[FoundIdentifier]] = {}
    for item in ground.found:
        of_kind.setdefault(item.kind, []).append(item)
    return TextReading(
        phones=tuple(of_kind.get("phone", ())),
        plates=tuple(of_kind.get("plate", ())),
        id_numbers=tuple(of_kind.get("id_number", ())),
        wechats=tuple(of_kind.get("wechat", ())),
        bank_cards=tuple(of_kind.get("bank_card", ())),
        parcels=tuple(of_kind.get("tracking_no", ())),
        amounts=tuple(amounts),
        quantities=tuple(quantities_of(folded, quantities, substances)),
        substances=tuple(substances),
        times=tuple(find_times(folded, ground)),
    )
