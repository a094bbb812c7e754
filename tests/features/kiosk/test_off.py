"""A hall may do without the kiosk: then nobody meets one; a number that one could not hand over is taken back."""

from itertools import product
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication

from queuedesk.core.features import rules_of_unused_features
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.looking import new_command_id
from queuedesk.desk.queue import issuing
from queuedesk.features.kiosk.pages.taking import TicketIssuing
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.window.context import InlineTasks, StationServices
from tests.cli.commands import Console
from tests.core.added import all_but, program_of
from tests.credentials import shared  # noqa: F401
from tests.features.demo_hall.test_demo_hall import trial_of
from tests.features.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.hall import ADMIN, Hall
from tests.relay import relay  # noqa: F401
from tests.stations.home.conftest import OwnPc, in_frame  # noqa: F401
from tests.stations.home.test_pages import this_pc  # noqa: F401
from tests.stations.test_lost_answers import Far, far  # noqa: F401
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled, troubles, typed_words


def choose(hall: Hall, **ways: list[str]) -> dict[str, Any]:
    return setting_up.choose_features(hall.desk, hall.ask(ADMIN), **ways)


def test_every_hall_has_it_until_it_is_left_out_by_name_with_its_rules(hall: Hall) -> None:
    """And its signs over windows, which every hall had as well."""
    for name in PRESETS:
        assert {"kiosk", "signs"} <= set(setting_up.preset_setup_document(name)["hall"]["features"]), name
    for before in (None, ["notes"], []):
        hall.do("set-hall", {"features": before}, who=ADMIN)
        setup = looking.setup_of_hall(hall.desk)
        assert setup.has_feature("kiosk") and setup.has_feature("signs")
        assert choose(hall, on=["kiosk", "signs"])["on"] == []
    assert choose(hall, on=["forums"]) == {"features": ["kiosk", "forums", "signs"], "on": ["forums"], "off": []}
    assert choose(hall, off=["kiosk"]) == {"features": ["forums", "signs", "-kiosk"], "on": [], "off": ["kiosk"]}
    assert not looking.setup_of_hall(hall.desk).has_feature("kiosk")
    assert choose(hall, off=["kiosk", "forums"]) == {"features": ["signs", "-kiosk"], "on": [], "off": ["forums"]}
    without = rules_of_unused_features(looking.setup_of_hall(hall.desk).hall)
    assert choose(hall, on=["kiosk"]) == {"features": ["kiosk", "signs"], "on": ["kiosk"], "off": []}
    rules = without - rules_of_unused_features(looking.setup_of_hall(hall.desk).hall)
    assert rules == {"kiosk_idle_s", "kiosk_fetch", "kiosk_postpone"}


@program_of(all_but("kiosk"))
def test_a_program_without_it_knows_of_none_and_keeps_what_was_chosen(console: Console) -> None:
    assert "kiosk" not in all_stations()
    for choice, shown in ((["notes", "kiosk"], ["kiosk"]), (["notes", "-kiosk"], [])):
        hall = console.hall()
        hall.do("set-hall", {"features": choice}, who=ADMIN)
        hall.desk.db.dispose()
        assert [row["name"] for row in console.ask("features", "list")["features"] if "kiosk" in row["name"]] == shown
        assert console.ask("features", "on", "forums")["features"] == ["forums", choice[0], "signs", choice[1]]
    assert console.say("kiosk").status == 2


def test_a_trial_has_no_pane_of_it(hall: Hall, qapp: QApplication) -> None:
    choose(hall, off=["kiosk"])
    with trial_of(hall, qapp) as trial:
        for size in ((1920, 1080), (1366, 768), (1024, 768)):
            trial.frame.resize(*size)
            QApplication.processEvents()
            shown = [name for name, pane in trial.page.panes.items() if pane.isVisible()]
            assert "kiosk" not in shown and "display" in shown
            assert troubles(trial.page, typed_words(trial.feed.setup)) == []


def test_an_open_one_sends_the_next_customer_to_staff_until_it_is_on_again(kiosk: Kiosk) -> None:
    kiosk.service("C")
    choose(kiosk.hall, off=["kiosk"])
    kiosk.follow()
    assert kiosk.stage == "ticket", "whoever has just taken a ticket reads their number"
    kiosk.does.go_home()
    shown = kiosk.view.sheet
    assert shown.isVisible() and not shown.keys
    assert shown.said.title == "Please ask a member of staff for a number."
    assert shown.said.sentence == "This hall does not use the kiosk."
    for lang, size in product(LANGUAGES, (SMALL, UPRIGHT, WIDE)):
        kiosk.speak(lang)
        kiosk.page.resize(*size)
        settled()
        seen = drawn(kiosk.page)
        assert shown.said.title in " ".join(word.whole for word in seen.words)
        assert [*cut(seen, ()), *overlapping(seen), *outside(seen)] == [], (lang, size)
    kiosk.speak("en")
    choose(kiosk.hall, on=["kiosk"])
    kiosk.follow()
    assert not shown.isVisible()
    kiosk.next_customer()
    kiosk.service("C")
    assert len(kiosk.issued()) == 5


# -- a number that a kiosk could not hand over, since the answer came too late, is taken back --------------------------
def test_a_public_screen_may_take_back_what_it_could_not_hand_over(far: Far) -> None:  # noqa: F811
    """The database lets a PC of that kind do it in the hall's name, and in nobody else's."""
    desk = far.hall.desk(far.hall.pc(PcKind.PUBLIC))
    issuing.issue_ticket(desk, Ask(actor_of_station("K1"), far.hall.clock(), new_command_id()), "A")
    context: Any = SimpleNamespace(desk=desk, tasks=InlineTasks(), clock=far.hall.clock, services=StationServices())
    context.new_ask = lambda who: Ask(who, far.hall.clock(), new_command_id())
    TicketIssuing(context, steady_ms=lambda: 0).handle_done_but_unanswered(far.issued()[0])
    last = far.hall.hall().log()[-1]
    assert (last.kind, last.ticket, last.actor) == ("void", "A001", "hall")
    assert reason_words(last.data["reason"], "en") == "The screen could not hand it over"
