"""One word per thing, for every state that the rules know and every device."""

import json
from pathlib import Path
from typing import Any

import pytest

from queuedesk import i18n
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.queue.ticket import TicketState, WindowState
from queuedesk.core.setup.file import check_and_read_setup, document_after_change
from queuedesk.core.setup.hall import REASON_TAGS
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.figures.figure_titles import RATING_REASONS, rating_reason_words
from queuedesk.i18n.names import service_letter_and_name, service_name, staff_name
from queuedesk.i18n.talk import device_down_cause_words, device_event_text, device_name
from tests.hall import simple_setup


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_state_role_and_level_has_its_own_word_that_of_the_house(lang):
    for words in (
        [i18n.ticket_state_word(str(state), lang) for state in TicketState],
        [i18n.window_state_word(str(state), lang) for state in WindowState],
        [i18n.role_word(str(role), lang) for role in STAFF_ROLES],
        [i18n.rating_level_words(level, lang) for level in range(1, 6)],
        [rating_reason_words(code, lang) for code in REASON_TAGS],
    ):
        assert all(words)
        assert len(set(words)) == len(words)
    assert tuple(RATING_REASONS) == REASON_TAGS
    assert not {rating_reason_words(code, lang) for code in REASON_TAGS} & set(REASON_TAGS)
    assert i18n.ticket_state_word("parked") == "挂起"
    assert i18n.ticket_state_word("parked", "en") == "Set aside"
    assert i18n.window_state_word("open") == "营业中"
    assert i18n.role_word("manager") == "值班经理"


@pytest.fixture
def setup() -> Setup:
    """Return a hall that has removed service C and clerk C4."""
    document: dict[str, Any] = simple_setup()
    document["services"][2].update(name="电表", name_en="Meters")
    document["staff"][3].update(name="王芳", name_en="Wang Fang")
    for part, code in (("services", "C"), ("staff", "C4")):
        document = document_after_change(document, {"part": part, "op": "remove", "code": code})
    document["windows"] = [{**row, "services": ["A"]} for row in document["windows"]]
    return check_and_read_setup(document)


def test_a_removed_service_and_a_person_who_left_keep_their_names_and_unknown_codes_stand(setup: Setup) -> None:
    assert (service_name(setup, "C", "zh_CN"), service_name(setup, "C", "en")) == ("电表", "Meters")
    assert (staff_name(setup, "C4", "zh_CN"), staff_name(setup, "C4", "en")) == ("王芳", "Wang Fang")
    assert service_letter_and_name(setup, "C", "en") == "C Meters"
    assert (staff_name(setup, "console", "zh_CN"), staff_name(setup, "console", "en")) == ("命令行", "Command line")
    assert (service_name(setup, "Z"), staff_name(setup, "X9"), service_name(setup, None)) == ("Z", "X9", "")


# -- devices -----------------------------------------------------------------------------------------------------------
DEVICES = json.loads(Path(__file__).with_name("devices.json").read_text("utf-8"))


def test_a_device_is_called_by_its_kind_and_place_and_an_event_says_what_became_of_which():
    for device, station, *words in DEVICES:
        assert [device_name(device, station, lang) for lang in ("en", "zh_CN")] == words
    up = {"device": "kiosk", "station": "K1", "state": "up", "cause": None}
    assert device_event_text(up, "en") == "Kiosk K1 · works"
    assert device_event_text({**up, "state": "down", "cause": "lost"}, "zh_CN") == "自助取号机 K1 · 没有响应"
    assert (device_down_cause_words("on fire", "en"), device_down_cause_words(None, "en")) == ("on fire", "")
