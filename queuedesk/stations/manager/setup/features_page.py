"""Set-up's page on what the hall uses: a switch for each feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import feature, switched, uses
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, listing, said
from queuedesk.stations.manager.parts.page import Page, PageSpec
from queuedesk.stations.manager.setup.feature_cards import FeatureCards, held_texts
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.setup_frame.words import FEATURES, part_word
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.window.style import PAGE, Look


class FeaturesPage(Page):
    """A press counts at once, and those made while one is on its way go after it."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(look, PageSpec(title=lambda: part_word(FEATURES), foot=0, names=True), parent)
        self._controller = controller
        self._setup: Setup | None = None
        self._may_change, self._is_away = True, False
        self._wanted: dict[str, bool] = {}
        self._sent: dict[str, bool] = {}
        self._always, self._effect = (Label(look, px=15, token="ink2", wrap=True) for _line in range(2))
        self._always.setText(
            _(
                "Always there: tickets, counters, display, voice, rating, the day's report, complaints. Nothing is lost when you switch one off."
            )
        )
        self._effect.setText(_("Each switch takes effect at every station within seconds, and is written in the log."))
        self.cards = FeatureCards(look)
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(look, column, (PAGE, 0, PAGE, 20), 12)
        for part in (self._always, self.cards, self._effect):
            column.addWidget(part)
        column.addStretch(1)
        self.put(GroundArea(inner), 1, inset=False, gap=2)
        self.cards.switched.connect(self._want)
        controller.busy_changed.connect(self._send)
        controller.features_chosen.connect(self._chosen)
        controller.refused.connect(self._refused)
        self._show()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall, whoever changed it."""
        self._setup, self._may_change = setup, may_change
        self._show()

    def set_away(self, away: bool) -> None:
        """Let the cards only be looked at while the hall is away."""
        self._is_away = away
        self._show()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show why a switch did nothing; None removes it."""
        if trouble is not None:
            self.warn(trouble)
        else:
            self.banner.hide()

    def _show(self) -> None:
        if self._setup is None:
            return
        hall, pressed = self._setup.hall, {**self._sent, **self._wanted}
        after = replace(hall, features=switched(hall, *_ways(pressed))) if pressed else hall
        used = [name for name in self.cards.cards if uses(after, name)]
        held = held_texts(self._controller.context.feed.state, self._setup)
        self.cards.show_chosen(used, held, may_change=self._may_change and not self._is_away)

    # -- acts --------------------------------------------------------------------------------------------------------

    def _want(self, name: str, on: bool) -> None:
        self._wanted[name] = on
        self._send()
        self._show()

    def _send(self) -> None:
        if self._wanted and not self._controller.busy:
            self._sent, self._wanted = self._wanted, {}
            self._controller.choose(*_ways(self._sent))

    def _chosen(self, on: list[str], off: list[str]) -> None:
        self._settle()
        self.show_trouble(None)
        if not (on or off):
            return
        came, went = (_titles(names) for names in (on, off))
        texts = [_("Switched on: {features}", features=came)] if on else []
        texts += [_("Switched off: {features}", features=went)] if off else []
        self.said.emit(" · ".join(texts), "check")
        self.offer(_("Undo"), self._controller.take_back)

    def _refused(self, _trouble: QueueDeskError) -> None:
        self._settle()

    def _settle(self) -> None:
        """Show what the hall has, but for what is still on its way."""
        if not self._controller.busy:
            self._sent = {}


def _ways(wanted: Mapping[str, bool]) -> tuple[list[str], list[str]]:
    """Return what is to be on, and what off."""
    return [name for name, on in wanted.items() if on], [name for name, on in wanted.items() if not on]


def _titles(names: Sequence[str]) -> str:
    return listing([said(one.title) for one in map(feature, names) if one is not None])
