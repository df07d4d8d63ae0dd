"""What the answers of the interface hold, as types: for its document, and for who checks answers against it.

The routes build most of these from dictionaries; a test holds what they give to what is said here.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from graph.console.access import Role
from graph.console.answers import State
from graph.console.screens.dossier import Lane, Others
from graph.console.screens.highlights import Highlight
from graph.console.screens.picture import Link, Node
from graph.console.screens.searching import Hit
from schemas.alerts import Alert
from schemas.entities import Confirmation, Edge, Entity
from schemas.reference.words import Said


class SessionAnswer(Struct, kw_only=True):
    """Who is signed in. `purposes` are by case, the one of work outside a case under the empty string."""

    user: str
    name: str
    role: Role
    regions: list[str]
    cases: list[str]
    csrf: str
    purposes: dict[str, str]
    expires: str
    must_change: bool


class Hits(Struct):
    """Whom a search found, best first."""

    hits: list[Hit]


class AppearanceAnswer(Struct, kw_only=True):
    """A record in which an entity is spoken of."""

    record: str
    kind: str
    source: str
    region: str
    case: str | None
    line: int | None
    checkpoint: str | None
    site: str | None
    outcome: str | None
    reported: str
    copy_of: list[str]
    lead: bool
    role: str
    grade: str | None
    doubts: str | None


class LotAnswer(Struct, kw_only=True):
    """Goods in somebody's hands."""

    record: str
    kind: str
    reported: str
    substance: str | None
    quantity: float | None
    unit: str | None
    grams: float | None


class AlertMark(Struct):
    """An alert about an entity."""

    id: str
    rule: str
    severity: str
    state: str


class DossierAnswer(Struct, kw_only=True):
    """All that is known of one entity; `records` is how many speak of it, of which the last are shown."""

    entity: Entity
    node: Node
    appearances: list[AppearanceAnswer]
    records: int
    lots: list[LotAnswer]
    links: dict[str, int]
    others: list[Others]
    alerts: list[AlertMark]
    notice: str


class Lanes(Struct):
    """What happened around an entity."""

    lanes: list[Lane]


class WayAnswer(Struct):
    """The shortest way between two entities; empty when there is none."""

    nodes: list[Node]
    links: list[Link]
    withheld: bool


class FoundInText(Struct):
    """What was read out of a text; `start` and `end` count its characters."""

    type: str
    text: str
    start: int
    end: int
    value: str | None


class Told(Struct):
    """That a record copies another one, and how much of it; `known_by` is the one it was compared with."""

    record: str
    known_by: str
    alike: float


class RecordAnswer(Struct, kw_only=True):
    """The redacted working copy of a record; `sha256` is its hash, `grade` as it came. `names` says what
    the codes in its fields mean.
    """

    record: str
    kind: str
    revision: int
    reported_at: str
    received_at: str
    live: bool
    withdrawn_because: str | None
    flags: list[str]
    copy_of: list[Told]
    copies: list[str]
    sha256: str
    grade: str
    names: dict[str, str]
    body: dict[str, Any]
    found_in_text: list[FoundInText]
    entities: list[Node]


class Source(RecordAnswer, kw_only=True):
    """A record of which some places state what is asked about."""

    highlights: list[Highlight]


class ProvenEdge(Edge, frozen=True, kw_only=True):
    """An edge, and who confirmed it, if it is drawn by a person's word."""

    confirmed: Confirmation | None = None


class EvidenceAnswer(Struct, kw_only=True):
    """What edges stand on; `origins` is how many tell of it independently."""

    edges: list[ProvenEdge]
    entities: list[Entity]
    records: list[Source]
    origins: int
    against: list[Said]
    notice: str


class Site(Struct):
    """A site of the lines of defence, and how many records have it."""

    id: str
    name: str
    line: int
    assumed: bool
    kind: str
    lat: float
    lon: float
    records: int


class SeizurePlace(Struct):
    """Where a record says that something was seized."""

    name: str | None
    region: str | None
    lat: float
    lon: float
    record: str


class Route(Struct, rename={"start": "from", "end": "to"}):
    """How many times somebody or something passed these two sites, one surely after the other; when at the
    earliest and at the latest.
    """

    start: str
    end: str
    records: int
    earliest: str
    latest: str


class AtlasAnswer(Struct):
    """The map; `land` is a GeoJSON FeatureCollection, `undated` how many records with a site say no time."""

    land: dict[str, Any]
    sites: list[Site]
    places: list[SeizurePlace]
    routes: list[Route]
    undated: int


class NewRecord(Struct):
    """A record that came in."""

    record: str
    kind: str
    case: str | None
    reported_at: str
    received_at: str


class ChangesAnswer(Struct):
    """What came since a moment."""

    now: str
    records: list[NewRecord]
    entities: list[Node]
    more: bool


class AlertReply(Struct):
    """What somebody answered."""

    state: State
    by: str
    because: str
    at: str


class AlertAnswer(Alert, frozen=True, kw_only=True):
    """An alert with its answers; `version` is how many there are. Its words in English stand beside them."""

    reasons_en: list[str]
    against_en: list[str]
    answers: list[AlertReply]
    version: int


class Alerts(Struct):
    """Alerts, the last raised first; `next` is what to give as `before` for those behind, if there are any.
    `unanswered` is how many there are in all that nobody has answered.
    """

    alerts: list[AlertAnswer]
    next: str | None
    unanswered: int


class ReviewAnswer(Struct):
    """What waits for a person; `elsewhere`: the store's owner is, so it is answered there."""

    pairs: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    elsewhere: bool


class Judgement(Struct):
    """What a word changed."""

    changed: dict[str, Any]


class CaseAnswer(Struct):
    """A case and its team."""

    case: str
    member: bool
    records: int
    members: list[str]
    leads: list[str]


class Cases(Struct):
    """One's own cases."""

    cases: list[CaseAnswer]


class ViewAnswer(Struct):
    """A saved view; `at` is when it was last changed."""

    id: str
    name: str
    case: str | None
    shared: bool
    by: str
    at: str
    body: dict[str, Any]


class Views(Struct):
    """Views that one sees."""

    views: list[ViewAnswer]


class OidcAnswer(Struct):
    """Whether one may sign in by an identity provider, and what it is called."""

    offered: bool
    name: str


class UserAnswer(Struct):
    """An account."""

    user: str
    name: str
    role: Role
    regions: list[str]
    cases: list[str]
    locked: bool
    disabled: bool


class Users(Struct):
    """All accounts."""

    users: list[UserAnswer]


class NewPassword(Struct):
    """A password that is shown this once."""

    user: str
    password: str


class Fault(Struct):
    """Something that cannot be done: a code for programs, words for people; some codes say more."""

    error: str
    message: str
