"""A hall that uses little has a manager's page of little; features come and go; a page without content leads on."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.setup.file import GROUPS
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.features.appointments.pages.acts import NewAppointmentDialog
from queuedesk.features.projects.pages.asking import SampleProjectViewDialog
from queuedesk.i18n import _, n_, wording_in_current_language
from queuedesk.stations.manager.pages import QUALITY, REPORTS, SETUP, TODAY, WAITS
from queuedesk.stations.manager.quality.month_rows import FORUMS
from queuedesk.stations.manager.sections import CASES, FIGURES, MONTH, STAFFING, WHY
from queuedesk.stations.manager.setup_frame.draft import CARDS, RULES, SERVICES
from queuedesk.stations.manager.tickets.history_page import possible_ticket_acts
from queuedesk.stations.manager.today.alert_words import INSPECTIONS, ButtonTarget
from queuedesk.stations.widgets.panels import EmptyState, Label
from queuedesk.stations.window.context import StationContext
from tests.features.test_every_page import each_page
from tests.hall import ADMIN, MANAGER, Hall, make_hall
from tests.stations.manager.conftest import Office, PicturesHere, in_front, morning
from tests.stations.shapes import Shape
from tests.stations.stubs import lend
from tests.stations.whole_words import Sights, typed_words
from tests.three_halls import CLINIC


def small(folder: Path) -> Hall:
    """Make a clinic that uses nothing but what is always there."""
    hall = morning(folder, CLINIC)
    hall.do("set-hall", {"features": []})
    return hall


pytestmark = pytest.mark.hall(make=small)


def use(office: Office, *features: str) -> None:
    office.hall.do("set-hall", {"features": list(features)})
    office.follow()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # Entries that went are found no more.


def tabs(office: Office) -> list[str]:
    return [key for key, _icon, _word in office.page.quality.pages.entries()]


@pytest.mark.works
def test_a_small_clinic_meets_six_entries_and_each_page_is_whole(open_office, context: StationContext) -> None:
    office = open_office(ADMIN)
    view = office.page
    words = ["Today", "Tickets", "Complaints", "Reports", "Announce", "Set-up"]
    assert [word for _key, _icon, word in view.stack.entries()] == words
    assert tabs(office) == [CASES, WHY, MONTH]
    known_off = {"thanks", "lobby", "setup-cards", "setup-partners", "project", "sheets", "staff-today"}
    assert not known_off & set(view.page_openers())
    shapes = {"small": Shape(1024, 768, languages=("en",))}
    sights = Sights(view, context.look, typed_words(context.feed.setup), shapes)
    sights.put("small")
    seen = []
    for name in each_page(office):
        sights.take_in(name, "small", "en")
        sights.must_show_something(name, in_front(view.stack))
        seen.append(name.split()[0])
    assert set(seen) == {"today", "tickets", "quality", "reports", "notices", "setup"}
    sights.must_be_whole()


def test_a_feature_comes_and_goes_while_the_page_is_open_and_no_typed_word_with_it(admin_office: Office) -> None:
    office, view = admin_office, admin_office.page
    office.go(QUALITY)
    use(office, "forums")
    assert tabs(office) == [CASES, WHY, FORUMS, MONTH]
    office.until(lambda: view.quality.tabs.tab(FORUMS).isVisible())
    office.touch(view.quality.tabs.tab(FORUMS))
    assert view.quality.pages.front_page_key() == FORUMS
    office.touch(view.quality.tabs.tab(CASES))
    heads = view.nav.findChild(QWidget, QUALITY).text(), view.quality.pages.get_or_make_page(CASES).head.title.text()
    assert heads == ("Quality", "Quality")
    office.touch(view.quality.tabs.tab(FORUMS))
    use(office)
    assert (view.stack.front_page_key(), view.nav.current_entry_key()) == (TODAY, TODAY)
    assert tabs(office) == [CASES, WHY, MONTH]
    office.go(QUALITY)
    assert view.quality.pages.front_page_key() == CASES
    assert view.quality.pages.get_or_make_page(CASES).head.title.text() == "Complaints"
    # One tab alone needs no row of tabs.
    use(office, "lobby")
    office.go(WAITS)
    assert view.waits.pages.front_page_key() == "lobby"
    assert view.waits.tabs.isHidden()
    use(office, "lobby", "order")
    assert view.waits.tabs.isVisible()
    # What is typed in the set-up stays in front until it is saved or thrown away.
    use(office, "cards")
    view.ways.open_set_up_part(CARDS)
    office.touch(view.setup_page.list.add_button)
    name = view.setup_page.forms.form_for_key(CARDS).fields["name"].edit
    office.write(name, "Flood")
    use(office)
    assert (view.stack.front_page_key(), view.setup_page.part, name.text()) == (SETUP, CARDS, "Flood")
    assert view.setup_page.nav.findChild(QWidget, CARDS) is None
    office.touch(view.setup_page.foot.discard_button)
    assert view.setup_page.part == SERVICES


def test_nothing_leads_to_what_is_off_and_no_figure_counts_it(admin_office: Office) -> None:
    office, view, hall = admin_office, admin_office.page, admin_office.hall
    lend(view.context, pictures=PicturesHere(hall.desk, hall.clock))
    use(office, "inspections", "forums", "thanks", "staff", "equipment")
    hall.do("forum", hall.date, 6, about="Parking", who=MANAGER)
    devices.record_device_state(hall.desk, Ask(actor_of_station("K1"), hall.clock()), "printer", "K1", "out_of_paper")
    office.later(minutes=10)
    office.follow()

    def shown() -> tuple[str, object, list[str]]:
        """Return the key of the strip about the printer, where the people of today lead, the menu."""
        view.open_page(TODAY)
        (printer,) = [one for one in view.today.alerts.texts if one.kind == "device_down"]
        return printer.button, view.today.figures.points[3].leads, [entry.text for entry in view.menu_entries()]

    def counted() -> list[str]:
        view.open_page(REPORTS)
        return [row.name for row in view.reports.pages.get_or_make_page(FIGURES).quality.table.table]

    button, people, menu = shown()
    assert (button, people) == ("Show", ButtonTarget("people"))
    assert "Thanks to me" in menu
    assert {"Inspections done", "Thanks of customers", "Forums"} <= {*counted()}
    use(office, "forums")
    assert {"Inspections done", "Thanks of customers", "Forums"} & {*counted()} == {"Forums"}
    use(office, "inspections", "forums", "thanks", "staff", "equipment")
    assert "thanks" in possible_ticket_acts(view.hall_state.setup_now, hall.ticket("A001"))
    use(office)
    button, people, menu = shown()
    assert (button, people) == ("", None)
    assert "Thanks to me" not in menu
    assert counted() == []
    figures = view.reports.pages.get_or_make_page(FIGURES).quality.table
    assert "None in this time: cases, comments." in figures.accessibleDescription()
    assert "thanks" not in possible_ticket_acts(view.hall_state.setup_now, hall.ticket("A001"))
    view.ways.open_target(ButtonTarget(INSPECTIONS))
    assert view.stack.front_page_key() == REPORTS
    hall.do("set-setting", "inspect_mystery", 1)
    hall.clock.move(hours=24 * 5)
    for features, is_told in ((["inspections"], True), ([], False)):
        use(office, *features)
        for _again in range(2):  # read beside the page, and told the next time
            view.open_page(TODAY)
        assert any("Mystery visit" in one.title for one in view.today.alerts.texts) is is_told
    view.open_page(QUALITY)
    view.quality.open_tab(MONTH)
    assert view.quality.pages.get_or_make_page(MONTH).looked.isHidden()


SEARCHED = {"en": ("REPEATS voice", "calling"), "zh_CN": ("再播报", "叫号")}
"""Words of one rule alone, and a word that others have too."""


def test_rules_are_those_of_what_is_used_and_found_by_their_words(admin_office: Office) -> None:
    office, page = admin_office, admin_office.page
    for lang, (word, other) in SEARCHED.items():
        i18n.choose_language(lang)
        page.remake_contents()
        page.ways.open_set_up_part(RULES)
        form = page.setup_page.forms.form_for_key(RULES)

        def shown(form: Any = form) -> list[str]:
            return [key for key, row in form.rows.items() if row.isVisibleTo(form)]

        assert "wait_target_minutes" in shown()
        assert not {"fix_days", "contact_days", "opening_checks", "training_minutes"} & set(shown())
        texts = [label.text() for label in form.findChildren(Label) if label.isVisibleTo(form)]
        groups = ("waiting", "calling", "late", "windows")
        assert {wording_in_current_language(GROUPS[group]) for group in groups} <= set(texts)
        assert _("Inspections") not in texts
        form.search.edit.setText(word)
        assert shown() == ["call_gap_s"]
        assert form.told.text() == n_("{n} rule found", "{n} rules found", 1)
        form.search.edit.setText(other)
        assert "call_gap_s" in shown()
        form.search.edit.setText("qqq")
        assert (shown(), form.told.text()) == ([], _("Nothing found"))
        form.search.clear()
        use(office, "inspections")
        assert "fix_days" in shown()
        assert form.told.isHidden()
        use(office)


def press(office, page) -> None:
    (empty,) = (one for one in page.findChildren(EmptyState) if one.isVisible() and one.button.isVisible())
    office.touch(empty.button)


@pytest.mark.hall(make=make_hall)
def test_each_page_without_content_leads_to_its_first(admin_office):
    office, page = admin_office, admin_office.page
    # Without an appointment to a new one, without a project to the sample, with nobody at a window to the roster.
    office.go("booked")
    press(office, page.stack.get_or_make_page("booked"))
    office.question(NewAppointmentDialog).refuse()
    office.go("improve")
    press(office, page.improve)
    assert office.question(SampleProjectViewDialog).facts.isVisible()
    office.question(SampleProjectViewDialog).refuse()
    office.go("people")
    press(office, page.staff)
    assert page.stack.currentWidget() is page.waits
    assert page.waits.pages.front_page_key() == STAFFING
    # A search without result leads back to all tickets.
    office.hall.issue("A")
    office.follow()
    office.go("tickets")
    tickets = page.tickets
    tickets.search_for("Z999")
    office.until(lambda: not tickets.list.isVisible())
    press(office, tickets)
    assert tickets.search.text() == "" and tickets.list.isVisible()
    # A part of the set-up without rows leads to its first.
    office.go("setup")
    page.setup_page.open_set_up_part("targets")
    press(office, page.setup_page)
    assert page.setup_page.head.title.text() == "New target"
