"""The pages on which a customer answers, in words: shared by the screen at a window and the one at the exit."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.i18n import _, n_, named, rating_level, say
from queuedesk.i18n.figures.rating_reasons import offered_reasons, rating_reason
from queuedesk.i18n.names import service_name, staff_name
from queuedesk.stations.access.keyboard import USUAL_STEP_MS, Keyboard, Switches
from queuedesk.stations.access.listening import AT_ONCE, Listening
from queuedesk.stations.access.rows import keys_in
from queuedesk.stations.display.controller import emergency_text
from queuedesk.stations.rating.controller import MORE_STAGES, QUESTIONS, Answering, Stage
from queuedesk.stations.rating.view import (
    HEIGHT,
    LEVELS,
    WIDTH,
    HeadText,
    IdleText,
    Page,
    QuestionsText,
    QuestionText,
    RatingView,
    ReasonsText,
    ThanksText,
)
from queuedesk.stations.widgets.questions.guard import Presses
from queuedesk.stations.widgets.spoken import announce
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.emergency_cover import EmergencyCover
from queuedesk.stations.window.hall_words import emergency_here
from queuedesk.stations.window.page import StationPage

_SLOT = "\N{INFORMATION SEPARATOR ONE}"


PICTURED = (Stage.ASKING, Stage.THANKS)
"""The pages that need no answer."""


def refusal_text(trouble: QueueDeskError) -> str:
    """Return why a customer can't rate; what only staff can mend is not told here."""
    return _not_now() if isinstance(trouble, OutsideError) else say(trouble)


def _not_now() -> str:
    return _("Your rating can't be saved now. Please try again in a moment.")


class AnsweringPage(StationPage):
    """Shows a controller's state as texts, and passes touches on to it."""

    canvas = (WIDTH, HEIGHT)
    controller: Answering

    def __init__(self, context: StationContext, controller: Answering, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.controller = controller
        self.view = RatingView(context.look, self)
        self._away = ""
        self._was_drumming = False
        self.cover = EmergencyCover(self)
        self.keyboard = Keyboard(
            self,
            context.look,
            self,
            host=self.keys_host,
            digits_press=lambda: self.controller.stage not in (Stage.ENTER, Stage.WORDS),
            enter_is_taken=lambda: self.controller.stage in (Stage.ENTER, Stage.WORDS),
        )
        self.listening = Listening(context, self, self._page_parts, self)
        self._read: tuple[object, ...] = ()
        self.view.listen_wanted.connect(self._listen)
        self.listening.changed.connect(self.retranslate)
        self.keyboard.offered.connect(self.listening.read_key)
        self.keyboard.sound_wanted.connect(self._press_sound)
        switches = str(context.options.get("switches") or Switches.ONE)
        self.keyboard.set_switches(switches, int(context.options.get("switch_step_ms") or USUAL_STEP_MS))
        self._presses = Presses(self, self.controller.press)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.view)
        self.view.rated.connect(self._rate)
        self.view.skipped.connect(self.controller.skip)
        self.view.toggled.connect(self.controller.toggle)
        self.view.more_wanted.connect(self.controller.more_time)
        self.view.finished.connect(self.controller.finish_page)
        self.view.marked.connect(self.controller.mark)
        self.view.menu_asked.connect(self._ask_menu)
        self.controller.changed.connect(self.retranslate)
        self.controller.refused.connect(self._say_refusal)
        context.feed.changed.connect(self._show_emergency)
        context.feed.replaced.connect(self._show_emergency)

    def pages(self) -> Mapping[str, Callable[[], None]]:
        return {str(stage): partial(self.controller.show_example, stage) for stage in PICTURED}

    def make_anew(self) -> bool:
        self.retranslate()
        return True

    @Slot()
    def retranslate(self) -> None:
        self.view.show_page(self._head(), self._page())
        if self.controller.is_drumming:
            self.view.show_trouble(_("One touch is enough. Please wait a few seconds, then touch once."))
        elif self._away or self._was_drumming:
            self.view.show_trouble(self._away)
        self._was_drumming = self.controller.is_drumming
        self._read_what_is_new()

    def tick(self, now: datetime) -> None:
        self.controller.tick(now)
        if self.controller.stage in MORE_STAGES or self.controller.stage is Stage.ASKING:
            self.retranslate()
        self._show_emergency()

    @Slot()
    def _show_emergency(self) -> None:
        feed = self.context.feed
        names = (self.context.name, str(self.context.options.get("display") or ""))
        notice = emergency_here(feed.state, feed.setup, self.controller.now(), names=names)
        if self.cover.show_emergency(emergency_text(notice)):
            self.keyboard.scan.stop()

    def keys_host(self) -> QWidget:
        """Return what holds the keys that can be pressed now."""
        return self.view

    def show_away(self, since: datetime | None) -> None:
        self._away = ""
        if since is not None:
            self._away = _not_now()
        self.view.show_trouble(self._away)

    def stop(self) -> None:
        self._presses.stop()
        self.keyboard.stop()
        self.listening.stop()
        self.controller.holding.stop()

    # -- read aloud --
    def _listen_words(self) -> str:
        """Return what the key with the ear says, "" where this PC can't speak."""
        if not self.listening.is_possible:
            return ""
        return _("Stop reading") if self.listening.is_on else _("Read aloud")

    def _page_parts(self) -> list[str]:
        """Return what is read of the page: its sentences, then its keys with their digits."""
        keys = [key for key in keys_in(self.keys_host()) if not key.property(AT_ONCE)]
        named = [
            _("Button {n}: {words}", n=place, words=key.accessibleName() or key.text())
            for place, key in enumerate(keys, 1)
        ]
        return [*self._sentences(), *named]

    def _sentences(self) -> list[str]:
        page = self._page()
        return [page.title, page.second] if not isinstance(page, IdleText) else [page.window, page.hint]

    def _read_what_is_new(self) -> None:
        """Read a page that has come to who listens; with the customer it ends."""
        stage = self.controller.stage
        if stage is self.controller.rest:
            self._read = ()
            self.listening.end()
            return
        shown = (stage, self.controller.id, self.listening.is_on)
        if shown != self._read:
            self._read = shown
            announce(self.view, *self._sentences())
            self.listening.read_page()

    @Slot()
    def _listen(self) -> None:
        if self.listening.is_on:
            self.listening.end()
        else:
            self.listening.begin()

    @Slot(str)
    def _press_sound(self, name: str) -> None:
        """Do what 0 + - of a keypad say: 0 begins to read, then reads again."""
        if self.controller.stage is self.controller.rest:
            return
        if not self.listening.is_on:
            self.listening.begin()
        elif name == "0":
            self.listening.read_page()
        else:
            self.listening.change_volume(1 if name == "+" else -1)

    # -- texts --
    def hall_words(self) -> str:
        """Return the hall's name."""
        hall = self.controller.setup.hall
        return named(hall.name, hall.name_en)

    def place_words(self) -> str:
        """Return this screen's place, shown at the top."""
        return self.hall_words()

    @abstractmethod
    def rest_page(self) -> Page:
        """Return the page while nobody is asked."""

    def _head(self) -> HeadText:
        stage, ticket = self.controller.stage, self.controller.ticket
        if self.controller.id is None or stage is self.controller.rest:
            return HeadText(self.hall_words())
        before, _slot, behind = _("Your number {ticket}", ticket=_SLOT).partition(_SLOT)
        place, label = self.place_words(), self.controller.id[1]
        if stage in MORE_STAGES:
            # Not which: whoever served them may stand before the screen, and they know what they touched.
            return HeadText(place, before, label, behind + " · " + _("noted", context="rating screen"))
        if ticket is None:  # of an earlier day: only its number is known here
            return HeadText(place, before, label, behind)
        setup = self.controller.setup
        if person := staff_name(setup, ticket.leg.staff):
            place = f"{place} · {person}"
        return HeadText(place, before, label, f"{behind} · {service_name(setup, ticket.service)}")

    def _page(self) -> Page:
        stage = self.controller.stage
        if stage is Stage.ASKING:
            leaving = self.controller.is_leaving()
            return QuestionText(
                more=_("More time") if leaving else "",
                listen=self._listen_words(),
                title=_("How was your visit?"),
                second=_("One touch is enough. The person who served you does not see your rating."),
                levels=tuple(rating_level(level) for level in LEVELS),
                skip=_("No rating"),
                foot=self._leaves_in() if leaving else _("Rating is optional"),
                chosen=self.controller.chosen,
            )
        if stage is Stage.REASONS:
            return self._reasons_page()
        if stage is Stage.THANKS:
            last = _("Please take your papers with you") if self.controller.setup.wants_papers else ""
            return ThanksText(_("Thank you!"), _("Your rating is saved"), last)
        if stage is Stage.QUESTIONS:
            return self._questions_page()
        return self.rest_page()  # Own words have a view of their own.

    def _questions_page(self) -> QuestionsText:
        words = {
            "attitude": _("How were you treated?"),
            "competence": _("How well was your request handled?"),
        }
        return QuestionsText(
            title=_("Thank you. Two more questions, if you like"),
            second=_("One touch each, or skip them."),
            questions=tuple((question, words[question]) for question in QUESTIONS),
            levels=tuple(rating_level(level) for level in LEVELS),
            chosen=dict(self.controller.marks),
            foot=self._time_left(),
            more=_("More time"),
            done=_("Done", context="rating screen"),
        )

    def _time_left(self) -> str:
        left = self.controller.seconds_left(self.controller.now())
        return n_("Closes in {n} second", "Closes in {n} seconds", left)

    def _leaves_in(self) -> str:
        left = self.controller.seconds_left(self.controller.now())
        return n_("This question closes in {n} second", "This question closes in {n} seconds", left)

    def _reasons_page(self) -> ReasonsText:
        return ReasonsText(
            title=_("Thank you for telling us. What went wrong?"),
            second=_("Choose any that apply, or none."),
            reasons=tuple((code, rating_reason(code)) for code in offered_reasons(self.controller.setup)),
            chosen=frozenset(self.controller.tags),
            foot=self._time_left(),
            more=_("More time"),
            done=_("Done", context="rating screen"),
        )

    # -- what happens --
    @Slot(int)
    def _rate(self, level: int) -> None:
        if not self.controller.is_drumming:
            self.view.show_trouble(self._away)
        self.controller.rate(level)

    @Slot(object)
    def _say_refusal(self, trouble: QueueDeskError) -> None:
        self.view.show_trouble(refusal_text(trouble))

    @Slot(object)
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)
