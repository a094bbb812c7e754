"""What a call says, part by part."""

from datetime import UTC, datetime

import pytest

from queuedesk.core.talk import announcement


def call(window: str = "3", zone: str | None = None, zone_en: str | None = None) -> announcement.Announcement:
    return announcement.Announcement(1, "B031", window, zone, 0, datetime(2026, 3, 2, 1, 30, tzinfo=UTC), zone_en)


def test_letters_and_digits_of_a_ticket_stand_alone():
    labels = {"B031": "B, 0 3 1", "VIP003": "V, I, P, 0 0 3", "a1000": "A, 1 0 0 0", "B-07": "B, 0 7", "205": "2 0 5"}
    assert {label: announcement.spoken_ticket(label) for label in labels} == labels
    assert announcement.spoken_ticket("甲12") == "甲, 1 2"
    assert announcement.spoken_ticket("B031", tuple("零一二三四五六七八九")) == "B, 零 三 一"


def test_window_numbers_stay_numbers_names_stay_words_and_letters_of_a_zone_stand_apart():
    names = {"3": "3", "12": "12", "A12": "A, 12", "VIP": "V, I, P", "Cash  desk": "Cash desk", "CASHIER": "CASHIER"}
    assert {name: announcement.spoken_window(name) for name in names} == names
    zones = {"左侧A区": "左侧 A 区", "左侧 A 区。": "左侧 A 区", "2楼B区": "2 楼 B 区", "left, area A.": "left, area A"}
    zones |= {"area A on the left": "area A, on the left", "  ": ""}
    assert {zone: announcement.spoken_directions(zone) for zone in zones} == zones


@pytest.mark.parametrize(
    ("zone", "zone_en", "in_chinese", "in_english"),
    [
        ("左侧 A 区", "left, area A", "左侧 A 区", "left, area A"),
        ("左侧 A 区", None, "左侧 A 区", ""),
        ("left", None, "left", "left"),
        (None, "left", "", "left"),
        (None, None, "", ""),
    ],
)
def test_each_language_hears_only_a_zone_it_can_read(zone, zone_en, in_chinese, in_english):
    called = call(zone=zone, zone_en=zone_en)
    assert announcement.spoken_call_parts(called, chinese=True).zone == in_chinese
    assert announcement.spoken_call_parts(called, chinese=False).zone == in_english


def test_an_english_voice_gets_no_chinese_window_name_and_only_codes_are_called_window_so_and_so():
    called = call(window="咨询台")
    assert announcement.spoken_call_parts(called, chinese=True).window == "咨询台"
    assert announcement.spoken_call_parts(called, chinese=False).window == ""
    names = ("3", "A12", "VIP", "咨询台", "Cash")
    numbered = [announcement.spoken_call_parts(call(window=name), chinese=True).is_numbered for name in names]
    assert numbered == [True, True, True, False, False]
