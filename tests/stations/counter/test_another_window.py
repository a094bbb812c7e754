"""A PC keeps the window chosen at it, and its clerk can choose another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import OutsideError
from queuedesk.desk import looking
from queuedesk.stations.counter.station import CounterView, build
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.services import OwnChoices
from tests.hall import Hall
from tests.stations.stubs import lend, stub


@pytest.fixture
def kept(context: StationContext) -> list[str]:
    """Return the windows that this PC was told to keep."""
    kept: list[str] = []
    lend(context, own_choices=stub(OwnChoices, choose_window=kept.append))
    return kept


@pytest.fixture
def start(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[Callable[[str], CounterView]]:
    """Return a way to start the counter of a PC at a window, "" for one that keeps none yet."""
    views: list[CounterView] = []
    context.feed.start()

    def started(window: str) -> CounterView:
        context.options = {"window": window}
        context.feed.state = looking.hall_now(hall.desk, hall.clock())
        view = build(context)
        assert isinstance(view, CounterView)
        qtbot.addWidget(view)
        view.show()
        views.append(view)
        return view

    yield started
    for view in views:
        view.stop()


def entries(view: CounterView) -> dict[str, Callable[[], None]]:
    return {entry.text: entry.act for entry in view.menu_entries() if entry.enabled}


def sign_in(view: CounterView, window: str, staff: str, qtbot: QtBot) -> None:
    view.signing_in.choose_window(window)
    view.signing_in.choose_name(staff)
    qtbot.waitUntil(lambda: view.controller.code == window)


def test_the_next_start_goes_on_at_the_window_chosen_here(
    hall: Hall, kept: list[str], start: Callable[[str], CounterView], qtbot: QtBot
):
    first = start("")
    sign_in(first, "5", "C3", qtbot)
    first.stop()

    again = start(kept[-1])

    assert (kept, again.controller.code) == (["5"], "5")
    opened = [(e.window, e.staff) for e in looking.events_after(hall.desk, 0) if e.kind == "open"]
    assert opened == [("5", "C3")], "the clerk who is still signed in goes on"


def test_a_window_named_at_the_start_is_not_kept(
    hall: Hall, kept: list[str], start: Callable[[str], CounterView], qtbot
):
    view = start("3")
    view.signing_in.choose_name("C3")
    qtbot.waitUntil(lambda: view.controller.code == "3")

    assert kept == []


def test_a_choice_that_cannot_be_kept_stops_nobody(context: StationContext, start: Callable[[str], CounterView], qtbot):
    def full(_window: str) -> None:
        raise OutsideError("cannot_write", path="config.json")

    lend(context, own_choices=stub(OwnChoices, choose_window=full))
    view = start("")

    sign_in(view, "3", "C3", qtbot)

    assert view.controller.scene is not None


def test_another_window_closes_this_one_and_asks(
    hall: Hall, kept: list[str], start: Callable[[str], CounterView], qtbot: QtBot
):
    view = start("")
    sign_in(view, "3", "C3", qtbot)

    entries(view)["Another window"]()
    qtbot.waitUntil(lambda: view.signing_in.active)

    assert (view.signing_in.step, hall.last().kind) == ("window", "close")
    sign_in(view, "5", "C3", qtbot)
    assert kept == ["3", "5"]


def test_there_is_no_other_window_over_a_customer_and_staying_after_all_leaves_the_next_sign_out_as_it_is(
    hall: Hall, start: Callable[[str], CounterView], qtbot: QtBot
):
    hall.issue("A")
    view = start("")
    sign_in(view, "3", "C3", qtbot)
    view.controller.call()
    qtbot.waitUntil(lambda: not view.may_close())
    assert list(entries(view)) == ["Small bar", "Customer says …", "Thanks to me"]
    hall.do("start", "3")
    hall.do("finish", "3")
    hall.issue("A")
    qtbot.waitUntil(lambda: view.may_close() and view.context.feed.state.now.seq >= hall.length())

    entries(view)["Another window"]()
    assert view.asking.dialog is not None, "somebody waits for this window only"
    view.asking.dialog.refuse()
    hall.do("close", "3")
    qtbot.waitUntil(lambda: view.signing_in.active)
    assert (view.signing_in.step, view.signing_in.window) == ("name", "3")


def test_another_window_is_offered_to_who_is_asked_for_a_name(start: Callable[[str], CounterView]):
    view = start("3")
    assert view.signing_in.step == "name"

    entries(view)["Another window"]()

    assert (view.signing_in.step, entries(view)) == ("window", {})
