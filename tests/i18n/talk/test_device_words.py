"""What devices are called, in both languages."""

import json
from pathlib import Path

from queuedesk.i18n.talk import device_down_cause_words, device_event_text, device_name

DEVICES = json.loads(Path(__file__).with_name("devices.json").read_text("utf-8"))


def test_a_device_is_called_by_its_kind_and_place_and_an_event_says_what_became_of_which():
    for device, station, *words in DEVICES:
        assert [device_name(device, station, lang) for lang in ("en", "zh_CN")] == words
    up = {"device": "kiosk", "station": "K1", "state": "up", "cause": None}
    assert device_event_text(up, "en") == "Kiosk K1 · works"
    assert device_event_text({**up, "state": "down", "cause": "lost"}, "zh_CN") == "自助取号机 K1 · 没有响应"
    assert (device_down_cause_words("on fire", "en"), device_down_cause_words(None, "en")) == ("on fire", "")
