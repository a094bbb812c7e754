"""Pushes the hall's set-up to others: which halls, what changes in each, when, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.network.roles import Actor
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.halls import rules, words
from queuedesk.features.halls import verbs as pushing
from queuedesk.i18n import _, date_short, list_text, n_, name_in_language
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PaintedButton, TextButton
from queuedesk.stations.widgets.lists.tiles import TabRow, TickBox, paint_check_box
from queuedesk.stations.widgets.paint import Painter, width_of_text
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.day_dialog import open_day_picker_dialog
from queuedesk.stations.window.style import Look

# -- in a period -------------------------------------------------------------------------------------------------------


# -- pushing -----------------------------------------------------------------------------------------------------------


def is_push_taken_or_due(row: Document) -> bool:
    """Whether a push stands or waits in a hall, by its row of documents_of_pushes_already_sent()."""
    return row["became"] in (rules.TAKEN, rules.DUE)


class SetupPushController(SingleCommandRunner):
    """Reads what a push would change, pushes and takes back. `shown` says that `rows` or ticks are others, `pushed`
    gives what became of a push, `undone` what of its way back.

    `last` is the newest push from here that stands or waits somewhere, as documents_of_pushes_already_sent() has it."""

    shown = Signal()
    pushed = Signal(object)
    undone = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.sections: tuple[str, ...] = (rules.WORDS,)
        self.when = rules.QUIET
        self.until: date | None = None
        self.rows: Sequence[rules.HallPushPreview] = ()
        self.ticked: set[str] = set()
        self.last: Document | None = None

    def set_section_chosen(self, section: str, on: bool) -> None:
        """Push a section, or not."""
        chosen = {*self.sections, section} if on else {*self.sections} - {section}
        self.sections = tuple(one for one in rules.SECTIONS if one in chosen)
        self.read()

    def read(self) -> None:
        """Read anew what it would change."""
        context = self.context
        if context.who is None:
            return
        work = partial(self._read_preview_and_last_push, context.who, self.sections)
        context.tasks.run_in_long_work_lane(
            work, self._store_preview_and_tick, partial(self.refused.emit, "read"), may_drop=True
        )

    @contextmanager
    def _open_desk_as_database_owner(self) -> Iterator[Desk]:
        """Give the hall as the database's owner opens it, where that is here: a PC's own login writes in no other
        hall."""
        context = self.context
        if context.services.owners_database is None:
            yield context.desk
        else:
            with context.services.owners_database() as db:
                yield replace(context.desk, db=db)

    def _read_preview_and_last_push(
        self, who: Actor, sections: Sequence[str]
    ) -> tuple[Sequence[rules.HallPushPreview], Document | None]:
        with self._open_desk_as_database_owner() as owners:
            rows = pushing.preview_push(owners, who, sections, self.context.clock()) if sections else ()
            sent = pushing.documents_of_pushes_already_sent(owners, who)
        return rows, next((one for one in sent if any(map(is_push_taken_or_due, one["halls"]))), None)

    def _store_preview_and_tick(self, found: tuple[Sequence[rules.HallPushPreview], Document | None]) -> None:
        rows, self.last = found
        self.rows = rows
        self.ticked = {one.code for one in rows if one.is_ticked_by_default}
        self.shown.emit()

    def is_last_push_active_in(self, code: str) -> bool:
        """Whether the last push stands or waits in a hall."""
        return self.last is not None and any(
            row["hall"] == code and is_push_taken_or_due(row) for row in self.last["halls"]
        )

    def tick_or_untick_halls(self, codes: Sequence[str], on: bool) -> None:
        """Tick halls, or not."""
        self.ticked = self.ticked | set(codes) if on else self.ticked - set(codes)
        self.shown.emit()

    def push_to_halls(self) -> None:
        """Push to the halls that are ticked."""
        if self.context.who is not None and self.ticked:
            ask = self.context.new_ask()
            work = partial(self._push_as_owner, ask, self.sections, sorted(self.ticked), self.when, self.until)
            self.start_unless_busy("push", work, self._on_pushed, is_long=True)

    def _push_as_owner(
        self, ask: Ask, sections: Sequence[str], to: Sequence[str], when: str, until: date | None
    ) -> Document:
        with self._open_desk_as_database_owner() as owners:
            return pushing.push_setup_sections(owners, ask, sections, to=to, when=when, until=until)

    def _on_pushed(self, done: Document) -> None:
        self.pushed.emit(done)
        self.read()

    def undo_last_push(self, hall: str | None = None) -> None:
        """Take the last push back in every hall, or in one."""
        if self.context.who is not None and self.last is not None:
            work = partial(self._undo_push_as_owner, self.context.new_ask(), self.last["n"], hall)
            self.start_unless_busy("undo", work, self._on_push_undone, is_long=True)

    def _undo_push_as_owner(self, ask: Ask, n: int, hall: str | None) -> Document:
        with self._open_desk_as_database_owner() as owners:
            return pushing.undo_push(owners, ask, n, hall)

    def _on_push_undone(self, done: Document) -> None:
        self.undone.emit(done)
        self.read()


NONE, SOME, ALL = 0, 1, 2
A_DAY, MOST_AHEAD = "day", timedelta(days=366)
ROW, TICK, INDENT, PAD, BESIDE_FROM, LEAST_HIGH = 46, 24, 28, 12, 860, 110
RIGHT = Qt.AlignmentFlag.AlignRight


# -- the halls ---------------------------------------------------------------------------------------------------------


class PushTargetRowText(Struct, frozen=True, kw_only=True):
    """A row of the list: a region, or a hall inside it. `tick` is None where there is nothing to tick."""

    key: str
    name: str
    note: str
    word: str
    token: str
    tick: int | None
    is_region: bool = False

    @property
    def spoken_text(self) -> str:
        ticked = {NONE: _("not ticked"), SOME: _("partly ticked"), ALL: _("ticked")}
        said = ticked[self.tick] if self.tick is not None else ""
        return list_text([part for part in (self.name, said, self.note, self.word) if part])


class PushTargetRow(PaintedButton):
    """One region or hall: Space ticks, Enter or a press beside the tick opens it."""

    ticked = Signal()

    def __init__(self, look: Look, said: PushTargetRowText) -> None:
        super().__init__(look)
        self.said = said
        self.is_chosen = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_row(said)

    def set_row(self, said: PushTargetRowText) -> None:
        self.said = said
        self.setAccessibleName(said.spoken_text)
        self.setToolTip(said.spoken_text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(360), self.look.px(ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.look.px(ROW))

    def _text_left_px(self) -> int:
        return self.look.px(PAD + (0 if self.said.is_region else INDENT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if self.said.tick is not None:
                self.ticked.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.said.tick is not None and event.position().x() < self._text_left_px() + self.look.px(TICK + PAD):
            self.setDown(False)
            self.ticked.emit()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.said
        high, left, side = self.height() - 1, self._text_left_px(), look.px(TICK)
        if self.is_chosen:
            painter.draw_box(QRectF(0, 0, self.width(), high), 8, "soft", edge="primary", width=2)
        elif self.underMouse():
            painter.draw_box(QRectF(0, 0, self.width(), high), 8, "paper")
        if said.tick is not None:
            place = QRectF(left, round((high - side) / 2), side, side)
            paint_check_box(painter, place, said.tick == ALL)
            if said.tick == SOME:
                painter.draw_box(QRectF(place.left() + side / 4, place.center().y() - 1, side / 2, 3), 1, "primary")
        x, end = left + side + look.px(PAD), self.width() - look.px(PAD)
        state = look.font(15, bold=said.token == "amber")
        font = look.font(17, bold=said.is_region)
        beside_name = end - x - width_of_text(font, said.name) - look.px(PAD)
        wide = min(width_of_text(state, said.word), max((end - x) * 0.66, beside_name))
        painter.draw_words_and_give_end_x(said.word, state, said.token, QRectF(end - wide, 0, wide, high), RIGHT)
        room = end - wide - look.px(PAD) - x
        painter.draw_words_and_give_end_x(said.name, font, "ink", QRectF(x, 0, room, high))
        behind = x + width_of_text(font, said.name) + look.px(PAD)
        note = look.font(15)
        if said.note and behind + width_of_text(note, said.note) <= x + room:
            painter.draw_words_and_give_end_x(said.note, note, "ink2", QRectF(behind, 0, x + room - behind, high))
        painter.draw_divider(QPointF(0, high), QPointF(self.width(), high))


class _StruckOutLabel(panels.Label):
    """What stands there now and goes."""

    def _font(self) -> Any:
        font = super()._font()
        font.setStrikeOut(True)
        return font


class SetupPushPage(ManagerPage):
    """Halls by region at the left; what changes in the chosen one, when, and the way back at the right."""

    def __init__(self, controller: SetupPushController, tabs: TabRow, parent: QWidget | None = None) -> None:
        self.controller, look = controller, controller.context.look
        push = PageAct(
            text=self._push_button_label,
            do=controller.push_to_halls,
            icon="arrow-right",
            is_main=True,
            changes_hall=True,
        )
        super().__init__(look, PageSpec(title=lambda: _("Set-up for several halls"), acts=(push,), foot=0), parent)
        self.boxes = {one: TickBox(look, words.setup_section_name(one), px=15) for one in rules.SECTIONS}
        for one, box in self.boxes.items():
            box.setChecked(one in controller.sections)
            box.toggled.connect(partial(controller.set_section_chosen, one))
        self.add_tools(tabs, *self.boxes.values())
        self._opened: set[str] = set()
        self._chosen = ""
        self.rows: dict[str, PushTargetRow] = {}
        self._lines: list[QWidget] = []
        self._lay_out_widgets(look)
        controller.shown.connect(self._show_halls_and_push)
        controller.refused.connect(self.show_act_warning)
        controller.pushed.connect(self._say_push_result)
        controller.undone.connect(self._announce_push_undo_result)
        self._show_push_dates()
        self._show_halls_and_push()

    def _lay_out_widgets(self, look: Look) -> None:
        self.list_title, self.list_foot = (
            panels.Label(look, px=18, bold=True, wrap=True),
            panels.Label(look, token="ink2", wrap=True),
        )
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        left = self._new_card(look, self.list_title)
        self._areas = panels.VerticalScrollArea(inner), panels.VerticalScrollArea(changes := QWidget())
        left[1].addWidget(self._areas[0], 1)
        left[1].addWidget(self.list_foot)
        self.title, self.second = (
            panels.Label(look, px=18, bold=True, wrap=True),
            panels.Label(look, token="ink2", wrap=True),
        )
        self._changes = QVBoxLayout(changes)
        panels.set_scaled_margins(look, self._changes, (0, 0, 8, 0), 4)
        self._changes.addStretch(1)
        there = self._new_card(look, self.title, self.second)
        there[1].addWidget(self._areas[1], 1)
        self.when_title = panels.Label(look, _("When, and how to take it back"), px=18, bold=True, wrap=True)
        about = _(
            "A hall takes it outside opening hours, when no window is open and nobody waits. What it had before is kept as a version; taking it back leaves alone what has been changed there since."
        )
        self.when_text = panels.Label(look, about, px=14, token="ink2", wrap=True)
        self.when = TabRow(look)
        self.when.setAccessibleName(_("When", context="push"))
        self.when.picked.connect(self._choose_push_time)
        self.end_button = TextButton(look, "", icon="calendar", height=44, px=16)
        self.end_button.clicked.connect(self._ask_push_end_date)
        self.last_line = panels.Label(look, px=15, wrap=True)
        self.back_button = TextButton(look, _("Take it back everywhere"), icon="undo", height=44, px=16)
        self.back_button.clicked.connect(self._undo_last_push)
        self.back_here_button = TextButton(look, "", icon="undo", height=44, px=16)
        self.back_here_button.clicked.connect(self._undo_push_in_chosen_hall)
        backs = QHBoxLayout()
        panels.set_scaled_margins(look, backs, spacing=12)
        for button in (self.back_button, self.back_here_button):
            backs.addWidget(button)
        backs.addStretch(1)
        when = self._new_card(look, self.when_title, self.when, self.end_button, self.when_text, self.last_line)
        when[1].setAlignment(self.end_button, Qt.AlignmentFlag.AlignLeft)
        when[1].addLayout(backs)
        right = QVBoxLayout()
        panels.set_scaled_margins(look, right, (0, 0, 0, 0), 12)
        right.addWidget(there[0], 1)
        right.addWidget(when[0])
        self._beside = QHBoxLayout()
        panels.set_scaled_margins(look, self._beside, (0, 0, 0, 0), 12)
        self._beside.addWidget(left[0], 5)
        self._beside.addLayout(right, 6)
        self.body = panels.ScrolledBody(look)
        self.body.stack.addLayout(self._beside, 1)
        self.add_part(self.body, 1, inset=False)

    def _new_card(self, look: Look, *parts: QWidget) -> tuple[panels.Card, QVBoxLayout]:
        card = panels.Card(look)
        column = QVBoxLayout(card)
        panels.set_scaled_margins(look, column, (18, 14, 18, 14), 8)
        for part in parts:
            column.addWidget(part)
        return card, column

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._beside)
        for area in self._areas:
            area.setMinimumHeight(self._look.px(LEAST_HIGH))

    # -- words ---------------------------------------------------------------------------------------------------------

    def _push_button_label(self) -> str:
        n = len(self.controller.ticked)
        return n_("Push to {n} hall", "Push to {n} halls", n)

    def refresh(self) -> None:
        """Read it anew."""
        self.controller.read()

    # -- when ----------------------------------------------------------------------------------------------------------

    def _show_push_dates(self) -> None:
        when, until = self.controller.when, self.controller.until
        on = date.fromisoformat(when) if when not in (rules.QUIET, rules.AT_ONCE) else None
        a_day = _("On a day …") if on is None else _("From {date} on", date=date_short(on), context="push")
        self.when.set_tabs([(rules.QUIET, _("When nobody is there")), (rules.AT_ONCE, _("At once")), (A_DAY, a_day)])
        self.when.select_without_signal(A_DAY if on is not None else when)
        self.end_button.setText(
            _("No end date; set one …")
            if until is None
            else _("Until {date}, then back by itself", date=date_short(until), context="push")
        )

    def _choose_push_time(self, key: str) -> None:
        if key == A_DAY:
            self._ask_day(self._set_push_start_date)
        else:
            self.controller.when = key
        self._show_push_dates()

    def _ask_day(self, take: Callable[[date], object], first: date | None = None) -> None:
        """Ask for a date to come."""
        first = first or self.controller.context.feed.business_date + timedelta(days=1)
        open_day_picker_dialog(self.window(), self._look, take, chosen=first, first=first, last=first + MOST_AHEAD)

    def _set_push_start_date(self, day: date) -> None:
        controller = self.controller
        controller.when = day.isoformat()
        if controller.until is not None and controller.until < day:
            controller.until = None
        self._show_push_dates()

    def _ask_push_end_date(self) -> None:
        when = self.controller.when
        first = date.fromisoformat(when) if when not in (rules.QUIET, rules.AT_ONCE) else None
        if self.controller.until is None:
            self._ask_day(self._set_push_end_date, first)
            return
        another = _("Another day …"), partial(self._ask_day, self._set_push_end_date, first)
        self.open_menu(self.end_button, [another, (_("No end"), partial(self._set_push_end_date, None))])

    def _set_push_end_date(self, day: date | None) -> None:
        self.controller.until = day
        self._show_push_dates()

    def _undo_last_push(self) -> None:
        self.controller.undo_last_push()

    def _undo_push_in_chosen_hall(self) -> None:
        self.controller.undo_last_push(self._chosen)

    def _say_push_result(self, done: Mapping[str, Any]) -> None:
        self.said.emit(_push_result_text(done), "check")

    def _announce_push_undo_result(self, done: Mapping[str, Any]) -> None:
        self.said.emit(_push_result_text(done), "undo")

    # -- the list ------------------------------------------------------------------------------------------------------

    def _show_halls_and_push(self) -> None:
        controller = self.controller
        self.banner.hide()
        self.refresh_act_buttons()
        self.buttons[0].setEnabled(bool(controller.ticked) and not controller.busy)
        self._show_last_push()
        others = [one for one in controller.rows if not one.is_source]
        n = len(controller.ticked)
        self.list_title.setText(_("To which halls? {n} ticked, {left} not", n=n, left=len(others) - n))
        own = sum(one.time_of_last_own_change is not None for one in others)
        foot = n_(
            "What a hall changed itself is never overwritten unless you choose to: {n} hall is left unticked.",
            "What a hall changed itself is never overwritten unless you choose to: {n} halls are left unticked.",
            own,
        )
        self.list_foot.setText(foot if others else _("No hall allows you to push set-up to it."))
        if not any(one.code == self._chosen for one in others):
            first = next(
                (one for one in others if one.time_of_last_own_change), next((one for one in others if one.found), None)
            )
            self._chosen = first.code if first else ""
        texts = self._region_and_hall_texts()
        if [one.key for one in texts] != list(self.rows):
            self._replace_target_rows(texts)
        for text in texts:
            row = self.rows[text.key]
            row.is_chosen = text.key == f"hall {self._chosen}"
            row.set_row(text)
        self._show_hall(next((one for one in others if one.code == self._chosen), None))

    def _show_last_push(self) -> None:
        """Show the last push, with the way back from it."""
        last = self.controller.last
        self.last_line.setVisible(last is not None)
        self.back_button.setVisible(last is not None)
        if last is not None:
            self.last_line.setText(words.last_push_text(last, datetime.fromisoformat(last["at"])))

    def _replace_target_rows(self, texts: Sequence[PushTargetRowText]) -> None:
        held = next((key for key, row in self.rows.items() if row.hasFocus()), "")
        panels.remove_and_delete_widgets(self.rows.values())
        self.rows = {}
        for at, text in enumerate(texts):
            row = PushTargetRow(self._look, text)
            row.clicked.connect(partial(self._toggle_region_or_choose_hall, text.key))
            row.ticked.connect(partial(self._toggle_ticks, text.key))
            self._list.insertWidget(at, row)
            self.rows[text.key] = row
        if held in self.rows:
            self.rows[held].setFocus()

    def _region_and_hall_texts(self) -> list[PushTargetRowText]:
        found: list[PushTargetRowText] = []
        controller = self.controller
        for region in sorted({one.region for one in controller.rows}):
            halls = [one for one in controller.rows if one.region == region]
            able = [one for one in halls if one.found]
            n = sum(one.code in controller.ticked for one in able)
            tick = None if not able else ALL if n == len(able) else SOME if n else NONE
            found.append(
                PushTargetRowText(
                    key=f"region {region}",
                    name=region or _("Halls without a region"),
                    note=n_("{n} hall", "{n} halls", len(halls)),
                    word=n_("{n} takes it", "{n} take it", n),
                    token="ink2",
                    tick=tick,
                    is_region=True,
                )
            )
            found += [
                self._push_target_row_text(one)
                for one in halls
                if region in self._opened or _is_hall_listed_separately(one)
            ]
        return found

    def _push_target_row_text(self, one: rules.HallPushPreview) -> PushTargetRowText:
        setup = self.controller.context.feed.setup
        parts = words.push_preview_parts(one, setup)
        differs = one.time_of_last_own_change is not None or one.refused is not None
        word = _("Differs") if differs else _("When it is back") if one.silent_since and one.found else parts[0]
        note = list_text([part for part in parts if part != word])
        if one.time_of_last_own_change is not None:
            note = _(
                "its own since {date}", date=date_short(setup.to_hall_time(one.time_of_last_own_change)), context="push"
            )
        tick = None if one.is_source or not one.found else ALL if one.code in self.controller.ticked else NONE
        return PushTargetRowText(
            key=f"hall {one.code}",
            name=name_in_language(one.name, one.name_en),
            note=note,
            word=word,
            token="amber" if differs or (one.silent_since and one.found) else "ink2",
            tick=tick,
        )

    def _toggle_region_or_choose_hall(self, key: str) -> None:
        kind, _blank, which = key.partition(" ")
        if kind == "region":
            self._opened ^= {which}
        else:
            self._chosen = which
        self._show_halls_and_push()

    def _toggle_ticks(self, key: str) -> None:
        kind, _blank, which = key.partition(" ")
        able = [one for one in self.controller.rows if one.found]
        codes = [one.code for one in able if (one.region == which if kind == "region" else one.code == which)]
        if kind == "region":
            # A whole region takes what its halls take by themselves: their own words are ticked one by one.
            on = not any(code in self.controller.ticked for code in codes)
            codes = [one.code for one in able if one.code in codes and (not on or one.is_ticked_by_default)]
        else:
            on = which not in self.controller.ticked
            self._chosen = which
        self.controller.tick_or_untick_halls(codes, on)

    # -- the chosen hall -----------------------------------------------------------------------------------------------

    def _show_hall(self, one: rules.HallPushPreview | None) -> None:
        panels.remove_and_delete_widgets(self._lines)
        self._lines = []
        self.back_here_button.setVisible(one is not None and self.controller.is_last_push_active_in(one.code))
        if one is None:
            self.title.setText(_("What changes there"))
            self.second.setText(_("Nothing would change anywhere."))
            return
        setup = self.controller.context.feed.setup
        name = name_in_language(one.name, one.name_en)
        self.back_here_button.setText(_("Only at {hall}", hall=name, context="push"))
        self.title.setText(_("What changes at {hall}", hall=name))
        self.second.setText(list_text(words.push_preview_parts(one, setup)))
        for at, each in enumerate(one.found):
            self._lines.append(self._new_difference_widget(each))
            self._changes.insertWidget(at, self._lines[-1])

    def _new_difference_widget(self, one: rules.SetupFieldDifference) -> QWidget:
        look, setup = self._look, self.controller.context.feed.setup
        row = QWidget()
        column = QVBoxLayout(row)
        panels.set_scaled_margins(look, column, (0, 4, 0, 0), 2)
        column.addWidget(panels.Label(look, words.difference_subject_text(one, setup), px=14, token="ink2", wrap=True))
        beside = QHBoxLayout()
        panels.set_scaled_margins(look, beside, (0, 0, 0, 4), 12)
        beside.addWidget(_StruckOutLabel(look, words.setup_value_words(one.now), px=16, token="ink2", wrap=True), 1)
        beside.addWidget(panels.Label(look, words.setup_value_words(one.then), px=16, bold=True, wrap=True), 1)
        column.addLayout(beside)
        if one.is_changed_by_hall_itself:
            column.addWidget(
                panels.Label(look, words.last_changed_by_words(one, setup), px=14, token="amber", wrap=True)
            )
        column.addWidget(panels.DividerLine(look))
        row.setAccessibleName(words.setup_difference_line(one, setup))
        return row


def _is_hall_listed_separately(one: rules.HallPushPreview) -> bool:
    """Whether a hall stands in the list by itself: it differs, is away, or has nothing to take."""
    return one.is_source or not one.found or not one.is_ticked_by_default or one.silent_since is not None


def _push_result_text(done: Mapping[str, Any]) -> str:
    counts: dict[str, int] = {}
    for row in done["halls"]:
        counts[row["became"]] = counts.get(row["became"], 0) + 1
    return list_text([f"{words.hall_push_outcome_word(became)} {n}" for became, n in counts.items()])
