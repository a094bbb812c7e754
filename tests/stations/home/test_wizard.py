"""The first start in five steps: what is typed is checked at once, what is left alone stays as the preset has it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from queuedesk import i18n
from queuedesk.core.setup.presets import PRESETS
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.hall_draft import problems
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from queuedesk.store.engine.database import Database
from tests.hall import at
from tests.stations.seen import texts_of


@pytest.fixture(autouse=True)
def english():
    i18n.use("en")
    yield
    i18n.use("zh_CN")
    i18n.use_words()


@pytest.fixture
def controller(tmp_path, qapp):
    deeds = Deeds(
        start=lambda _words: None,
        read_file=lambda _path: None,
        keep=lambda _choices: None,
        open_at_start=lambda _words: None,
        timezone=lambda: "Europe/Berlin",
    )
    return HomeController(tmp_path / "hall.sqlite", InlineTasks(), lambda: at("10:42"), deeds)


@pytest.fixture
def open_wizard(controller, qapp, qtbot):
    frames = []

    def opened(text_pct: int = 100) -> WizardPage:
        look = Look(LIGHT)
        apply(qapp, look)
        kept = Preferences(lambda _name, _value: None, text_pct=text_pct)
        frame = Frame(look, kept, lambda: at("10:42"), help_page="home", leads_home=False)
        page = WizardPage(look, controller, kept)
        frame.show_page(page)
        frame.resize(1366, 768)
        with qtbot.waitActive(frame):
            frame.show()
        frames.append(frame)
        return page

    yield opened
    for frame in frames:
        frame.close_anyway()
        frame.deleteLater()


@pytest.fixture
def wizard(open_wizard):
    return open_wizard()


def click(widget):
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def write(edit: QLineEdit, text: str) -> None:
    assert edit.isVisible()
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, text)


def go_to(wizard, step: int) -> None:
    while wizard.at < step:
        click(wizard.next_button)


def made(wizard) -> Desk:
    while wizard.at < 4:
        click(wizard.next_button)
    click(wizard.next_button)
    return Desk(Database.open(wizard.controller.place), 1)


# -- the draft ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_right_as_it_is(controller, preset):
    assert problems(controller.draft(preset)) == {}


def test_hours_of_services_follow_those_of_the_hall_until_they_are_typed(controller):
    draft = controller.draft("government").with_hours("B", "Mon-Fri 10:00-12:00")
    draft = draft.with_hall(opens="8:00", closes="18:00")

    rows = {row["code"]: row for row in draft.finished()["services"]}

    assert (rows["A"]["hours"][0]["from"], rows["A"]["hours"][0]["to"]) == ("8:00", "18:00")
    assert rows["A"]["last_ticket"] == "17:30"
    assert rows["B"]["hours"] == [{"days": "1-5", "from": "10:00", "to": "12:00"}]
    assert problems(draft) == {}


def test_a_service_left_out_is_gone_from_windows_and_skills_too(controller):
    draft = controller.draft("government").with_service("A", False)
    document = draft.finished()

    assert [row["code"] for row in document["services"]] == ["B", "C", "D"]
    assert not any("A" in row["services"] for row in document["windows"])
    assert problems(draft) == {}


def test_every_wrong_field_is_named(controller):
    draft = controller.draft("government").with_hall(name="", name_en="", opens="25:00").with_pin("C2", "12")
    draft = draft.with_prefix("B", "O").with_hours("C", "morning").with_row("services", "D", name="", name_en="")

    assert problems(draft) == {
        "hall.name": "Name is empty; please fill it in.",
        "hall.opens": "Opening time needs a time such as 8:30, not 25:00.",
        "services.B.prefix": "Letter: O does not fit; please use capital letters, but not I, O, Q, S or Z.",
        "services.C.hours": "Ticket hours: morning does not fit; please write hours such as 8:30–12:00.",
        "services.D.name": "Name is empty; please fill it in.",
        "staff.C2.pin": "4 to 12 digits",
    }


def test_services_of_one_letter_share_their_numbers(controller):
    draft = controller.draft("government").with_prefix("C", "A")

    rows = {row["code"]: row for row in draft.finished()["services"]}
    assert (rows["C"]["first"], rows["C"]["last"]) == (rows["A"]["first"], rows["A"]["last"])
    assert problems(draft) == {}


def test_a_hall_needs_a_service_and_an_admin(controller):
    draft = controller.draft("bank")
    for row in draft.rows("services"):
        draft = draft.with_service(row["code"], False)
    assert problems(draft) == {"services": "Please keep at least one service."}

    draft = controller.draft("bank")
    for row in draft.rows("staff"):
        draft = draft.with_row("staff", row["code"], role="clerk")
    assert problems(draft) == {"staff": "The hall needs an admin, who may change the set-up."}


# -- the pages ---------------------------------------------------------------------------------------------------


def test_next_five_times_makes_the_hall_of_the_preset(wizard):
    setup = looking.setup_of(made(wizard))

    assert (setup.hall.timezone, setup.hall.lang) == ("Europe/Berlin", "en")
    assert len(setup.services) == 4


def test_enter_goes_on_and_escape_goes_back(wizard):
    QTest.keyClick(wizard, Qt.Key.Key_Return)
    QTest.keyClick(wizard.hall.fields["name"].edit, Qt.Key.Key_Return)
    assert wizard.at == 2

    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.at == 1


def test_what_is_typed_becomes_the_hall(wizard):
    click(wizard.cards["government"])
    go_to(wizard, 1)
    write(wizard.hall.fields["name"].edit, "Nanhu")
    click(wizard.hall.names["window"].choices["room"])
    go_to(wizard, 2)
    click(wizard.services.ticks["D"])
    write(wizard.services.edits["A"]["name_en"], "Everything")
    click(wizard.services.add_button)
    assert wizard.services.grid.error("E") == ""
    assert wizard.next_button.text() == "Still to fill in: Name"
    write(wizard.services.edits["E"]["name"], "Zixun")
    go_to(wizard, 3)
    click(wizard.windows.choices["5"]["E"])
    click(wizard.windows.removes["8"])
    click(wizard.windows.add_button)
    go_to(wizard, 4)
    write(wizard.people.edits["G1"]["name"], "Wang Fang")
    write(wizard.people.pins["AD"], "2468")
    desk = made(wizard)

    setup = looking.setup_of(desk)
    assert (setup.hall.name, setup.hall.words.window) == ("Nanhu", "room")
    assert list(setup.services) == ["A", "B", "C", "E"]
    assert setup.services["A"].name_en == "Everything"
    assert setup.windows["5"].services == ("C", "E")
    assert set(setup.windows["8"].services) == {"A", "B", "C", "E"}
    assert setup.staff["G1"].name == "Wang Fang"
    assert [sign_in_and_pins.has_pin(desk, code) for code in ("AD", "G1")] == [True, False]
    assert "2468" not in str([event.data for event in looking.events_after(desk, 0)])


def test_a_wrong_field_keeps_the_step_and_says_why_beside_it(wizard):
    go_to(wizard, 1)
    write(wizard.hall.fields["closes"].edit, "5")

    assert wizard.hall.fields["closes"].error() == "Closing time needs a time such as 8:30, not 5."
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("First put 1 thing right", False)
    assert not wizard.rest_button.isEnabled()

    write(wizard.hall.fields["closes"].edit, "16:30")
    assert wizard.next_button.isEnabled()


def test_the_rest_can_be_left_as_it_is(wizard):
    go_to(wizard, 1)
    write(wizard.hall.fields["name"].edit, "Donghu")
    click(wizard.rest_button)

    setup = looking.setup_of(Desk(Database.open(wizard.controller.place), 1))
    assert setup.hall.name == "Donghu"


def test_what_was_typed_is_still_there_after_going_back(wizard):
    go_to(wizard, 1)
    write(wizard.hall.fields["phone"].edit, "12345")
    click(wizard.next_button)
    click(wizard.side.steps[1])

    assert wizard.at == 1
    assert wizard.hall.fields["phone"].value() == "12345"


def test_a_try_out_shows_that_hours_do_not_count(wizard):
    click(wizard.try_out)
    go_to(wizard, 2)

    hours = wizard.services.edits["A"]["hours"]
    assert (hours.text(), hours.isEnabled()) == ("any hour (try-out)", False)


def test_pins_without_one_for_the_admin_are_pointed_out(wizard):
    go_to(wizard, 4)
    write(wizard.people.pins["G1"], "1357")
    assert wizard.people.error.text() == "No admin has a PIN yet: anybody could change the set-up."

    write(wizard.people.pins["AD"], "2468")
    assert not wizard.people.error.isVisible()


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("text_pct", [100, 150])
def test_every_step_keeps_its_buttons_in_the_window(open_wizard, lang, text_pct):
    i18n.use(lang)
    wizard = open_wizard(text_pct)
    for step in range(5):
        go_to(wizard, step)
        QTest.qWait(1)
        for button in (wizard.next_button, wizard.back_button, wizard.rest_button, wizard.demo_button):
            if button.isVisible():
                corner = button.mapTo(wizard, button.rect().bottomRight())
                assert wizard.rect().contains(corner)
                assert button.width() >= button.sizeHint().width() - 1


def test_every_control_has_a_name_and_can_be_reached_by_tab(wizard):
    for step in range(5):
        go_to(wizard, step)
        shown = [one for one in wizard.findChildren(QLineEdit) if one.isVisible() and one.isEnabled()]
        nameless = [one for one in shown if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)]
        assert nameless == []
        assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in shown)


def test_the_wizard_speaks_as_the_hall_will(open_wizard):
    wizard = open_wizard()
    wizard.next_button.click()
    wizard.hall.names["window"].choices["room"].click()
    wizard.go(3)
    assert "Which room does what?" in texts_of(wizard)
    assert wizard.windows.names["1"].text() == "Room 1"

    wizard.go(1)
    assert wizard.hall.names["window"].title.text() == "What the hall calls a window"
    wizard.go(0)
    assert i18n.current_words() == ("window", "ticket")
