"""Detect: what the batch changed in the graph → what the rules now find.

The result depends on the graph as it stands and not on the way it came there: every subject
whose finding could have changed is examined anew, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from graph.port import EvidenceReader
from schemas.alerts import Finding
from streams.alerts.book import Examined
from streams.alerts.lens import Lens
from streams.alerts.rules import RULE_NAMES, Rules
from streams.alerts.scene import Touched, survey


def detect(touched: Touched, reader: EvidenceReader, rules: Rules) -> Examined:
    """What each rule looked at and found, after the batch was linked.

    `reader` sees the batch's own rows; it is asked for the whole batch at once. A rule that is
    switched off finds nothing about what was touched.
    """
    lens = Lens(reader)
    scene = survey(touched, rules.common, lens)
    subjects = dict.fromkeys(RULE_NAMES, touched.entities)
    findings: dict[str, dict[int, tuple[Finding, ...]]] = {}
    for rule in rules.rules:
        name = rule.policy.rule
        examined = rule.subjects(scene, lens)
        rule.prepare(examined, lens)
        subjects[name] |= examined
        found = {subject: tuple(rule.examine(subject, lens)) for subject in examined}
        findings[name] = {subject: told for subject, told in found.items() if told}
    return Examined(subjects, findings)


def detect_everything(reader: EvidenceReader, rules: Rules, batch: int = 2000) -> Iterator[Examined]:
    """Examines every entity, some at a time: for a store whose alerts were raised by other rules."""
    keys = reader.all_entities()
    while chunk := frozenset(islice(keys, batch)):
        yield detect(Touched(entities=chunk, opened=frozenset()), reader, rules)
