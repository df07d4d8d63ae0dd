"""The JSON Schema (2020-12) of the records, for those who send them.

Generated from the types of `schemas.records`, which intake validates with: what one accepts the
other does. What a schema cannot say stands in the descriptions: refs must be unique and point to
something (`reference`), purposes other than the two allowed are refused (`purpose`), times must be
readable and possible (`time`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from schemas.records import Interception, Seizure, Tip, Withdrawal

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KINDS = (Tip, Seizure, Interception, Withdrawal)

_REF = "local name of this thing, unique in the record"
_POINTS = "a ref of this record"
_TIME = "partial date or time; +08:00 when it has no offset"

DESCRIPTIONS: dict[str, str] = {
    "kind": "what the record is: a tip (举报), seizure (缴获), interception (查缉) or withdrawal (撤回)",
    "source": "the sending system, for example 460100-110",
    "source_id": "the record's id at its source, no white space and no #; its name is source/source_id",
    "revision": "1 when missing; a higher one replaces a lower one, whatever the order of arrival",
    "reported_at": "time with offset, +08:00 without one; from 1949 to a day after receipt",
    "occurred": "when it happened: 2019, 2019-06, 2019-06-03, 2019-06-03T21:14, or {from, to}",
    "region": "GB/T 2260 code (行政区划代码) of the unit that recorded it",
    "unit": "the unit that recorded it (办案单位)",
    "case": "number of the case (案件编号), for example 2019-551",
    "operation": "name of the operation (专项行动)",
    "grade": "reliability of source and information, F6 when missing",
    "purpose": "investigation when missing; rehabilitation, health and supervision are refused",
    "tlp": "traffic light protocol, AMBER when missing",
    "text": "free text, normally Chinese",
    "persons": "people (人员)",
    "organisations": "companies and other bodies (单位)",
    "vehicles": "vehicles (车辆)",
    "parcels": "courier parcels (寄递件)",
    "venues": "places of entertainment and business (场所)",
    "lots": "goods (物品)",
    "money": "money found or spoken of (款项)",
    "relations": "stated relations between things of the record",
    "channel": "how the tip came",
    "reporter": "who gave the tip (举报人); sealed to the vault before anything is written",
    "reporter_sealed": "the reporter, already sealed to the vault's public key: base64 of a sealed box",
    "place": "where the seizure took place",
    "checkpoint": "id of the checkpoint register; an unknown one is kept and flagged",
    "direction": "to or from the region",
    "outcome": "how the check ended",
    "vessel": "name or number of the ship",
    "reason": "why it is taken back",
    "Grade.source": "reliability of the source, Admiralty A to F",
    "Grade.information": "credibility of the information, Admiralty 1 to 6",
    "Grade.europol": "Europol's 4×4 code, for example B2",
    "Grade.handling": "Europol's handling code",
    "Period.from": _TIME,
    "Period.to": _TIME,
    "Person.ref": _REF,
    "Person.name": "name, may be masked (林某某)",
    "Person.aliases": "other names and nicknames (绰号)",
    "Person.id_number": "resident identity number (公民身份号码), may be masked",
    "Person.phones": "telephone numbers, may be masked",
    "Person.wechat": "WeChat ids (微信号)",
    "Person.bank_cards": "bank card numbers, may be masked",
    "Person.gender": "male, female or unknown",
    "Person.birth_date": "date of birth, may be partial",
    "Person.hukou": "place of household registration (户籍): a name or a GB/T 2260 code",
    "Person.address": "where the person lives",
    "Person.role": "unknown when missing; never a statement of guilt",
    "Organisation.ref": _REF,
    "Organisation.name": "name",
    "Organisation.credit_code": "unified social credit code (统一社会信用代码)",
    "Organisation.address": "address",
    "Vehicle.ref": _REF,
    "Vehicle.plate": "number plate (车牌), may be masked",
    "Vehicle.type": "type",
    "Vehicle.colour": "colour",
    "Vehicle.driver": _POINTS,
    "Vehicle.owner": _POINTS,
    "Vehicle.passengers": "refs of this record",
    "Parcel.ref": _REF,
    "Parcel.tracking_no": "tracking number (运单号)",
    "Parcel.carrier": "courier company",
    "Parcel.sender": _POINTS,
    "Parcel.recipient": _POINTS,
    "Parcel.sender_address": "address it came from",
    "Parcel.recipient_address": "address it goes to",
    "Parcel.sent_at": _TIME,
    "Venue.ref": _REF,
    "Venue.name": "name",
    "Venue.licence_no": "number of the licence",
    "Venue.type": "type",
    "Venue.address": "address",
    "LotRecord.ref": _REF,
    "LotRecord.substance": "name of the substance, as it was recorded",
    "LotRecord.quantity": "how much, in `unit`",
    "LotRecord.unit": "unit of the quantity (克, 升, 瓶 …)",
    "LotRecord.form": "form (液体, 晶体 …)",
    "LotRecord.container": "kind of container",
    "LotRecord.containers": "number of containers",
    "LotRecord.marks": "marks on the goods",
    "LotRecord.seal_no": "number of the seal",
    "LotRecord.sample_no": "number of the sample sent for analysis",
    "LotRecord.purity": "share of the substance, from 0 to 1 or in per cent as sent",
    "LotRecord.held_by": _POINTS,
    "LotRecord.found_in": _POINTS,
    "Money.amount": "amount, in `currency`",
    "Money.currency": "currency, CNY when missing",
    "Money.form": "cash, transfer …",
    "Money.held_by": _POINTS,
    "Relation.from": _POINTS,
    "Relation.to": _POINTS,
    "Relation.kind": "what `from` does to `to`; supplied: `from` supplies to `to`",
    "Relation.substance": "name of the substance",
    "Relation.quantity": "how much, in `unit`",
    "Relation.unit": "unit of the quantity",
    "Relation.amount": "amount of money, yuan",
    "Relation.at": "when: a partial date or time, or {from, to}",
    "Relation.place": "where",
    "Reporter.name": "name",
    "Reporter.phone": "telephone number",
    "Reporter.id_number": "identity number",
    "Reporter.address": "address",
    "Reporter.anonymous": "whether the reporter wants to stay unnamed even to the unit",
    "Site.name": "name of the place",
    "Site.address": "address",
    "Site.region": "GB/T 2260 code",
    "Site.lat": "latitude, degrees, WGS 84",
    "Site.lon": "longitude, degrees, WGS 84",
}
"""Of each field: of the record itself by its name, of a thing in it as `Type.field`."""


def record_schema() -> dict[str, Any]:
    """The JSON Schema of one record.

    >>> schema = record_schema()
    >>> [each["$ref"] for each in schema["oneOf"]]
    ['#/$defs/Tip', '#/$defs/Seizure', '#/$defs/Interception', '#/$defs/Withdrawal']
    """
    return {
        "$schema": DIALECT,
        "title": "Suyuan record",
        "description": "One record: a line of a file or the value of a message. UTF-8, at most 262144 bytes; "
        "a field that is null is the same as one that is missing; unknown fields do no harm.",
        "oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in _KINDS],
        "$defs": record_parts("#/$defs/{name}"),
    }


def record_parts(ref_template: str) -> dict[str, Any]:
    """The schemas of the kinds of record and of the things in them, by name."""
    _, components = msgspec.json.schema_components(_KINDS, ref_template=ref_template)
    for name, component in components.items():
        _describe(name, component)
    parts: dict[str, Any] = _plain(components)
    return parts


def _describe(name: str, component: dict[str, Any]) -> None:
    for field, rule in component["properties"].items():
        own = name in {kind.__name__ for kind in _KINDS}
        rule["description"] = DESCRIPTIONS[field if own else f"{name}.{field}"]


def _plain(rule: Any) -> Any:
    """In the dialect's own terms: `$` ends a pattern there, and null as a default says nothing."""
    if isinstance(rule, list):
        return [_plain(each) for each in rule]
    if not isinstance(rule, dict):
        return rule
    plain = {key: _plain(value) for key, value in rule.items() if key != "default" or value is not None}
    if isinstance(plain.get("pattern"), str):
        plain["pattern"] = plain["pattern"].removesuffix("\\Z") + "$"
    return plain
