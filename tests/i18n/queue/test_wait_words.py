"""What a quoted wait rested on, in words."""

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.ticket import MadeOf, Promise
from queuedesk.core.waits.past_waits import EXPERTS
from queuedesk.i18n.queue.wait_words import expert_title, expert_words, rested_on
from tests.core.waits.past_day import PastDay


def ticket(leads: str | None, points_s: tuple[int | None, ...] = (600,) * 8):
    day = PastDay()
    made_of = MadeOf(place=3, low_s=300, high_s=900, points_s=points_s)
    day.comes("A001", "A", 540, promise=Promise(low=5, high=15, point_s=600, made_of=made_of, leads=leads))
    return day.tickets["A001"]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_expert_has_words_of_its_own(lang):
    assert len({expert_words(code, lang) for code in EXPERTS}) == len(EXPERTS)
    assert not {expert_words(code, lang) for code in EXPERTS} & set(EXPERTS)
    assert expert_title("today", "en") == "How quickly this line moves today"
    assert expert_words("oracle", lang) == "oracle"


def test_a_ticket_tells_what_its_wait_rested_on():
    assert rested_on(ticket("history"), "en") == "It rested most on this line's past days: 10 min"
    assert rested_on(ticket("history", (None,) * 8), "en") == "It rested most on this line's past days"
    assert rested_on(ticket("history"), "zh_CN") == "告知的等候主要依据本队列往日的情况：10 分钟"


def test_nothing_is_told_where_nothing_was_noted():
    assert rested_on(ticket(None), "en") == rested_on(ticket("oracle"), "en") == ""
    assert rested_on(replace(ticket("history"), promise=Promise(low=5, high=15, point_s=600)), "en") == ""
