"""What a screen reader finds at the rating screen, in words; at others: stations/test_screen_reader.py, and the walks
over pages see that all there has names."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.i18n import _
from queuedesk.stations.rating.controller import RatingStage
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.every_day import walked_in
from tests.hall import at, make_hall


@pytest.fixture
def station(tmp_path: Path, qapp, qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Station]:
    window, language = request.param
    i18n.choose_language(language)
    look = Look()
    apply_look_to_app(qapp, look)
    db = str(make_hall(tmp_path).path)
    wish = StationBuildRequest(name="rating", db=db, window=window, at=at("10:36"), picture=True)
    own = {"config": Config(), "look": look, "preferences": Preferences(lambda *_: None)}
    built = open_hall_and_build_station(wish, on_bug=lambda bug: pytest.fail(str(bug)), **own)
    built.window.resize(1366, 768)
    built.window.show()
    qtbot.waitExposed(built.window)
    yield built
    built.window.stop_and_emit_gone()
    built.stop()
    # Let Qt delete all in it while Python still knows it.
    built.window.close_without_asking()
    built.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def words(shown: QAccessibleInterface) -> Iterator[str]:
    """Yield all words that a screen reader finds there."""
    if shown.state().invisible:
        return
    if shown.role().name in ("StaticText", "AlertMessage") and (name := shown.text(QAccessible.Text.Name)):
        yield name
    for place in range(shown.childCount()):
        if (part := shown.child(place)) is not None and part.isValid():
            yield from words(part)


def words_in(window: QWidget) -> list[str]:
    QApplication.processEvents()
    return list(words(QAccessible.queryAccessibleInterface(window)))


@pytest.mark.parametrize("station", [*product(["3", None], walked_in("zh_CN"))], indirect=True)
def test_what_the_rating_asks_its_trouble_and_its_thanks_are_found_in_words(station: Station) -> None:
    page = station.window.current_page
    page.controller.show_stage(RatingStage.ASKING)
    asked = "One touch is enough. The person who served you does not see your rating."
    assert {_("How was your visit?"), _(asked)} < {*words_in(station.window)}
    page.view.show_trouble("it can't be kept")
    assert words_in(station.window)[-1] == "it can't be kept"
    page.controller.show_stage(RatingStage.THANKS)
    thanks = "Thank you!", "Your rating is saved", "Please take your papers with you"
    assert words_in(station.window) == [_(one) for one in thanks]
