"""The rating screen: at a window, or free-standing at the exit where no window is named."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import WindowSpec
from queuedesk.i18n import _, named
from queuedesk.stations.acts.written_talk import ScreenEnd, TalkView, talk_name
from queuedesk.stations.guide.screen_keys import ScreenKeys
from queuedesk.stations.rating.controller import RatingController
from queuedesk.stations.rating.exit_page import ExitPage
from queuedesk.stations.rating.view import AnsweringPage, IdleText, Page
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.paint import GROUP
from queuedesk.stations.widgets.panels import Label, spread
from queuedesk.stations.widgets.questions.dialogs import REPEATS
from queuedesk.stations.window.context import StationContext

ROLES: tuple[str, ...] = ()


TITLE_PX, LINE_PX = 40, 32
SPACE = " "


class TalkCover(QWidget):
    """The customer's side of a written talk, over the whole page while there is one."""

    spoken_role = GROUP

    def __init__(self, page: AnsweringPage, end: ScreenEnd) -> None:
        super().__init__(page)
        look = page.context.look
        self._page, self._end = page, end
        self.title = Label(look, px=TITLE_PX, bold=True)
        self.hint = Label(look, px=24, token="ink2", wrap=True)
        self.view = TalkView(look, end, px=LINE_PX)
        self.answers = [SecondaryButton(look, "", height=76, px=24) for _one in range(len(ready_answers()))]
        self.keys = ScreenKeys(look)
        self.keys.show_letters()
        self.space = SecondaryButton(look, "", height=76, px=24)
        row = QHBoxLayout()
        spread(look, row, spacing=12)
        for button in (*self.answers, self.space):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        for button in self.answers:
            button.clicked.connect(self._answer)
        self.space.setProperty(REPEATS, True)
        self.space.clicked.connect(partial(self.view.edit.insert, SPACE))
        self.keys.typed.connect(self.view.edit.insert)
        self.keys.deleted.connect(self.view.edit.backspace)
        column = QVBoxLayout(self)
        spread(look, column, (48, 28, 48, 28), 12)
        for part in (self.title, self.hint):
            column.addWidget(part)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        column.addWidget(self.keys, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setAutoFillBackground(True)
        self.setFocusProxy(self.view.edit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        end.changed.connect(self.show_talk)
        page.installEventFilter(self)
        self.hide()
        self.show_talk()

    def show_talk(self) -> None:
        self.title.setText(_("Please read and write here"))
        self.hint.setText(_("The person at the window reads what you write. None of it is kept."))
        self.setAccessibleName(f"{self.title.text()} {self.hint.text()}")
        for button, words in zip(self.answers, ready_answers(), strict=True):
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

    def _answer(self) -> None:
        button = self.sender()
        if isinstance(button, SecondaryButton):
            self._end.write(button.text())


def ready_answers() -> list[str]:
    return [_("Yes", context="written talk"), _("No", context="written talk"), _("I don't understand"), _("Thank you")]


class RatingPage(AnsweringPage):
    """The screen at a window. Options: window."""

    controller: RatingController

    def __init__(
        self, context: StationContext, controller: RatingController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, controller or RatingController(context), parent)
        self.controller.setParent(self)
        self.talk = ScreenEnd(talk_name(context, self.controller.window), self)
        self.talk_cover: TalkCover | None = None
        """Made with the first talk; most days have none."""
        self.talk.changed.connect(self._follow_talk)
        self.retranslate()

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.controller.is_serving:
            self.talk.look()

    def _follow_talk(self) -> None:
        self.controller.is_writing = self.talk.is_open
        if self.talk.is_open and self.talk_cover is None:
            self.talk_cover = TalkCover(self, self.talk)

    def place_words(self) -> str:
        code = self.controller.window
        spec = self.controller.setup.windows.get(code) or WindowSpec(code=code, services=())
        name = named(spec.name or code, spec.name_en)
        if name.isascii() and name.isalnum():
            return _("Window {window}", context="display", window=name)
        return name

    def rest_page(self) -> Page:
        hint = _("After your visit, you can rate it here")
        return IdleText(self.place_words(), self.hall_words(), hint)


def build(context: StationContext) -> AnsweringPage:
    """Return the page of the named window, or that of the exit."""
    return RatingPage(context) if context.options.get("window") else ExitPage(context)
