"""The dialog before a window opens: each device that customers depend on is tried and confirmed; and what tries and
notes them, without widgets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY, Actor
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import field_and_choice_languages
from queuedesk.core.talk import device
from queuedesk.core.talk.device import DISPLAY, PRINTER, VOICE, Key
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.equipment import verbs
from queuedesk.features.equipment.words import device_test_output_text, question_after_device_trial, try_button_label
from queuedesk.i18n import _, error_sentence, list_text, n_, names, time_hm
from queuedesk.i18n.talk import checked_device_name, device_check_lack_words
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import AccentButton, Pill, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.paint import GROUP
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine
from queuedesk.stations.window import day_dialog, frame, style
from queuedesk.stations.window.context import StationContext

# -- one device ----------------------------------------------------------------------------------------------------

ROW_PX, KEY_PX = 76, 44


def may_check_equipment(context: StationContext) -> bool:
    """Whether the person here may check the hall's equipment now, and the hall wants it."""
    who, feed = context.who, context.feed
    return (
        who is not None
        and "check" in MAY[who.role]
        and who.is_staff
        and device.is_opening_check_required_in_hall(feed.setup)
        and not feed.away_since
    )


class DeviceCheckController(QObject):
    """Tries devices and notes what `who` found. `changed` after every relevant event, `refused` with what could not be
    noted."""

    changed = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, who: Actor, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._who = context, who
        self._tried: set[Key] = set()
        context.feed.changed.connect(self._emit_changed_after_events)
        context.feed.replaced.connect(self._emit_changed_after_events)

    def checks_required_today(self) -> list[device.RequiredCheck]:
        """Return the devices to check today, passed or not, in order; none if the hall wants no checks."""
        context, state = self._context, self._context.feed.state
        if not device.is_opening_check_required_in_hall(set_up(state)):
            return []
        today = [check for check in state.checks if check.date == context.feed.business_date]
        return device.required_device_checks(set_up(state), state.devices, today, context.clock())

    def missing_check_count(self) -> int:
        """Return how many checks are still missing."""
        return sum(one.lack is not None for one in self.checks_required_today())

    def was_tried(self, key: Key) -> bool:
        """Whether it was tried from here; before that, a device that only reports when tried has no name."""
        return key in self._tried or (key[0], device.ANYWHERE) in self._tried

    def try_device(self, key: Key) -> None:
        """Make it speak, show or print for a moment."""
        known = field_and_choice_languages(set_up(self._context.feed.state))
        self._tried.add(key)
        text, text_en = (
            device_test_output_text(key[0], known[0]),
            device_test_output_text(key[0], "en") if "en" in known else "",
        )
        self._run_check_act(partial(verbs.try_device, text=text, text_en=text_en), key)

    def note_passed(self, key: Key) -> None:
        """Note that it works."""
        self._run_check_act(verbs.record_device_check, key)

    def note_failed(self, key: Key, cause: str) -> None:
        """Note what is wrong with it."""
        self._run_check_act(partial(verbs.record_device_check, failed=cause), key)

    def stop(self) -> None:
        """Stop following the hall."""
        self._context.feed.changed.disconnect(self._emit_changed_after_events)
        self._context.feed.replaced.disconnect(self._emit_changed_after_events)

    def _run_check_act(self, act: Callable[[Desk, Ask, str, str | None], Document], key: Key) -> None:
        context, ask = self._context, self._context.new_ask(self._who)
        context.tasks.run(
            lambda: act(context.desk, ask, key[0], key[1] or None), self._emit_changed_after_act, self._emit_refusal
        )

    def _emit_changed_after_act(self, _document: object) -> None:
        self.changed.emit()

    def _emit_refusal(self, trouble: QueueDeskError) -> None:
        self.refused.emit(trouble)

    def _emit_changed_after_events(self, *_events: object) -> None:
        self.changed.emit()


ICONS = {VOICE: "speaker", DISPLAY: "screen", PRINTER: "print"}
_PILL_PX = 14


class DeviceCheckRow(QWidget):
    """A row for one device; `tried`, `passed` and `doubted` carry its key."""

    spoken_role = GROUP

    tried = Signal(tuple)
    passed = Signal(tuple)
    doubted = Signal(tuple)

    def __init__(self, look: style.Look, key: Key) -> None:
        super().__init__()
        self._look, self._key = look, key
        self._name = panels.Label(look, px=style.M, bold=True)
        self._line = panels.Label(look, px=style.S, token="ink2")
        self._pill = Pill(look, "", px=_PILL_PX)
        self.try_button = SecondaryButton(look, try_button_label(key[0]), icon=ICONS[key[0]], height=KEY_PX, px=16)
        self.yes_button = AccentButton(look, _("It works"), icon="check", height=KEY_PX, px=16)
        self.no_button = TextButton(look, _("It doesn't"), height=KEY_PX, px=16)
        self.try_button.clicked.connect(self._request_trial)
        self.yes_button.clicked.connect(self._emit_passed)
        self.no_button.clicked.connect(self._emit_doubted)
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=0)
        below = QHBoxLayout()
        panels.set_scaled_margins(look, below, spacing=10)
        below.addWidget(self._pill)
        below.addWidget(self._line, 1)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addLayout(below)
        words.addStretch(1)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=8)
        row.addLayout(words, 1)
        for button in (self.try_button, self.yes_button, self.no_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column)
        column.addLayout(row, 1)
        column.addWidget(panels.DividerLine(look))
        panels.FixedSizeKeeper(look, self, height=ROW_PX)

    def show_required_check(self, one: device.RequiredCheck, *, was_tried: bool, seen: str) -> None:
        """Show the device's state; `seen` says when and by whom it was checked, "" if by nobody."""
        name = checked_device_name(one.device, one.station)
        self._key = one.key
        self._name.setText(name)
        done = one.lack is None
        tint, token, icon = _LOOKS[one.lack]
        self._pill.set_text_and_colors(device_check_lack_words(one.lack, one.cause), tint=tint, token=token, icon=icon)
        asks = was_tried and not done
        self._line.setText(question_after_device_trial(one.device) if asks else seen)
        self._line.set_color_token("ink" if asks else "ink2")
        self._line.set_bold(asks)
        # The question stands where the state stood: both would not fit beside the keys with large text.
        self._pill.setVisible(not (asks and one.lack == device.UNCHECKED))
        for button in (self.try_button, self.yes_button, self.no_button):
            button.setAccessibleName(f"{name}: {button.text()}")
            button.setVisible(not done)
        self.setAccessibleName(f"{name}, {self._pill.text()}")

    def _request_trial(self) -> None:
        self.tried.emit(self._key)

    def _emit_passed(self) -> None:
        self.passed.emit(self._key)

    def _emit_doubted(self) -> None:
        self.doubted.emit(self._key)


_LOOKS = {
    None: ("soft", "on_soft", "check"),
    device.UNCHECKED: ("sunken", "ink2", "waiting"),
    device.FAILED: ("redbg", "red", "warning"),
    device.IS_DOWN: ("amberbg", "amber", "warning"),
}

MOST_ROWS = 5
WIDTH_PX = 880


class EquipmentChecksDialog(Dialog):
    """Lists the devices to check. `done` opens the window: with a reason if something is still missing, "" if nothing
    is. Without `window` it only checks, and nothing is opened."""

    done = Signal(str)

    def __init__(
        self, host: QWidget, context: StationContext, checking: DeviceCheckController, window: str = ""
    ) -> None:
        title = _("Before window {window} opens", window=window) if window else _("Checks at opening")
        effect = _("Try each one and say whether it works. You are asked once a day.")
        super().__init__(host, context.look, title=title, effect=effect, width=WIDTH_PX)
        self._context, self._checking, self._window = context, checking, window
        self.rows: dict[Key, DeviceCheckRow] = {}
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        panels.set_scaled_margins(self.look, self._rows)
        self._rows.addStretch(1)
        area = panels.VerticalScrollArea(inside)
        shown = max(1, min(MOST_ROWS, len(checking.checks_required_today())))
        panels.FixedSizeKeeper(self.look, area, height=shown * ROW_PX)
        self.line = ErrorLine(self.look)
        self.body.addWidget(area)
        self.body.addWidget(self.line)
        self.waive_button = TextButton(self.look, _("Open without checks …"), height=56, px=18)
        self.no_button = SecondaryButton(self.look, _("Not now") if window else _("Close"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, height=56, px=18)
        self.waive_button.clicked.connect(self._show_waiver_reason_dialog)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._finish_without_reason)
        self.buttons.insertWidget(0, self.waive_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        self.waive_button.setVisible(bool(window))
        self.yes_button.setVisible(bool(window))
        checking.changed.connect(self.show_rows)
        checking.refused.connect(self._show_refusal)
        self.show_rows()

    def show_rows(self) -> None:
        """Show everything as it is now."""
        wanted = self._checking.checks_required_today()
        for key in [key for key in self.rows if key not in {one.key for one in wanted}]:
            gone = self.rows.pop(key)
            self._rows.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, one in enumerate(wanted):
            if one.key not in self.rows:
                self._insert_check_row(at, one)
            self.rows[one.key].show_required_check(
                one, was_tried=self._checking.was_tried(one.key), seen=self._time_and_checker_text(one)
            )
        lacking = self._checking.missing_check_count()
        if lacking:
            self.yes_button.disable_with_reason(n_("{n} still to be checked", "{n} still to be checked", lacking))
        else:
            self.yes_button.enable_with_label(_("Open window {window}", window=self._window))
        self.waive_button.setEnabled(bool(lacking))

    def first_focus_widget(self) -> QWidget:
        return next((row.try_button for row in self.rows.values() if row.try_button.isVisibleTo(self)), self.yes_button)

    def close_dialog(self) -> None:
        self._checking.stop()
        super().close_dialog()

    def _insert_check_row(self, at: int, one: device.RequiredCheck) -> None:
        row = DeviceCheckRow(self.look, one.key)
        row.tried.connect(self._checking.try_device)
        row.tried.connect(self._clear_message)
        row.passed.connect(self._checking.note_passed)
        row.doubted.connect(self._ask_cause_and_note_failed_check)
        self._rows.insertWidget(at, row)
        self.rows[one.key] = row

    def _time_and_checker_text(self, one: device.RequiredCheck) -> str:
        if one.check is None:
            return ""
        setup = set_up(self._context.feed.state)
        by = names.staff_name(setup, one.check.by)
        return _("{time}, by {name}", time=time_hm(setup.to_hall_time(one.check.time)), name=by)

    def _ask_cause_and_note_failed_check(self, key: Key) -> None:
        asked = day_dialog.ReasonOrOwnWordsDialog(
            self._host,
            self._outer,
            kind=f"check_{key[0]}",
            title=_("{device}: what is wrong?", device=checked_device_name(*key)),
            effect=_("It is noted in today's report. The window can still open with a reason."),
            no=_("Back"),
            yes=_("Note it"),
        )
        asked.done.connect(lambda cause: self._checking.note_failed(key, cause))
        asked.open_dialog()

    def _show_waiver_reason_dialog(self) -> None:
        missing = [
            checked_device_name(one.device, one.station)
            for one in self._checking.checks_required_today()
            if one.lack is not None
        ]
        asked = day_dialog.ReasonOrOwnWordsDialog(
            self._host,
            self._outer,
            kind="waive",
            title=_("Open window {window} without these checks?", window=self._window),
            effect=_("Not checked: {devices}. The reason goes into today's report.", devices=list_text(missing)),
            no=_("Back"),
            yes=_("Open window {window}", window=self._window),
        )
        asked.done.connect(self._close_and_emit_reason)
        asked.open_dialog()

    def _finish_without_reason(self) -> None:
        self._close_and_emit_reason("")

    def _close_and_emit_reason(self, reason: str) -> None:
        self.close_dialog()
        self.done.emit(reason)

    def _show_refusal(self, trouble: QueueDeskError) -> None:
        self.line.show_message(error_sentence(trouble), refused=True)

    def _clear_message(self, *_key: object) -> None:
        self.line.show_message("", refused=False)


# -- where they are asked for ------------------------------------------------------------------------------------------


def ask_checks_before_opening(
    host: QWidget,
    context: StationContext,
    who: Actor,
    *,
    window: str,
    go: Callable[[str], None],
    stay: Callable[[], None],
) -> None:
    """Let the person check the equipment before a window opens."""
    dialog = EquipmentChecksDialog(host, context, DeviceCheckController(context, who, parent=host), window)
    dialog.done.connect(go)
    dialog.refused.connect(stay)
    dialog.open_dialog()


def equipment_check_menu_entries(host: QWidget, context: StationContext) -> list[frame.MenuEntry]:
    """Return the menu's line that lets the person here check the equipment."""
    who = context.who
    if who is None or not may_check_equipment(context):
        return []

    def open_checks_dialog() -> None:
        EquipmentChecksDialog(host, context, DeviceCheckController(context, who, parent=host)).open_dialog()

    return [frame.MenuEntry(_("Checks at opening"), open_checks_dialog)]
