"""Every page of the manager, whole at the sizes it is used in, whatever is pressed first, made anew and with help."""

import gc
import re
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk import i18n
from queuedesk.app.services.kept_reports import StoredReportTools
from queuedesk.app.services.sounds import StationSoundPlayer
from queuedesk.app.station.wiring import new_station_services
from queuedesk.core.appraisal import HANDLING, AppraisalScheme
from queuedesk.core.errors import RuleError
from queuedesk.core.features import choosable_feature_names
from queuedesk.core.figures.periods import WEEK, period_span_containing
from queuedesk.core.imports import ChannelTotal
from queuedesk.core.improvement.project import WordingTrial
from queuedesk.core.network.roles import CONSOLE, Actor
from queuedesk.core.setup.file import check_and_read_setup, score_sheets_of_hall
from queuedesk.core.setup.rows import Notice
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import published_years
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.features.calendar.pages.year import CalendarDifferences, CalendarDifferencesDialog
from queuedesk.features.calendar.verbs import calendar_changes
from queuedesk.features.channels.pages import ChannelTotalDialog
from queuedesk.features.halls import verbs as pushing
from queuedesk.features.halls.pages.halls import HallsPage
from queuedesk.features.indicators.pages import IndicatorDialog
from queuedesk.features.indicators.rules import Indicator
from queuedesk.features.inspections.pages.parts import FilledSheetDialog, ScoreSheetsDialog
from queuedesk.features.kept_reports.pages.page import ReportCheckDialog
from queuedesk.features.morning.pages.page import BriefingForm
from queuedesk.features.paper_days.pages import PrintPaperTicketsDialog
from queuedesk.features.staff.pages.sheet_texts import SchemeDialog
from queuedesk.features.staff.pages.sheets_page import SheetsPage
from queuedesk.features.staff.pages.training_page import SessionDialog, TrainingMonthData, TrainingPage
from queuedesk.features.staff.rules.person_sheet import ticket_row_name
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed, training_needs
from queuedesk.features.staff.verbs import month_sheets
from queuedesk.features.windows_needed.pages import ShiftDialog
from queuedesk.features.wording.pages import NOTICE, START, TrialsPage
from queuedesk.features.wording.rules import TrialData, WrongTicketCount, trial_result
from queuedesk.i18n import LANGUAGES, _
from queuedesk.i18n.quality import rating_group_name
from queuedesk.paths import resource_path
from queuedesk.stations.manager.network.backups_page import ANOTHER_HALL
from queuedesk.stations.manager.pages import (
    IMPROVE,
    NOTICES,
    QUALITY,
    REPORTS,
    SETUP,
    STAFF,
    TICKETS,
    TODAY,
    WAITS,
    TabbedPages,
)
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog, OverdueCasesSlipDialog
from queuedesk.stations.manager.quality.cases_page import citation_form
from queuedesk.stations.manager.quality.month_rows import FORUMS, THANKS
from queuedesk.stations.manager.sections import CASES, FIGURES, MONTH, SHEETS, WHY
from queuedesk.stations.manager.setup_frame import page as framing
from queuedesk.stations.manager.setup_frame.draft import RULES
from queuedesk.stations.manager.setup_frame.page import SetUpPage
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.manager.today.alert_words import ButtonTarget, alert_texts
from queuedesk.stations.manager.today.day_acts import DayNotesDialog
from queuedesk.stations.manager.today.today_page import AlertsDialog
from queuedesk.stations.widgets.buttons import MoreButton
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.day_dialog import DayPickerDialog
from queuedesk.stations.window.help import HOW, HelpPanel, _guide_page_titles, guide_page_sections
from tests.features.halls.test_pages import halls_of_november
from tests.hall import ADMIN, MANAGER, Hall, clerk
from tests.stations.manager.conftest import Office, Paper, PicturesHere, in_front
from tests.stations.manager.test_remaking import opened, speak
from tests.stations.pages import leave_undrawn
from tests.stations.seen import said
from tests.stations.stubs import lend
from tests.stations.whole_words import LEAST_INK, Messages, Sights, inked, settled, typed_words
from tests.three_halls import OTHERS, POWER, Kind

LEAST_ROOM = "1024x768, 150 %"
"""Where a list has the page to itself, without the head of what is chosen."""
USE_THEIR_ROOM = ("waits ", "improve ", "reports indicators", "quality ")
"""Pages on which not even what people typed is cut where there is room beside or below it."""


@pytest.fixture
def context(hall: Hall, context: StationContext, paper: Paper) -> Iterator[StationContext]:
    sounds = StationSoundPlayer(on=False)
    lent = new_station_services(hall.desk, hall.clock, sounds, is_manager=True)
    own = paper.services(kept_reports=StoredReportTools(hall.desk, hall.clock))
    given = {name: value for name in own.__struct_fields__ if (value := getattr(own, name)) is not None}
    paper.draw_sample_ticket = lent.paper.draw_sample_ticket  # type: ignore[method-assign]
    context.services = replace(lent, **given)
    yield context
    sounds.stop()


def show_needs(office: Office, page: TrainingPage, kind: str, weak: str) -> None:
    """Show needs that a month of many rows would have."""
    day, most = office.hall.date.replace(day=1), 30 if kind == "long" else 1
    rows = []
    for who, service, n in product(("C1", "C2", "C3"), "ABC", range(120)):
        count = most * int(n % (3 if who == weak else 11) == 0)
        rows.append(RowCountedForTrainingNeed(kind, day, f"A{n:03}", who, service, "", count))
    read = page.controller.found
    page.controller.found = TrainingMonthData(training_needs(day, day, rows), read.months, read.sessions)
    page.controller.changed.emit()


LONG_WORDS = "Not sure which ticket to take? Please ask the guide first, also for papers that are missing."


def show_trials(office: Office, page: TrialsPage) -> Iterator[str]:
    """Show a notice's trial with a result, dates left out and the notice gone, and a key's; then a long one."""
    setup, day = office.page.hall_state.setup_now, office.hall.date - timedelta(days=14)
    key = setup.services["A"]
    row, other = setup.notices[1:3] or (Notice(text="Closed on Sundays"), Notice(text="Cards welcome"))
    about = {"date": day, "by": "M1", "first": day, "weeks": 4}
    names = {"name": row.text, "name_en": row.text_en, "label": other.text, "label_en": row.text_en}
    notice = WordingTrial(seq=2, service="", services=("B",), **names, **about)
    names = {"name": key.name, "name_en": key.name_en, "label": key.name, "label_en": key.name_en}
    dates = enumerate([*notice.running_dates()][:12])
    days = [WrongTicketCount(one, notice.wording_on(one), 9 - 7 * (n % 2), 40) for n, one in dates]
    out = [one.day for one in days[3:6]]
    shown = TrialData(notice, trial_result(one for one in days if one.day not in out), days, out, stands=False)
    begun = TrialData(WordingTrial(seq=1, service="A", **names, **about), trial_result([]), [], [], stands=True)
    page.controller.found = [shown, begun]
    page.controller.changed.emit()
    yield "result"
    names = {"name": LONG_WORDS, "name_en": LONG_WORDS, "label": LONG_WORDS, "label_en": LONG_WORDS}
    begins = WordingTrial(seq=3, service="", services=("B",), **names, **about)
    page.controller.found = [TrialData(begins, trial_result([]), [], [], stands=True)]
    page.controller.changed.emit()
    yield "without a result"


def dispute_rows(hall: Hall) -> None:
    """Let somebody ask about a visit that is excluded, one that counts and one that waits."""
    found = month_sheets(hall.desk, MANAGER, hall.date, hall.clock())
    staff = next(iter(found.team.sheets))
    rows = [ticket_row_name(one.day, one.label) for one in found.rows.handled if one.staff == staff]
    for row, exclude in zip(rows, (True, None, False), strict=False):
        asked = hall.do("sheet-dispute", staff, HANDLING, row, "The customer went home for the deed", who=clerk(staff))
        if exclude is not None:
            hall.do("sheet-decide", asked["dispute"], "It is noted for that morning", exclude=exclude, who=MANAGER)


@contextmanager
def closed_month(page: SheetsPage) -> Iterator[bool]:
    """Show the month as one that was closed, with the rows excluded since, if there are any; give whether."""
    month = page.controller.found
    later = tuple(one for one in month.rows.disputes if one.excluded)
    if later:
        rows = replace(month.rows, disputes=tuple(one for one in month.rows.disputes if not one.excluded))
        closed = replace(month, version=1, versions=1, closed=later[0].time, closed_by="M1")
        page.controller.found = replace(closed, rows=rows, later=later)
        page.controller.changed.emit()
    yield bool(later)
    page.controller.found = month
    page.controller.changed.emit()


def found_sister(hall: Hall) -> None:
    """Put a hall beside this one that its admin may look on at and push to, with a word of its own and one pushed."""
    document = looking.setup_of_hall(hall.desk).document
    own = f"{document['hall']['code']}/{ADMIN.name}"
    place = {"code": "WEST", "name": "城西营业厅", "name_en": "West Hall", "region": "Harbour", "district": "Docks"}
    setup = check_and_read_setup({**document, "hall": {**document["hall"], **place, "seen_by": [own], "led_by": [own]}})
    sister = setting_up.add_hall(hall.desk.db, setup, Ask(CONSOLE, hall.clock()))
    for desk, name in ((hall.desk, "Name, contract, tariff"), (sister, "Account")):
        service = next(dict(one) for one in document["services"] if one["code"] == "B")
        setting_up.change_row_fields(desk, Ask(CONSOLE, hall.clock()), "services", "B", {**service, "name_en": name})
    setting_up.change_setting(hall.desk, Ask(CONSOLE, hall.clock()), "wait_target_minutes", 12)
    pushing.push_setup_sections(hall.desk, Ask(CONSOLE, hall.clock()), ["rules"])


def show_halls(page: HallsPage) -> Iterator[str]:
    page.open_period()
    page.period.controller.found = halls_of_november()
    page.period.controller.changed.emit()
    yield "in a period"
    page.period.open_ratings_of_hall("OT")
    yield "in a period, one hall's rows"
    page.period.go_back()
    page.open_push_page()
    yield "push"


def each_tab(set_up: SetUpPage) -> Iterator[str]:
    """Open each tab after the first one of a part that has tabs, where its form is seen."""
    if not set_up.tabs.isVisible():
        return
    for tab, button in list(set_up.tabs.tabs.items())[1:]:
        button.click()
        yield tab


def each_page(office: Office) -> Iterator[str]:
    """Open one page after the other; yield which is in front."""
    view = office.page
    for key, _icon, _word in view.stack.entries():
        view.open_page(key)
        page = view.stack.get_or_make_page(key)
        section = page if isinstance(page, TabbedPages) else None
        if key == SETUP:
            for part in view.setup_page.set_up_part_keys():
                view.setup_page.open_set_up_part(part)
                yield f"{key} {part}"
                yield from (f"{key} {part} {tab}" for tab in each_tab(view.setup_page))
                if view.setup_page.rows_button.isVisible() and view.setup_page.list.cards:
                    next(iter(view.setup_page.list.cards.values())).click()
                    yield f"{key} {part} row"
                    yield from (f"{key} {part} row {tab}" for tab in each_tab(view.setup_page))
        elif section is not None:
            for tab, _i, _w in section.pages.entries():
                section.open_tab(tab)
                yield f"{key} {tab}"
                if tab == SHEETS:
                    sheets = section.pages.get_or_make_page(tab)
                    with closed_month(sheets) as is_shown:
                        if is_shown:
                            yield f"{key} {tab} closed, a row excluded since"
                    sheets.choose_item(HANDLING)
                    yield f"{key} {tab} rows"
                    sheets.choose_item("")
                if tab == "training":
                    page = section.pages.get_or_make_page(tab)
                    for kind, weak in (("transfers", "C1"), ("long", "")):
                        show_needs(office, page, kind, weak)
                        page.needs.table.open_row(0)
                        yield f"{key} {tab} {kind}"
                        page.show_rows_behind_need()
                        yield f"{key} {tab} {kind} rows"
                        page.close_panel()
                    page.people.table.open_row(1)
                    yield f"{key} {tab} person"
                    page.close_panel()
                if tab == "trials":
                    yield from (
                        f"{key} {tab} {which}" for which in show_trials(office, section.pages.get_or_make_page(tab))
                    )
                if tab == MONTH:
                    section.pages.get_or_make_page(tab).tiles[0].click()
                    yield f"{key} {tab} rows"
                    section.pages.get_or_make_page(tab).show_or_hide_figure_rows("")
        else:
            yield key
            if key == "halls":
                yield from (f"{key} {which}" for which in show_halls(page))
            if key == TICKETS and view.tickets.story.isHidden():
                view.tickets.open_ticket(view.tickets.list.tickets.rows()[0].id)
                yield f"{key} story"
                view.tickets.leave_ticket_history()
    view.behind.show_todays_figure("wait.within_target")
    yield "tickets behind a figure"


@pytest.mark.works
def test_every_page_is_whole_and_no_message_moves_anything_on_it(open_office, context, hall, kind, shapes):
    setting_up.change_hall(hall.desk, Ask(CONSOLE, hall.clock()), {"features": [*choosable_feature_names()]})
    found_sister(hall)
    office = open_office(ADMIN)
    words = "I was told ten minutes and waited half an hour."
    about = {"title": "Other papers", "words": words, "contact": "13800135176", "ticket": "A001"}
    case = NewCaseData(klass="complaint", owner=ADMIN.name, **about)
    number = office.hall.do("case-open", case, who=MANAGER)["number"]
    today = office.hall.date
    office.hall.do("case-cite", number, "A001", who=ADMIN)
    office.hall.do("case-cite-figure", number, "wait.within_target", first=today, last=today, who=ADMIN)
    dispute_rows(office.hall)
    view, talk = office.page, office.page.talk
    sights = Sights(view, context.look, typed_words(context.feed.setup), shapes)
    talking, lines = talk.talking, talk.feature_lines
    messages = Messages(view, office.hall, office.follow, hear=lambda: (talking.refresh(), lines.refresh()))
    menus: list[QPoint] = []
    view.menu_wanted.connect(menus.append)
    for shape, form in shapes.items():
        for lang in form.languages:
            sights.put(shape)
            for name in each_page(office):
                sights.take_in(name, shape, lang)
                sights.must_show_something(name, in_front(view.stack))
                if name.startswith(f"{SETUP} hall"):
                    assert view.setup_page.forms.shown_form().verticalScrollBar().maximum() == 0, f"{name}, {shape}"
                if name.startswith(USE_THEIR_ROOM):
                    sights.must_use_its_room(name, in_front(view.stack))
                keys = [key for key in view.findChildren(MoreButton) if key.isVisible()]
                for key in keys:
                    key.click()
                assert len(menus) == len(keys) > 0, f"{name}, {shape}: no key for the menu"
                menus.clear()
                if shape in (*sights.tightest[:1], LEAST_ROOM):
                    sights.let_come(name, messages, at_once=name != TODAY)
    view.open_page(TODAY)
    for shape in sights.tightest:
        for lang in LANGUAGES:
            sights.speak(shape, lang)
            sights.read_now(messages, colors=sights.has_colors_of(shape))
    sights.must_be_whole()


def see_a_cited_chart(office: Office, sights: Sights) -> None:
    """Look at a chart that a case cites where it says what has changed since."""
    hall, week = office.hall, period_span_containing(WEEK, office.hall.date)
    number = hall.do("case-open", NewCaseData(klass="complaint", title="Lamp"), who=MANAGER)["number"]
    hall.do("case-cite-figure", number, "measures.outcomes", first=week[0], last=week[1], against="before", who=ADMIN)
    hall.do("correct", "A001", changes={"outcome": "not_done"}, reason="forgotten", who=MANAGER)
    cites = case_documents.case_document_if_permitted(hall.desk, ADMIN, number, hall.clock())["history"][-1]["cites"]
    for shape, form in sights.shapes.items():
        for lang in form.languages:
            sights.speak(shape, lang)
            office.page.ways.open_target(ButtonTarget(REPORTS, case=number, cites=cites))
            card = office.page.reports.pages.get_or_make_page(FIGURES).cited
            assert card.isVisible()
            sights.take_in("cited", shape, lang, part=card)


def test_every_question_every_rule_and_a_cited_chart_are_whole(open_office, context, hall, shapes):
    hall.do("push", "今天 16:30 停止取号", text_en="Last tickets at 16:30", minutes=30)
    office = open_office(ADMIN)
    lend(context, pictures=PicturesHere(hall.desk, hall.clock))
    page = office.page
    look, setup, acts, day = context.look, context.feed.setup, page.day_acts, hall.date
    hall.do("add-note", "outage", "card machines", start="9:00", end="9:15", who=MANAGER)
    ticket, shift = hall.ticket("A001"), {"staff": "C1", "from": "08:30", "to": "12:00"}
    lines = tuple((n, RuleError("unknown_service", service="X")) for n in (2, 5))
    refused = RuleError("bad_rows", path="/home/user/appointments.csv", lines=lines)
    total = ChannelTotal(channel="online", service="A", first=day.replace(day=1), last=day, n=120)
    indicator = Indicator(year=2026, name="办事效率", top=Decimal(100))
    page.open_page(SETUP)
    set_up = page.setup_page
    set_up.open_row("services", "C")
    for key in ("name", "name_en"):
        office.write(set_up.forms.service_form.fields[key].edit, "Loans")
    # A part of a page has least room in the usual window with the largest letters.
    least_room = {name: shape for name, shape in shapes.items() if name == "150 %"} or shapes
    sights = Sights(page, look, typed_words(setup), least_room)

    def take_note_away() -> None:
        acts.open_day_notes()
        (notes,) = (one for one in page.findChildren(DayNotesDialog) if one.isVisible())
        next(iter(notes.rows.values())).button().click()

    def save_set_up() -> None:
        page.setup_page.save()  # the page is made anew in each language

    def take_notice_off() -> None:
        (row,) = page.notices.running.values()  # each language has its own
        row.off_button.click()

    asked: dict[str, Callable[[], Dialog]] = {
        "alerts": lambda: AlertsDialog(page, look, alert_texts(page.hall_state, hall.clock())),
        "sheet": lambda: ReportCheckDialog(page, look),
        "refused file": lambda: RefusedFileDialog(page, look, refused),
        "total": lambda: ChannelTotalDialog(page, look, setup, known=total),
        "new total": lambda: ChannelTotalDialog(page, look, setup, known=None),
        "indicator": lambda: IndicatorDialog(page, look, indicator, is_new=False, asks_name=False),
        "new indicator": lambda: IndicatorDialog(page, look, indicator, is_new=True, asks_name=True),
        "hall": lambda: RecordDialog(page, page.context, ANOTHER_HALL),
        "paper": lambda: PrintPaperTicketsDialog(page, look, setup, can_print=True),
        "days": lambda: CalendarDifferencesDialog(
            page, look, CalendarDifferences("2026", calendar_changes(setup.document, published_years("cn")[2026].days))
        ),
        "shift": lambda: ShiftDialog(page, look, setup, "3", days="2026", known=shift),
    }
    told = {"version": 1, "points": ["新的收费表"], "points_en": []}
    stock = [{"text": "午休错开", "text_en": "Breaks in turn"}]
    sheets = score_sheets_of_hall(setup)
    begun = hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)["inspection"]
    filled = hall.do("inspect-score", begun, 1, 5, reasons=[1, 2], photo="D:/desk.jpg", who=MANAGER)

    def rated(words: str) -> NewCaseDialog:
        effect = "Its number will be {number}. It can't be assigned to {name}, because it is about them."
        about = {"given": {"source": "rating", "ticket": "A001", "day": day, "kept": "1"}, "number": "26-044"}
        about |= {
            "title": _("Open a case for {ticket}?", ticket="A001"),
            "effect": _(effect, number="26-044", name="C1"),
        }
        asks = NewCaseDialog(page, look, setup, owners=["M1", "C2"], owner="M1", today=day, words=words, **about)
        asks.add_mark_as_read_button()
        return asks

    def trial() -> RecordDialog:
        start = RecordDialog(page, page.context, START)
        about = start.fields["about"].edit
        about.setCurrentIndex(about.findData(f"{NOTICE}2"))
        return start

    def cited(chosen: int) -> RecordDialog:
        cites = RecordDialog(page, page.context, citation_form(setup, number="26-044", label="A001", day=day))
        cites.fields["what"].edit.setCurrentIndex(chosen)
        return cites

    asked |= {
        "a case": lambda: rated("更名过户"),
        "what a case cites": lambda: cited(0),
        "a figure it cites": lambda: cited(3),
        "the slip of overdue cases": lambda: OverdueCasesSlipDialog(
            page, look, [QImage(210, 297, QImage.Format.Format_RGB32)] * 2
        ),
        "briefing": lambda: BriefingForm(page, look, None, ()),
        "session": lambda: SessionDialog(page, look, setup, [], today=day, chosen=None),
        "its correction": lambda: BriefingForm(page, look, told, stock),
        "sheets": lambda: ScoreSheetsDialog(page, look, sheets, ("zh_CN", "en"), may_change=True),
        "a filled sheet": lambda: FilledSheetDialog(
            page, look, filled, title="电话暗访表", effect="11月20日", go_on=""
        ),
        "a trial of words": trial,
        "scheme": lambda: SchemeDialog(page, look, AppraisalScheme()),
        "sheets to read": lambda: ScoreSheetsDialog(page, look, sheets, ("en", "zh_CN"), may_change=False),
    }
    sights.take_questions(
        {name: lambda ask=ask: ask().open_dialog() for name, ask in asked.items()}
        | {
            "another name": save_set_up,
            "notes": acts.open_day_notes,
            "a note away": take_note_away,
            "correct": lambda: acts.open_ticket_correction(ticket, None),
            "discard": lambda: framing.ask_to_discard_then(page, look, list),
            "remove": lambda: framing.ask_to_remove_row_then(page, look, "B 业务办理", list),
            "remove PIN": lambda: framing.ask_to_confirm_pin_removal(page, look, "C1 张敏", list),
        }
    )
    page.setup_page.foot.discard_button.click()
    page.open_page(NOTICES)
    sights.take_questions({"off": take_notice_off})
    see_a_cited_chart(office, sights)
    sights.must_be_whole()

    rules = Sights(page, look, typed_words(setup), shapes)
    page.open_page(SETUP)
    page.setup_page.open_set_up_part("settings")
    for lang in LANGUAGES:
        rules.speak(rules.tightest[0], lang)
        bar = page.setup_page.forms.form_for_key("settings").verticalScrollBar()
        for at in range(0, bar.maximum() + 1, bar.pageStep()):
            bar.setValue(at)
            rules.take_in(f"rules from {at}", rules.tightest[0], lang)
        assert bar.maximum() > bar.pageStep()
    rules.must_be_whole()


SECTIONS = (
    "today", "tickets", "quality", "booked", "waits", "reports", "improve", "people", "notices", "equipment", "paper", "setup",
)  # fmt: skip
TABS = {
    QUALITY: ("cases", "why", "inspections", "morning", "thanks", "forums", "month"),
    WAITS: ("lobby", "fairness", "staffing", "what-if", "promise"),
    REPORTS: ("figures", "on-paper", "packs", "kept", "indicators", "channels", "audit"),
    STAFF: ("staff-today", "sheets"),
    IMPROVE: ("projects", "where-else", "trials", "training"),
}
MORE = 1.02
"""So many times the widgets of the first round the second may hold: a list may be read a moment later."""


@pytest.fixture
def kind() -> Kind:
    return POWER


def assert_shows(view: ManagerView, section: str) -> None:
    settled()
    page = in_front(view.stack.get_or_make_page(section))
    assert page.isVisible(), section
    assert inked(page) > LEAST_INK, section


def assert_all_are_known_here(view: ManagerView) -> None:
    assert tuple(key for key, _icon, _word in view.stack.entries()) == SECTIONS
    for section, tabs in TABS.items():
        assert tuple(key for key, _icon, _word in view.stack.get_or_make_page(section).pages.entries()) == tabs


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_every_section_is_known_here_for_other_halls_too(kind, open_office) -> None:
    assert_all_are_known_here(open_office(ADMIN).page)


def pressed(office: Office) -> Iterator[tuple[str, str]]:
    """Press every section and each of its tabs, from the last to the first; yield which."""
    for section in reversed(SECTIONS):
        office.go(section)
        yield section, ""
        for tab in reversed(TABS.get(section, ())):
            of = office.page.stack.get_or_make_page(section)
            office.touch(of.tabs.findChild(QWidget, f"tab-{tab}"))
            assert of.pages.front_page_key() == tab
            yield section, tab


def test_whatever_is_pressed_shows_its_page_and_the_same_when_it_was_made_anew(open_office) -> None:
    fresh = open_office(ADMIN)
    view = fresh.page
    leave_undrawn(view)
    assert_all_are_known_here(view)
    told: list[dict[str, list[str]]] = []
    pages: list[dict[str, weakref.ref[QWidget]]] = []
    counted = []
    for _round in range(2):
        told.append({})
        pages.append({})
        for section, tab in pressed(fresh):
            assert_shows(view, section)
            if tab or section not in TABS:
                page: Any = view.stack.get_or_make_page(section)
                page = page.pages.get_or_make_page(tab) if tab else page
                told[-1][tab or section] = said(page)
                pages[-1][tab or section] = weakref.ref(page)
        for part in view.setup_page.own.set_up_part_keys():
            view.setup_page.open_set_up_part(part)
        fresh.go("today")
        view.remake_contents()
        settled()
        gc.collect()
        counted.append(len(view.findChildren(QWidget)))
    # The set-up is left at another part than it begins with.
    first, second = ({key: one for key, one in page.items() if key != SETUP} for page in told)
    assert first == second
    assert counted[1] <= counted[0] * MORE
    # Of the pages of before nothing is held by a signal, a timer or an answer.
    assert {key for key, one in pages[0].items() if one() is not None} == set()
    # What was seen before is shown anew.
    for what in ("waits", "reports", f"setup {RULES}"):
        view.show_page_by_key(what)
        assert_shows(view, what.partition(" ")[0])
        assert view.visible_page_key() == what


def anew(view: ManagerView, key: str, tab: str = "") -> Any:
    """Let the station speak the other language with this page in front; return what came in its place."""
    before = opened(view, key, tab)
    speak(view)
    page = view.stack.get_or_make_page(key)
    page = page.pages.get_or_make_page(tab) if tab else page  # type: ignore[attr-defined]
    assert page is not before, (key, tab)
    return page


TYPED: dict[tuple[str, str], Callable[[Any], QLineEdit]] = {
    (TICKETS, ""): lambda page: page.search.edit,
    (NOTICES, ""): lambda page: page.text.edit,
    ("booked", ""): lambda page: page.board.search.edit,
    (REPORTS, "packs"): lambda page: page.note.edit,
    (WAITS, "what-if"): lambda page: page.form.services_field.edit,
    (QUALITY, "cases"): lambda page: page.search.edit,
}


def test_a_page_comes_back_in_the_other_language_as_it_was(office):
    view = office.page
    # Date, filters, row and scroll are as they were left.
    fairness = opened(view, WAITS, "fairness")
    fairness.set_day(fairness.day - timedelta(days=1))
    assert anew(view, WAITS, "fairness").day == view.controller.business_date - timedelta(days=1)
    why = opened(view, QUALITY, WHY)
    why.spans.setCurrentIndex(1)
    why.spans.activated.emit(1)
    why.filter_ratings({"window": "3"})
    days = why.spans.currentData()
    again = anew(view, QUALITY, WHY)
    filtered = rating_group_name(view.context.feed.setup, "window", "3")
    assert (again.spans.currentData(), again.filter_button.text()) == (days, filtered)
    for n in range(40):
        office.hall.do("forum", office.hall.date, 5, about=f"Forum {n}", issues=[f"Issue {n}"])
    office.follow()
    page = opened(view, QUALITY, FORUMS)
    office.later(seconds=5)
    page.table.selectRow(25)
    page.table.verticalScrollBar().setValue(20)
    chosen, scrolled = page.table.chosen_row_key(), page.table.verticalScrollBar().value()
    assert scrolled > 0
    page = anew(view, QUALITY, FORUMS)
    office.later(seconds=5)
    assert (page.table.chosen_row_key(), page.table.verticalScrollBar().value()) == (chosen, scrolled)
    paper = opened(view, "paper")
    office.touch(paper.day_button)
    office.touch(next(day for day in office.question(DayPickerDialog).days if day.isEnabled() and day.isVisible()))
    days = paper.day_button.text()
    anew(view, "paper")
    assert anew(view, "paper").day_button.text() == days, "the date to which typed times belong"
    # So is what is typed, and a sentence that was chosen.
    for (key, tab), field in TYPED.items():
        QTest.keyClicks(field(opened(view, key, tab)), "A1")
        assert field(anew(view, key, tab)).text() == "A1", (key, tab)
    opened(view, NOTICES).text.set_value("System down, please wait")
    assert anew(view, NOTICES).text.value() == "System down, please wait"
    notices = opened(view, NOTICES)
    notices.ready.setCurrentIndex(3)
    notices.ready.activated.emit(3)
    notices = anew(view, NOTICES)
    assert notices.ready.currentIndex() == 3 and notices.preview.text_of_draft_notice == notices.ready.currentText()
    # A page that is not in front follows when it is opened.
    tickets = opened(view, TICKETS)
    view.open_page(TODAY)
    speak(view)
    assert view.stack.page_if_already_made(TICKETS) is tickets
    view.open_page(TICKETS)
    assert view.stack.page_if_already_made(TICKETS) is not tickets
    # Files made for the printer go with their page and are made again.
    opened(view, WAITS, "fairness").print_button.click()
    anew(view, WAITS, "fairness").print_button.click()
    assert len(office.paper.printed) == 2


def test_nothing_is_made_anew_under_a_question_or_while_somebody_waits_for_an_answer(office, monkeypatch):
    view = office.page
    page = opened(view, QUALITY, FORUMS)
    noted = next(at for at, act in enumerate(page.spec.acts) if act.form is not None and not act.of_row)
    page.buttons[noted].click()
    dialog = page.dialog
    field = next(iter(dialog.fields.values()))
    field.set_value("Why one has to come twice")
    speak(view)
    office.later(seconds=6)
    assert view.quality.pages.page_if_already_made(FORUMS) is page
    assert dialog.isVisible() and field.value() == "Why one has to come twice"
    # It follows as soon as the question is answered, and an answer that is owed has come.
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", True, raising=False)
    dialog.no_button.click()
    office.later(seconds=6)
    assert view.quality.pages.page_if_already_made(FORUMS) is page
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", False)
    office.later(seconds=6)
    assert view.quality.pages.page_if_already_made(FORUMS) is not page
    assert view.quality.pages.page_if_already_made(FORUMS).buttons[noted].text() == page.spec.acts[noted].text()


def test_pages_left_last_stay_and_the_others_come_back_as_they_were(office, monkeypatch):
    view = office.page
    pages = view.quality.pages
    page = opened(view, QUALITY, CASES)
    QTest.keyClicks(page.search.edit, "lift")
    for others in ((WHY, THANKS), (THANKS, WHY)):
        for key in others:
            opened(view, QUALITY, key)
        assert opened(view, QUALITY, CASES) is page, "from one to another and back nothing is made"
    opened(view, QUALITY, WHY)
    opened(view, QUALITY, THANKS)
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", True, raising=False)
    opened(view, QUALITY, FORUMS)
    assert pages.page_if_already_made(CASES) is page, "somebody waits for an answer"
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", False)
    opened(view, QUALITY, MONTH)
    assert [pages.page_if_already_made(key) for key in (CASES, WHY)] == [None, None]
    assert None not in map(pages.page_if_already_made, (THANKS, FORUMS))
    assert opened(view, QUALITY, CASES).search.edit.text() == "lift"


PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./\.\./pictures/([^)]+)\)")


def test_help_opens_at_the_page_one_is_on_in_each_language(open_office: Callable[[Actor], Office]) -> None:
    view = open_office(ADMIN).page
    about = {
        (key, language): section.heading
        for language in LANGUAGES
        for page in _guide_page_titles()
        for section in (guide_page_sections(page, language) if page != HOW else ())
        for key in section.keys
    }
    asked = []

    def ask() -> None:
        asked.append(view.help_key())
        for language in LANGUAGES:
            i18n.choose_language(language)
            panel = HelpPanel(view, view.context.look, asked[-1])
            panel.open_panel()
            assert about[asked[-1], language] in panel.text()
            panel.close_panel()

    for page, _icon, _word in view.stack.entries():
        view.open_page(page)
        section = view.stack.get_or_make_page(page)
        tabs = [tab for tab, _icon, _word in section.pages.entries()] if isinstance(section, TabbedPages) else []
        for tab in tabs:
            section.open_tab(tab)
            ask()
        for part in view.setup_page.set_up_part_keys() if page == SETUP else ():
            view.setup_page.open_set_up_part(part)
            ask()
        if not tabs and page != SETUP:
            ask()
    assert len(set(asked)) == len(asked) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_of_the_forty_tasks_has_a_picture_of_the_page_on_which_it_is_done(language: str) -> None:
    shown: dict[str, set[str]] = {}
    tasks = list(guide_page_sections(HOW, language))
    for task in tasks:
        names = PICTURE.findall(task.text)
        assert len(names) == 1, task.heading
        shown.setdefault(names[0], set()).update(task.keys)
    assert len(tasks) >= 40
    assert {name: keys for name, keys in shown.items() if len(keys) != 1} == {}
    sizes = {name: QImage(str(resource_path("docs", "pictures", name))).size() for name in shown}
    assert [name for name, size in sizes.items() if size.width() < 600 or not name.endswith(f"-{language}.png")] == []
