"""Thanks on their way to a clerk, warnings to who is responsible, and text messages for the hall's gateway."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk import setting_up
from queuedesk.desk.change import Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.queue import opening, rating
from queuedesk.desk.talk import messaging
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.low_ratings.pages import LowRatingsController, LowRatingsPage
from queuedesk.features.thanks import papers, verbs
from queuedesk.features.thanks.pages.page import GatewayTextsDialog, ThanksAndWarningsPage
from queuedesk.stations.acts.ticket_acts import THANKS as THANK
from queuedesk.stations.acts.ticket_acts import SpokenCommentDialog, ThanksDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.store.log import journal
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, Hall, clerk, simple_hall, simple_setup
from tests.stations.hands import pick
from tests.stations.manager.conftest import Office, morning
from tests.stations.talk.conftest import Talkers


def fill(talkers: Talkers, dialog: ThanksDialog, text: str) -> None:
    dialog.words.setText(text)
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    talkers.follow()


def opened(talkers: Talkers) -> ThanksAndWarningsPage:
    """Open the manager's page of thanks and warnings."""
    talkers.manager.open_page("quality")
    talkers.manager.quality.open_tab("thanks")
    return talkers.manager.quality.pages.get_or_make_page("thanks")


def test_thanks_are_noted_at_a_ticket_or_by_the_manager_and_told_once_what_customers_say_to_nobody(talkers, story):
    talkers.hall.serve_out("3")
    talkers.follow()
    talkers.guide.show_ticket("A001")
    talkers.touch(talkers.guide.ticket_stage.buttons["thanks"])
    fill(talkers, talkers.dialog(talkers.guide, ThanksDialog), "So patient")
    story.tell("Thanks are told the clerk alone", *talkers.told())
    talkers.press(talkers.counter, "read")
    story.tell("They are read once", talkers.dialog(talkers.counter), *talkers.told())
    talkers.dialog(talkers.counter).refuse()
    for page, ticket in ((talkers.guide, ""), (talkers.counter, "A001")):
        entry = next(one for one in page.menu_entries() if one.text == "Customer says …")
        assert entry.enabled
        entry.act()
        said = talkers.dialog(page, SpokenCommentDialog)
        said.text.setPlainText("no chairs")
        said.kinds["complaint"].click()
        said.ticket.set_value(ticket)
        said.yes_button.click()
        talkers.follow()
    story.tell("What customers say is told to nobody", *talkers.told())
    listed = opened(talkers)
    pick(listed.ways, "Thanks")
    (note_key,) = [button for button in listed.buttons if button.text().startswith("Note thanks")]
    talkers.touch(note_key)
    dialog = talkers.dialog(talkers.manager, ThanksDialog)
    dialog.whom.setCurrentIndex(dialog.whom.findData("C3"))
    fill(talkers, dialog, "Came out to help")
    story.tell("The manager notes thanks too", listed, *talkers.told())
    listed.table.selectRow(0)
    (delete_key,) = [button for button in listed.buttons if button.text() == "Delete …" and button.isVisible()]
    talkers.touch(delete_key)
    talkers.touch(talkers.dialog(talkers.manager, ConfirmDialog).act_button)
    story.tell("Their words are deleted", listed)


# -- warnings ----------------------------------------------------------------------------------------------------------
def warn(talkers: Talkers, of: str) -> None:
    """Let a line grow late of which somebody is to be warned."""
    hall = talkers.hall
    setting_up.change_row_fields(hall.desk, hall.ask(ADMIN), "staff", of, {"warned_of": ["B"]})
    hall.play(40, "raise-due")


def test_the_responsible_clerk_is_warned_and_has_seen_it(talkers, story):
    hall = talkers.hall
    warn(talkers, "C3")
    talkers.follow()
    story.tell("The clerk is warned", *talkers.told())
    with pytest.raises(RuleError, match="not_your_role"):
        messaging.acknowledge_alert(hall.desk, hall.ask(clerk("C3")), "long_wait", service="A")
    hall.clock.move(seconds=30)
    talkers.press(talkers.counter, "seen")
    story.tell("It is seen", *talkers.told())
    own = messaging.warnings_sent_to_staff_between(hall.desk, clerk("C3"), None, hall.clock())
    assert [(row["service"], row["people"], row["by"], row["seconds"]) for row in own] == [("B", ["C3"], "C3", 30)]
    assert messaging.warnings_sent_to_staff_between(hall.desk, clerk("C1"), None, hall.clock()) == []
    assert messaging.warnings_sent_to_staff_between(hall.desk, MANAGER, None, hall.clock()) == own


def test_without_the_responsible_clerk_the_manager_is_warned_and_the_list_says_so(talkers, story):
    hall = talkers.hall
    opening.sign_in(hall.desk, hall.ask(MANAGER), "manager", "M1")
    warn(talkers, "C2")
    talkers.follow()
    page = opened(talkers)
    story.tell("The manager is warned", *talkers.told(), page)
    (row,) = page.table.rows.rows
    assert (row["told"], row["instead"]) == ([{"staff": "M1", "place": "manager"}], True)
    # Text messages for the gateway are saved once the clerk's number is kept.
    talkers.touch(page.buttons[0])
    dialog = talkers.dialog(talkers.manager, GatewayTextsDialog)
    story.tell("Text messages want numbers", dialog)
    dialog.people.setCurrentIndex(dialog.people.findData("C2"))
    for number in ("not one", "138 0013 5176"):
        dialog.number.set_value(number)
        dialog.keep_button.click()
        story.tell(f"The number is {number}", dialog)
    talkers.touch(dialog.yes_button)
    assert talkers.log("texts")[-1].data["messages"] and page.dialog is None
    hall.clock.move(seconds=75)
    _texts_key, _slip_key, show_key, seen_key, *_others = page.buttons
    places = []
    page.place_wanted.connect(places.append)
    talkers.touch(seen_key)
    story.tell("It is seen", page, *talkers.told())
    talkers.touch(show_key)
    assert [(place.page, place.service) for place in places] == [("tickets", "B")]
    (seen,) = messaging.warnings_sent_to_staff_between(hall.desk, MANAGER, None, hall.clock())
    assert (seen["by"], seen["seconds"]) == ("M1", 75)


def test_what_came_on_no_paper_asks_the_manager_and_leads_to_the_warnings(talkers: Talkers) -> None:
    hall, page = talkers.hall, talkers.manager
    setting_up.change_setting(hall.desk, hall.ask(ADMIN), "warning_slip", "on")
    warn(talkers, "C2")
    (row,) = messaging.warnings_to_print(hall.desk, hall.clock())
    messaging.record_warning_slip_begun(hall.desk, hall.ask(), row["alarm"])
    messaging.record_warning_slip_failure(hall.desk, hall.ask(), row["alarm"], "offline")
    talkers.follow()
    page.refresh()
    (strip,) = (text for text in page.today.alerts.texts if text.place.page == "warnings")
    assert (strip.title, strip.second) == ("1 warning was not printed", "offline; tried again every few minutes")
    page.ways.open_target(strip.place)
    assert isinstance(page.quality.pages.get_or_make_page("thanks"), ThanksAndWarningsPage)
    hall.clock.move(minutes=5)
    messaging.record_warning_slip_begun(hall.desk, hall.ask(), row["alarm"])
    page.open_page("today")
    assert strip not in page.today.alerts.texts


# -- text messages for the hall's gateway ------------------------------------------------------------------------------
def one_window(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.open("1", "C1")
    return hall


ONE_WINDOW = pytest.mark.hall(make=one_window)


def arrived(hall: Hall, service: str, *, minutes: int) -> str:
    """Let somebody with an appointment in so many minutes come; return the number."""
    at = hall.clock() + timedelta(minutes=minutes)
    wish = AppointmentRequest(service=service, at=at, name="Hu", contact="13900001111")
    seq = booking.book_appointment(hall.desk, hall.ask(MANAGER), wish)["appointment"]
    return booking.issue_ticket_on_arrival(hall.desk, hall.ask(MANAGER), seq)["ticket"]


def export(hall: Hall, file: Path, again: int | None = None) -> Document:
    return papers.export_messages_to_file(hall.desk, hall.ask(MANAGER), file, "en", again=again)


def exported(hall: Hall, file: Path, again: int | None = None) -> list[dict[str, str]]:
    done = export(hall, file, again)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert done["messages"] == len(rows)
    return rows


@ONE_WINDOW
@ON_BOTH_ENGINES
def test_a_warning_is_exported_once_to_who_has_a_number(hall: Hall, tmp_path: Path) -> None:
    for code in ("C1", "C2"):
        hall.do("set-row", "staff", code, {"warned_of": ["A"]}, who=ADMIN)
    assert (
        verbs.set_staff_phone_number(hall.desk, hall.ask(MANAGER), "C2", "+86 138 0013 5176")["number"]
        == "861 •••• 5176"
    )
    hall.play("issue A", 40, "raise-due")
    # What can't be written is not lost.
    with pytest.raises(OutsideError):
        export(hall, tmp_path / "no folder" / "x.csv")
    (row,) = exported(hall, tmp_path / "one.csv")
    assert (row["kind"], row["number"]) == ("warning", "008613800135176")
    assert "long wait" in row["text"] and row["valid_until"] > row["time"]
    event = hall.last()
    assert (event.kind, event.actor, event.data["messages"]) == ("texts", "M1", [row["id"]])
    log = str([one.data for one in hall.log()])
    assert "0013 5176" not in log and "00135176" not in log, "no number is in the log"
    nothing = export(hall, tmp_path / "two.csv")
    assert (nothing["export"], nothing["without_number"], (tmp_path / "two.csv").exists()) == (None, 1, False)
    assert exported(hall, tmp_path / "again.csv", again=event.seq) == [row]
    with pytest.raises(RuleError, match="not_there"):
        export(hall, tmp_path / "x.csv", again=1)
    with pytest.raises(RuleError, match="not_your_role"):
        verbs.set_staff_phone_number(hall.desk, hall.ask(clerk("C1")), "C1", "1")
    setting_up.remove_setup_row(hall.desk, hall.ask(ADMIN), "staff", "C2")
    assert verbs.masked_staff_phone_numbers(hall.desk) == {}


@ONE_WINDOW
def test_customers_get_messages_only_by_the_rule_and_while_their_contact_is_kept(hall: Hall, tmp_path: Path) -> None:
    label = arrived(hall, "A", minutes=20)
    assert export(hall, tmp_path / "a.csv")["messages"] == 0, "the rule is off"
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "settings", {"customer_texts": "on"})
    (near,) = exported(hall, tmp_path / "b.csv")
    assert (near["kind"], near["number"]) == ("near", "13900001111") and label in near["text"]
    hall.play(10, "call 1")
    (called,) = exported(hall, tmp_path / "c.csv")
    assert called["kind"] == "called" and "Window 1" in called["text"]
    hall.play("start 1", "finish 1")
    with hall.desk.db.write(hall.desk.hall) as tx:
        journal.delete_expired_contacts(tx, hall.desk.hall, hall.date + timedelta(days=99))
    assert export(hall, tmp_path / "d.csv")["messages"] == 0, "the contact is deleted"


@ON_BOTH_ENGINES
def test_a_message_counts_who_comes_from_another_service_first(tmp_path: Path) -> None:
    minutes = {"A": 5, "B": 60}
    services = [{**row, "handling_target": minutes[row["code"]]} for row in simple_setup()["services"][:2]]
    windows = [{"code": str(n), "services": [code]} for n, code in enumerate("AAAB", 1)]
    hall = simple_hall(tmp_path, services=services, windows=windows, settings={"customer_texts": "on"})
    for n in "1234":
        hall.open(n, f"C{n}")
    for _ in range(3):
        hall.issue("A", then=["B"])
    hall.issue("B")
    hall.play(*(deed for n in "1234" for deed in (f"call {n}", f"start {n}")), 1)
    label = arrived(hall, "B", minutes=5)
    (joined,) = exported(hall, tmp_path / "a.csv")
    assert (joined["kind"], joined["text"]) == ("joined", f"Test hall: your number is {label}, 3 before you.")


def praised(folder: Path) -> Hall:
    hall = morning(folder)
    label = hall.issue("A")
    hall.do("call", "1", ticket=label, reason="rule")
    hall.do("finish", "1")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), label, 5, comment="Never in a hurry")
    return hall


@pytest.mark.hall(make=praised)
def test_praise_thanks_the_clerk_without_the_comment(hall, context, put):
    why = put(LowRatingsPage(LowRatingsController(context)))
    card = next(one for one in why.cards.cards if one.comment.text == "Never in a hurry")
    assert card.thanks_button.isVisible() and not card.case_button.isVisible()
    card.thanks_button.click()
    (dialog,) = why.host_widget.findChildren(ThanksDialog)
    dialog.yes_button.click()
    (found,) = thanking.readable_thanks_between(hall.desk, MANAGER, hall.clock())
    assert (found["source"], found["ticket"], found["words"]) == ("comment", None, None)
    assert [event.kind for event in hall.log()][-2:] == ["thanks", "comment-read"]


def test_a_finished_ticket_offers_thanks(office: Office) -> None:
    office.go("tickets")
    office.page.tickets.show_ticket("B001")
    office.hall.do("finish", "3")
    office.follow()
    assert [verb for verb, button in office.page.tickets.story.buttons.items() if button.isVisible()] == [THANK]
