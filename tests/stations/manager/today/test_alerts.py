"""Alerts that somebody has seen stay quiet, and say who it was."""

from __future__ import annotations

from queuedesk.stations.manager.today.alert_words import alert_texts
from queuedesk.stations.manager.today.today_page import AlertsDialog
from tests.hall import at


def test_alerts_can_be_marked_as_seen_unless_the_hall_is_away(office):
    # While the hall is away one can look but not act.
    page, alerts = office.page, office.page.today.alerts
    office.later(minutes=20)
    seen = alerts.strips[0].seen_button()
    office.go("setup")
    office.go("waits")
    office.page.waits.open_tab("staffing")
    acts = [seen, page.today.note_button, page.notices.push_button, page.tickets.story.buttons["void"]]
    acts += page.setup_page.hall_acts
    could = [button.isEnabled() for button in acts]
    page.show_away(at("10:40"))
    page.refresh()
    office.go("today")

    assert not any(button.isEnabled() for button in acts)
    assert alerts.strips[0].button().isEnabled()
    office.touch(alerts.more)
    listed = office.question(AlertsDialog).strips
    assert not any(strip.seen_button().isEnabled() for strip in listed)
    office.go("reports")
    office.page.reports.pages.open("channels")
    late = office.page.reports.pages.page("channels")
    assert not late.add_button.isEnabled()
    page.show_away(None)
    assert all(strip.seen_button().isEnabled() for strip in listed)
    assert [button.isEnabled() for button in acts] == could and late.add_button.isEnabled()
    assert office.log("ack") == []

    # An alert that was seen leaves the strips and says who.
    office.question(AlertsDialog).refuse()
    office.go("today")
    first = alerts.strips[0]
    title = first.title()
    office.touch(first.seen_button())

    (event,) = office.log("ack")
    assert event.actor == "M1"
    assert office.page.toast.text() == "Marked as seen by you"
    assert all(strip.title() != title for strip in alerts.strips if strip.isVisible())
    assert "1 seen" in alerts.more.text()
    seen = [text for text in alert_texts(office.page.state, office.hall.clock()) if text.is_seen]
    assert [text.title for text in seen] == [title]
    assert "Zhao Qiang has known since 9:50" in seen[0].second

    # The list of all says who has seen what.
    office.touch(alerts.more)
    dialog = office.question(AlertsDialog)

    assert not dialog.strips[-1].seen_button().isVisible()
    assert "has known since" in dialog.strips[-1].accessibleName()
    dialog.refuse()

    # More than two are counted, and each of the list leads to its tickets.
    office.touch(alerts.more)
    listed = office.question(AlertsDialog).strips
    assert alerts.more.text() == "3 more · 1 seen"
    office.touch(next(strip for strip in listed if "B001" in strip.accessibleName()).button())
    assert page.tickets.shown().label == "B001"
    office.go("today")

    # When all were seen, nothing new asks.
    while any(strip.isVisible() for strip in alerts.strips):
        office.touch(next(strip for strip in alerts.strips if strip.isVisible()).seen_button())
    assert alerts.calm.accessibleName() == "Nothing new needs you"

    office.later(minutes=1)
    assert not any(strip.isVisible() for strip in alerts.strips)
