"""What is compared of each person and thing, and what is only shown."""

from __future__ import annotations

import pytest
from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from schemas.claims import Identifier
from tests.streams.stages.said import Said


def id_number(region="460106", birth="19900307", sequence="011"):
    body = region + birth + sequence
    return body + mod_11_2.calc_check_digit(body)


CARD = "622202000000000000" + luhn.calc_check_digit("622202000000000000")
MAN = id_number()
WOMAN = id_number(sequence="012")


def person(**fields):
    return Said(persons=[{"ref": "p"} | fields])


def features(**fields):
    return person(**fields).features("p")


def suspects(**fields):
    return person(**fields).mention("p").suspect


# --- numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given", "kind", "normal"),
    [
        ("id_number", f" {MAN[:6]} {MAN[6:14]} {MAN[14:]} ", "id_number", MAN),
        ("id_number", MAN.lower(), "id_number", MAN),
        ("phones", ["+86 138 7654 3210"], "phone", "13876543210"),
        ("phones", ["１３８７６５４３２１０"], "phone", "13876543210"),
        ("wechat", ["微信：WX_Made_Up"], "wechat", "wx_made_up"),
        ("bank_cards", [" ".join(CARD[at : at + 4] for at in range(0, 19, 4))], "bank_card", CARD),
    ],
)
def test_a_valid_number_identifies_in_normal_form_however_it_was_written(field, given, kind, normal):
    assert Identifier(kind, normal) in features(**{field: given}).identifiers
    assert suspects(**{field: given}) == ()


@pytest.mark.parametrize(
    ("field", "given", "kind"),
    [
        ("id_number", MAN[:-1] + ("0" if MAN[-1] != "0" else "1"), "id_number"),
        ("id_number", "12345", "id_number"),
        ("phones", ["12345678901"], "phone"),
        ("wechat", ["13876543210"], "wechat"),
        ("bank_cards", [CARD[:-1] + str((int(CARD[-1]) + 1) % 10)], "bank_card"),
    ],
)
def test_a_number_that_fails_its_rule_is_suspect_and_never_compared(field, given, kind):
    found = features(**{field: given})
    assert found.identifiers == found.masked == ()
    assert suspects(**{field: given}) == (kind,)


def test_a_masked_number_is_kept_apart_from_whole_ones():
    found = features(id_number="460***********0111", phones=["138****3210", "13876543210"])
    assert found.identifiers == (Identifier("phone", "13876543210"),)
    assert found.masked == (Identifier("id_number", "460***********0111"), Identifier("phone", "138****3210"))


def test_two_bad_numbers_of_a_kind_are_one_doubt_and_a_blank_is_none():
    assert suspects(phones=["1", "2"]) == ("phone",)
    assert suspects(phones=["", " "], id_number="无", wechat=["不详"]) == ()


# --- names ------------------------------------------------------------------------------------------------


def test_names_and_aliases_are_brought_into_normal_form():
    found = features(name="符 玮 强", aliases=["阿强", " 阿强", "", "强哥"])
    assert found.name == "符玮强"
    assert found.aliases == ("强哥", "阿强")


@pytest.mark.parametrize("nobody", ["不详", "无名氏", "（未知）", "N/A", "-", "  "])
def test_words_that_only_say_that_nothing_is_known_are_no_name(nobody):
    assert features(name=nobody, address=nobody, aliases=[nobody]) == features()


# --- born, where, what ------------------------------------------------------------------------------------


@pytest.mark.parametrize("birth", ["1990", "1990-03", "1990-03-07"])
def test_a_date_of_birth_keeps_its_precision(birth):
    assert features(birth_date=birth).birth == birth
    assert suspects(birth_date=birth) == ()


@pytest.mark.parametrize(
    "birth",
    [
        "1990/6/3",
        "1990-6-3",
        "19900603",
        "1990年6月3日",
        "1990-13",
        "1990-02-30",
        "0190-01-01",
        "2990",
        "三十岁",
    ],
)
def test_a_date_of_birth_that_is_none_is_suspect_and_never_compared(birth):
    assert features(birth_date=birth).birth == ""
    assert suspects(birth_date=birth) == ("birth_date",)


def test_a_date_of_birth_that_is_not_given_is_not_suspect():
    assert suspects(birth_date="不详") == suspects(birth_date="") == suspects() == ()


def test_an_id_number_tells_birth_gender_and_county_where_the_record_does_not():
    found = features(id_number=MAN)
    assert (found.birth, found.gender, found.hukou) == ("1990-03-07", "male", "460106")
    assert features(id_number=WOMAN).gender == "female"


def test_what_the_record_says_stands_unless_the_id_number_is_only_more_precise():
    assert features(id_number=MAN, birth_date="1990").birth == "1990-03-07"
    assert features(id_number=MAN, birth_date="1990-04").birth == "1990-04"
    assert features(id_number=MAN, birth_date="1990/3/7").birth == "1990-03-07"
    assert features(id_number=MAN, gender="female").gender == "female"
    assert features(id_number=MAN, hukou="440825").hukou == "440825"


def test_a_former_county_in_an_id_number_is_the_one_of_today_and_an_unknown_one_none():
    assert features(id_number=id_number(region="469003")).hukou == "460400"
    assert features(id_number=id_number(region="469999")).hukou == ""


@pytest.mark.parametrize(
    ("given", "gender"),
    [("male", "male"), ("female", "female"), ("男", "male"), ("女", "female"), ("unknown", ""), (None, "")],
)
def test_gender_is_understood_in_both_languages(given, gender):
    assert features(gender=given).gender == gender


@pytest.mark.parametrize(
    ("given", "code"),
    [("460106", "460106"), ("469003", "460400"), ("海南省陵水县", "469028"), ("火星", ""), ("", "")],
)
def test_a_registered_place_is_given_as_code_or_as_name(given, code):
    assert features(hukou=given).hukou == code
    assert suspects(hukou=given) == ()


def test_a_code_that_never_was_is_suspect():
    assert features(hukou="999999").hukou == ""
    assert suspects(hukou="999999") == ("hukou",)


def test_an_address_is_compared_without_spaces_and_widths():
    assert features(address=" 海口市 龙华区１２号 ").address == "海口市龙华区12号"


def test_the_role_is_kept_and_unknown_when_not_given():
    assert person(role="user").mention("p").role == "user"
    assert person().mention("p").role == "unknown"


def test_being_known_as_a_user_changes_nothing_that_is_compared():
    assert features(name="符玮强", role="user") == features(name="符玮强", role="witness")


# --- contexts ---------------------------------------------------------------------------------------------


def scene(**person_fields):
    people = [{"ref": ref} | person_fields for ref in ("d", "o", "r", "s", "t", "x")]
    return Said(
        case="2019-551",
        persons=people,
        vehicles=[{"ref": "v", "plate": "琼A·12345", "driver": "d", "owner": "o", "passengers": ["r"]}],
        parcels=[{"ref": "k", "tracking_no": "SF1234567890123", "sender": "s", "recipient": "t"}],
    )


def kinds(said, ref):
    return {context.kind for context in said.features(ref).contexts}


def test_people_are_tied_to_the_vehicle_and_the_parcel_and_the_case_of_their_record():
    said = scene(name="符玮强")
    assert all(kinds(said, ref) == {"plate", "case"} for ref in "dor")
    assert all(kinds(said, ref) == {"tracking_no", "case"} for ref in "st")
    assert kinds(said, "x") == {"case"}


def test_a_parcel_says_nothing_of_who_is_known_by_a_number():
    """Else who sends a thousand parcels would be a thousand profiles."""
    assert kinds(scene(phones=["13876543210"]), "s") == {"case"}
    assert kinds(scene(phones=["13876543210"]), "d") == {"plate", "case"}


def test_a_suspect_plate_or_parcel_or_a_case_without_number_ties_nobody():
    said = Said(
        case="霸王花",
        persons=[{"ref": "d", "name": "符玮强"}],
        vehicles=[
            {"ref": "v", "plate": "琼A12O45", "driver": "d"},
            {"ref": "w", "plate": "琼A***45", "owner": "d"},
        ],
        parcels=[{"ref": "k", "tracking_no": "?", "sender": "d"}],
    )
    assert said.features("d").contexts == ()
    assert said.mention("v").suspect == ("plate",)
    assert said.features("w").masked == (Identifier("plate", "琼A***45"),)


# --- things -----------------------------------------------------------------------------------------------


def test_each_kind_of_thing_has_its_own_features():
    code = "91460100MA5T0000A" + uscc.calc_check_digit("91460100MA5T0000A")
    said = Said(
        region="460203",
        organisations=[
            {"ref": "o", "name": "清气 气体", "credit_code": code.lower(), "address": "龙昆路3号"}
        ],
        vehicles=[{"ref": "v", "plate": "琼a12345", "colour": "白色", "type": "小型 轿车"}],
        parcels=[{"ref": "k", "tracking_no": "SF1234567890123", "carrier": "顺丰"}],
        venues=[
            {
                "ref": "u",
                "name": "夜色KTV",
                "licence_no": "琼文娱(2018)第0012号",
                "type": "歌舞",
                "address": "龙昆路5号",
            }
        ],
    )
    company, vehicle, parcel, venue = map(said.features, "ovku")
    assert (company.name, company.address, company.region) == ("清气气体", "龙昆路3号", "4602")
    assert company.identifiers == (Identifier("credit_code", code),)
    assert (vehicle.colour, vehicle.form) == ("白", "小型轿车")
    assert vehicle.identifiers == (Identifier("plate", "琼A12345"),)
    assert (parcel.form, parcel.identifiers) == ("顺丰", (Identifier("tracking_no", "SF1234567890123"),))
    assert (venue.name, venue.form, venue.address, venue.region) == ("夜色KTV", "歌舞", "龙昆路5号", "4602")
    assert venue.identifiers[0].kind == "licence_no"
    assert [said.mention(ref).type for ref in "ovku"] == ["organisation", "vehicle", "parcel", "venue"]


def test_a_thing_without_any_field_is_still_a_mention():
    said = Said(
        organisations=[{"ref": "o"}], vehicles=[{"ref": "v"}], parcels=[{"ref": "k"}], venues=[{"ref": "u"}]
    )
    assert [mention.ref for mention in said.derived.mentions] == ["o", "v", "k", "u"]
    assert all(mention.suspect == () for mention in said.derived.mentions)


@pytest.mark.parametrize(
    ("things", "thing", "kind"),
    [
        ("organisations", {"credit_code": "91460100MA5T00000X"}, "credit_code"),
        ("vehicles", {"plate": "琼Z"}, "plate"),
        ("parcels", {"tracking_no": "!"}, "tracking_no"),
        ("venues", {"licence_no": "许可"}, "licence_no"),
    ],
)
def test_a_thing_with_a_bad_number_is_suspect(things, thing, kind):
    assert Said(**{things: [{"ref": "x"} | thing]}).mention("x").suspect == (kind,)
