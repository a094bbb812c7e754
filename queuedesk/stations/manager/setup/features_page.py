"""A card with a switch for each feature, on the set-up's page and at the end of the first start."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core import features
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, list_text, n_, wording_in_current_language
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.manager.setup_frame.draft import FEATURES, SetUpController, part_word
from queuedesk.stations.widgets.lists.tiles import ToggleSwitch
from queuedesk.stations.widgets.panels import Card, Label, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.window.style import PAGE, Look

CARD_LEAST, MOST_COLUMNS, GAP = 250, 3, 14


class FeatureCard(Card):
    """A feature: its switch, what a person does with it, where it shows, what it needs, what of it stays."""

    def __init__(self, look: Look, one: features.Feature) -> None:
        super().__init__(look)
        self.feature = one
        title = wording_in_current_language(one.title)
        others = [
            wording_in_current_language(other.title)
            for other in map(features.feature_by_name, one.needs)
            if other is not None
        ]
        needs = _("Needs {features}; they switch together", features=list_text(others)) if others else ""
        self._title = Label(look, title, px=18, bold=True, wrap=True)
        self.switch = ToggleSwitch(look)
        self.switch.setAccessibleName(title)
        self.switch.setAccessibleDescription(wording_in_current_language(one.about))
        self._about = Label(look, wording_in_current_language(one.about), px=16, wrap=True)
        self._where, self._needs, self._holds = (
            Label(look, text, px=14, token="ink2", wrap=True)
            for text in (wording_in_current_language(one.where), needs, "")
        )
        head = QHBoxLayout()
        set_scaled_margins(look, head, (0, 0, 0, 4), 12)
        head.addWidget(self._title, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, (16, 12, 16, 14), 4)
        column.addLayout(head)
        for line in (self._about, self._needs, self._where, self._holds):
            column.addWidget(line)
        column.addStretch(1)
        for line in (self._where, self._needs, self._holds):
            line.setVisible(bool(line.text()))

    def show_kept_data_text(self, text: str) -> None:
        self._holds.setText(text)
        self._holds.setVisible(bool(text))


class FeatureCards(QWidget):
    """All cards, one to three in a row. `switched` gives the name of a feature and whether it is to be on; the switch
    stays as it was pressed until show_chosen_features."""

    switched = Signal(str, bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._columns = look, 0
        self._grid = QGridLayout(self)
        set_scaled_margins(look, self._grid, spacing=GAP)
        self.cards = {one.name: FeatureCard(look, one) for one in features.choosable_features()}
        for name, card in self.cards.items():
            card.switch.setObjectName(name)
            card.switch.clicked.connect(partial(self._emit_switched, name))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._place_cards_in_grid()

    def _emit_switched(self, name: str) -> None:
        self.switched.emit(name, self.cards[name].switch.isChecked())

    def show_chosen_features(self, used: Collection[str], held: Mapping[str, str], *, may_change: bool = True) -> None:
        """Show what is on, and of what is off what is kept; switches are off-limits to who may not change them."""
        for name, card in self.cards.items():
            card.switch.setChecked(name in used)
            card.switch.setEnabled(may_change)
            card.show_kept_data_text("" if name in used else held.get(name, ""))

    def minimumSizeHint(self) -> QSize:
        """Return the room of one card in a row: with less room fewer stand beside each other."""
        return QSize(self._look.gap(CARD_LEAST), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards_in_grid()

    def _place_cards_in_grid(self) -> None:
        gap = self._look.gap(GAP)
        columns = max(1, min(MOST_COLUMNS, (self.width() + gap) // (self._look.px(CARD_LEAST) + gap)))
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, int(column < columns))


# -- what a hall keeps of each -----------------------------------------------------------------------------------------


def kept_data_texts(state: HallState, setup: Setup) -> dict[str, str]:
    """Return by feature what of it stays while it is off, as far as a station knows without asking the database."""
    booked = sum(one.state is AppointmentState.BOOKED for one in state.appointments.values())
    cards, places = len(setup.cards), len(setup.partners)
    inspections, thanks, forums = len(state.inspections), len(state.thanks), len(state.forums)
    projects, trials = len(state.projects), len(state.wordings)
    texts = {
        "appointments": (booked, n_("{n} appointment stays", "{n} appointments stay", booked)),
        "inspections": (inspections, n_("{n} inspection stays", "{n} inspections stay", inspections)),
        "thanks": (thanks, n_("{n} thanks stays", "{n} thanks stay", thanks)),
        "forums": (forums, n_("{n} forum stays", "{n} forums stay", forums)),
        "projects": (projects, n_("{n} project stays", "{n} projects stay", projects)),
        "why_come": (places, n_("{n} other place stays", "{n} other places stay", places)),
        "wording": (trials, n_("{n} trial stays", "{n} trials stay", trials)),
        "cards": (cards, n_("{n} card stays", "{n} cards stay", cards)),
    }
    return {name: text for name, (n, text) in texts.items() if n}


class FeaturesPage(ManagerPage):
    """A press counts at once, and those made while one is on its way go after it."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(look, PageSpec(title=lambda: part_word(FEATURES), foot=0, names=True), parent)
        self._controller = controller
        self._setup: Setup | None = None
        self._may_change, self._is_away = True, False
        self._wanted: dict[str, bool] = {}
        self._sent: dict[str, bool] = {}
        always = _(
            "Always there: tickets, counters, display, voice, rating, the day's report, complaints. Nothing is lost when you switch one off."
        )
        effect = _("Each switch takes effect at every station within seconds, and is written in the log.")
        self._always, self._effect = (Label(look, text, px=15, token="ink2", wrap=True) for text in (always, effect))
        self.cards = FeatureCards(look)
        inner = QWidget()
        column = QVBoxLayout(inner)
        set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 12)
        for part in (self._always, self.cards, self._effect):
            column.addWidget(part)
        column.addStretch(1)
        self.add_part(VerticalScrollArea(inner), 1, inset=False, gap=2)
        self.cards.switched.connect(self._note_wanted_and_send)
        controller.busy_changed.connect(self._send_wanted_if_idle)
        controller.features_chosen.connect(self._report_switched_features)
        controller.refused.connect(self._forget_sent_after_refusal)
        self._show_chosen_features()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        self._setup, self._may_change = setup, may_change
        self._show_chosen_features()

    def set_hall_away(self, away: bool) -> None:
        """Let the cards only be looked at while the hall is away."""
        self._is_away = away
        self._show_chosen_features()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show why a switch did nothing; None removes it."""
        if trouble is not None:
            self.show_warning(trouble)
        else:
            self.banner.hide()

    def _show_chosen_features(self) -> None:
        if self._setup is None:
            return
        hall, pressed = self._setup.hall, {**self._sent, **self._wanted}
        after = (
            replace(hall, features=features.feature_choice_after_switch(hall, *_names_on_and_off(pressed)))
            if pressed
            else hall
        )
        used = [name for name in self.cards.cards if features.is_feature_used_by_hall(after, name)]
        held = kept_data_texts(self._controller.context.feed.state, self._setup)
        self.cards.show_chosen_features(used, held, may_change=self._may_change and not self._is_away)

    # -- acts --------------------------------------------------------------------------------------------------------

    def _note_wanted_and_send(self, name: str, on: bool) -> None:
        self._wanted[name] = on
        self._send_wanted_if_idle()
        self._show_chosen_features()

    def _send_wanted_if_idle(self) -> None:
        if self._wanted and not self._controller.busy:
            self._sent, self._wanted = self._wanted, {}
            self._controller.choose_features(*_names_on_and_off(self._sent))

    def _report_switched_features(self, on: list[str], off: list[str]) -> None:
        self._forget_sent_if_idle()
        self.show_trouble(None)
        if not (on or off):
            return
        came, went = (_feature_titles_text(names) for names in (on, off))
        texts = [_("Switched on: {features}", features=came)] if on else []
        texts += [_("Switched off: {features}", features=went)] if off else []
        self.said.emit(" · ".join(texts), "check")
        self.offer_act_in_toast(_("Undo"), self._controller.undo_last_setup_edit)

    def _forget_sent_after_refusal(self, _verb: str, _trouble: QueueDeskError) -> None:
        self._forget_sent_if_idle()

    def _forget_sent_if_idle(self) -> None:
        if not self._controller.busy:
            self._sent = {}


def _names_on_and_off(wanted: Mapping[str, bool]) -> tuple[list[str], list[str]]:
    return [name for name, on in wanted.items() if on], [name for name, on in wanted.items() if not on]


def _feature_titles_text(names: Sequence[str]) -> str:
    return list_text(
        [wording_in_current_language(one.title) for one in map(features.feature_by_name, names) if one is not None]
    )
