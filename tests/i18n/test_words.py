"""One word per thing, for every state that the rules know."""

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
