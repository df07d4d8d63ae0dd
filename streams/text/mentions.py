"""A text's findings in the contract's types of mention, for people to check by eye."""

from __future__ import annotations

from schemas.claims import TextMention
from streams.text.findings import TextReading

_TYPES = {"tracking_no": "parcel"}


def text_mentions(reading: TextReading) -> tuple[TextMention, ...]:
    """All that was found, in order of place.

    >>> from streams.text.spans import read_text
    >>> [(found.type, found.value) for found in text_mentions(read_text("卖冰毒5克，收了300元"))]
    [('substance', 'methamphetamine'), ('quantity', '5 克'), ('money', '300')]
    """
    found = [
        TextMention(_TYPES.get(item.kind, item.kind), item.start, item.end, item.normal or item.mask)
        for item in reading.identifiers
    ]
    found += [TextMention("substance", item.start, item.end, item.code) for item in reading.substances]
    found += [
        TextMention("quantity", item.start, item.end, f"{item.value:g} {item.unit}")
        for item in reading.quantities
    ]
    found += [TextMention("money", item.start, item.end, f"{item.yuan:g}") for item in reading.amounts]
    found += [TextMention("time", item.start, item.end, item.iso) for item in reading.times]
    return tuple(sorted(found, key=lambda item: (item.start, item.end)))
