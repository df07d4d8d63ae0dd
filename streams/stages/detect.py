"""Detect: what the batch changed in the graph → what the rules now find.

The result depends on the graph as it stands and not on the way it came there: every subject
whose finding could have changed is examined anew, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from graph.port import EvidenceReader
from schemas.alerts import Finding
from streams.alerts.book import Examined, Subject
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Policy
from streams.alerts.rules import RULE_NAMES, Rules
from streams.alerts.scene import Touched, survey
from streams.alerts.writing import Draft, prepare_to_write, write


def detect(touched: Touched, lens: Lens, rules: Rules) -> Examined:
    """What each rule looked at and found, after the batch was linked.

    The reader behind `lens` sees the batch's own rows; it is asked for the whole batch at once. The lens
    may have looked at the graph as earlier batches left it. A rule that is switched off finds nothing
    about what was touched.
    """
    lens.look_again(touched.entities, touched.changed)
    scene = survey(touched, rules.common, lens)
    subjects = dict.fromkeys(RULE_NAMES, touched.entities)
    drafts: list[tuple[Draft, Policy]] = []
    for rule in rules.rules:
        examined = rule.subjects(scene, lens)
        rule.prepare(examined, lens)
        subjects[rule.policy.rule] |= examined
        drafts += [(draft, rule.policy) for key in examined for draft in rule.examine(key, lens)]
    return Examined(subjects, _findings(drafts, rules.common, lens))


def _findings(drafts: list[tuple[Draft, Policy]], common: Common, lens: Lens) -> dict[Subject, list[Finding]]:
    prepare_to_write(drafts, lens)
    findings: dict[Subject, list[Finding]] = {}
    for draft, policy in drafts:
        subject = (policy.rule, draft.entities[0])
        findings.setdefault(subject, []).append(write(draft, policy, common, lens))
    return findings


def detect_everything(reader: EvidenceReader, rules: Rules, batch: int = 2000) -> Iterator[Examined]:
    """Examines every entity, some at a time: for a store whose alerts were raised by other rules."""
    keys = reader.all_entities()
    while chunk := frozenset(islice(keys, batch)):
        everyone = Touched(entities=chunk, changed=chunk, opened=frozenset())
        yield detect(everyone, Lens(reader, rules.loosest), rules)
