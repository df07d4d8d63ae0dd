"""What becomes of a record on its way: sent twice, revised, withdrawn, forwarded by others.

Each variant keeps the contract's rule of life: a record lives if and only if its highest revision's
`reported_at` is later than its latest withdrawal's, whatever the order of arrival.
"""

from __future__ import annotations

import copy

from streams.simulate.cell import Draft, Maker
from streams.simulate.clock import DAY, stamp

_FATES = (
    (0.030, "resent"),
    (0.018, "revised"),
    (0.012, "revised_late"),
    (0.010, "withdrawn"),
    (0.006, "withdrawn_early"),
    (0.004, "restored"),
)


def choose_fate(draft: Draft, maker: Maker, copy_rate: float = 0.0) -> None:
    """Draws what becomes of the draft, before its people are mended and its truth is made."""
    draw = maker.rng.random()
    for share, fate in _FATES:
        if draw < share:
            draft.fate = fate
            draft.alive = not fate.startswith("withdrawn")
            break
        draw -= share
    if draft.alive and copy_rate and maker.rng.random() < copy_rate:
        draft.copies = 1 + int(maker.rng.random() * 2.3)


def forwarded(draft: Draft, maker: Maker) -> list[Draft]:
    """Copies of a tip in other sources: the same text and details, without the reporter."""
    r = maker.rng.random
    made: list[Draft] = []
    for _ in range(draft.copies):
        reported = draft.reported + DAY // 24 + int(r() * 12 * DAY)
        unit = maker.tables.regions[int(r() * len(maker.tables.regions))].code
        source = (f"{unit}-12345", f"{unit}-wx", f"{unit}-xf")[int(r() * 3)]
        head = maker.record("tip", source, draft.record["region"], reported)
        body = copy.deepcopy(draft.record)
        body.pop("reporter", None)
        body.pop("revision", None)
        if r() < 0.2 and "text" in body:
            body["text"] = "【转办】" + body["text"]
        again = Draft(body | head, reported, draft.people, draft.vehicles, draft.plates, reported)
        again.strangers = draft.strangers
        again.hoax, again.copy_of = draft.hoax, draft.name
        made.append(again)
        maker.count("copy")
    return made


def expand(draft: Draft, maker: Maker) -> list[Draft]:
    """All lines a draft becomes, each with its arrival; the draft itself stays the one that counts."""
    r = maker.rng.random
    lag = 600 + int(r() * r() * 3 * DAY)
    draft.arrival = draft.arrival or draft.reported + lag
    fate = draft.fate
    if not fate:
        return [draft]
    maker.count(fate)
    if fate == "resent":
        again = Draft(draft.record, draft.reported, arrival=draft.arrival + int(r() * 10 * DAY))
        return [draft, again]
    if fate in ("revised", "revised_late"):
        return [_earlier(draft, maker, late=fate == "revised_late"), draft]
    if fate == "restored":
        first = _earlier(draft, maker, late=r() < 0.5)
        taken = maker.withdrawal(first, max(60, (draft.reported - first.reported) // 2))
        return [first, taken, draft]
    taken = maker.withdrawal(draft, 3600 + int(r() * 20 * DAY))
    if fate == "withdrawn_early":
        draft.arrival = taken.reported + DAY + int(r() * 5 * DAY)
    return [draft, taken]


def _earlier(draft: Draft, maker: Maker, *, late: bool) -> Draft:
    """The first revision, with something wrong in it; the draft becomes the second one."""
    r = maker.rng.random
    old = copy.deepcopy(draft.record)
    _spoil(old, maker)
    first = Draft(old, draft.reported, arrival=draft.arrival)
    shift = 1800 + int(r() * 6 * DAY)
    draft.reported += shift
    draft.record["revision"] = 2
    draft.record["reported_at"] = stamp(draft.reported)
    draft.arrival += shift
    if late:
        first.arrival = draft.arrival + 60 + int(r() * 4 * DAY)
    return first


def _spoil(record: dict[str, object], maker: Maker) -> None:
    """Puts one thing into a first revision that the second corrects."""
    r = maker.rng.random
    persons = record.get("persons")
    relations = record.get("relations")
    if isinstance(relations, list) and relations and r() < 0.5:
        relation = relations[0]
        relation["from"], relation["to"] = relation["to"], relation["from"]
    elif isinstance(persons, list) and persons:
        wrong = persons[int(r() * len(persons))]
        wrong["phones"] = [maker.registry.phone()]
        wrong.pop("id_number", None)
    else:
        record["text"] = "（待核）" + str(record.get("text", ""))
