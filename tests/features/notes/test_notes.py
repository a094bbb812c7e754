"""Notes by reference number at the front desk: typed, found, kept, deleted."""

from PySide6.QtTest import QTest

from queuedesk.desk import setting_up
from queuedesk.desk.quality import thanking
from queuedesk.features.notes.pages import ReferenceNotesDialog
from queuedesk.features.thanks.pages.page import ThanksAndWarningsPage
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, FormField
from tests.hall import ADMIN, GUIDE, MANAGER
from tests.stations.hands import pick


def write(field: FormField, text: str) -> None:
    field.edit.clear()
    QTest.keyClicks(field.edit, text)


ENTRY = "Notes by reference number"


def test_a_note_is_kept_found_and_deleted_at_front_desk_and_counter_and_listed_without_its_number(talkers, story):
    hall, guide, manager = talkers.hall, talkers.guide, talkers.manager
    manager.open_page("quality")
    manager.quality.open_tab("thanks")
    listed = manager.quality.pages.get_or_make_page("thanks")
    assert isinstance(listed, ThanksAndWarningsPage)
    assert listed.ways.findText(ENTRY) == -1, "the rule is off"
    assert ENTRY not in [entry.text for entry in guide.menu_entries()]
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "on"})
    talkers.follow()
    for where, page in {"Front desk": guide, "Counter": talkers.counter}.items():
        next(entry for entry in page.menu_entries() if entry.text == ENTRY).act()
        dialog = talkers.dialog(page)
        assert isinstance(dialog, ReferenceNotesDialog)
        story.tell(f"{where}: a number is asked for", dialog)
        write(dialog.number, "4100 2233")
        dialog.look_button.click()
        story.tell(f"{where}: it has no note", dialog)
        write(dialog.words, "Needs the low counter")
        dialog.yes_button.click()
        story.tell(f"{where}: one is kept", dialog)
        dialog.rows[0].button.click()
        story.tell(f"{where}: it is deleted", dialog)
        dialog.decline_button.click()
        write(dialog.until, "soon")
        write(dialog.words, "x")
        dialog.yes_button.click()
        story.tell(f"{where}: one was declined, and another has no date", dialog)
        dialog.no_button.click()
    # A linked reference shows its notes, and a manager sees all without their numbers.
    thanking.add_customer_note(hall.desk, hall.ask(GUIDE), "4100 2233", "Needs the low counter")
    thanking.record_customer_declined_note(hall.desk, hall.ask(GUIDE))
    talkers.follow()
    talkers.touch(guide.front.board.tiles["A"])
    for ref in ("4100 9999", "4100-2233"):
        guide.drafting.ask_earlier_ticket()
        link = guide.drafting.dialog
        write(link.reference, ref)
        talkers.touch(link.yes_button)
        assert guide.drafting.draft.earlier.ref == ref
        assert talkers.has_dialog(guide) is (ref == "4100-2233")
    story.tell("A linked reference shows its notes", talkers.dialog(guide))
    hall.clock.move(minutes=1)
    listed.refresh(hall.clock())
    pick(listed.ways, ENTRY)
    story.tell("A manager sees all without their numbers", listed)
    (delete,) = [button for button in listed.buttons if button.isVisible()]
    talkers.touch(delete)
    dialog = talkers.dialog(manager)
    assert isinstance(dialog, ConfirmDialog)
    talkers.touch(dialog.act_button)
    story.tell("And deletes one", listed)
    assert thanking.all_notes_about_customers(hall.desk, hall.ask(MANAGER))["notes"] == []
