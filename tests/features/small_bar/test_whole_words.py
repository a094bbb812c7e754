"""The small bar at every size, in both languages: nothing is cut."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from queuedesk.stations.window.style import Scale
from tests.stations.counter.pages import Page
from tests.stations.shapes import Shape
from tests.stations.whole_words import settled, troubles, typed_words

Key = Qt.Key

IN_EACH_LANGUAGE = True


def test_the_small_bar_is_whole(page: Page, shapes: dict[str, Shape]) -> None:
    view = page.view
    found = []
    wide = QGuiApplication.primaryScreen().availableGeometry().width()

    def look_at_bar(name: str) -> None:
        for width, text_pct in [(1024, 100), (1024, 150), (1366, 150)]:
            # The test's screen is narrower than any real one.
            view.context.look.set_scale(Scale(wide / width * text_pct / 100, text_pct / 100))
            view.compact.show_now()
            settled()
            assert view.compact.bar is not None
            wrong = troubles(view.compact.bar, typed, colors=True, k=wide / width)
            found.extend(f"{name}, {width}, {text_pct} %: {one}" for one in wrong)

    typed = typed_words(view.context.feed.setup)
    page.press(Key.Key_F12)
    for name in ("free", "called", "serving"):
        look_at_bar(name)
        view.compact.primary_pressed.emit()
        page.settle()
    view.show_away(page.hall.clock())
    look_at_bar("away")

    assert found == []
