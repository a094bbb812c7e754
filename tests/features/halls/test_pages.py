"""The pages of several halls: beside each other, in a period, what is pushed, and a reader at a PC that shares one."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.halls import Counts, HallRatingCountsByDate, compare_halls
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import issuing, opening, rating
from queuedesk.features.halls.pages import HallsController
from queuedesk.features.halls.pages import halls as words
from queuedesk.features.halls.pages.halls import PUSH, ROW, HallsPage
from queuedesk.features.halls.pages.period import HallsPeriodController, HallsPeriodPage, save_or_print_comparison
from queuedesk.features.halls.pages.push import A_DAY, SetupPushPage
from queuedesk.features.halls.rules import QUIET, HallsPeriodComparison
from queuedesk.features.halls.verbs import HallsOverviewReader
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.window.context import SheetPrinter, StationContext
from queuedesk.stations.window.day_dialog import DayPickerDialog
from tests.credentials import Shared, shared
from tests.features.halls.test_halls import counted_hall as counted
from tests.hall import MANAGER, Hall, preset, simple_setup
from tests.stations.manager.conftest import Office
from tests.stations.shapes import Shape
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import Sights, typed_words

STAFF = [*simple_setup()["staff"], {"code": "R1", "name": "R1", "role": "reader"}]


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    """T, whose R1 reads; U, which lets R1 look on and has a customer who rated."""
    with shared(shared_url, "T", "U", staff=STAFF) as made:
        u = made.hall(hall=2)
        u.do("set-hall", {"seen_by": ["T/R1"], "region": "East"})
        u.play("queue A B", "open 1 staff=C1")
        rating.rate_visit(u.desk, u.ask(), u.serve_out("1"), 4)
        opening.set_pin(Desk(made.owner, 1), Ask(CONSOLE, made.clock()), "R1", "2468")
        yield made


@pytest.mark.pg
def test_a_reader_signs_in_at_a_manager_s_station_only_and_pages_are_read_by_the_pc_s_own_login(
    open_office, place, hall, paper
):
    # A reader signs in with a PIN at a manager's station only.
    ask = Ask(opening.require_and_get_proven_actor(hall.desk, "R1", pin="2468", now=place.clock()), place.clock())
    assert opening.sign_in(hall.desk, ask, "manager@Hall 2", "R1")["staff"] == "R1"
    staff = place.desk(place.pc(PcKind.STAFF))
    for refused in (
        lambda: opening.sign_in(staff, ask, "guide@Hall 2", "R1"),
        lambda: issuing.issue_ticket(hall.desk, ask, "A"),
        lambda: opening.set_pin(hall.desk, ask, "R1", None),
    ):
        with pytest.raises(RuleError, match="not_your_role"):
            refused()
    assert hall.log()[-1].kind == "sign-in"
    # The pages are read by the PC's own login.
    office = open_office(Actor("R1", Role.READER))
    office.until(lambda: "halls" in [key for key, _icon, _word in office.page.stack.entries()])
    page, troubles, before = office.page, [], len(hall.log())
    office.go("halls")
    halls = page.stack.get_or_make_page("halls")
    office.until(lambda: list(halls.halls.rows) == ["T", "U"])
    halls.open_period()
    halls.period.controller.unread.connect(troubles.append)
    halls.period.refresh(hall.clock())
    office.until(lambda: halls.period.controller.found is not None)
    assert [(one.code, one.found.n) for one in halls.period.controller.found.found.halls] == [("T", 0), ("U", 1)]
    save_or_print_comparison(halls.period.papers, halls.period.controller.found, "region", send=True)
    office.until(lambda: bool(paper.printed))
    assert paper.printed[-1][0].endswith("-month-halls.pdf")
    assert halls.tabs.tab("push") is None
    for tab, _icon, _word in page.reports.pages.entries():
        page.reports.open_tab(tab)
        office.follow()
        assert page.reports.pages.get_or_make_page(tab).banner.isHidden(), page.reports.pages.get_or_make_page(
            tab
        ).banner.accessibleName()
    assert (troubles, len(hall.log())) == ([], before)


HALLS = "halls"


@pytest.fixture
def halls(founded: Callable[..., dict[str, Hall]]) -> dict[str, Hall]:
    """CD, whose manager is M1; CX, which lets that manager look on; NJ, which lets nobody."""
    names = {"CD": "City East", "CX": "City West", "NJ": "South"}
    rows = {code: {"name": name, "name_en": name, "seen_by": []} for code, name in names.items()}
    return founded(
        setting_up.setup_document_for_new_hall(preset(), all_hours=True),
        rows | {"CX": rows["CX"] | {"seen_by": ["CD/M1"]}},
    )


def opened(office: Office) -> HallsPage:
    office.until(lambda: (entry := office.page.nav.findChild(QWidget, HALLS)) is not None and entry.isVisible())
    office.go(HALLS)
    return office.page.stack.get_or_make_page(HALLS)


def test_halls_beside_each_other_follow_what_happens_there(office, halls, context, story):
    page, cx = opened(office), halls["CX"]
    story.tell("The own hall and those that let the manager look on have a row", page)

    page.tabs.picked.emit("period")
    office.until(lambda: page.period is not None and page.period.controller.found is not None)
    story.tell("A tab leads to the halls in a period", page)
    page.period.open_ratings_of_hall("CD")
    page.period.tickets_button.click()
    assert office.page.behind.is_in_front
    office.go(HALLS)
    page.tabs.picked.emit("now")
    assert page.halls.isVisible()

    # Targets to sign are saved for the halls that are seen.
    page.open_period()
    told = []
    page.said.connect(lambda text, icon: told.append(text))
    page.period.buttons[0].click()
    office.until(lambda: bool(told))
    (file,) = office.paper.folder.glob("CD-*-targets.pdf")
    assert told == [f"Saved as {file}"]
    assert file.read_bytes().startswith(b"%PDF")
    page.tabs.picked.emit("now")

    cx.play("open 1 staff=C1", "queue A A", "serve-out 1 minutes=4", 12)
    page.refresh(cx.clock())
    story.tell("Rows follow their halls", page)

    cx.play("queue A A", "call 1")
    seq = looking.last_event_time(cx.desk), len(cx.log())
    page.refresh(cx.clock())
    QTest.keyClick(page.halls.rows["CX"], Qt.Key.Key_Return)
    story.tell("A row leads to that hall's day, where nothing is done", page)
    heard = []
    page.said.connect(lambda text, icon: heard.append((text, icon)))
    page.day.cards["1"].click()
    assert heard == [("You can only look here; the rest is at this hall's own stations.", "info")]
    assert (looking.last_event_time(cx.desk), len(cx.log())) == seq
    QTest.keyClick(page.back_button, Qt.Key.Key_Escape)
    assert page.halls.isVisible() and page.halls.rows["CX"].hasFocus()

    # A hall that is opened while the list is read is read next.
    controller = office.page.findChild(HallsController)
    controller.looked.connect(lambda: page.open_hall("CX"), Qt.ConnectionType.SingleShotConnection)
    page.refresh(cx.clock())
    office.until(lambda: page.currentWidget() is page.day is not None)
    page.go_back()
    QTest.keyClick(page.halls.rows["CD"], Qt.Key.Key_Return)
    assert (page.day.isVisible(), page.day.head.title.text()) == (True, "City East")

    # While it is seen it looks every second and not otherwise.
    page.go_back()
    office.page.context.look.still = False
    office.go("today")
    assert not office.page.findChild(HallsController).findChild(QTimer).isActive()
    office.go(HALLS)
    cx.queue("B")
    office.until(lambda: page.halls.rows["CX"].said.cells[0][0] == "3")
    office.page.context.look.still = True

    # Where a row has no room for the figures they stand below the name.
    row = page.halls.rows["CX"]
    page.halls.resize(520, 400)
    row.resize(460, row.sizeHint().height())
    assert (
        max(x for x, _line in page.halls.places.figure_word_positions(context.look, row.width(), row.said))
        < row.width()
    )
    assert page.halls.places.are_below and row.height() > context.look.px(ROW)

    page.open_hall("CX")
    setting_up.change_hall(cx.desk, cx.ask(), {"seen_by": []})
    page.refresh(cx.clock())
    story.tell("A hall that lets the manager look no longer leaves the page", page)


def test_a_reader_sees_halls_and_reports_and_what_to_look_at_and_finds_no_key_that_changes_anything(
    open_office, halls, story
):
    halls["CX"].do("set-hall", {"seen_by": ["CD/R1"]})
    halls["CD"].queue("A")
    halls["CD"].do("case-open", NewCaseData(klass="complaint", title="Lamp"), who=MANAGER)
    reader = Actor("R1", Role.READER)
    office = open_office(reader)
    office.until(lambda: HALLS in [key for key, _icon, _word in office.page.stack.entries()])
    page = office.page
    story.tell("A reader", page.nav, page.reports.tabs)
    assert page.stack.front_page_key() == "reports"
    assert page.talk.emergency_button.isHidden() and page.menu_entries() == page.printer_choice.menu_entries()
    office.go(HALLS)
    office.until(lambda: len(page.stack.get_or_make_page(HALLS).halls.rows) == 2)
    page.reports.open_tab("packs")
    packs = page.reports.pages.get_or_make_page("packs")
    office.until(lambda: packs.controller.found is not None)
    cases = packs.cards["cases"].table.table[-1].cells
    assert packs.note.isHidden() and [cell.point.leads for cell in cases[1:4:2]] == [None, None]
    assert cases[1].point.said[-1] == "its rows stay with the hall"
    page.reports.open_tab("figures")
    assert page.reports.pages.get_or_make_page("figures").cite_button.isHidden()
    page.behind.show_todays_figure("issued")
    office.until(lambda: len(page.behind.drilldown_page.table.rows.rows) == 1)
    page.behind.drilldown_page.table.opened.emit(page.behind.drilldown_page.table.rows.rows[0])
    office.until(lambda: page.behind.drilldown_page.is_history_shown)
    story.tell("A ticket that is behind a figure", page.behind.drilldown_page.story)
    # What has to be looked at stands in the row.
    cx = halls["CX"]
    cx.play("open 1 staff=C1", "queue A B", 16)
    side = HallsOverviewReader(halls["CD"].desk)
    row = side.read_hall_rows(reader, cx.clock())[1]
    state, setup = side.alert_state_of_hall("CX"), looking.setup_of_hall(halls["CD"].desk)
    loud = words.hall_row_text(replace(row, silent_since=None), state, setup, cx.clock())
    calm = words.hall_row_text(replace(row, silent_since=None, red=0, amber=0, worst=None), state, setup, cx.clock())
    yesterday = replace(row, silent_since=cx.clock() - timedelta(days=1))
    assert (loud.icon, loud.token) == ("clock", "red")
    assert loud.word.endswith(f" · {row.red + row.amber - 1} more")
    assert (calm.icon, calm.word) == ("dot", "Open, nothing to look at")
    assert words.hall_row_text(yesterday, state, setup, cx.clock()).word == "No sign of life since 19 Nov 9:16"


def counts(code: str, name: str, counts: Counts, region: str = "East", earlier: Any = ()) -> HallRatingCountsByDate:
    found = counted(code, {"A\n缴费\nPay a bill": counts}, days=10, earlier=earlier)
    return replace(found, name=name, name_en=name, region=region)


IN_NOVEMBER = [
    counts("CD", "City East", (960, 40)),
    counts("OT", "Old Town", (2000, 210), "West"),
    counts("LP", "Lake Park", (3200, 40), "West"),
    counts("SR", "Station Road", (480, 20), earlier=((498, 2), (470, 30), (472, 28), (474, 26), (468, 32))),
    counts("HG", "Hill Gate", (12, 0)),
]


def halls_of_november() -> HallsPeriodComparison:
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    then, found = (date(2026, 10, 1), date(2026, 10, 31)), compare_halls(IN_NOVEMBER)
    return HallsPeriodComparison(period="month", first=first, last=last, own="CD", target=0.98, then=then, found=found)


@pytest.fixture
def period(qtbot, context: StationContext) -> Iterator[HallsPeriodPage]:
    tabs = TabRow(context.look)
    tabs.set_tabs([("now", "Now"), ("period", "In a period")])
    controller = HallsPeriodController(context)
    controller.found = halls_of_november()
    found = HallsPeriodPage(controller, tabs)
    qtbot.addWidget(found)
    found.resize(1158, 768)
    found.show()
    yield found
    found.stop()


def test_points_and_figures_are_walked_and_open_their_rows(period, context, tmp_path, story):
    page = period
    story.tell("What a month can't tell stands beside the list", page)
    page.funnel.setFocus()
    walked = [page.funnel.current_point.said]
    for _n in range(4):
        QTest.keyClick(page.funnel, Qt.Key.Key_Right)
        walked.append(page.funnel.current_point.said)
    story.tell("Arrow keys walk the points by their ratings", *(", ".join(one) for one in walked))
    # A figure opens its rows and Escape goes back.
    asked = []
    page.behind_wanted.connect(lambda *said: asked.append(said))
    QTest.keyClick(page.funnel, Qt.Key.Key_Home)
    page.open_ratings_of_hall("OT")
    texts = page.rows.table.rows.cell_texts_of_all_rows()
    assert [sum(int(row[at]) for row in texts) for at in (2, 3)] == [2210, 2000]
    story.tell("A figure opens its rows, which of another hall lead no further", page.side)
    QTest.keyClick(page.rows.table, Qt.Key.Key_Escape)
    assert page.side.currentIndex() == 0
    page.open_ratings_of_hall("CD")
    page.tickets_button.click()
    assert asked == [("ratings.rate", date(2026, 11, 1), date(2026, 11, 30), "")]
    page.go_back()
    page.list.table.opened.emit(page.list.table.rows.rows[4])
    story.tell("What lies beyond chance comes first, then regions that open", page.list)
    page.views[0].click()
    story.tell("All as a list", page.list, *page.views)
    # What stands there is saved as a page with its sentences.
    lend(context, sheet_printer=stub(SheetPrinter), folder=lambda _part: tmp_path)
    page.show_head()
    save_or_print_comparison(page.papers, page.controller.found, "region", send=False)
    (saved,) = tmp_path.glob("*-2026-11-01-month-halls.pdf")
    text = "".join(one.get_textpage().get_text_range() for one in PdfDocument(saved))
    for said in ("Old Town 90.5", "Station Road fell 3.6 points", "Hill Gate: 12 ratings are too few", "6,962"):
        assert said in text
    # Districts stand in place of regions where halls have them.
    found = compare_halls([replace(one, district=one.region[:1]) for one in IN_NOVEMBER])
    page.controller.found = replace(page.controller.found, found=found)
    page.controller.changed.emit()
    page.views[1].click()
    story.tell("Districts stand in place of regions where halls have them", page.list, *page.views)


@pytest.fixture
def led(founded: Callable[..., dict[str, Hall]]) -> dict[str, Hall]:
    """CD, from which is pushed, and three that let its admin; SR has changed a word itself."""
    led = {"seen_by": ["CD/AD"], "led_by": ["CD/AD"]}
    here = {"CD": ("East City", "East"), "HB": ("Harbour", "East"), "SR": ("Station Road", "Centre")}
    here |= {"OT": ("Old Town", "Centre")}
    rows = {code: {"name": name, "name_en": name, "region": region, **led} for code, (name, region) in here.items()}
    made = founded(setting_up.setup_document_for_new_hall(preset(), all_hours=True), rows)
    setting_up.change_row_fields(made["SR"].desk, made["SR"].ask(), "services", "B", {"name_en": "Our own word"})
    for code, name in (("A", "Pay here"), ("B", "Name, contract, tariff")):
        row = setting_up.row_of_only_renamed_service(service(made["CD"], code), {"name_en": name}, "zh_CN")
        setting_up.change_row_fields(made["CD"].desk, made["CD"].ask(), "services", code, row)
    return made


def service(hall: Hall, code: str) -> dict[str, object]:
    return next(dict(row) for row in looking.setup_of_hall(hall.desk).document["services"] if row["code"] == code)


@pytest.fixture
def hall(request: pytest.FixtureRequest) -> Hall:
    """The own hall of the manager's station: where a test pushes, that from which is pushed; where a hall is shared,
    as the login of a manager's PC has it."""
    if "place" in request.fixturenames:
        place: Shared = request.getfixturevalue("place")
        return place.hall(place.pc(PcKind.MANAGER))
    return request.getfixturevalue("led" if "led" in request.fixturenames else "halls")["CD"]


def choose(page: SetupPushPage, day: date) -> None:
    (dialog,) = [one for one in page.window().findChildren(DayPickerDialog) if one.isVisible()]
    dialog.picked.emit(day)
    dialog.close()


def test_who_looks_on_is_behind_a_tab_of_its_own_in_which_nothing_scrolls(admin_office, led, context):
    view, shapes = admin_office.page, {"1024x768, 150 %": Shape(1024, 768, 150)}
    view.open_page("setup")
    sights = Sights(view, context.look, typed_words(context.feed.setup), shapes)
    for lang in LANGUAGES:
        sights.speak(*shapes, lang)
        view.setup_page.open_set_up_part("hall")
        view.setup_page.tabs.tabs["other-halls"].click()
        sights.take_in("other halls", *shapes, lang)
        assert [*view.setup_page.forms.shown_form().fields] == ["region", "district", "seen_by", "led_by"]
        assert view.setup_page.forms.shown_form().verticalScrollBar().maximum() == 0
    sights.must_be_whole()


def test_own_words_are_pushed_only_when_ticked_and_a_push_waits_for_its_day_and_is_withdrawn_in_one_hall(
    admin_office, led, story
):
    office, halls, today = admin_office, opened(admin_office), admin_office.page.controller.business_date
    office.touch(halls.tabs.tab(PUSH))
    page = halls.push
    story.tell("Own words are left out and told", page)
    QTest.keyClick(page.rows["region Centre"], Qt.Key.Key_Return)
    assert "hall OT" in page.rows
    QTest.keyClick(page.rows["hall OT"], Qt.Key.Key_Space)
    assert page.buttons[0].text() == "Push to 1 hall"
    page.when.picked.emit("at-once")
    office.touch(page.buttons[0])
    office.until(page.back_button.isVisible)
    pushed = [service(led[code], "A")["name_en"] for code in ("HB", "OT", "SR")]
    assert pushed == ["Pay here", "Pay a bill", "Pay a bill"]
    office.touch(page.back_button)
    office.until(lambda: not page.back_button.isVisible())
    assert service(led["HB"], "A")["name_en"] == "Pay a bill"
    QTest.keyClick(page.rows["hall SR"], Qt.Key.Key_Space)
    story.tell("They are pushed once they are ticked", page)
    # A push waits for its day, ends on one and is withdrawn in one hall.
    QTest.keyClick(page.rows["hall SR"], Qt.Key.Key_Space)
    page.when.picked.emit(QUIET)
    page.when.picked.emit(A_DAY)
    assert (page.controller.when, page.when.current_tab_key()) == (QUIET, QUIET)
    choose(page, today + timedelta(days=2))
    page.end_button.click()
    choose(page, today + timedelta(days=9))
    story.tell("A push waits for its day and ends on one", page)
    office.touch(page.buttons[0])
    office.until(page.back_button.isVisible)
    assert service(led["HB"], "A")["name_en"] == "Pay a bill"
    assert not page.back_here_button.isVisible()
    page.rows["region East"].click()
    page.rows["hall HB"].click()
    story.tell("It waits", page)
    office.touch(page.back_here_button)
    office.until(lambda: not page.back_here_button.isVisible())
    story.tell("It is withdrawn in one hall", page)
    # Who looks on is written in the form of the hall.
    office.page.open_page("setup")
    office.page.setup_page.open_row("hall", "")
    office.touch(office.page.setup_page.tabs.tabs["other-halls"])
    form = office.page.setup_page.forms.shown_form()
    office.write(form.fields["seen_by"].edit, "CX/M1, NJ/M2")
    assert form.draft.row["seen_by"] == ["CX/M1", "NJ/M2"]
    assert form.fields["seen_by"].error() == ""
    office.write(form.fields["seen_by"].edit, "M1")
    assert "A/M1" in form.fields["seen_by"].error()
    assert office.page.setup_page.tabs.tabs["other-halls"].text() == "Other halls · 1"
