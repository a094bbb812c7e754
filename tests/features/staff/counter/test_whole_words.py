"""Everything the counter shows, at every size, in both languages and contrasts: nothing is cut, nothing moves."""

from datetime import date
from functools import partial

import pytest
from PySide6.QtCore import Qt

from queuedesk.core.network.roles import station
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.talk import devices
from queuedesk.features.equipment.pages.checks import ChecksDialog
from queuedesk.features.equipment.pages.controller import Checking
from queuedesk.features.staff.pages.own_month import OwnMonthPage
from queuedesk.features.staff.pages.own_texts import DAY, HISTORY, MONTH
from queuedesk.i18n import _
from queuedesk.stations.counter.asking import PeopleDialog
from queuedesk.stations.counter.questions import TransferDialog
from queuedesk.stations.counter.scene import Act
from tests.features.staff.counter.own_work import filled
from tests.hall import ADMIN, MANAGER, clerk
from tests.stations.coming_and_going import ANYWHERE, Messages
from tests.stations.counter.pages import Page
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

Key = Qt.Key
SPACE, ENTER = Key.Key_Space, Key.Key_Return

IN_EACH_LANGUAGE = True


@pytest.fixture
def sights(page: Page, shapes: dict[str, Shape]) -> Sights:
    return Sights(page.view, page.view.context.look, typed_words(page.view.context.feed.setup), shapes)


def send_first_in_line(page: Page) -> None:
    """Send the customer on before all others of another line, which asks why."""
    page.view.stage.acted.emit(str(Act.TRANSFER))
    (asked,) = (one for one in page.view.findChildren(TransferDialog) if one.isVisible())
    asked.close_dialog()
    asked.chosen.emit("B", "front", "", "", "")


def open_filled(page: Page, tab: str = MONTH, *, closed: bool = False) -> None:
    """Show somebody's filled months."""
    asking, day = page.view.asking, date(2026, 11, 12)
    setup = page.view.context.feed.setup
    work = filled(closed=closed)
    asking.putting.open(OwnMonthPage(page.view.work, asking.look, work, setup=setup, today=day, saves=True, tab=tab))


def own_month(page: Page) -> OwnMonthPage:
    (shown,) = (one for one in page.view.findChildren(OwnMonthPage) if one.isVisible())
    return shown


def open_rows(page: Page) -> None:
    """Show the rows behind a figure of the month."""
    own_month(page).figures.links["handling"].click()


def test_every_state_is_whole(page: Page, sights: Sights) -> None:
    view = page.view
    sights.take("free")
    sights.take_questions(
        {
            "my month": next(one.act for one in view.menu_entries() if one.text == _("My month")),
            "call another": partial(page.press, Key.Key_F8),
            "pause": partial(page.press, Key.Key_F10),
            "message": view.talk.open_message,
            "help": view.talk.open_help,
            "no ticket": partial(view.stage.acted.emit, Act.SERVE),
            "out of order": partial(view.controller.reason_wanted.emit, "call", ["A001", "A002", "B001", "B002"], list),
            "why no ticket": partial(view.controller.reason_wanted.emit, "serve", ["A001"], list),
            "my months, filled": {
                DAY: partial(open_filled, page, DAY),
                HISTORY: lambda: own_month(page).show_tab(HISTORY),
                MONTH: lambda: own_month(page).show_tab(MONTH),
                "rows": partial(open_rows, page),
            },
            "my closed month": partial(open_filled, page, closed=True),
        }
    )
    sights.take_message("away, a line", partial(view.show_away, page.hall.clock()), partial(view.show_away, None))
    page.press(SPACE)
    sights.take("called")
    sights.take_questions(
        {"not here": partial(page.press, Key.Key_F3), "put back": partial(view.stage.acted.emit, Act.GIVE_BACK)}
    )
    page.press(SPACE)
    sights.take("serving")
    page.hall.do("set-row", "services", "A", {"then": ["B"], "form_free": True}, who=ADMIN)
    page.hall.do("set-setting", "outcome_required", "on", who=ADMIN)
    page.settle()
    sights.take_closely("on to the next step, without a form")
    asked = (Act.PARK, Act.TRANSFER, Act.REDIRECT, Act.STALL, Act.ADD, Act.DELIVERED, Act.WRITE, Act.FINISH)
    sights.take_questions(
        {
            **{str(act): partial(page.view.stage.acted.emit, str(act)) for act in asked},
            "left": lambda: view.asking.leave("A001"),
            "why first in line": partial(send_first_in_line, page),
        }
    )
    page.hall.do("set-setting", "outcome_required", "off", who=ADMIN)
    page.settle()
    page.press(Key.Key_F4, Key.Key_1, ENTER)
    page.press(SPACE, Key.Key_F2, Key.Key_F2, Key.Key_F3)
    for title in ("更名过户", "打印发票"):
        page.hall.do("case-open", Complaint(klass="complaint", owner="C3", title=title), who=MANAGER)
    page.settle()
    sights.take_closely("one set aside, one missed, two own cases")
    own = view.talk.own_cases
    sights.take_questions({"own cases": own.open_list, "a case": lambda: own.open(own.duties[0])})
    page.press(SPACE, SPACE, SPACE)
    sights.take("no one waiting")
    sights.take_message("refused", partial(page.press, Key.Key_F3), view.stage.quiet)
    page.press(Key.Key_F10, Key.Key_1, ENTER)
    sights.take("paused")
    messages = Messages(view, page.hall, page.settle)
    sights.read_each(messages)
    sights.let_come("paused", messages)
    sights.must_be_whole()


def test_signing_in_is_whole(page: Page, sights: Sights) -> None:
    page.press(Key.Key_F11, Key.Key_2, ENTER)
    assert page.view.signing_in.active
    messages = Messages(page.view, page.hall, page.settle, tells=ANYWHERE)
    sights.take("names")
    sights.let_come("names", messages)
    page.view.signing_in.begin()
    sights.take_closely("windows")
    sights.let_come("windows", messages)
    page.hall.do("set-setting", "opening_checks", "on", who=ADMIN)
    devices.started(page.hall.desk, page.hall.ask(station("display")), "display", "display")
    for device, name in (("voice", "display"), ("printer", "guide")):
        devices.report(page.hall.desk, page.hall.ask(station(name)), device, name, None)
    page.settle()
    context = page.view.context
    checking = Checking(context, clerk("C3"))
    asks = ChecksDialog(page.view, context, checking, "3")
    sights.take_questions(
        {
            "checks": lambda: ChecksDialog(page.view, context, Checking(context, clerk("C3")), "3").open_dialog(),
            "what is wrong": lambda: asks.rows["voice", "display"].doubted.emit(("voice", "display")),
            "without a check": asks.waive_button.click,
        }
    )
    sights.must_be_whole()


def test_handing_over_is_whole(page: Page, sights: Sights) -> None:
    sign_in_and_pins.set_pin(page.hall.desk, page.hall.ask(), "C4", "4711")
    closes = Key.Key_F11, Key.Key_1, ENTER

    def ask_pin() -> None:
        page.press(*closes)
        assert isinstance(page.dialog, PeopleDialog)
        page.dialog.tiles["C4"].click()

    sights.take_questions(
        {"who takes them": partial(page.press, Key.Key_F11), "to whom": partial(page.press, *closes), "PIN": ask_pin}
    )
    sights.must_be_whole()
