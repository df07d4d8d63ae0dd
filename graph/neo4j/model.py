r"""How the graph is called in Neo4j: labels, types and what is common to all statements.

    (:Record)-[:MENTIONS]->(:Profile)-[:OF]->(:Entity:Person)-[:SUPPLIED]->(:Entity:Person)
        |  \\-[:MENTIONS]->(:Entity:Phone)                \\-[:USES]->(:Entity:Phone)
        \\-[:LISTS]->(:Lot)-[:IN_HANDS_OF]->(:Entity:Person)
    (:Record)-[:COPY_OF]->(:Record), from a tip to the one that told its text first
    (:Alert)-[:ABOUT]->(:Entity), (:Alert)-[:RESTS_ON]->(:Record)

What has ended keeps its place under another name, so that a query written by hand does not take it for
live: `Record` becomes `WasRecord`, `Person` `WasPerson`, `SUPPLIED` `WAS_SUPPLIED`. Everything carries the
transactions in which it was opened and, when it has ended, closed; a reader of one moment looks at both.
Times are texts in China's time for people (`2019-06-03 21:14:00`, which sort as the times do), and beside it
(`_us`) microseconds since 1970 for the programs.
"""

from __future__ import annotations

from typing import get_args

from schemas.claims import MentionType, Predicate

FACTS: dict[str, str] = {predicate: predicate.upper() for predicate in get_args(Predicate)}
"""The type of the relationships that stand for each predicate."""
PLACES = {False: "IN_HANDS_OF", True: "FOUND_IN"}
"""Types of the relationships from a lot to who holds it, and to what it was found in."""
COPY_OF = "COPY_OF"
"""The type of the relationships from a copy of a tip's text to the tip that told it first."""
ENTITY_LABELS: tuple[str, ...] = tuple(type_.capitalize() for type_ in get_args(MentionType))
LIVE = 1 << 62
"""Later than every transaction: what `closed` is taken for while something is live."""
SEARCH = "suyuan_tokens"
"""The full-text index of our own tokens."""


def was(name: str) -> str:
    """The name under which something of this label or type stays when it has ended.

    >>> was("Person"), was("SUPPLIED")
    ('WasPerson', 'WAS_SUPPLIED')
    """
    return f"WAS_{name}" if name.isupper() else f"Was{name}"


def of(*types: str) -> str:
    """The types, live and ended, as a pattern of Cypher.

    >>> of("SUPPLIED", "OF")
    'SUPPLIED|WAS_SUPPLIED|OF|WAS_OF'
    """
    return "|".join(name for type_ in types for name in (type_, was(type_)))
