"""Searching what customers want, and what services are called."""

import json

import pytest

from queuedesk import paths
from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import minute_when_tickets_stop_today
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.i18n import error_sentence
from queuedesk.paths import resource_path
from queuedesk.stations.service_search import (
    SearchEntry,
    SearchIndex,
    pinyin_initials,
    tickets_until_text,
    unusual_day_sentences,
)
from tests.hall import at, simple_setup
from tests.stations.english import english  # noqa: F401

CARDS = ("新户主身份证", "New holder’s ID card")
GMGH = SearchEntry(service="B", item="gmgh", name="更名过户", name_en="Change of name", words=("换户主",), papers=CARDS)
PROXY = SearchEntry(service="B", item="gmghdb", name="更名过户（非本人代办）", name_en="Change of name by proxy")
METER = SearchEntry(service="B", item="dbjy", name="电表校验", name_en="Meter check")
GREEN = SearchEntry(service="C", item="lsyd", name="绿色用电", name_en="Green power")
BILLS = SearchEntry(service="A", name="电费缴纳", name_en="Pay a bill")
ENTRIES = (BILLS, PROXY, GMGH, METER, GREEN)
WHY = {"text": "员工培训", "text_en": "Staff training"}
FORMS = ("更名过户", "更名过户（非本人代办）")
FINDS = {
    **dict.fromkeys(("gmgh", "GMGH", "geng ming guo hu", "更名gh", "change of na"), FORMS),
    **dict.fromkeys(("gengming", "gengmi", "过户"), tuple(reversed(FORMS))),
    **dict.fromkeys(("代办", "proxy"), tuple(FORMS[1:])),
    **dict.fromkeys(("换户主", "hhz", "身份证", "holder's id", "holder’s id"), tuple(FORMS[:1])),
    **dict.fromkeys(("a", "Ｄｆｊｎ"), ("电费缴纳",)),
    "lvse": ("绿色用电",),
    **dict.fromkeys(("㐀", "xyz", "", "（"), ()),
}


def test_what_is_typed_in_letters_initials_or_writing_finds_each_character_by_all_of_its_readings():
    index = SearchIndex(ENTRIES)
    assert {query: tuple(entry.name for entry in index.find_entries(query)) for query in FINDS} == FINDS
    assert pinyin_initials("更名过户") == "gmgh" and pinyin_initials("Change of name") == ""
    assert all(entry in index.find_entries(pinyin_initials(entry.name)) for entry in ENTRIES), (
        "the example beside the search"
    )
    for name, readings in (("单", "dan shan"), ("仇", "chou qiu"), ("曾", "ceng zeng"), ("女", "nv nu")):
        entry = SearchEntry(service="A", name=f"{name}位")
        for typed in readings.split():
            assert SearchIndex([entry]).find_entries(typed) == [entry]
    for typed in ("jy", "xy", "xiaoyan", "jiaoyan"):
        assert METER in SearchIndex(ENTRIES).find_entries(typed), "initials follow every reading"


def test_a_hit_shows_the_closest_text_with_what_was_typed_and_names_come_before_words_and_papers():
    def marked(entry: SearchEntry, typed: str) -> tuple[str, str, str]:
        hit = SearchIndex([entry]).hits_of_query(typed)[0]
        return hit.field, hit.text, hit.text[hit.start : hit.end]

    assert marked(PROXY, "gmg") == ("name", "gmgh fbrdb", "gmg")
    assert marked(PROXY, "过户") == ("name", "更名过户（非本人代办）", "过户")
    assert marked(METER, "met") == ("name_en", "Meter check", "Met")
    assert marked(SearchEntry(service="B", name="重设 PIN 码", name_en="PIN"), "pin")[0] == "name_en"
    entries = [SearchEntry(service="A", item=str(place), name=f"缴费{place}") for place in range(20)]
    assert SearchIndex(entries).find_entries("jf") == entries, "equal matches keep the order of the set-up"
    by_name = SearchEntry(service="A", item="1", name="身份证换领")
    by_word = SearchEntry(service="A", item="2", name="户口", words=("身份证",))
    by_paper = SearchEntry(service="A", item="3", name="居住证", papers=("身份证",))
    assert SearchIndex([by_paper, by_word, by_name]).find_entries("sfz") == [by_name, by_word, by_paper]


def test_every_item_of_a_preset_is_first_by_its_whole_name():
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    entries = [
        SearchEntry(service=service["code"], item=item["code"], name=item["name"], name_en=item["name_en"])
        for service in document["services"]
        for item in service["items"]
    ]
    index = SearchIndex(entries)
    for entry in entries:
        assert index.find_entries(entry.name)[0] == index.find_entries(entry.name_en)[0] == entry


def test_without_its_table_what_is_written_is_found_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "_ROOT", tmp_path)
    index = SearchIndex(ENTRIES)
    assert (index.find_entries("dfjn"), index.find_entries("电费"), index.find_entries("pay")) == ([], [BILLS], [BILLS])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, []),
        ({20: {"kind": "holiday", **WHY}}, ["Closed today: Staff training"]),
        ({20: {"kind": "holiday"}, 21: {"kind": "holiday"}}, ["Closed today", "Closed tomorrow"]),
        ({20: {"kind": "special", "from": "8:30", "to": "15:00", **WHY}}, ["Closes at 15:00 today: Staff training"]),
        ({21: {"kind": "special", "from": "10:00", "to": "15:00"}}, ["Open 10:00–15:00 tomorrow"]),
        ({21: {"kind": "working"}}, ["Make-up working day tomorrow, 8:30–17:30"]),
        ({22: {"kind": "holiday"}}, []),
    ],
)
def test_what_is_different_today_and_tomorrow(days: dict[int, dict], expected: list[str]):
    document = simple_setup(calendar={f"2026-11-{day}": row for day, row in days.items()})
    for service in document["services"]:
        service.update(hours=None)
    setup = check_and_read_setup(document)
    assert [text.replace("\u2060", "") for text in unusual_day_sentences(setup, at("9:00"))] == expected


def test_special_hours_end_the_tickets_and_a_refusal_says_why():
    document = simple_setup(calendar={"2026-11-20": {"kind": "special", "from": "8:30", "to": "15:00", **WHY}})
    document["services"][0].update(hours=None, last_ticket="17:00")
    setup = check_and_read_setup(document)
    assert tickets_until_text(setup, setup.services["A"], at("14:00")) == "tickets until 14:30"
    with pytest.raises(RuleError) as refused:
        minute_when_tickets_stop_today(setup, setup.services["A"], at("15:30"))
    told = "Other hours: Staff training. A takes no tickets now; it opens on 21 Nov at 8:30."
    assert error_sentence(refused.value, "en") == told
