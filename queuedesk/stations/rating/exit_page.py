"""The rating at the exit: the number first, then the same pages as at a window."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.i18n import LANGUAGES, _, n_, say, time_hm
from queuedesk.stations.models.typed_number import FEWEST_DIGITS, digits_missing, prefixes
from queuedesk.stations.rating.answering import Stage
from queuedesk.stations.rating.exit_controller import ExitController
from queuedesk.stations.rating.exit_view import EnterText, EnterView
from queuedesk.stations.rating.pages import AnsweringPage
from queuedesk.stations.rating.view import IdleText, Page
from queuedesk.stations.widgets.questions.scanner import Scanner
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.menu import LANGUAGE_NAMES

# A language chosen and nothing done with it: its customer has gone.
CHOSEN_FOR = timedelta(seconds=30)


class ExitPage(AnsweringPage):
    """Free-standing: takes any ticket that may still be rated, by its number or its code.

    It speaks the hall's language again when a customer who chose another has gone.
    """

    controller: ExitController

    def __init__(
        self, context: StationContext, controller: ExitController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, controller or ExitController(context), parent)
        self.controller.setParent(self)
        self.enter_view = EnterView(context.look, self)
        self.column.addWidget(self.enter_view)
        self.enter_view.typed.connect(self.controller.type_key)
        self.enter_view.deleted.connect(self.controller.delete)
        self.enter_view.cleared.connect(self.controller.clear)
        self.enter_view.entered.connect(self.controller.take_number)
        self.enter_view.no_number_wanted.connect(self.controller.without_number)
        self.enter_view.language_wanted.connect(self._switch_language)
        self.enter_view.menu_asked.connect(self._ask_menu)
        self._hall_language, self._language = i18n.current(), ""
        self._chosen_until: datetime | None = None
        self.scanner = Scanner(self)
        self.scanner.scanned.connect(self.controller.take_code)
        self._minute = ""
        self._entering: bool | None = None
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        entering = self.controller.stage is Stage.ENTER
        if i18n.current() != self._language:  # the hall's own, as the PC has it now
            self._hall_language, self._language = i18n.current(), ""
        if entering and self._entering is False:
            self._speak("")  # whoever answered is done
        if entering:
            self.enter_view.show_text(self._enter_text())
        else:
            super().retranslate()
        if entering is not self._entering:
            self._entering = entering
            self.view.setVisible(not entering)
            self.enter_view.setVisible(entering)
            (self.enter_view if entering else self.view).setFocus()

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.controller.number or self.controller.stage is not Stage.ENTER:
            self._chosen_until = now + CHOSEN_FOR
        elif self._language and self._chosen_until is not None and now >= self._chosen_until:
            self._speak("")
            self.retranslate()
        minute = self._clock_words()
        if minute != self._minute or self.controller.stage is Stage.ENTER:
            self._minute = minute
            self.retranslate()

    def show_away(self, since: datetime | None) -> None:
        super().show_away(since)
        self.retranslate()

    @Slot()
    def _switch_language(self) -> None:
        """Speak the next language until this customer has gone."""
        self._chosen_until = self.controller.now() + CHOSEN_FOR
        self._speak(self._next_language())
        self.retranslate()

    def _speak(self, language: str) -> None:
        """Speak `language`; "" is the hall's own."""
        self._language = "" if language == self._hall_language else language
        i18n.use(self._language or self._hall_language)

    def _next_language(self) -> str:
        return LANGUAGES[(LANGUAGES.index(i18n.current()) + 1) % len(LANGUAGES)]

    def stop(self) -> None:
        self._speak("")
        self.scanner.stop()
        super().stop()

    def keys_host(self) -> QWidget:
        return self.enter_view if self.controller.stage is Stage.ENTER else self.view

    def place_words(self) -> str:
        return _("{hall} · exit", hall=self.hall_words())

    def rest_page(self) -> Page:
        return IdleText("", self.hall_words(), "")

    def _clock_words(self) -> str:
        return time_hm(self.controller.setup.local(self.controller.now()))

    def _enter_text(self) -> EnterText:
        number, trouble = self.controller.number, self.controller.trouble
        missing = digits_missing(number)
        boxes = _boxes(number)
        refused = trouble if isinstance(trouble, RuleError) else None
        said = self._away or (say(trouble) if trouble is not None else "")
        if not said and number and self.controller.is_leaving():
            left = self.controller.seconds_left(self.controller.now())
            said = n_(
                "This number goes in {n} second; press any key of it to keep it",
                "This number goes in {n} seconds; press any key of it to keep it",
                left,
            )
        go = _("Rate this visit")
        if not number:
            go = _("Enter your number first")
        elif missing:
            go = n_("{n} more digit", "{n} more digits", missing)
        elif refused is not None:
            go = _("Another number, please")
        return EnterText(
            place=self.place_words(),
            clock=self._clock_words(),
            title=_("Enter your number and rate today's visit"),
            boxes=boxes,
            current=next((i for i, sign in enumerate(boxes) if not sign), -1),
            scan_first=_("Or hold the code on your ticket"),
            scan_second=_("in front of the scanner"),
            lost=_("Ticket lost?"),
            no_number=_("You can still tell us") if self.controller.may_give_opinion() else "",
            go=go,
            may_go=not missing and refused is None,
            delete=_("Delete", context="pad"),
            clear=_("Clear", context="pad"),
            letters=prefixes(self.controller.setup),
            language=LANGUAGE_NAMES[self._next_language()],
            trouble=said,
        )


def _boxes(number: str) -> tuple[str, ...]:
    """Return the letter and its digits in boxes, three digits at least."""
    prefix = number.rstrip("0123456789")
    digits = number[len(prefix) :]
    empty = max(0, FEWEST_DIGITS - len(digits))
    return (prefix, *digits, *[""] * empty)
