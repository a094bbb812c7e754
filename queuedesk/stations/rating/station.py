"""The rating screen: at a window, or free-standing at the exit where no window is named."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import WindowSpec
from queuedesk.i18n import _, name_in_language
from queuedesk.stations.acts.written_talk import CustomerTalkEnd, WrittenTalkView, written_talk_socket_name
from queuedesk.stations.guide.screen_keys import OnScreenKeyboard
from queuedesk.stations.rating.controller import RatingController
from queuedesk.stations.rating.exit_page import ExitRatingPage
from queuedesk.stations.rating.view import CustomerRatingPage, IdleText, Page
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.paint import GROUP
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import REPEATS
from queuedesk.stations.window.context import StationContext

ROLES: tuple[str, ...] = ()


TITLE_PX, LINE_PX = 40, 32
SPACE = " "


class WrittenTalkOverlay(QWidget):
    """The customer's side of a written talk, over the whole page while there is one."""

    spoken_role = GROUP

    def __init__(self, page: CustomerRatingPage, end: CustomerTalkEnd) -> None:
        super().__init__(page)
        look = page.context.look
        self._page, self._end = page, end
        self.title = Label(look, px=TITLE_PX, bold=True)
        self.hint = Label(look, px=24, token="ink2", wrap=True)
        self.view = WrittenTalkView(look, end, px=LINE_PX)
        self.answers = [SecondaryButton(look, "", height=76, px=24) for _one in range(len(one_touch_answers()))]
        self.keys = OnScreenKeyboard(look)
        self.keys.show_letter_keyboard()
        self.space = SecondaryButton(look, "", height=76, px=24)
        row = QHBoxLayout()
        set_scaled_margins(look, row, spacing=12)
        for button in (*self.answers, self.space):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        for button in self.answers:
            button.clicked.connect(self._send_pressed_answer)
        self.space.setProperty(REPEATS, True)
        self.space.clicked.connect(partial(self.view.edit.insert, SPACE))
        self.keys.typed.connect(self.view.edit.insert)
        self.keys.deleted.connect(self.view.edit.backspace)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, (48, 28, 48, 28), 12)
        for part in (self.title, self.hint):
            column.addWidget(part)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        column.addWidget(self.keys, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setAutoFillBackground(True)
        self.setFocusProxy(self.view.edit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        end.changed.connect(self.update_talk_visibility)
        page.installEventFilter(self)
        self.hide()
        self.update_talk_visibility()

    def update_talk_visibility(self) -> None:
        self.title.setText(_("Please read and write here"))
        self.hint.setText(_("The person at the window reads what you write. None of it is kept."))
        self.setAccessibleName(f"{self.title.text()} {self.hint.text()}")
        for button, words in zip(self.answers, one_touch_answers(), strict=True):
            button.setText(words)
        self.keys.set_words(_("Delete", context="key"), _("Clear", context="key"))
        self.space.setText(_("Space"))
        if self._end.is_open and self.isHidden():
            self.setGeometry(self._page.rect())
            self.show()
            self.raise_()
            self.view.edit.setFocus()
            if self._page.cover.isVisible():
                self._page.cover.raise_()
        elif not self._end.is_open and self.isVisible():
            self.hide()
            self._page.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._page:
            self.setGeometry(self._page.rect())
        return False

    def _send_pressed_answer(self) -> None:
        button = self.sender()
        if isinstance(button, SecondaryButton):
            self._end.write(button.text())


def one_touch_answers() -> list[str]:
    return [_("Yes", context="written talk"), _("No", context="written talk"), _("I don't understand"), _("Thank you")]


class WindowRatingPage(CustomerRatingPage):
    """The screen at a window. Options: window."""

    controller: RatingController

    def __init__(
        self, context: StationContext, controller: RatingController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, controller or RatingController(context), parent)
        self.controller.setParent(self)
        self.talk = CustomerTalkEnd(written_talk_socket_name(context, self.controller.window), self)
        self.talk_cover: WrittenTalkOverlay | None = None
        """Made with the first talk; most days have none."""
        self.talk.changed.connect(self._update_written_talk)
        self.retranslate()

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.controller.is_serving:
            self.talk.look()

    def _update_written_talk(self) -> None:
        self.controller.is_writing = self.talk.is_open
        if self.talk.is_open and self.talk_cover is None:
            self.talk_cover = WrittenTalkOverlay(self, self.talk)

    def place_words(self) -> str:
        code = self.controller.window
        spec = self.controller.setup.windows.get(code) or WindowSpec(code=code, services=())
        name = name_in_language(spec.name or code, spec.name_en)
        if name.isascii() and name.isalnum():
            return _("Window {window}", context="display", window=name)
        return name

    def idle_page_texts(self) -> Page:
        hint = _("After your visit, you can rate it here")
        return IdleText(self.place_words(), self.hall_words(), hint)


def build(context: StationContext) -> CustomerRatingPage:
    """Return the page of the named window, or that of the exit."""
    return WindowRatingPage(context) if context.options.get("window") else ExitRatingPage(context)
