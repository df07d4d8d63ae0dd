"""A report to print: chains hop by hop, people, links, and the records behind them with their hashes.

For people: codes are words, times are China's. What machines read stands in `exporting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from graph.console.screens import left_out
from graph.console.screens.exporting import Selection, hash_of
from graph.console.screens.moments import moment, stretch
from graph.console.screens.picture import Beyond
from graph.console.screens.telling import amount, circumstances, contents
from graph.console.screens.tracing import TraceLink, TracePicture, confirming, weakest_of
from graph.port import RecordCopy
from graph.xml import escape
from schemas.entities import Chain, Edge, Entity, Excluded, Hop
from schemas.reference.words import Lang, substance, word
from schemas.times import iso

_MOST_LEFT_OUT = 40
_TAG = {"zh": "zh-CN", "en": "en"}


class Asked(Struct, frozen=True, kw_only=True):
    """What was traced, as it was asked for; moments are ISO 8601."""

    substance: str | None
    until: str | None
    max_hops: int


class Heading(Struct, frozen=True, kw_only=True):
    """Who prints a report, when, in which case and for what; and as of when it is known (None: as of now).
    Moments are microseconds.
    """

    title: str
    by: str
    at: int
    case: str | None
    purpose: str
    as_of: int | None = None


class Report(Struct, frozen=True, kw_only=True):
    """What a report is made of. `traced` is the trace that is printed, and what was asked for, if any was."""

    selection: Selection
    heading: Heading
    lang: Lang
    traced: tuple[TracePicture, Asked] | None = None


class Sheet:
    """A report while it is written; its records have numbers, by which hops and links name them.

    What leaves with it is known (`about`) before it is `written`.
    """

    def __init__(self, report: Report) -> None:
        self._report, self._lang = report, report.lang
        self._entities = report.selection.entities(report.selection.all_entities())
        self._labels = {entity.id: entity.label for entity in self._entities}
        self._records = report.selection.records()
        self._numbers = {kept.record: n for n, kept in enumerate(self._records, 1)}

    def about(self) -> tuple[str, ...]:
        """What leaves with it: ids of entities and edges, names of records."""
        chosen = self._report.selection.about()
        if self._report.traced is None:
            return chosen
        picture, _ = self._report.traced
        hops = [hop for chain in self._followed(picture) for hop in chain.hops]
        left = self._not_followed(picture)[:_MOST_LEFT_OUT]
        ends = (end.id for hop in hops for end in (hop.source, hop.target))
        others = (end for one in left for end in (one.source, one.target))
        told: list[Hop | Excluded] = [*hops, *left]
        names = (name for one in told for name in one.records)
        return (*chosen, picture.trace.origin.id, *ends, *others, *names)

    def written(self) -> bytes:
        """One HTML page with a style sheet for print."""
        return "".join(self._parts()).encode()

    def _parts(self) -> Iterator[str]:
        """The page from top to bottom."""
        heading = self._report.heading
        yield f'<!doctype html>\n<html lang="{_TAG[self._lang]}"><head><meta charset="utf-8">'
        yield f"<title>{escape(heading.title or self._say('title'))}</title>"
        yield '<link rel="stylesheet" href="/report.css"></head><body>\n'
        yield from self._head()
        if self._report.traced is not None:
            yield from self._chains(self._report.traced[0])
        yield self._section("things", self._things(self._entities))
        yield from map(self._beyond, self._report.selection.beyond)
        yield self._section("links", self._links(self._report.selection.all_edges()))
        yield self._section("records", self._kept(self._records))
        yield f"<footer><p>{self._text('hashes')}</p>"
        yield f'<p class="notice">{self._text("notice")}</p></footer>\n</body></html>\n'

    def _head(self) -> Iterator[str]:
        heading = self._report.heading
        yield f'<header><p class="sheet">{self._text("sheet")}</p>'
        yield f'<p class="notice">{self._text("notice")}</p>'
        yield f"<h1>{escape(heading.title or self._say('title'))}</h1><dl>"
        facts = {
            "by": heading.by,
            "at": moment(iso(heading.at), self._lang),
            "case": heading.case or self._say("no_case"),
            "purpose": heading.purpose,
        }
        if self._report.traced is not None:
            facts["asked"] = self._asked(*self._report.traced)
        yield from (f"<dt>{self._text(code)}</dt><dd>{escape(said)}</dd>" for code, said in facts.items())
        yield "</dl>"
        if heading.as_of is not None:
            at = moment(iso(heading.as_of), self._lang)
            yield f'<p class="remark">{self._text("known", at=at)}</p>'
        yield f"<p>{self._text('notice_long')}</p><p>{self._text('times')}</p></header>\n"

    def _asked(self, picture: TracePicture, asked: Asked) -> str:
        origin = picture.trace.origin.label
        told = [self._say(f"direction_{picture.trace.direction}", who=origin)]
        if asked.substance:
            told.append(self._say("of_substance", substance=substance(asked.substance, self._lang)))
        if asked.until:
            told.append(self._say("up_to", at=moment(asked.until, self._lang)))
        told.append(self._say("most_hops", n=asked.max_hops))
        return ("；" if self._lang == "zh" else "; ").join(told)

    # --- the trace ----------------------------------------------------------------------------------

    def _chains(self, picture: TracePicture) -> Iterator[str]:
        yield f"<h2>{self._text('chains')}</h2>\n"
        remarks = [
            self._say("truncated") if picture.trace.truncated else "",
            self._say("withheld") if picture.withheld else "",
        ]
        yield from (f'<p class="remark">{escape(each)}</p>' for each in remarks if each)
        chosen = self._followed(picture)
        if not chosen:
            yield f"<p>{self._text('no_chain')}</p>"
        for number, chain in enumerate(chosen, 1):
            yield from self._chain(number, chain, picture)
        yield from self._left_out(picture)

    def _followed(self, picture: TracePicture) -> list[Chain]:
        """The chains of which all who stand in them were asked for."""
        return [
            chain
            for chain in picture.trace.chains
            if all(end.id in self._labels for hop in chain.hops for end in (hop.source, hop.target))
        ]

    def _chain(self, number: int, chain: Chain, picture: TracePicture) -> Iterator[str]:
        ends = {"from": chain.hops[0].source.label, "to": chain.hops[-1].target.label}
        more = {"n": number, "hops": len(chain.hops), "confidence": _sure(chain.confidence)}
        yield f"<h3>{escape(self._say('chain', **ends, **more))}</h3>\n"
        links = {(link.source, link.target, link.substance): link for link in picture.links}
        head = ("hop", "supplier", "receiver", "time", "goods", "basis", "confidence", "record")
        rows = (
            self._hop(n, hop, picture, links[hop.source.id, hop.target.id, hop.substance])
            for n, hop in enumerate(chain.hops, 1)
        )
        yield self._table(head, rows)
        weakest = chain.hops[weakest_of(chain)]
        ends = {"from": weakest.source.label, "to": weakest.target.label}
        told = {"confidence": _sure(weakest.confidence), "what": confirming(weakest, self._lang)}
        yield f'<p class="remark">{escape(self._say("weakest", **ends, **told))}</p>\n'

    def _hop(self, number: int, hop: Hop, picture: TracePicture, link: TraceLink) -> tuple[str, ...]:
        goods = (substance(hop.substance, self._lang), amount(link.quantity, link.unit, self._lang))
        return (
            str(number),
            *(f"{end.label}\n{self._stands(end, picture)}" for end in (hop.source, hop.target)),
            stretch(hop.earliest, hop.latest, self._lang),
            " ".join(filter(None, goods)),
            word("basis", hop.kind, self._lang),
            _sure(hop.confidence),
            self._names(hop.records),
        )

    def _stands(self, entity: Entity, picture: TracePicture) -> str:
        placed = picture.nodes[entity.id]
        return f"{self._say('tier', n=placed.tier + 1)} · {word('stand', placed.role, self._lang)}"

    def _not_followed(self, picture: TracePicture) -> list[Excluded]:
        """The deliveries that were left out, of those who are shown here."""
        return [one for one in picture.trace.excluded if {one.source, one.target} & self._labels.keys()]

    def _left_out(self, picture: TracePicture) -> Iterator[str]:
        labels = self._labels | {one.id: one.label for one in picture.trace.reached}
        found = self._not_followed(picture)
        if not found:
            return
        yield f"<h3>{self._text('left_out')}</h3>\n"
        rows = (
            (
                labels.get(one.source, one.source),
                labels.get(one.target, one.target),
                word("excluded", one.reason, self._lang),
                left_out.detail(one.detail, self._lang),
                "\n".join(one.records),
            )
            for one in found[:_MOST_LEFT_OUT]
        )
        yield self._table(("supplier", "receiver", "reason", "detail", "record"), rows)
        if len(found) > _MOST_LEFT_OUT:
            yield f"<p>{self._text('left_out_more', n=len(found) - _MOST_LEFT_OUT)}</p>"

    # --- people, links, records ---------------------------------------------------------------------

    def _things(self, entities: Iterable[Entity]) -> str:
        rows = (
            (
                one.label,
                word("type", one.type, self._lang),
                "\n".join(one.aliases),
                "\n".join(f"{word('identifier', n.kind, self._lang)} {n.value}" for n in one.identifiers),
            )
            for one in entities
        )
        return self._table(("name", "type", "aliases", "numbers"), rows)

    def _beyond(self, left: Beyond) -> str:
        """That the report is not all: whose neighbours are not in it."""
        who, of = self._labels.get(left.id, left.id), word("type", left.type, self._lang)
        code = "beyond" if left.whole else "beyond_least"
        return f'<p class="remark">{self._text(code, who=who, n=left.count, type=of)}</p>\n'

    def _links(self, edges: Iterable[Edge]) -> str:
        ordered = sorted(edges, key=lambda edge: (edge.latest or "", edge.earliest or "", edge.id))
        head = ("from", "to", "relation", "time", "goods", "basis", "confidence", "record")
        return self._table(head, map(self._link, ordered))

    def _link(self, edge: Edge) -> tuple[str, ...]:
        goods = (
            substance(edge.substance, self._lang) if edge.substance else "",
            amount(edge.quantity, edge.unit, self._lang),
        )
        return (
            self._labels.get(edge.source, edge.source),
            self._labels.get(edge.target, edge.target),
            word("link", edge.type, self._lang),
            stretch(edge.earliest, edge.latest, self._lang),
            " ".join(filter(None, goods)),
            word("basis", edge.basis, self._lang),
            _sure(edge.confidence),
            self._names(edge.records),
        )

    def _kept(self, records: Iterable[RecordCopy]) -> str:
        rows = (
            (
                str(self._numbers[kept.record]),
                "\n".join((kept.record, *circumstances(kept, self._lang))),
                "\n".join(
                    (
                        *(f"{field}：{said}" for field, said in contents(kept, self._lang)),
                        f"SHA-256 {hash_of(kept)}",
                    )
                ),
            )
            for kept in records
        )
        return self._table(("number", "record", "content"), rows)

    def _names(self, records: Sequence[str]) -> str:
        """Names of records with the numbers that they have here."""
        return "\n".join(f"[{self._numbers.get(name, '–')}] {name}" for name in records)

    # --- how it is written --------------------------------------------------------------------------

    def _say(self, code: str, **values: object) -> str:
        return word("report", code, self._lang, **values)

    def _text(self, code: str, **values: object) -> str:
        return escape(self._say(code, **values))

    def _section(self, code: str, table: str) -> str:
        return f"<h2>{self._text(code)}</h2>\n{table}"

    def _table(self, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
        heads = "".join(f'<th scope="col">{self._text(each)}</th>' for each in head)
        body = "".join(_row(row, head) for row in rows)
        return f"<table><thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table>\n"


def _row(row: Sequence[str], head: Sequence[str]) -> str:
    cells: Callable[[str, str], str] = lambda code, cell: f'<td class="{code}">{escape(cell)}</td>'  # noqa: E731
    return "<tr>" + "".join(map(cells, head, row)) + "</tr>\n"


def _sure(confidence: float) -> str:
    """Never rounded to certain or to impossible."""
    if 0 < confidence < 0.01:
        return "<0.01"
    return "0.99" if 0.995 <= confidence < 1 else f"{confidence:.2f}"
