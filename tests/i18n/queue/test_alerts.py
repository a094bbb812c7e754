"""One source for what should be looked at: a strip's two parts are the parts of the sentence."""

from queuedesk.core.queue.overview import current_alerts
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from queuedesk.i18n.queue.event_words import alert_text, alert_words
from tests.desk.equipment import KIOSK, start, stop
from tests.hall import Hall, make_hall


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
