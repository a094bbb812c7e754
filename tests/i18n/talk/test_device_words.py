"""What devices are called, in both languages."""

import pytest

from queuedesk.i18n.talk import cause_words, device_event, device_name


@pytest.mark.parametrize(
    ("device", "station", "english", "chinese"),
    [
        ("display", "display", "Display", "大屏"),
        ("display", "display#2", "Display (2)", "大屏（2）"),
        ("display", "display-东区", "Display 东区", "大屏 东区"),
        ("kiosk", "K1", "Kiosk K1", "自助取号机 K1"),
        ("kiosk", "K1#2", "Kiosk K1 (2)", "自助取号机 K1（2）"),
        ("plate", "plate-3", "Window plate of window 3", "3 号窗口的窗口牌"),
        ("rating", "rating", "Rating screen", "评价器"),
        ("rating", "rating-3#2", "Rating screen of window 3 (2)", "3 号窗口的评价器（2）"),
        ("voice", "display", "Voice", "语音"),
        ("voice", "display#2", "Voice (Display (2))", "语音（大屏（2））"),
        ("printer", "guide", "Printer (Front desk)", "打印机（引导台）"),
        ("printer", "K1", "Printer (K1)", "打印机（K1）"),
        ("display", "EAST/display", "Display (EAST)", "大屏（EAST）"),
        ("display", "display-2@PC 3#2", "Display 2 (2) on PC 3", "大屏 2（2） · PC 3"),
        ("printer", "guide@门口", "Printer (Front desk) on 门口", "打印机（引导台） · 门口"),
        ("kiosk", "EAST/K1@Door", "Kiosk K1 on Door (EAST)", "自助取号机 K1 · Door（EAST）"),
        ("projector", "hall", "projector (hall)", "projector（hall）"),
    ],
)
def test_a_device_is_called_by_its_kind_and_place(device: str, station: str, english: str, chinese: str) -> None:
    assert (device_name(device, station, "en"), device_name(device, station, "zh_CN")) == (english, chinese)


def test_an_event_says_what_became_of_which_device() -> None:
    up = {"device": "kiosk", "station": "K1", "state": "up", "cause": None}

    assert device_event(up, "en") == "Kiosk K1 · works"
    assert device_event({**up, "state": "down", "cause": "lost"}, "zh_CN") == "自助取号机 K1 · 没有响应"
    assert (cause_words("on fire", "en"), cause_words(None, "en")) == ("on fire", "")
