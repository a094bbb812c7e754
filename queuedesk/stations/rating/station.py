"""The rating screen: at a window, or free-standing at the exit where no window is named."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup import WindowSpec
from queuedesk.i18n import _, n_, named, rating_level, say, time_hm
from queuedesk.i18n.names import service_name, staff_name
from queuedesk.i18n.rating_reasons import RATING_REASONS, rating_reason
from queuedesk.stations.context import StationContext
from queuedesk.stations.page import StationPage
from queuedesk.stations.rating.answering import MORE_STAGES, QUESTIONS, Answering, Stage
from queuedesk.stations.rating.controller import RatingController
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

ROLES: tuple[str, ...] = ()
_SLOT = "\N{INFORMATION SEPARATOR ONE}"


class AnsweringPage(StationPage):
    """Turns what a controller knows of one customer's answers into texts, and touches into what it does."""

    canvas = (WIDTH, HEIGHT)
    controller: Answering

    def __init__(self, context: StationContext, controller: Answering, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.controller = controller
        self.view = RatingView(context.look, self)
        self._away = ""
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

    @Slot()
    def retranslate(self) -> None:
        self.view.show_page(self._head(), self._page())
        if self._away:
            self.view.show_trouble(self._away)

    def tick(self, now: datetime) -> None:
        self.controller.tick(now)
        if self.controller.stage in MORE_STAGES:
            self.retranslate()

    def show_away(self, since: datetime | None) -> None:
        self._away = ""
        if since is not None:
            time = time_hm(since)
            self._away = _("The hall's file can't be opened since {time}; retrying. This shows {time}.", time=time)
        self.view.show_trouble(self._away)

    # -- texts --
    def _window_words(self) -> str:
        code = self.controller.window or ""
        spec = self.controller.setup.windows.get(code) or WindowSpec(code=code, services=())
        name = named(spec.name or code, spec.name_en)
        if name.isascii() and name.isalnum():
            return _("Window {window}", context="display", window=name)
        return name

    def _hall_words(self) -> str:
        hall = self.controller.setup.hall
        return named(hall.name, hall.name_en)

    def _head(self) -> HeadText:
        stage, ticket = self.controller.stage, self.controller.ticket
        if stage in (Stage.IDLE, Stage.CHOOSE) or ticket is None:
            return HeadText(self._hall_words())
        before, _slot, behind = _("Your number {ticket}", ticket=_SLOT).partition(_SLOT)
        place = self._window_words()
        if stage is Stage.REASONS:
            level = rating_level(self.controller.level)
            return HeadText(place, before, ticket.label, behind + " · " + _("noted: {level}", level=level))
        setup = self.controller.setup
        if person := staff_name(setup, ticket.leg.staff):
            place = f"{place} · {person}"
        name = service_name(setup, ticket.service)
        return HeadText(place, before, ticket.label, f"{behind} · {name}")

    def _page(self) -> Page:
        stage = self.controller.stage
        if stage is Stage.ASKING:
            return QuestionText(
                title=_("How was this visit?"),
                second=_("One touch is enough; the clerk does not see it."),
                levels=tuple(rating_level(level) for level in LEVELS),
                skip=_("No rating"),
                foot=_("Not rating is fine; it is never counted as satisfied"),
            )
        if stage is Stage.REASONS:
            return self._reasons_page()
        if stage is Stage.THANKS:
            last = _("Please take your papers with you")
            return ThanksText(_("Thank you!"), _("Your rating is noted"), last)
        if stage is Stage.CHOOSE:
            return self._choice_page()
        hint = _("When your visit ends, you can rate it here")
        return IdleText(self._window_words(), self._hall_words(), hint)

    def _reasons_page(self) -> ReasonsText:
        left = self.controller.seconds_left(self.controller.now())
        return ReasonsText(
            title=_("Thank you for telling us. What went wrong?"),
            second=_("Choose any, or none."),
            level=self.controller.level,
            reasons=tuple((code, rating_reason(code)) for code in RATING_REASONS),
            chosen=frozenset(self.controller.tags),
            foot=n_("Done by itself in {n} second", "Done by itself in {n} seconds", left),
            more=_("More time"),
            done=_("Done", context="rating screen"),
        )

    def _choice_page(self) -> ChoiceText:
        windows = []
        for spec in self.controller.setup.windows.values():
            name = named(spec.name or spec.code, spec.name_en)
            if name.isascii() and name.isalnum():
                name = _("Window {window}", context="display", window=name)
            windows.append((spec.code, name))
        return ChoiceText(_("Which window does this screen stand at?"), tuple(windows))

    # -- what happens --
    @Slot(int)
    def _rate(self, level: int) -> None:
        self.view.show_trouble(self._away)
        self.controller.rate(level)

    @Slot(object)
    def _say_refusal(self, trouble: QueueDeskError) -> None:
        self.view.show_trouble(say(trouble))

    @Slot(object)
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


def build(context: StationContext) -> RatingPage:
    """Return the rating's page."""
    return RatingPage(context)
