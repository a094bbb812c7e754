"""What a quoted wait rested on, why a ticket still waits and what should be looked at, in words."""

from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk import i18n
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.queue.ticket import WaitInputs, WaitPromise
from queuedesk.core.waits.estimates import EXPERTS
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from queuedesk.i18n.queue import line_words
from queuedesk.i18n.queue.event_words import alert_text, alert_words
from queuedesk.i18n.queue.line_words import (
    call_rule_text,
    quote_basis_sentence,
    screen_reader_wait_text,
    wait_expert_basis_words,
    wait_text,
    why_not_called_now_sentence,
)
from tests.core.waits.past_day import PastDay
from tests.desk.equipment import KIOSK, start, stop
from tests.hall import Hall, make_hall, simple_hall


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
        (dispatch.QuotedWait(10, 15), "about 10\u2060–\u206015 min", "约 10\u2060–\u206015 分钟"),
        (dispatch.QuotedWait(10, 40), "about 10\u2060–\u206040 min", "约 10\u2060–\u206040 分钟"),
        (dispatch.QuotedWait(2, 50), "up to 50 min", "最多 50 分钟"),
        (dispatch.QuotedWait(7, 30), "up to 30 min", "最多 30 分钟"),
        (dispatch.QuotedWait(0, 1), "no wait", "不用等"),
        (dispatch.QuotedWait(240, None), "more than 4 hours", "超过 4 小时"),
        (dispatch.NO_WINDOW_OPEN, "no window open", "没有窗口在办"),
        (dispatch.NOT_REACHED, "perhaps not today", "今天可能叫不到"),
        (dispatch.NO_FIGURES, "wait not known yet", "等多久还估不准"),
        (dispatch.NoQuoteReason("too_few_calls"), "wait not known yet", "等多久还估不准"),
    ],
)
def test_a_wait_in_words(wait: dispatch.QuotedWait | dispatch.NoQuoteReason, english: str, chinese: str) -> None:
    """Ends that lie far apart are not both known: only the top is named."""
    assert (wait_text(wait, "en"), wait_text(wait, "zh_CN")) == (english, chinese)


def test_a_wait_in_parts_and_in_a_sentence() -> None:
    i18n.choose_language("en")
    assert line_words.wait_words(dispatch.QuotedWait(2, 50)) == ("up to", "50", "min")
    for wait, text in (
        (dispatch.QuotedWait(10, 15), "10\u2060–\u206015 min"),
        (dispatch.QuotedWait(2, 50), "up to 50 min"),
    ):
        assert line_words.wait_text_without_about(wait) == text
    said = [screen_reader_wait_text(dispatch.QuotedWait(*ends)) for ends in ((10, 15), (2, 50))]
    assert said == ["about 10 to 15 minutes", "up to 50 min"]
    assert [wait_text(dispatch.QuotedWait(0, 1, point_s), ahead=2) for point_s in (3, 20)] == ["no wait", "up to 1 min"]


# -- why a ticket waits that a transfer keeps for one window or clerk --------------------------------------------------
@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Windows 1 and 2 have clerks, and one customer is served at window 1."""
    i18n.choose_language("en")
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "open 2 staff=C2", "issue A", "call 1", "start 1")
    return hall


def told(hall: Hall, *, label: str = "A001", public: bool = False) -> str:
    state = looking.hall_state_now(hall.desk, hall.clock())
    return why_not_called_now_sentence(state, state.tickets[hall.date, label], hall.clock(), public=public)


def test_only_the_window_it_is_kept_for_can_call_it(hall: Hall) -> None:
    hall.play("open 3 staff=C3", "transfer 1 A to_window=3")
    assert told(hall) == "A001 is next, and window 3 is free for it; it is kept for window 3 until 9:15."
    hall.issue("C")
    assert hall.call("3", ticket="C001", reason="asked") == "C001"
    assert told(hall).startswith("A001 is next, and every window for it has a customer (window 3)")


def test_a_closed_window_it_is_kept_for_is_named(hall: Hall) -> None:
    hall.do("transfer", "1", "A", to_window="3")
    assert told(hall) == "A001 is waiting for window 3, which is not open now; other windows may call it from 9:15."
    hall.clock.move(minutes=15)
    assert told(hall) == "A001 is next, and windows 1, 2 are free for it."
    hall.issue("A")
    assert hall.call("1", ticket="A002", reason="asked") == "A002"
    assert told(hall).startswith("A001 is next, and window 2 is free for it; ")


def test_a_clerk_it_is_kept_for_is_named_to_staff_alone(hall: Hall) -> None:
    hall.do("transfer", "1", "A", to_staff="C3")
    assert told(hall).startswith("A001 is waiting for C3, who is at no open window now; other windows")
    assert told(hall, public=True).startswith("A001 is waiting for a person who is at no open window now; other")
    hall.open("3", "C3")
    assert told(hall) == "A001 is next, and window 3 is free for it; it is kept for C3 until 9:15."
    assert told(hall, public=True).endswith("; it is kept for one person until 9:15.")


def test_who_stands_before_it_is_counted_at_the_window_it_is_kept_for(hall: Hall) -> None:
    """Window 3 would call C001 first; window 2, which may not call A001, has nobody else."""
    hall.play("issue C", "open 3 staff=C3", 1, "transfer 1 A to_window=3 place=end")
    assert told(hall).startswith("A001 is waiting because 1 ticket is ahead of it (window 3); it is kept")


@pytest.fixture
def waiting(tmp_path: Path) -> Hall:
    """Two windows have served six customers in four minutes each; one more waits behind two who are served now."""
    i18n.choose_language("en")
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "open 2 staff=C2", "queue A A A A A A A A A")
    for _ in range(3):
        hall.play("call 1", "call 2", "start 1", "start 2", 4, "finish 1", "finish 2")
    hall.play("call 1", "start 1", "call 2", "start 2", "issue A")
    return hall


of_the_last = partial(told, label="A010")


def test_who_waits_longer_than_told_hears_by_how_much_how_long_still_and_why(waiting: Hall) -> None:
    state = looking.hall_state_now(waiting.desk, waiting.clock())
    high = state.tickets[waiting.date, "A010"].promise.high
    waiting.clock.move(minutes=high + 1)
    assert "longer" not in of_the_last(waiting)
    waiting.clock.move(minutes=2)
    longer = of_the_last(waiting)
    assert f"; 3 min longer than estimated (up to {high} min), still " in longer
    assert longer.endswith("; the visits before it take longer than expected.")
    assert "longer than" not in of_the_last(waiting, public=True)


def test_who_was_quoted_no_wait_hears_when(hall: Hall) -> None:
    label = hall.issue("A")
    hall.clock.move(minutes=4)
    assert told(hall, label=label).endswith("; “no wait” was quoted 4 min ago.")


def test_fewer_windows_are_the_cause_of_a_longer_wait(waiting: Hall) -> None:
    waiting.play(1, "finish 2", "close 2", 40)
    assert of_the_last(waiting).endswith("; fewer windows serve it than when the ticket was taken: 1 instead of 2.")
    waiting.play("postpone A009", "postpone A010")
    assert "longer than estimated" not in of_the_last(waiting)


@pytest.mark.parametrize("order", [dispatch.CREDIT, dispatch.CREDIT_DOUBLE, dispatch.PRIORITY_FIRST])
def test_where_every_call_may_be_a_jump_no_share_is_told(order):
    assert call_rule_text(dispatch.CallOrderRule(order=order, jump_every=1), "en").endswith(
        "any call may go ahead by priority"
    )
    of_three = call_rule_text(dispatch.CallOrderRule(order=order, jump_every=3), "en")
    assert of_three.endswith("at most one call in 3 goes ahead by priority")
    assert call_rule_text(dispatch.CallOrderRule(order=order, jump_every=1), "zh_CN").endswith(
        "每 1 次叫号最多提前一次"
    )
    for most, words in ((1, "more than 1 time by priority"), (2, "more than 2 times by priority")):
        assert call_rule_text(dispatch.CallOrderRule(order=order, jump_every=1, guard=most), "en").endswith(words)


# -- a strip's two parts are the parts of the alert's sentence ---------------------------------------------------------
def said(hall: Hall, lang: str) -> dict[str, tuple[str, str]]:
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    words = {alert.kind: alert_words(state, alert, now, lang) for alert in current_alerts(state, now)}
    return {kind: (found.fact, found.figures) for kind, found in words.items()}


def test_each_alert_is_a_fact_with_its_figures_and_a_sentence_of_a_command(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.play("open 3 staff=C3", "open 4 staff=C4")
    opening.pause_window(hall.desk, hall.ask(), "4", reason="meal", minutes=10)
    hall.play("queue B B", 40)
    assert said(hall, "en") == {
        "long_wait": ("B Account services: long wait", "longest 40 min, target 15 min"),
        "late_back": ("Window 4 is 30 minutes late back", "Chen Jing"),
        "no_call": ("Window 3 has called nobody for 40 minutes", "2 people could be called there"),
    }
    assert said(hall, "zh_CN")["long_wait"] == ("B 业务办理等得久", "最久 40 分钟，目标 15 分钟")
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    worst = current_alerts(state, now)[0]
    assert alert_text(state, worst, now, "en") == "B Account services: long wait; longest 40 min, target 15 min."
    assert alert_text(state, worst, now, "zh_CN") == "B 业务办理等得久，最久 40 分钟，目标 15 分钟。"
    # The last kiosk that somebody ended is not called out of order.
    start(hall, KIOSK)
    stop(hall, KIOSK)
    assert said(hall, "en")["device_down"][1] == "since 9:40, and it was the only one"
