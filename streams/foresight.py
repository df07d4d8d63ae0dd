"""What the rules would find if two entities were one: alerts that would be raised, told anew or taken back.

The rules themselves are asked, on a graph in which the two are one, and nothing is written. It is what
happens when the two become one and nobody else does: an answer hangs on two mentions, and what else there
is of the two mostly comes along.
"""

from __future__ import annotations

from collections.abc import Iterable

from graph.port import EvidenceReader
from schemas.reviews import AlertPromised, Foreseen
from streams.alerts.as_one import AsOne
from streams.alerts.book import AlertBook, AlertChange, alert_id
from streams.alerts.lens import Lens
from streams.alerts.rules import Rules
from streams.alerts.scene import Touched
from streams.stages.detect import detect


class Foresight:
    """Asks the rules in force about one pair after another, and compares with the alerts that stand.

    `read` counts what the rules were answered so far: how much work it was, some 10 µs each. Like the
    answers it is a function of the set.
    """

    def __init__(self, reader: EvidenceReader, book: AlertBook, rules: Rules) -> None:
        self._reader, self._book, self._rules = reader, book, rules
        self.read = 0
        self._titles = {rule.policy.rule: rule.policy.title for rule in rules.rules}

    def of(self, kept: int, absorbed: int) -> Foreseen:
        """What would change; `kept` is the key of the one who is spoken of first."""
        changes = self.changes(kept, absorbed)
        moved = self._moved(changes, kept, absorbed)
        before = set(moved.values())
        anew = {each.id for each in changes if each.told_anew}
        return Foreseen(
            raises=tuple(self._promised(each) for each in changes if each.raised and each.id not in moved),
            changes=tuple(sorted(anew | before)),
            withdraws=tuple(each.id for each in changes if each.withdrawn and each.id not in before),
        )

    def changes(self, kept: int, absorbed: int) -> list[AlertChange]:
        """What would be written of it, by alert id."""
        both = frozenset((kept, absorbed))
        as_one = AsOne(self._reader, kept, absorbed)
        touched = Touched(entities=both, changed=both, opened=frozenset())
        found = detect(touched, Lens(as_one, self._rules.loosest), self._rules)
        self.read += as_one.read
        return self._book.changes(found)

    def _moved(self, changes: Iterable[AlertChange], kept: int, absorbed: int) -> dict[str, str]:
        """Alerts that would only be told of the one instead of the other: their new ids and the present."""
        ids = self._reader.public_ids((kept, absorbed))
        gone = {each.id for each in changes if each.withdrawn}
        moved = {}
        for each in changes:
            subject, _, rest = each.key.partition(" ")
            if each.raised and subject == ids[kept]:
                before = alert_id(each.rule, f"{ids[absorbed]} {rest}".rstrip())
                if before in gone:
                    moved[each.id] = before
        return moved

    def _promised(self, change: AlertChange) -> AlertPromised:
        return AlertPromised(id=change.id, rule=change.rule, title=self._titles[change.rule])
