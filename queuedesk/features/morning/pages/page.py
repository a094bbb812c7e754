"""The morning: the briefing with who has read it, how the hall was signed open and closed, who is there and trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from queuedesk.core.imports import half_width_text
from queuedesk.core.improvement.project import ResultingStandard as Standing
from queuedesk.core.quality.inspection import CLOSING, OPENING, SHEETS
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.setup.rows import Setup, field_and_choice_languages
from queuedesk.features.morning.pages import signing
from queuedesk.features.morning.words import is_somebody_late_or_missing, person_attendance_words
from queuedesk.i18n import _, list_text, n_, name_in_language, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality import sheet_name_with_version
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.improvement import ProjectStandardRows, ProjectStandardsController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PaperSaverAndPrinter
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import AccentButton, TextButton
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.questions.dialogs import DropDown, FormField
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import NARROW_UNDER, Look

ROW_HIGH, EMPTY_HIGH, TEXT_HIGH = 36, 150, 120

MOST_HERE = 60
"""So many rows of who is there are high as their words; the page scrolls, not the table in it."""


class BriefingForm(FieldsDialog):
    """`wanted` gives the points, and those in English. `before` is what stands there today already, `stock` what was
    said lately; `in_english`: the hall uses English beside its first language."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        before: ServiceDocument | None,
        stock: Sequence[Mapping[str, str]],
        *,
        in_english: bool = True,
    ) -> None:
        effect = _("A line for each point, up to eight. Everybody who works here is asked to read it once.")
        if before:
            effect = _("This is saved as version {n}; everybody is asked to read it again.", n=before["version"] + 1)
        title = _("Correct the briefing") if before else _("Today's briefing")
        super().__init__(host, look, title=title, effect=effect)
        self.texts = {"points": QPlainTextEdit(), "points_en": QPlainTextEdit()}
        for name, edit in self.texts.items():
            edit.setTabChangesFocus(True)
            edit.setPlainText("\n".join(before[name]) if before else "")
            panels.FixedSizeKeeper(self.look, edit, height=TEXT_HIGH)
        self.stock = DropDown(self.look)
        self.stock.set_minimum_letters(30)
        self._points = list(stock)
        choices = {"": _("choose to add it")}
        choices |= {str(n): name_in_language(one["text"], one["text_en"]) for n, one in enumerate(stock, start=1)}
        self.stock.show_choice("", choices)
        self.stock.activated.connect(self._add_stock_point)
        fields = {
            "points": FormField(self.look, _("Points", context="briefing"), edit=self.texts["points"]),
            "points_en": FormField(
                self.look, _("In English"), edit=self.texts["points_en"], hint=_("the same number of lines, or none")
            ),
            "stock": FormField(self.look, _("Used before"), edit=self.stock, has_line=False),
        }
        rows = [("points",), *([("points_en",)] if in_english else []), *([("stock",)] if stock else [])]
        self._has_both = in_english
        self.lay_out_fields(fields, rows, removable=False)

    def first_field(self) -> QWidget:
        return self.texts["points"]

    def _add_stock_point(self) -> None:
        """Add a point of the stock to both languages."""
        chosen = str(self.stock.currentData())
        if not chosen:
            return
        one, was = self._points[int(chosen) - 1], self._typed_lines("points")
        in_english = self._typed_lines("points_en")
        text = one["text"] if self._has_both else name_in_language(one["text"], one["text_en"])
        self.texts["points"].setPlainText("\n".join([*was, text]))
        if self._has_both and one["text_en"] and len(in_english) == len(was):
            self.texts["points_en"].setPlainText("\n".join([*in_english, one["text_en"]]))
        self.stock.setCurrentIndex(0)

    def _typed_lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.texts[name].toPlainText().splitlines() if line.strip()]

    def read_typed_values(self) -> dict[str, Any] | None:
        points, in_english = self._typed_lines("points"), self._typed_lines("points_en")
        wrong = {}
        if not points:
            wrong["points"] = _("Write at least one point")
        if in_english and len(in_english) != len(points):
            wrong["points_en"] = n_("{n} line, as above", "{n} lines, as above", len(points))
        self.show_field_errors(wrong)
        return None if wrong else {"points": points, "points_en": in_english}


def _name_column(context: StationContext, *, cut: bool = False) -> TableColumn[ServiceDocument]:
    return TableColumn(
        title=_("Name", context="attendance"),
        text=lambda one: staff_name(context.feed.setup, one["staff"]) or one["staff"],
        bold=True,
        gives=cut,
        grows=cut,
    )


READERS = RecordPageSpec[ServiceDocument](
    name=lambda: _("Who has read it"),
    icon="book",
    key=lambda one: one["staff"],
    row_height=ROW_HIGH,
    empty=lambda: (_("Nobody is asked to read it yet"), _("Once it is written, every staff station shows it.")),
    columns=lambda context: [
        _name_column(context, cut=True),
        TableColumn(
            title=_("Read", context="briefing"),
            text=lambda one: (
                time_hm(datetime.fromisoformat(one["at"])) if one["at"] else _("not yet", context="briefing")
            ),
            icon=lambda one: "check" if one["at"] else "",
            token=lambda one: "press" if one["at"] else "ink2",
        ),
    ],
)
HERE = RecordPageSpec[ServiceDocument](
    name=lambda: _("Who is there"),
    icon="people",
    key=lambda one: one["staff"],
    row_height=ROW_HIGH,
    wraps=True,
    rows_seen=(1, MOST_HERE),
    empty=lambda: (_("Nobody was planned, and nobody was there."), _("The roster says who is to be there.")),
    columns=lambda context: [
        _name_column(context),
        TableColumn(
            title=_("Since when"),
            text=lambda one: person_attendance_words(one, rostered=bool(context.feed.setup.roster)),
            gives=True,
            grows=True,
            least=150,
            icon=lambda one: "clock" if is_somebody_late_or_missing(one) else "",
            token=lambda one: "amber" if is_somebody_late_or_missing(one) else "ink",
        ),
    ],
)


class MorningPage(ManagerPage):
    """The briefing at the left, opening and people at the right, or below where there is little room. `place_wanted`
    leads to the project that something came from."""

    place_wanted = Signal(object)

    def __init__(self, controller: signing.BriefingAndTrainingController) -> None:
        self.controller = controller
        context, look = controller.context, controller.context.look
        page = PageSpec(
            title=lambda: _("Quality", context="page"),
            line=lambda: _("This morning"),
            acts=(
                PageAct(
                    text=self._sign_button_label,
                    do=self.ask_signature,
                    icon="check",
                    changes_hall=True,
                    offered=lambda: bool(signing.next_sheet_to_sign(context)),
                ),
                PageAct(
                    text=self._briefing_button_label,
                    do=self.ask_briefing_points,
                    icon="book",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.may_use_verb("briefing"),
                ),
            ),
        )
        super().__init__(look, page)
        self.points: list[panels.Label] = []
        self.standards = ProjectStandardsController(context, self)
        self.made = {place: ProjectStandardRows(look) for place in (Standing.BRIEFING, Standing.OPENING)}
        self._build_widgets(look)
        self.hall_acts = (*self.hall_acts, self.training.record_button, self.training.back_button)
        self.standards.changed.connect(self._show_loaded_morning)
        for made in self.made.values():
            made.picked.connect(self.place_wanted)
        self.papers = PaperSaverAndPrinter(context, self)
        self.connect_paper_signals(self.papers)
        controller.changed.connect(self._show_loaded_morning)
        controller.written.connect(self._announce_briefing_sent)
        controller.trained.connect(self._announce_training_change)
        self.training.wanted.connect(controller.note_training)
        self.training.back_wanted.connect(controller.drop_training)
        controller.refused.connect(self.show_act_refusal)
        if self.controller.found is None:
            self.controller.refresh(anew=True)
        self._show_loaded_morning()

    def _build_widgets(self, look: Look) -> None:
        titles = (_("Today's briefing"), _("Opening and closing"), _("Who is there"))
        self.titles = [panels.Label(look, title, px=18, bold=True, wrap=True) for title in titles]
        self.about = panels.Label(look, px=15, token="ink2", wrap=True)
        self._lines = QVBoxLayout()
        panels.set_scaled_margins(look, self._lines, spacing=6)
        self.training = TrainingCard(look)
        self.training.hide()
        self.readers, self.here = (RecordList(self.controller.context, one) for one in (READERS, HERE))
        self.signed = {what: panels.Label(look, px=16, bold=True, wrap=True) for what in (OPENING, CLOSING)}
        self.lacking = {what: panels.Label(look, px=15, token="ink2", wrap=True) for what in (OPENING, CLOSING)}
        self.checks = panels.Label(look, px=15, token="amber", bold=True, wrap=True)
        self.print_button = TextButton(look, _("Print or save"), icon="print", height=44, px=16)
        self.print_button.clicked.connect(self._ask_paper)
        told, opened = panels.Card(look), panels.Card(look)
        column = QVBoxLayout(told)
        panels.set_scaled_margins(look, column, (20, 14, 20, 16), 8)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=12)
        head.addWidget(self.titles[0], 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.print_button)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addLayout(self._lines)
        column.addWidget(self.made[Standing.BRIEFING])
        column = QVBoxLayout(opened)
        panels.set_scaled_margins(look, column, (20, 14, 20, 16), 8)
        column.addWidget(self.titles[1])
        for what in (OPENING, CLOSING):
            column.addWidget(self.signed[what])
            column.addWidget(self.lacking[what])
        column.addWidget(self.checks)
        column.addWidget(self.made[Standing.OPENING])
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, parts in ((left, (told, self.readers)), (right, (opened, self.titles[2], self.here, self.training))):
            panels.set_scaled_margins(look, side, spacing=12)
            for one in parts:
                side.addWidget(one)
            side.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._row, (0, 0, 8, 0), 16)
        self._row.addLayout(left, 1)
        self._row.addLayout(right, 1)
        self._inside = QWidget()
        self._inside.setLayout(self._row)
        self.area = panels.VerticalScrollArea(self._inside)
        self.add_part(self.area, 1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self.controller.context.feed.setup

    def _staff_name_or_code(self, code: str) -> str:
        return staff_name(self._hall_setup, code) or code

    def _sign_button_label(self) -> str:
        return (
            _("Close the hall …")
            if signing.next_sheet_to_sign(self.controller.context) == CLOSING
            else _("Open the hall …")
        )

    def _briefing_button_label(self) -> str:
        found = self.controller.found
        return _("Correct the briefing") if found and found.briefing else _("Write the briefing")

    def refresh(self, _now: datetime) -> None:
        self.controller.refresh()
        self.standards.refresh()

    def _show_loaded_morning(self) -> None:
        found = self.controller.found
        if found is None:
            return
        self._show_briefing(found.briefing)
        sheet = score_sheets_of_hall(self._hall_setup).get(SHEETS[OPENING])
        self._show_rows_from_projects(
            Standing.OPENING, [(one.text, one.text_en) for one in sheet.items] if sheet else []
        )
        for what in (OPENING, CLOSING):
            self._show_signature(what, found.opening[what])
        missing = len(found.opening["checks"]["missing"])
        text = n_("{n} check of equipment is missing", "{n} checks of equipment are missing", missing)
        self.checks.setText(text)
        self.checks.setVisible(bool(missing))
        self.here.show_rows(found.attendance["attendance"])
        for one in (self.readers, self.here):
            one.limit_height_to_rows()
            rows = len(one.table.rows.rows)
            one.setMinimumHeight(self._look.px(ROW_HIGH * (rows + 1.8)) if rows else self._look.px(EMPTY_HIGH))
        self.training.setVisible(self.controller.may_use_verb("training") and self._hall_setup.has_feature("staff"))
        day = self.controller.context.feed.business_date.isoformat()
        self.training.show_day(self._hall_setup, day, found.attendance["attendance"], found.sessions)
        self.refresh_act_buttons()
        self._fit_height_to_parts()

    def _show_briefing(self, one: ServiceDocument | None) -> None:
        points: list[str] = []
        if one is None:
            self.about.setText(
                _("Nobody has written one today. A few points, read by everybody before the doors open.")
            )
        else:
            at = time_hm(datetime.fromisoformat(one["at"]))
            words = {"n": one["version"], "time": at, "name": self._staff_name_or_code(one["by"])}
            self.about.setText(_("Version {n}, {time}, {name}", **words))
            in_english = one["points_en"] or [""] * len(one["points"])
            points = [name_in_language(text, text_en) for text, text_en in zip(one["points"], in_english, strict=False)]
        panels.resize_row_list(
            self.points, len(points), partial(panels.Label, self._look, px=17, wrap=True), self._lines
        )
        for label, text in zip(self.points, points, strict=True):
            if self._lines.indexOf(label) < 0:
                self._lines.addWidget(label)
            label.setText(f"• {text}")
        self._show_rows_from_projects(Standing.BRIEFING, [(point, point) for point in points])
        rows = [*one["read"], *({"staff": code, "at": None} for code in one["unread"])] if one else []
        self.readers.show_rows(rows)

    def _show_rows_from_projects(self, place: Standing, texts: Sequence[tuple[str, str]]) -> None:
        """Show which of these came from projects."""
        both = (
            (name_in_language(*pair), row) for pair in texts for row in self.standards.standards_in_place(place, pair)
        )
        self.made[place].show_rows(list(both))

    def _show_signature(self, what: str, one: ServiceDocument | None) -> None:
        is_opening, signed, lacking = what == OPENING, self.signed[what], self.lacking[what]
        lacking.setVisible(one is not None)
        if one is None:
            text = (
                _("Nobody has signed for the opening yet.")
                if is_opening
                else _("Nobody has signed for the closing yet.")
            )
            signed.setText(text)
            return
        words = {"time": time_hm(datetime.fromisoformat(one["at"])), "name": self._staff_name_or_code(one["by"])}
        text = (
            _("Open, signed {time} by {name}", **words) if is_opening else _("Closed, signed {time} by {name}", **words)
        )
        signed.setText(text)
        parts = [sheet_name_with_version(name_in_language(one["name"], one["name_en"]), one["version"])]
        parts += [f"{one['temperature']} °C"] if one["temperature"] is not None else []
        parts += [f"{one['humidity']} %"] if one["humidity"] is not None else []
        n = one["lacking"]
        parts.append(n_("{n} item not in order", "{n} items not in order", n) if n else _("all in order"))
        lines = [" · ".join(parts)]
        for item in one["items"]:
            if item["state"] == "lacking":
                usual = [item["reasons"][place - 1] for place in item["why"]]
                why = [name_in_language(each["text"], each["text_en"]) for each in usual] + (
                    [item["words"]] if item["words"] else []
                )
                told = _("{item}: {why}", item=name_in_language(item["text"], item["text_en"]), why=list_text(why))
                lines.append(f"• {told}")
        lacking.setText("\n".join(lines))

    # -- what is done ------------------------------------------------------------------------------------------------

    def _ask_paper(self) -> None:
        """Ask whether to print the morning's page or to save it."""
        send = (
            ((_("Print now"), partial(signing.save_or_print_morning_page, self.papers, send=True)),)
            if self.papers.can_print
            else ()
        )
        self.open_file_kind_menu(
            self.print_button,
            ("pdf",),
            lambda _ending: signing.save_or_print_morning_page(self.papers, send=False),
            *send,
        )

    def ask_briefing_points(self) -> None:
        """Ask for the briefing's points."""
        found = self.controller.found
        before, stock = (found.briefing, found.stock) if found is not None else (None, ())
        dialog = BriefingForm(
            self.host_widget,
            self._look,
            before,
            stock,
            in_english=len(field_and_choice_languages(self.controller.context.feed.setup)) > 1,
        )
        dialog.wanted.connect(lambda said: self.controller.write(**said))
        self.open_question(dialog)

    def ask_signature(self) -> None:
        """Let the person here sign the hall open, or closed once it is."""
        signing.ask_signature(self.host_widget, self.controller.context, partial(self.controller.refresh, anew=True))

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self.papers.stop()

    def state_to_restore(self) -> tuple[()] | None:
        return None if self.training.has_unsaved_input else ()

    def _announce_briefing_sent(self, document: ServiceDocument) -> None:
        self.close_question()
        n = len(document["unread"])
        self.said.emit(n_("The briefing goes to {n} person", "The briefing goes to {n} people", n), "book")

    def _announce_training_change(self, document: ServiceDocument) -> None:
        self.training.reset_training_form()
        n = len(document["attended"])
        if document["dropped"]:
            self.said.emit(_("The session is removed"), "undo")
        else:
            words = {"minutes": document["minutes"]}
            self.said.emit(
                n_("{minutes} min noted for {n} person", "{minutes} min noted for {n} people", n, **words), "check"
            )

    # -- where there is little room ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(
            self.width() >= self._look.large_px(NARROW_UNDER) - self._look.large_px(220), self._row
        )
        self._fit_height_to_parts()

    def _fit_height_to_parts(self) -> None:
        """Be as high as all parts need: a scrolled area takes wrapped lines for one."""
        self._row.activate()
        self._inside.setMinimumHeight(self._row.totalHeightForWidth(self.area.viewport().width()))


# -- today's training -------------------------------------------------------------------------------------------------

USUAL_MIN, MOST_MIN = 30, 480
AT_WORK = ("clerk", "guide")


class TrainingCard(panels.Card):
    """Says what was noted today, and notes a session: who is there according to the attendance is ticked, minutes and
    topic are those of the last one. `wanted` gives minutes, topic and people, `back_wanted` the number of a session
    that was noted by mistake."""

    wanted = Signal(int, str, list)
    back_wanted = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.title = panels.Label(look, _("Training today"), px=18, bold=True, wrap=True)
        self.told = panels.Label(look, px=16, wrap=True)
        self.minutes = FormField(look, _("Minutes", context="field"), has_line=False)
        self.topic = FormField(look, _("Topic"), has_line=False)
        self.people = panels.EqualCellGrid(look, height=44, gap=8, share_last=False)
        self.ticks: dict[str, TickBox] = {}
        self.record_button = AccentButton(look, "", icon="check", height=48)
        self.more_button = TextButton(look, _("Another session"), height=44, px=16)
        self.back_button = TextButton(look, _("Take it back", context="training"), height=44, px=16)
        self._touched: set[str] = set()
        self._here: frozenset[str] = frozenset()
        self._sessions: tuple[ServiceDocument, ...] = ()
        self._is_open = False
        self._build_layout(look)
        self.record_button.clicked.connect(self._emit_training_record_wanted)
        self.more_button.clicked.connect(self._open_form)
        self.back_button.clicked.connect(self._emit_undo_last_session)
        for field in (self.minutes, self.topic):
            field.edited.connect(self._update_record_button)

    def _build_layout(self, look: Look) -> None:
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 14, 20, 16), 8)
        column.addWidget(self.title)
        column.addWidget(self.told)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        panels.set_scaled_margins(look, form, spacing=8)
        fields = QHBoxLayout()
        panels.set_scaled_margins(look, fields, spacing=12)
        fields.addWidget(self.minutes, 1)
        fields.addWidget(self.topic, 3)
        form.addLayout(fields)
        form.addWidget(self.people)
        form.addWidget(self.record_button)
        column.addWidget(self._form)
        keys = QHBoxLayout()
        panels.set_scaled_margins(look, keys, spacing=8)
        keys.addWidget(self.more_button)
        keys.addWidget(self.back_button)
        keys.addStretch(1)
        column.addLayout(keys)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(
        self, setup: Setup, day: str, attendance: Sequence[ServiceDocument], sessions: Sequence[ServiceDocument]
    ) -> None:
        """Show a date: who is there, and the `sessions` until then, the latest first."""
        self._here = frozenset(row["staff"] for row in attendance if row["here"])
        self._sessions = tuple(one for one in sessions if one["date"] == day)
        self._update_people_ticks(setup)
        last = next(iter(sessions), None)
        for field, text in (
            (self.minutes, str(last["minutes"] if last else USUAL_MIN)),
            (self.topic, (last["topic"] if last else "") or _("Morning training")),
        ):
            if not field.edit.property("typed"):
                field.set_value(text)
        self.told.setText("\n".join(map(_training_session_text, self._sessions)) or _("Nobody has noted any yet."))
        self._show_form_or_button()
        self._update_record_button()

    def _update_people_ticks(self, setup: Setup) -> None:
        codes = [code for code, one in setup.staff.items() if one.role.value in AT_WORK]
        for code in codes:
            if code not in self.ticks:
                tick = self.ticks[code] = TickBox(self.look, "", px=15)
                tick.clicked.connect(self._note_touched_tick)
            self.ticks[code].setText(staff_name(setup, code))
            if code not in self._touched:
                self.ticks[code].setChecked(code in self._here)
        for code in [one for one in self.ticks if one not in codes]:
            self.ticks.pop(code).hide()
        self.people.set_widgets([self.ticks[code] for code in codes])

    def _show_form_or_button(self) -> None:
        is_form = self._is_open or not self._sessions
        self._form.setVisible(is_form)
        self.more_button.setVisible(not is_form)
        self.back_button.setVisible(bool(self._sessions))
        self.updateGeometry()

    def _update_record_button(self) -> None:
        for field in (self.minutes, self.topic):
            if self.sender() is field:
                field.edit.setProperty("typed", True)
        minutes, n = self._typed_minutes(), len(self.ticked_staff_codes)
        if minutes is None:
            self.record_button.disable_with_reason(_("Write minutes, 1 to {most}", most=MOST_MIN))
        elif not n:
            self.record_button.disable_with_reason(_("Tick who was there"))
        elif not self.topic.value().strip():
            self.record_button.disable_with_reason(_("Write the topic"))
        else:
            self.record_button.enable_with_label(
                n_("Record {minutes} min for {n} person", "Record {minutes} min for {n} people", n, minutes=minutes)
            )

    @property
    def has_unsaved_input(self) -> bool:
        """Whether somebody has ticked or typed anything that is not noted yet."""
        is_typed = any(field.edit.property("typed") for field in (self.minutes, self.topic))
        return bool(self._touched or self._is_open or is_typed)

    @property
    def ticked_staff_codes(self) -> list[str]:
        return [code for code, tick in self.ticks.items() if tick.isChecked()]

    def _typed_minutes(self) -> int | None:
        typed = half_width_text(self.minutes.value()).strip()
        return int(typed) if typed.isdecimal() and 1 <= int(typed) <= MOST_MIN else None

    # -- what is done ------------------------------------------------------------------------------------------------

    def _note_touched_tick(self) -> None:
        self._touched |= {code for code, tick in self.ticks.items() if tick is self.sender()}
        self._update_record_button()

    def _open_form(self) -> None:
        self._is_open = True
        self._show_form_or_button()

    def _emit_training_record_wanted(self) -> None:
        if (minutes := self._typed_minutes()) is not None:
            self.wanted.emit(minutes, self.topic.value().strip(), self.ticked_staff_codes)

    def _emit_undo_last_session(self) -> None:
        if self._sessions:
            self.back_wanted.emit(self._sessions[0]["training"])

    def reset_training_form(self) -> None:
        """Forget what was ticked and typed: it is noted."""
        self._touched, self._is_open = set(), False
        for field in (self.minutes, self.topic):
            field.edit.setProperty("typed", False)


def _training_session_text(one: ServiceDocument) -> str:
    n = len(one["attended"])
    people = n_("{n} person", "{n} people", n)
    return _("{minutes} min · {topic} · {people}", minutes=one["minutes"], topic=one["topic"] or "—", people=people)


def morning_page(controller: ManagerController, own: ControllerCache) -> MorningPage:
    return MorningPage(own(signing.BriefingAndTrainingController, controller.context))
