"""The question before a window opens: does everything work that customers depend on?"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.overview import set_up
from queuedesk.core.talk.device import Key
from queuedesk.core.talk.opening_checks import Wanted
from queuedesk.i18n import _, listing, n_, names, say, time_hm
from queuedesk.i18n.talk.check_words import checked_name
from queuedesk.stations.checking.controller import Checking
from queuedesk.stations.checking.row import ROW_PX, CheckRow
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.panels import FixedSize, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.own_words import OwnWordsDialog

MOST_ROWS = 5
WIDTH_PX = 880


class ChecksDialog(Dialog):
    """Everything to be checked, row by row. `done` opens the window: with a reason where something is still missing, "" where nothing is.

    Without `window` it only checks, and nothing is opened.
    """

    done = Signal(str)

    def __init__(self, host: QWidget, context: StationContext, checking: Checking, window: str = "") -> None:
        title = _("Before window {window} opens", window=window) if window else _("Checks at opening")
        effect = _("Try each of them and say whether it works. This is asked once a day.")
        super().__init__(host, context.look, title=title, effect=effect, width=WIDTH_PX)
        self._context, self._checking, self._window = context, checking, window
        self.rows: dict[Key, CheckRow] = {}
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        spread(self.look, self._rows)
        self._rows.addStretch(1)
        area = GroundArea(inside)
        shown = max(1, min(MOST_ROWS, len(checking.rows())))
        FixedSize(self.look, area, height=shown * ROW_PX)
        self.line = ErrorLine(self.look)
        self.body.addWidget(area)
        self.body.addWidget(self.line)
        self.waive_button = TextButton(self.look, _("Open without, for a reason …"), height=56, px=18)
        self.no_button = SecondaryButton(self.look, _("Not now") if window else _("Close"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, height=56, px=18)
        self.waive_button.clicked.connect(self._ask_waiver)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.buttons.insertWidget(0, self.waive_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        self.waive_button.setVisible(bool(window))
        self.yes_button.setVisible(bool(window))
        checking.changed.connect(self.show_rows)
        checking.refused.connect(self._refuse)
        self.show_rows()

    def show_rows(self) -> None:
        """Show how everything stands now."""
        wanted = self._checking.rows()
        for key in [key for key in self.rows if key not in {one.key for one in wanted}]:
            gone = self.rows.pop(key)
            self._rows.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, one in enumerate(wanted):
            if one.key not in self.rows:
                self._add(at, one)
            self.rows[one.key].show_wanted(one, was_tried=self._checking.was_tried(one.key), seen=self._seen(one))
        lacking = self._checking.lacking()
        if lacking:
            self.yes_button.block(n_("{n} still to be checked", "{n} still to be checked", lacking))
        else:
            self.yes_button.allow(_("Open window {window}", window=self._window))
        self.waive_button.setEnabled(bool(lacking))

    def first_focus(self) -> QWidget:
        return next((row.try_button for row in self.rows.values() if row.try_button.isVisibleTo(self)), self.yes_button)

    def close_dialog(self) -> None:
        self._checking.stop()
        super().close_dialog()

    def _add(self, at: int, one: Wanted) -> None:
        row = CheckRow(self.look, one.key)
        row.tried.connect(self._checking.try_out)
        row.tried.connect(self._quiet)
        row.passed.connect(self._checking.passes)
        row.doubted.connect(self._ask_what_is_wrong)
        self._rows.insertWidget(at, row)
        self.rows[one.key] = row

    def _seen(self, one: Wanted) -> str:
        if one.check is None:
            return ""
        setup = set_up(self._context.feed.state)
        by = names.staff_name(setup, one.check.by)
        return _("{time}, by {name}", time=time_hm(setup.local(one.check.time)), name=by)

    def _ask_what_is_wrong(self, key: Key) -> None:
        asked = OwnWordsDialog(
            self._host,
            self._outer,
            kind=f"check_{key[0]}",
            title=_("{device}: what is wrong?", device=checked_name(*key)),
            effect=_("It is noted in today's report. The window can still open with a reason."),
            no=_("Back"),
            yes=_("Note it"),
        )
        asked.done.connect(lambda cause: self._checking.fails(key, cause))
        asked.open_dialog()

    def _ask_waiver(self) -> None:
        missing = [checked_name(one.device, one.station) for one in self._checking.rows() if one.lack is not None]
        asked = OwnWordsDialog(
            self._host,
            self._outer,
            kind="waive",
            title=_("Open window {window} without these checks?", window=self._window),
            effect=_("Not checked: {devices}. The reason stands in today's report.", devices=listing(missing)),
            no=_("Back"),
            yes=_("Open window {window}", window=self._window),
        )
        asked.done.connect(self._open)
        asked.open_dialog()

    def _do(self) -> None:
        self._open("")

    def _open(self, reason: str) -> None:
        self.close_dialog()
        self.done.emit(reason)

    def _refuse(self, trouble: QueueDeskError) -> None:
        self.line.say(say(trouble), refused=True)

    def _quiet(self, *_key: object) -> None:
        self.line.say("", refused=False)
