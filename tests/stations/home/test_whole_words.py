"""Home, the wizard and the pages beside them, in every shape and in both languages: nothing is cut, nothing moves."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.app.this_pc import settings
from queuedesk.desk import looking
from queuedesk.stations.home.controller import JoinController, ThisPcController
from queuedesk.stations.home.page import JoinPage, StationCard
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.frame import Preferences, WindowPage
from queuedesk.stations.window.style import LIGHT, Look, apply_look_to_app
from tests.hall import make_hall
from tests.stations.home.conftest import OwnPc
from tests.stations.home.test_pages import COUNTER, DISPLAY, FRONT_DESK, MONITORS, RATING
from tests.stations.whole_words import Sights, drawn, settled, troubles, typed_words
from tests.three_halls import OTHERS

Put = Callable[[WindowPage], Sights]

IN_EACH_LANGUAGE = True


@pytest.fixture
def look(qapp):
    look = Look(LIGHT)
    look.still = True
    apply_look_to_app(qapp, look)
    return look


@pytest.fixture
def put(look, qtbot, shapes):
    def put(page):
        qtbot.addWidget(page)
        page.resize(1366, 768)
        page.show()
        return Sights(page, look, shapes=shapes)

    return put


def home_with_stations(place):
    return OwnPc(place, does={"here": lambda _place, _now: [FRONT_DESK, COUNTER, RATING, DISPLAY]}).home


def test_every_step_of_the_wizard_is_whole(look, put, tmp_path):
    lang = i18n.current_language()
    wizard = WizardPage(look, home_with_stations(tmp_path / "hall.sqlite"), Preferences(lambda _name, _value: None))
    sights = put(wizard)
    sights.take_closely("presets", lang)
    wizard.preset_cards["government"].click()
    sights.take_closely("a preset", lang)
    wizard.next_button.click()
    sights.take_message("refused", wizard.next_button.click, lambda: None)
    QTest.keyClicks(wizard.hall.fields["name"].edit, "Nanhu")
    for at_step, step in enumerate(("hall", "services", "facts", "windows", "people"), start=1):
        assert wizard.current_step_index == at_step
        sights.take_closely(step, lang)
        wizard.next_button.click()
    sights.take_closely("people, refused", lang)
    for narrowest in [name for name in sights.shapes if name.startswith("1024x768, 150 %") and lang == "en"]:
        sights.speak(narrowest, lang)  # whose names of roles are longer
        role = wizard.people.roles["AD"]
        assert role.width() >= role.sizeHint().width()
    QTest.keyClicks(wizard.people.edits["AD"], "Wang Fang")
    QTest.keyClicks(wizard.people.pins["AD"], "2468")
    wizard.next_button.click()
    sights.take_closely("features", lang)
    sights.must_be_whole()


def test_home_is_whole(look, put, tmp_path):
    hall = make_hall(tmp_path)
    home = home_with_stations(hall.path)
    page = StationsPage(look, home)
    sights = put(page)
    sights.typed = typed_words(looking.setup_of_hall(hall.desk))
    halls = [("HB2", "城东营业厅", "East City"), ("HB3", "城西营业厅", "West City")]
    sights.take_questions({"which hall": lambda: (page.ask_hall(halls), page.ask_hall([]))})
    sights.take("stations")
    home.refresh_local_stations()
    running = RunningStationsPage(look, home)
    over = put(running)
    over.typed = sights.typed
    over.take("running")
    sights.must_be_whole()
    over.must_be_whole()


def test_a_card_leaves_out_its_icon_and_then_what_a_station_is_for_before_that_is_cut(look, qtbot):
    card = StationCard(look, "window")
    qtbot.addWidget(card)
    card.set_texts("Room", ["Call, serve, transfer"])
    for width, lines in ((300, ["Call, serve, transfer"]), (200, ["Call, serve, transfer"]), (150, [])):
        card.resize(width, 64)
        assert card.wrapped_title_and_lines() == (["Room"], lines)
        assert min(word.box.left() for word in drawn(card).words) == (68 if width == 300 else 14)


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_home_is_whole_under_a_title_bar(look, qtbot, tmp_path, kind):
    hall = kind.make(tmp_path)
    page = StationsPage(look, home_with_stations(hall.path))
    qtbot.addWidget(page)
    page.resize(1024, 748)
    page.show()
    settled()
    assert troubles(page, typed_words(looking.setup_of_hall(hall.desk))) == []
    names = {card.text(): card for card in page.cards.values()}
    tops = {(word.on.height(), word.on.y(), round(word.box.top())) for word in drawn(page).words if word.text in names}
    assert len(tops) == 2, "one row for staff and one for customers, each with its names in one line"


def test_this_pc_is_whole(look, put, tmp_path):
    deeds = replace(settings.this_pc_settings_functions(), shown=lambda: settings.screen_states(list(MONITORS)))
    controller = ThisPcController(deeds, home_with_stations(make_hall(tmp_path).path).hall_arguments)
    page = ThisPcPage(look, home_with_stations(tmp_path / "hall.sqlite"), controller, InlineTasks())
    sights = put(page)
    sights.typed = [label.text() for label in page.places.values()]  # where folders are: the tooltip has it all
    sights.take("screens")
    sights.must_be_whole()


def test_joining_is_whole(look, put, tmp_path):
    joining = JoinController(InlineTasks(), lambda *_words: {}, lambda: "", "window-03")
    sights = put(JoinPage(look, home_with_stations(tmp_path / "hall.sqlite"), joining))
    sights.take_closely("joining")
    sights.take_questions({"leaving": sights.page.confirm_leaving_hall})
    sights.must_be_whole()
