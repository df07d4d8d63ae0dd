"""The reporter is hidden however the text spells him, and what he reported stays readable."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.redaction import _FIXED, MARK, redact, redact_record
from tests.streams.steps import steps

NAME, PHONE, CITIZEN, HOME = "林水生", "13800001234", "46010019900307003X", "海口市龙华区大同路3号"
REPORTER = [NAME, PHONE, CITIZEN, HOME]

SPELLINGS = [
    *(NAME, "林 水 生", "林水生先生", "林\u200b水\u200b生", "林·水·生", "林-水-生", "（林水生）"),
    *(
        PHONE,
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "86-138-0000-1234",
        "１３８００００１２３４",
    ),
    *(
        "138.0000.1234",
        "(138)00001234",
        "一三八零零零零一二三四",
        "幺三八〇〇〇〇一二三四",
        "138，0000，1234",
    ),
    *("138\u200b0000\u200b1234", "①③⑧⓪⓪⓪⓪①②③④", CITIZEN, "46010019900307003x", "460100 19900307 003X"),
    *(
        "４６０１００１９９００３０７００３Ｘ",
        HOME,
        "大同路3号",
        "龙华区大同路３号",
        "海口市 龙华区 大同路 3 号",
    ),
    *("138****1234", "138xxxx1234", "１３８＊＊＊＊１２３４", "460***********003X"),
]


def letters(text):
    """What is left when everything that can stand between the parts of a value is taken away."""
    return re.sub(r"[^\w■]", "", text)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_the_reporter_is_hidden(spelling):
    text = f"有人说{spelling}，在金海岸卖冰毒"
    hidden = redact(text, REPORTER)
    assert len(hidden) == len(text)
    assert hidden.startswith("有人说")
    assert hidden.endswith("，在金海岸卖冰毒")
    assert set(letters(hidden[3 : 3 + len(spelling)])) == {MARK}


def test_traditional_characters_do_not_unmask_the_reporter():
    assert redact("林國強說的", ["林国强"]) == "■■■說的"
    assert redact("林国强说的", ["林國強"]) == "■■■说的"


@pytest.mark.parametrize(
    "spelling", ["Lin Shuisheng", "lin shuisheng", "Shuisheng Lin", "ＬＩＮ－ＳＨＵＩＳＨＥＮＧ"]
)
def test_latin_names_are_hidden_in_either_order(spelling):
    assert redact(f"据{spelling}说", ["Lin Shuisheng"]) == f"据{MARK * len(spelling)}说"


def test_a_short_latin_name_is_hidden_only_where_it_stands_alone():
    assert redact("Li说limit", ["Li"]) == "■■说limit"


def test_a_landline_is_hidden_with_and_without_its_area_code():
    assert redact("0898-66221234或66221234", ["0898-66221234"]) == "■" * 13 + "或" + "■" * 8


def test_several_numbers_in_one_field_are_each_hidden():
    assert redact("打13800001234", ["13900005678、13800001234"]) == "打" + "■" * 11


def test_other_people_s_numbers_and_names_stay():
    text = "阿明13911112222，13800001235，身份证460100198001011236，林水根，138****9999"
    assert redact(text, REPORTER) == text


def test_a_name_of_one_character_blanks_nothing():
    assert redact("林中有人卖冰毒", ["林"]) == "林中有人卖冰毒"


TELLING = {
    "我叫周大海，看到阿明卖冰毒": "周大海",
    "我是周大海，看到阿明卖冰毒": "周大海",
    "我是阿明的邻居，他卖冰毒": "阿明的邻居",
    "我姓周，看到阿明卖冰毒": "周",
    "本人周大海，举报阿明": "周大海",
    "本人周大海，男，45岁，住大同路3号，电话13900001111，举报阿明卖冰毒": "周大海男45岁大同路3号13900001111",
    "我的电话是13900001111。阿明卖冰毒": "13900001111",
    "我手机号13900001111，阿明卖冰毒": "13900001111",
    "我的微信：zhou_dahai88，阿明卖冰毒": "zhou_dahai88",
    "我身份证号460100199003070031，阿明卖冰毒": "460100199003070031",
    "联系我13900001111，阿明卖冰毒": "13900001111",
    "联系我，电话13900001111。阿明卖冰毒": "13900001111",
    "请打我电话：139-0000-1111，阿明卖冰毒": "139-0000-1111",
    "可以加我zhou_dahai88": "zhou_dahai88",
    "我住大同路3号，楼下阿明卖冰毒": "大同路3号",
    "我家在大同路3号，楼下阿明卖冰毒": "大同路3号",
    "本人现住大同路3号501房，阿明卖冰毒": "大同路3号501房",
    "举报人：周大海，阿明卖冰毒": "周大海",
    "举报人姓名：周大海 联系电话：13900001111。阿明卖冰毒": "周大海13900001111",
    "報案人：周大海，阿明賣冰毒": "周大海",
    "群众周大海举报阿明卖冰毒": "周大海",
    "市民周大海（大同路居民）来电称阿明卖冰毒": "周大海",
    "阿明卖冰毒。此致敬礼！周大海": "周大海",
    "阿明卖冰毒\n署名：周大海": "周大海",
    "我叫买买提·艾力，看到阿明卖冰毒": "买买提艾力",
    "我叫周大海我看到阿明卖冰毒": "周大海",
    "我叫周大海看到阿明卖冰毒": "周大海",
}


@pytest.mark.parametrize("text", TELLING)
def test_what_the_text_tells_of_its_author_is_hidden(text):
    hidden = redact(text, [])
    assert len(hidden) == len(text)
    lost = "".join(old for old, new in zip(text, hidden, strict=True) if new == MARK)
    told = TELLING[text]
    assert letters(told) in letters(lost) or set(told) <= set(lost)
    for word in ("阿明", "冰毒"):
        assert word in hidden or word in told or word not in text


@pytest.mark.parametrize(
    "text",
    ["我是在金海岸酒吧看到阿明卖气弹的", "我是昨天发现的", "我看到阿明在大同路卖冰毒",
     "我要举报阿明", "我家楼下有人卖气弹", "本人于2019年6月3日看到阿明贩毒", "我的手机里有他的照片",
     "我微信上看到他发货", "群众举报阿明贩毒", "群众匿名举报阿明", "我住的小区有人吸毒",
     "市民反映酒吧有人吸笑气", "我联系他买了两克",
     "他电话13911112222，住海口", "嫌疑人叫阿明，电话13911112222", "通过群众来电得知"],
)  # fmt: skip
def test_what_tells_of_the_deed_stays(text):
    assert redact(text, []) == text


FRAGMENTS = st.sampled_from(
    [
        *(
            "我叫",
            "我是",
            "本人",
            "我的电话",
            "联系我",
            "举报人：",
            "群众",
            "举报",
            "，",
            "。",
            "住",
            "男",
            "在",
            "看到",
        ),
        *(
            "a1b2c3",
            "是",
            "阿明",
            "卖冰毒",
            "139",
            "8",
            " ",
            "-",
            MARK,
            "我",
            "家",
            "署名",
            "此致敬礼",
            "45岁",
        ),
        *("（", "）", "居民", "来电", "\n", *SPELLINGS[:12]),
        *("139****1234", "男", "35岁", "■■", "其电话", "微信hid_me88", "（13900001234）", "住大同路3号"),
    ]
)
TEXTS = st.one_of(st.lists(FRAGMENTS, max_size=14).map("".join), st.text(max_size=60))
VALUES = st.lists(st.one_of(st.sampled_from(REPORTER), st.text(min_size=1, max_size=12)), max_size=4)


@given(TEXTS, VALUES)
def test_redaction_keeps_the_length_and_redacting_twice_is_redacting_once(text, values):
    once = redact(text, values)
    assert len(once) == len(text)
    assert redact(once, values) == once


@given(TEXTS, st.sampled_from(SPELLINGS), TEXTS)
def test_no_surrounding_text_keeps_the_reporter_readable(before, spelling, after):
    hidden = redact(f"{before}。{spelling}。{after}", REPORTER)
    start = len(before) + 1
    assert set(letters(hidden[start : start + len(spelling)])) == {MARK}


@given(TEXTS)
def test_only_marks_are_put_in(text):
    assert all(new in (old, MARK) for old, new in zip(text, redact(text, REPORTER), strict=True))


TIP = {
    "kind": "tip",
    "source": "460100-110",
    "source_id": "t-1",
    "reported_at": "2019-06-03T21:14:00+08:00",
    "region": "460106",
    "text": f"我是{NAME}，阿明卖冰毒，他电话13911112222，打我{PHONE}",
    "persons": [
        {"ref": "p1", "name": "阿明", "phones": ["13911112222"], "address": "海口市"},
        {"ref": f"w-{PHONE}", "name": NAME, "phones": ["+86 138-0000-1234"], "role": "witness"},
    ],
    "relations": [{"from": "p1", "to": f"w-{PHONE}", "kind": "met"}],
    "lots": [{"ref": "l1", "substance": "冰毒", "quantity": 5, "unit": "克", "held_by": "p1"}],
    "reporter": {"name": NAME, "phone": PHONE, "id_number": CITIZEN, "address": HOME, "anonymous": True},
    "reporter_sealed": "c2VhbGVk",
    "remarks": {"by": [f"{NAME} {CITIZEN}"], NAME: 13800001234, "float": 13800001234.0},
    "reporterPhone": PHONE,
}


def test_the_working_copy_holds_nothing_of_the_reporter_in_any_field():
    working, _ = redact_record(TIP)
    written = json.dumps(working, ensure_ascii=False)
    for canary in (NAME, PHONE, CITIZEN, "大同路", "0000-1234", "c2VhbGVk"):
        assert canary not in written
    assert not any(name.startswith("reporter") for name in working)


def test_the_reporter_is_handed_over_as_sent_and_the_record_is_left_alone():
    before = json.dumps(TIP, ensure_ascii=False)
    _, sealed = redact_record(TIP)
    assert {name: sealed[name] for name in TIP["reporter"]} == TIP["reporter"]
    assert sealed["anonymous"] is True
    assert sealed["reporter_sealed"] == "c2VhbGVk"
    assert json.dumps(TIP, ensure_ascii=False) == before


def test_what_was_reported_stays_and_refs_still_point():
    working, _ = redact_record(TIP)
    assert working["persons"][0] == TIP["persons"][0]
    assert working["lots"] == TIP["lots"]
    ref = working["persons"][1]["ref"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", ref)
    assert working["relations"] == [{"from": "p1", "to": ref, "kind": "met"}]
    assert len(working["text"]) == len(TIP["text"])
    assert working["reported_at"] == TIP["reported_at"]


def test_a_record_without_reporter_comes_through_unchanged():
    record = {
        "kind": "seizure",
        "source": "a-1",
        "source_id": "1",
        "lots": [{"ref": "l", "quantity": 1.5}],
        "x": None,
    }
    assert redact_record(record) == (record, {})


def test_what_follows_a_name_that_was_already_known_is_hidden_too():
    hidden = redact("本人林水生，13800001234，男，45岁，住南宝路9号，举报阿明卖冰毒", REPORTER)
    assert hidden == "本人■■■，■■■■■■■■■■■，■，■■■，住■■■■■，举报阿明卖冰毒"


def test_a_name_told_once_is_hidden_wherever_else_it_stands():
    told = {
        "kind": "tip",
        "text": "我叫周大海，电话13900001111。请找周大海核实",
        "persons": [{"ref": "w1", "name": "周大海", "phones": ["139-0000-1111"]}],
    }
    working, _ = redact_record(told)
    written = json.dumps(working, ensure_ascii=False)
    assert "周大海" not in written
    assert not re.search(r"1111", written)
    assert redact("我叫周大海，请找周大海核实", []) == "我叫■■■，请找■■■核实"


def test_the_place_reported_stays_though_the_reporter_lives_there():
    assert redact("我住大同路3号。阿明在大同路3号楼下卖冰毒", []) == "我住■■■■■。阿明在大同路3号楼下卖冰毒"


def test_a_suspect_s_own_words_in_a_police_report_stay():
    report = {"kind": "seizure", "text": "嫌疑人供述：我叫周大海，我的电话13900001111，联系人：阿明"}
    assert redact_record(report) == (report, {})


def test_a_seizure_that_tells_of_the_informant_is_redacted_too():
    working, _ = redact_record({"kind": "seizure", "text": "根据群众周大海举报，查获冰毒5克"})
    assert working["text"] == "根据群众■■■举报，查获冰毒5克"


@pytest.mark.parametrize(
    "reporter", [f"{NAME} {PHONE}", [NAME, PHONE], {"who": {"is": [NAME, 13800001234]}}, None, 5]
)
def test_a_reporter_of_the_wrong_shape_is_hidden_all_the_same(reporter):
    working, _ = redact_record({"text": f"{NAME}说，电话{PHONE}", "reporter": reporter})
    if reporter not in (None, 5):
        assert working == {"text": f"■■■说，电话{'■' * 11}"}
    assert "reporter" not in working


def test_numbers_beyond_any_identifier_are_no_error():
    record = {"x": [10**5000, 1e308, float("inf"), True], "reporter": {"phone": 10**5000, "id_number": PHONE}}
    assert redact_record(record)[0] == {"x": record["x"]}


def test_codes_stay_but_a_field_that_only_bears_a_code_s_name_hides_nothing():
    record = {
        "relations": [{"from": "a", "to": "b", "kind": "supplied", "at": "2019-06-03T21:14:00+08:00"}],
        "x": {"kind": NAME, "at": PHONE, "role": f"{NAME}的朋友"},
        "reporter": {"name": NAME, "phone": PHONE, "nick": "supplied", "no": "2019-06-03"},
    }
    working, _ = redact_record(record)
    assert working["relations"] == record["relations"]
    assert working["x"] == {"kind": "■■■", "at": "■" * 11, "role": "■■■的朋友"}


def test_a_reporter_s_gender_or_city_does_not_blank_the_record():
    record = {
        "persons": [{"ref": "p1", "gender": "male", "hukou": "海口市", "address": "海口市"}],
        "reporter": {"name": NAME, "gender": "male", "address": "海南省海口市"},
    }
    assert redact_record(record)[0] == {"persons": record["persons"]}


def test_nesting_beyond_any_valid_record_is_left_out_not_an_error():
    deep: object = NAME
    for _ in range(300):
        deep = [deep]
    working, _ = redact_record({"x": deep, "reporter": {"name": NAME}})
    assert NAME not in json.dumps(working, ensure_ascii=False)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


KINDS = st.sampled_from(["tip", "seizure", None, {}, ["tip"], 3])


@given(
    st.dictionaries(st.text(max_size=8).filter(lambda name: name not in _FIXED), JSON, max_size=4),
    KINDS,
    JSON,
)
def test_no_record_breaks_redaction_and_none_keeps_the_reporter(record, kind, extra):
    working, _ = redact_record(
        {
            **record,
            "kind": kind,
            "note": extra,
            "reporter": {"name": NAME, "phone": PHONE, "id_number": CITIZEN},
        }
    )
    written = json.dumps(working, ensure_ascii=False)
    assert NAME not in written
    assert PHONE not in written


@pytest.mark.parametrize(
    "said",
    [
        "林水生（电话13900001234）说阿明卖冰毒",
        "林水生（139-0000-1234）说阿明卖冰毒",
        "林水生（男，35岁，联系电话：13900001234）说阿明卖冰毒",
        "林水生，其手机号为13900001234。阿明卖冰毒",
        "林水生的手机号是13900001234，微信号hid_me88。阿明卖冰毒",
    ],
)
def test_a_number_that_only_the_text_names_with_the_reporter_is_hidden_everywhere(said):
    record = {"text": said, "reporter": {"name": NAME}, "persons": [{"ref": "a", "phones": ["13900001234"]}]}
    hidden = json.dumps(redact_record(record)[0], ensure_ascii=False)
    assert not re.search(r"139[\- 0]*1234|hid_me88", hidden)
    assert "卖冰毒" in hidden


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("林水生打电话13900001234给阿明", "13900001234"),
        ("林水生说，阿明（13900001234）卖冰毒", "13900001234"),
        ("林水生：13900001234这个号码的阿明卖冰毒", "13900001234"),
        ("林水生，13900001234是阿明的电话", "13900001234"),
        ("林水生电话13700001111，13900001234是阿明的电话", "13900001234"),
        ("林水生（电话13700001111）说他打过13900001234", "13900001234"),
        ("林水生，100000元毒资给了阿明", "100000"),
        ("林水生，2019-551案的阿明", "2019-551"),
        ("林水生，20190603看到阿明", "20190603"),
        ("林水生：Aming卖冰毒", "Aming"),
    ],
)
def test_what_is_not_the_reporter_s_stays_beside_a_hidden_reporter(said, kept):
    persons = [{"ref": "a", "phones": [kept]}]
    working, _ = redact_record({"text": said, "reporter": {"name": NAME}, "persons": persons})
    assert kept in working["text"]
    assert working["persons"] == persons


def test_a_number_behind_somebody_whom_the_sender_hid_is_hidden():
    assert "139" not in redact_record({"text": "■■■（电话13900001234）说阿明卖冰毒"})[0]["text"]


@pytest.mark.parametrize("kind", ["seizure", "interception"])
def test_marks_of_a_form_hide_nobody_s_number(kind):
    report = {
        "kind": kind,
        "text": "■嫌疑人：阿明\n■电话：13900001234\n■■ 电话：13900005678",
        "phones": ["13900001234"],
    }
    assert redact_record(report)[0] == report


@pytest.mark.parametrize("piece", ["■■电话{}阿 ", "我的电话{}。", "林水生的电话{}，"])
def test_many_numbers_told_cost_no_more_than_in_proportion(piece):
    def cost(count):
        text = "".join(piece.format(13_900_000_000 + number) for number in range(count))
        return steps(lambda: redact_record({"text": text, "reporter": {"name": NAME}}))

    short, long = cost(400), cost(800)
    assert long < 2.6 * short
