"""The names, the pad and its messages, in every shape and in both languages: nothing is cut, nothing moves."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.stations.signing_in.controller import SignInController
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.style import Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import make_hall
from tests.stations.coming_and_going import ANYWHERE, Messages
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words


def test_names_and_pad_are_whole(tmp_path: Path, qapp: QApplication, qtbot: QtBot, shapes: dict[str, Shape]) -> None:
    i18n.use("en")
    hall = make_hall(tmp_path, time="8:50")
    look = Look()
    look.still = True
    apply(qapp, look)
    feed = HallFeed(hall.desk, hall.clock)
    context = StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "guide")
    controller = SignInController(context, ("guide", "manager", "admin"))
    view = SignInView(context, controller, "guide")
    qtbot.addWidget(view)
    view.show()
    feed.start()

    def follow() -> None:
        last = hall.length()
        qtbot.waitUntil(lambda: feed.state.now.seq >= last)

    try:
        view.tick(hall.clock())
        sights = Sights(view, look, typed_words(feed.setup), shapes)
        sights.take("names")
        messages = Messages(view, hall, follow, tells=ANYWHERE)
        sights.read_each(messages)
        sights.let_come("names", messages)
        view.ask_pin("G1")
        sights.take_closely("pad")
        sights.let_come("pad", messages)
        refuse = partial(controller.refused.emit, RuleError("pin_pause", seconds=30))
        sights.take_message("pad, refused", refuse, partial(view.ask_pin, "G1"))
        sights.must_be_whole()
    finally:
        feed.stop()
        i18n.use("zh_CN")
