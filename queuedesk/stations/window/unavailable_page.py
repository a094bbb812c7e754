"""The page of a station whose hall can't be opened: one sentence, and the way home."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.page import WindowPage
from queuedesk.stations.window.style import XL, L, Look

FAR_CANVAS = (960, 540)
LASTING = frozenset({"not_this_pc", "database_newer", "database_not_upgraded"})
"""Troubles that no waiting ends: the PC is of another kind, its program too old, or the hall too old for it."""


def _in_short(code: str) -> str:
    """Return in short what can be read from afar, where the sentence holds versions, places and causes."""
    if code == "database_newer":
        return _("This hall needs a newer QueueDesk.")
    if code == "database_damaged":
        return _("This hall's data are damaged.")
    if code == "database_not_upgraded":
        return _("This hall is of an older QueueDesk and could not be brought up to date.")
    if code == "database_older":
        return _("The hall's main PC has an older QueueDesk than this PC.")
    return ""


class SorryPage(WindowPage):
    """Says `trouble` and leads home; with `retries` also that the station is opened as soon as it can be, where waiting
    can help.

    Of a damaged hall it offers to say what could be mended (`look_wanted`, answered by show_plan()), then to do it
    (`mend_wanted`).
    """

    home_wanted = Signal()
    look_wanted = Signal()
    mend_wanted = Signal()

    def __init__(
        self,
        look: Look,
        trouble: QueueDeskError,
        *,
        retries: bool = False,
        leads_home: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._trouble, self._retries = trouble, retries
        self._leads_home, self._plan, self._may_mend = leads_home, "", False
        self.bar = TopBar(look)
        self.bar.menu_wanted.connect(self.menu_wanted)
        self.sentence = Label(look, px=XL, bold=True, wrap=True)
        self.second = Label(look, px=L, token="ink2", wrap=True)
        self.home_button = PrimaryButton(look, icon="home", height=56, px=20)
        self.home_button.clicked.connect(self.home_wanted)
        if not leads_home:
            # On a screen for customers only keys lead away: no PIN can be asked for without the hall. It is read from
            # afar.
            self.home_button.hide()
            self.bar.more_button.hide()
            self.canvas = FAR_CANVAS
        self.mend_button = SecondaryButton(look, "", icon="check", height=56, px=20)
        self.mend_button.clicked.connect(self._mend)
        row = QHBoxLayout()
        spread(look, row, spacing=16)
        row.addWidget(self.home_button)
        row.addWidget(self.mend_button)
        row.addStretch(1)
        stage = QVBoxLayout()
        spread(look, stage, (48, 64, 48, 48), 32)
        stage.addWidget(self.sentence)
        stage.addWidget(self.second)
        stage.addLayout(row)
        stage.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(stage, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text anew."""
        self.bar.set_place(_("QueueDesk"))
        self.bar.set_more_name(_("More"))
        headline, sentence = _in_short(self._trouble.code), say(self._trouble)
        opens = self._retries and self._trouble.code not in LASTING
        more = _("Trying again every few seconds; it opens by itself.") if opens else ""
        self.sentence.setText(headline or sentence)
        self.second.setText("\n".join(filter(None, (sentence if headline else "", self._plan or more))))
        self.home_button.setText(_("Home"))
        self.mend_button.setText(_("Mend it") if self._may_mend else _("See what can be mended"))
        self.mend_button.setVisible(
            self._leads_home and self._trouble.code == "database_damaged" and (self._may_mend or not self._plan)
        )

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say another trouble."""
        self._trouble = trouble
        self.retranslate()

    def show_plan(self, lines: Sequence[str], *, may: bool) -> None:
        """Say what mending would do, or what came of it; `may` offers to do it."""
        self._plan, self._may_mend = "\n".join(lines), may
        self.mend_button.set_busy(False)
        self.retranslate()

    def _mend(self) -> None:
        self.mend_button.set_busy(True)
        (self.mend_wanted if self._may_mend else self.look_wanted).emit()
