"""The first start asks which service is called first: an emergency does not wait in turn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import MOST_CREDIT
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling, issuing, moving, opening, serving
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.stations.manager.tickets.history_page import moments
from tests.hall import CONSOLE, at
from tests.stations.english import english  # noqa: F401
from tests.stations.home.test_wizard import click, filled, go_to, made, write
from tests.stations.seen import texts_of

CHECK_UP, EMERGENCY = "E", "F"


def add(wizard, code: str, name: str) -> None:
    click(wizard.services.add_button)
    write(wizard.services.edits[code]["name"], name)


def credits_of(draft) -> dict[str, int]:
    return {row["code"]: row["credit_minutes"] for row in draft.finished()["services"] if row.get("credit_minutes")}


def test_an_emergency_in_a_new_clinic_is_called_before_those_who_wait_for_a_check_up(wizard):
    go_to(wizard, 2, "clinic")
    add(wizard, CHECK_UP, "Check-up")
    assert wizard.services.first.box.currentText() == "Nobody: all in turn"
    add(wizard, EMERGENCY, "Emergency")
    assert wizard.services.first.box.currentText() == "Emergency"
    assert (
        "Each Emergency ticket is called as if it had come 120 min earlier. "
        "The last ticket is given at closing time. You can change both later in Set-up."
    ) in texts_of(wizard)
    desk, now = made(wizard), at("18:00")  # 11:00 in Berlin

    def ask(minutes: int) -> Ask:
        return Ask(CONSOLE, now + timedelta(minutes=minutes))

    opening.open_window(desk, ask(0), "5", staff="AD")
    waiting = [str(issuing.issue(desk, ask(1), CHECK_UP)["ticket"]) for _ in range(2)]
    urgent, another = (str(issuing.issue(desk, ask(5), EMERGENCY)["ticket"]) for _ in range(2))

    assert calling.call(desk, ask(6), "5")["ticket"] == urgent
    state = looking.hall_on(desk, now.date())
    reasons = [why_now(state, state.tickets[(now.date(), label)], ask(6).now) for label in waiting]
    assert all(f"called first though they came later: {urgent} (Emergency)" in reason for reason in reasons)
    public = why_now(state, state.tickets[(now.date(), waiting[0])], ask(6).now, public=True)
    assert f"{urgent} (Emergency)" in public
    story = looking.checked_history(desk, now.date(), waiting[0], 0, ask(6).now)
    told = [moment.detail for moment in moments(state, set_up(state), story)]
    assert f"{urgent} (Emergency) jumped ahead · credit 120 min" in told
    moving.transfer(desk, ask(8), "5", CHECK_UP)
    state = looking.hall_on(desk, now.date())
    story = looking.checked_history(desk, now.date(), waiting[0], 0, ask(8).now)
    assert [moment.detail for moment in moments(state, set_up(state), story)] == told, "whatever they go on to"
    assert calling.call(desk, ask(9), "5")["ticket"] == another
    serving.finish(desk, ask(10), "5")
    assert calling.call(desk, ask(11), "5")["ticket"] == waiting[0]


def test_the_admin_chooses_who_is_called_first_and_the_choice_stays(wizard):
    go_to(wizard, 2, "clinic")
    add(wizard, CHECK_UP, "Emergency")
    box = wizard.services.first.box

    box.setCurrentIndex(box.findData("D"))
    assert credits_of(wizard.draft) == {"D": MOST_CREDIT}
    assert "at most one call in 3 ahead of its turn" in wizard.services.note()
    assert "jump_every" not in wizard.draft.finished()["settings"]
    click(wizard.services.removes["D"])
    assert (box.currentData(), credits_of(wizard.draft)) == ("", {})
    wizard.toast.undo()
    assert box.currentData() == "D"
    box.setCurrentIndex(box.findData(""))
    write(wizard.services.edits[CHECK_UP]["name"], "Emergency room")
    assert (box.currentData(), credits_of(wizard.draft)) == ("", {})
    assert "min earlier" not in wizard.services.note()


@pytest.mark.parametrize(("preset", "name", "goes_first"), [
    ("clinic", "Emergencies", True), ("clinic", "EMERGENCY care", True), ("clinic", "急诊", True),
    ("power", "Emergency repairs", False), ("library", "Emergency", False),
])  # fmt: skip
def test_only_an_emergency_of_a_clinic_goes_first_by_itself(controller, preset, name, goes_first):
    draft = filled(controller.draft(preset)).with_name("services", "B", name)

    assert credits_of(draft) == ({"B": MOST_CREDIT} if goes_first else {})
