"""What a quoted wait rested on, in words."""

import pytest
from msgspec.structs import replace

from queuedesk import i18n
from queuedesk.core.queue.dispatch import NO_FIGURES, NO_WINDOW_OPEN, NOT_REACHED, NoQuoteReason, QuotedWait
from queuedesk.core.queue.ticket import WaitInputs, WaitPromise
from queuedesk.core.waits.estimates import EXPERTS
from queuedesk.i18n.queue import line_words
from queuedesk.i18n.queue.line_words import (
    quote_basis_sentence,
    screen_reader_wait_text,
    wait_expert_basis_words,
    wait_text,
)
from tests.core.waits.past_day import PastDay


def ticket(leads: str | None, points_s: tuple[int | None, ...] = (600,) * 8):
    day = PastDay()
    made_of = WaitInputs(place=3, low_s=300, high_s=900, points_s=points_s)
    day.comes("A001", "A", 540, promise=WaitPromise(low=5, high=15, point_s=600, made_of=made_of, leads=leads))
    return day.tickets["A001"]


def test_every_expert_has_words_of_its_own_and_a_ticket_tells_which_its_wait_rested_on():
    for lang in i18n.LANGUAGES:
        words = {wait_expert_basis_words(code, lang) for code in EXPERTS}
        assert len(words) == len(EXPERTS)
        assert not words & set(EXPERTS)
        assert wait_expert_basis_words("oracle", lang) == "oracle"
    assert quote_basis_sentence(ticket("history"), "en") == "Based mainly on this line's past days: 10 min"
    assert quote_basis_sentence(ticket("history", (None,) * 8), "en") == "Based mainly on this line's past days"
    assert quote_basis_sentence(ticket("history"), "zh_CN") == "告知的等候主要依据本队列往日的情况：10 分钟"
    assert quote_basis_sentence(ticket(None), "en") == quote_basis_sentence(ticket("oracle"), "en") == ""
    earlier = replace(ticket("history"), promise=WaitPromise(low=5, high=15, point_s=600))
    assert quote_basis_sentence(earlier, "en") == ""


@pytest.mark.parametrize(
    ("wait", "english", "chinese"),
    [
        (QuotedWait(10, 15), "about 10\u2060–\u206015 min", "约 10\u2060–\u206015 分钟"),
        (QuotedWait(10, 40), "about 10\u2060–\u206040 min", "约 10\u2060–\u206040 分钟"),
        (QuotedWait(2, 50), "up to 50 min", "最多 50 分钟"),
        (QuotedWait(7, 30), "up to 30 min", "最多 30 分钟"),
        (QuotedWait(0, 1), "no wait", "不用等"),
        (QuotedWait(240, None), "more than 4 hours", "超过 4 小时"),
        (NO_WINDOW_OPEN, "no window open", "没有窗口在办"),
        (NOT_REACHED, "perhaps not today", "今天可能叫不到"),
        (NO_FIGURES, "wait not known yet", "等多久还估不准"),
        (NoQuoteReason("too_few_calls"), "wait not known yet", "等多久还估不准"),
    ],
)
def test_a_wait_in_words(wait: QuotedWait | NoQuoteReason, english: str, chinese: str) -> None:
    """Ends that lie far apart are not both known: only the top is named."""
    assert (wait_text(wait, "en"), wait_text(wait, "zh_CN")) == (english, chinese)


def test_a_wait_in_parts_and_in_a_sentence() -> None:
    i18n.choose_language("en")
    assert line_words.wait_words(QuotedWait(2, 50)) == ("up to", "50", "min")
    for wait, text in ((QuotedWait(10, 15), "10\u2060–\u206015 min"), (QuotedWait(2, 50), "up to 50 min")):
        assert line_words.wait_text_without_about(wait) == text
    said = [screen_reader_wait_text(QuotedWait(*ends)) for ends in ((10, 15), (2, 50))]
    assert said == ["about 10 to 15 minutes", "up to 50 min"]
    assert [wait_text(QuotedWait(0, 1, point_s), ahead=2) for point_s in (3, 20)] == ["no wait", "up to 1 min"]
