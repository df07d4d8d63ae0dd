"""What a record's fields say of each person and thing, in normal form for comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from schemas import times
from schemas.claims import Features, Identifier, MentionType
from schemas.identifiers import id_number, mask, names, parse
from schemas.identifiers.blank import says_nothing
from schemas.records import Organisation, Parcel, Person, Report, Vehicle, Venue
from schemas.reference import regions

_EARLIEST_BIRTH, _LATEST_BIRTH = "1880", "2099"
_GENDERS = {"male": "male", "female": "female", "男": "male", "女": "female"}


class Described(Struct, frozen=True, kw_only=True):
    """One thing of a record: its local name, its features, and fields whose value is suspect."""

    ref: str
    type: MentionType
    features: Features
    role: str = "unknown"
    suspect: tuple[str, ...] = ()


class Contexts:
    """Which plates, parcels and case each person of a record is tied to."""

    def __init__(self, record: Report) -> None:
        self.of: dict[str, set[Identifier]] = defaultdict(set)
        for vehicle in record.vehicles or ():
            plate = parse("plate", vehicle.plate).normal if vehicle.plate else None
            if plate:
                for ref in (vehicle.driver, vehicle.owner, *(vehicle.passengers or ())):
                    self._tie(ref, Identifier("plate", plate))
        for parcel in record.parcels or ():
            number = parse("tracking_no", parcel.tracking_no).normal if parcel.tracking_no else None
            if number:
                for ref in (parcel.sender, parcel.recipient):
                    self._tie(ref, Identifier("tracking_no", number))
        case = parse("case", record.case).normal if record.case else None
        self.case = (Identifier("case", case),) if case else ()

    def _tie(self, ref: str | None, identifier: Identifier) -> None:
        if ref:
            self.of[ref].add(identifier)

    def contexts(self, ref: str, *, known: bool) -> tuple[Identifier, ...]:
        """What ties a person to things; a parcel's number, new each time, only if no own number is known.

        Otherwise whoever sends a thousand parcels would be a thousand different profiles.
        """
        tied = self.of.get(ref, ())
        return tuple(sorted({*(c for c in tied if not (known and c.kind == "tracking_no")), *self.case}))


class _Numbers:
    """Sorts raw identifiers into whole and valid, masked, and suspect."""

    def __init__(self) -> None:
        self.whole: set[Identifier] = set()
        self.masked: set[Identifier] = set()
        self.suspect: list[str] = []

    def add(self, kind: str, raws: str | Iterable[str] | None) -> None:
        for raw in (raws,) if isinstance(raws, str) else raws or ():
            parsed = parse(kind, raw)
            if parsed.normal is not None:
                self.whole.add(Identifier(kind, parsed.normal))
            elif parsed.mask is not None:
                self.masked.add(Identifier(kind, parsed.mask))
            elif not says_nothing(raw):
                self.doubt(kind)

    def doubt(self, field: str) -> None:
        """A value that fails its own rule is shown as given and never compared."""
        if field not in self.suspect:
            self.suspect.append(field)

    def get(self, kind: str) -> str | None:
        return next((i.value for i in sorted(self.whole) if i.kind == kind), None)


def describe(record: Report, contexts: Contexts) -> Iterator[Described]:
    """Every person, organisation, vehicle, parcel and venue of the record, in that order."""
    for person in record.persons or ():
        yield _person(person, contexts)
    for organisation in record.organisations or ():
        yield _organisation(organisation, record)
    for vehicle in record.vehicles or ():
        yield _vehicle(vehicle)
    for parcel in record.parcels or ():
        yield _parcel(parcel)
    for venue in record.venues or ():
        yield _venue(venue, record)


def _person(person: Person, contexts: Contexts) -> Described:
    numbers = _Numbers()
    numbers.add("id_number", person.id_number)
    numbers.add("phone", person.phones)
    numbers.add("wechat", person.wechat)
    numbers.add("bank_card", person.bank_cards)
    whole_id = numbers.get("id_number")
    birth, gender = _birth(person.birth_date, numbers), _GENDERS.get(person.gender or "", "")
    hukou = _hukou(person.hukou, numbers)
    if whole_id:
        born = id_number.birth_date(whole_id)
        if born and born.isoformat().startswith(birth):
            birth = born.isoformat()
        gender = gender or id_number.gender(whole_id) or ""
        hukou = hukou or regions.resolve(id_number.region(whole_id) or "") or ""
    aliases = {_name(alias) for alias in person.aliases or ()}
    return Described(
        ref=person.ref,
        type="person",
        features=Features(
            name=_name(person.name),
            aliases=tuple(sorted(aliases - {""})),
            identifiers=tuple(sorted(numbers.whole)),
            masked=tuple(sorted(numbers.masked)),
            contexts=contexts.contexts(person.ref, known=bool(numbers.whole)),
            gender=gender,
            birth=birth,
            hukou=hukou,
            address=whole(person.address),
        ),
        role=person.role or "unknown",
        suspect=tuple(numbers.suspect),
    )


def _name(name: str | None) -> str:
    """A person's name in normal form; none for words that only say that it is not known."""
    return names.normalise(name) if name and not says_nothing(name) else ""


def _birth(stated: str | None, numbers: _Numbers) -> str:
    """A date of birth as far as it is known (`1990`, `1990-06`, `1990-06-03`), else "" and doubt."""
    if stated is None or says_nothing(stated):
        return ""
    birth = stated.strip()[:10]
    if times.when(birth) is None or not _EARLIEST_BIRTH <= birth[:4] <= _LATEST_BIRTH:
        numbers.doubt("birth_date")
        return ""
    return birth


def _hukou(stated: str | None, numbers: _Numbers) -> str:
    """The registered place's code; a code that never was is doubted, a name may just be unknown."""
    if not stated:
        return ""
    code = regions.resolve(stated)
    if code is None and stated.strip().isdecimal():
        numbers.doubt("hukou")
    return code or ""


def _organisation(organisation: Organisation, record: Report) -> Described:
    numbers = _Numbers()
    numbers.add("credit_code", organisation.credit_code)
    features = Features(
        name=compact(organisation.name), address=whole(organisation.address), region=record.region[:4]
    )
    return _described(organisation.ref, "organisation", features, numbers)


def _vehicle(vehicle: Vehicle) -> Described:
    numbers = _Numbers()
    numbers.add("plate", vehicle.plate)
    features = Features(colour=whole(vehicle.colour).removesuffix("色"), form=whole(vehicle.type))
    return _described(vehicle.ref, "vehicle", features, numbers)


def _parcel(parcel: Parcel) -> Described:
    numbers = _Numbers()
    numbers.add("tracking_no", parcel.tracking_no)
    return _described(parcel.ref, "parcel", Features(form=whole(parcel.carrier)), numbers)


def _venue(venue: Venue, record: Report) -> Described:
    numbers = _Numbers()
    numbers.add("licence_no", venue.licence_no)
    features = Features(
        name=compact(venue.name),
        address=whole(venue.address),
        region=record.region[:4],
        form=whole(venue.type),
    )
    return _described(venue.ref, "venue", features, numbers)


def _described(ref: str, kind: MentionType, features: Features, numbers: _Numbers) -> Described:
    """A thing with its numbers in normal form."""
    return Described(
        ref=ref,
        type=kind,
        features=structs.replace(
            features,
            identifiers=tuple(sorted(numbers.whole)),
            masked=tuple(sorted(numbers.masked)),
        ),
        suspect=tuple(numbers.suspect),
    )


def compact(text: str | None) -> str:
    """A text without white space, in compatibility form, for comparison.

    >>> compact(" 海口市 龙华区１２号 "), compact("不详")
    ('海口市龙华区12号', '')
    """
    return "".join(names.normalise(text).split()) if text and not says_nothing(text) else ""


def whole(text: str | None) -> str:
    """As `compact`, but nothing when a part is hidden: two equal masks are no agreement.

    >>> whole("海口市龙华区***小区**栋"), whole("海口市龙华区1号")
    ('', '海口市龙华区1号')
    """
    return "" if text and mask.hides(text) else compact(text)
