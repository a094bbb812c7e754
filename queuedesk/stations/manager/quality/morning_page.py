"""The morning: the briefing with who has read it, how the hall was signed open and closed, who is there and trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.improvement.project import Place as Standing
from queuedesk.core.quality.morning import CLOSING, OPENING, SHEETS
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.setup.rows import Setup, offered_languages
from queuedesk.i18n import _, listing, n_, named, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.inspection_words import here_words, is_late, versioned
from queuedesk.stations.checking.controller import Signing, items_to_sign, to_sign
from queuedesk.stations.checking.signing import SigningDialog
from queuedesk.stations.manager.improvement.made_standard import MadeStandard
from queuedesk.stations.manager.improvement.standards_controller import StandardsController
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.quality.morning_controller import MorningController, MorningPapers
from queuedesk.stations.manager.quality.morning_training import TrainingCard
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, FixedSize, GroundArea, keep_rows, put_beside, spread
from queuedesk.stations.widgets.questions.forms import DropDown, FormField
from queuedesk.stations.window.services import Document
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
        before: Document | None,
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
            FixedSize(self.look, edit, height=TEXT_HIGH)
        self.stock = DropDown(self.look)
        self.stock.share_width(30)
        self._points = list(stock)
        choices = {"": _("choose to add it")}
        choices |= {str(n): named(one["text"], one["text_en"]) for n, one in enumerate(stock, start=1)}
        self.stock.show_choice("", choices)
        self.stock.activated.connect(self._add)
        fields = {
            "points": FormField(self.look, _("Points", context="briefing"), edit=self.texts["points"]),
            "points_en": FormField(
                self.look, _("In English"), edit=self.texts["points_en"], hint=_("the same number of lines, or none")
            ),
            "stock": FormField(self.look, _("Used before"), edit=self.stock, has_line=False),
        }
        rows = [("points",), *([("points_en",)] if in_english else []), *([("stock",)] if stock else [])]
        self._has_both = in_english
        self.lay(fields, rows, removable=False)

    def first_field(self) -> QWidget:
        return self.texts["points"]

    def _add(self) -> None:
        """Add a point of the stock to both languages."""
        chosen = str(self.stock.currentData())
        if not chosen:
            return
        one, was = self._points[int(chosen) - 1], self._lines("points")
        in_english = self._lines("points_en")
        text = one["text"] if self._has_both else named(one["text"], one["text_en"])
        self.texts["points"].setPlainText("\n".join([*was, text]))
        if self._has_both and one["text_en"] and len(in_english) == len(was):
            self.texts["points_en"].setPlainText("\n".join([*in_english, one["text_en"]]))
        self.stock.setCurrentIndex(0)

    def _lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.texts[name].toPlainText().splitlines() if line.strip()]

    def typed(self) -> dict[str, Any] | None:
        points, in_english = self._lines("points"), self._lines("points_en")
        wrong = {}
        if not points:
            wrong["points"] = _("Write at least one point")
        if in_english and len(in_english) != len(points):
            wrong["points_en"] = n_("{n} line, as above", "{n} lines, as above", len(points))
        self.say_wrong(wrong)
        return None if wrong else {"points": points, "points_en": in_english}


class MorningPage(Page):
    """The briefing at the left, opening and people at the right, or below where there is little room. `place_wanted`
    leads to the project that something came from."""

    place_wanted = Signal(object)

    def __init__(self, controller: MorningController) -> None:
        self.controller = controller
        context, look = controller.context, controller.context.look
        page = PageSpec(
            title=lambda: _("Quality", context="page"),
            line=lambda: _("This morning"),
            acts=(
                Act(
                    text=self._sign_word,
                    do=self.ask_signature,
                    icon="check",
                    changes_hall=True,
                    offered=lambda: bool(to_sign(context)),
                ),
                Act(
                    text=self._write_word,
                    do=self.ask,
                    icon="book",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.may("briefing"),
                ),
            ),
        )
        super().__init__(look, page)
        self._dialog: BriefingForm | None = None
        self.points: list[Label] = []
        self.standards = StandardsController(context, self)
        self.made = {place: MadeStandard(look) for place in (Standing.BRIEFING, Standing.OPENING)}
        self._build(look)
        self.standards.changed.connect(self._show)
        for made in self.made.values():
            made.picked.connect(self.place_wanted)
        self.papers = MorningPapers(context, self)
        self.follow_papers(self.papers)
        controller.changed.connect(self._show)
        controller.written.connect(self._written)
        controller.trained.connect(self._trained)
        self.training.wanted.connect(controller.train)
        self.training.back_wanted.connect(controller.drop_training)
        controller.refused.connect(self._refuse)

    def _build(self, look: Look) -> None:
        self.titles = [Label(look, px=18, bold=True, wrap=True) for _n in range(3)]
        self.about = Label(look, px=15, token="ink2", wrap=True)
        self._lines = QVBoxLayout()
        spread(look, self._lines, spacing=6)
        people = TableSpec[Document](
            name=lambda: _("Who has read it"), columns=self._reader_columns, key=lambda one: one["staff"], row_height=36
        )
        here = TableSpec[Document](
            name=lambda: _("Who is there"),
            columns=self._here_columns,
            key=lambda one: one["staff"],
            row_height=36,
            wraps=True,
            rows_seen=(1, MOST_HERE),
        )
        self.training = TrainingCard(look)
        self.training.hide()
        self.readers, self.here = ListCard(look, people, "book"), ListCard(look, here, "people")
        self.signed = {what: Label(look, px=16, bold=True, wrap=True) for what in (OPENING, CLOSING)}
        self.lacking = {what: Label(look, px=15, token="ink2", wrap=True) for what in (OPENING, CLOSING)}
        self.checks = Label(look, px=15, token="amber", bold=True, wrap=True)
        self.print_button = TextButton(look, "", icon="print", height=44, px=16)
        self.print_button.clicked.connect(self._ask_paper)
        told, opened = Card(look), Card(look)
        column = QVBoxLayout(told)
        spread(look, column, (20, 14, 20, 16), 8)
        head = QHBoxLayout()
        spread(look, head, spacing=12)
        head.addWidget(self.titles[0], 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.print_button)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addLayout(self._lines)
        column.addWidget(self.made[Standing.BRIEFING])
        column = QVBoxLayout(opened)
        spread(look, column, (20, 14, 20, 16), 8)
        column.addWidget(self.titles[1])
        for what in (OPENING, CLOSING):
            column.addWidget(self.signed[what])
            column.addWidget(self.lacking[what])
        column.addWidget(self.checks)
        column.addWidget(self.made[Standing.OPENING])
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, parts in ((left, (told, self.readers)), (right, (opened, self.titles[2], self.here, self.training))):
            spread(look, side, spacing=12)
            for one in parts:
                side.addWidget(one)
            side.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._row, (0, 0, 8, 0), 16)
        self._row.addLayout(left, 1)
        self._row.addLayout(right, 1)
        self._inside = QWidget()
        self._inside.setLayout(self._row)
        self.area = GroundArea(self._inside)
        self.put(self.area, 1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _setup(self) -> Setup:
        return self.controller.context.feed.setup

    def _name(self, code: str) -> str:
        return staff_name(self._setup, code) or code

    def _sign_word(self) -> str:
        return _("Close the hall …") if to_sign(self.controller.context) == CLOSING else _("Open the hall …")

    def _write_word(self) -> str:
        found = self.controller.found
        return _("Correct the briefing") if found and found.briefing else _("Write the briefing")

    def _reader_columns(self) -> list[Column[Document]]:
        return [
            Column(
                title=_("Name", context="attendance"),
                text=lambda one: self._name(one["staff"]),
                bold=True,
                gives=True,
                grows=True,
            ),
            Column(
                title=_("Read", context="briefing"),
                text=lambda one: (
                    time_hm(datetime.fromisoformat(one["at"])) if one["at"] else _("not yet", context="briefing")
                ),
                icon=lambda one: "check" if one["at"] else "",
                token=lambda one: "press" if one["at"] else "ink2",
            ),
        ]

    def _here_columns(self) -> list[Column[Document]]:
        return [
            Column(
                title=_("Name", context="attendance"),
                text=lambda one: self._name(one["staff"]),
                bold=True,
            ),
            Column(
                title=_("Since when"),
                text=lambda one: here_words(one, rostered=bool(self._setup.roster)),
                gives=True,
                grows=True,
                least=150,
                icon=lambda one: "clock" if is_late(one) else "",
                token=lambda one: "amber" if is_late(one) else "ink",
            ),
        ]

    def retranslate(self) -> None:
        super().retranslate()
        for title, text in zip(
            self.titles, (_("Today's briefing"), _("Opening and closing"), _("Who is there")), strict=True
        ):
            title.setText(text)
        self.readers.say_empty(
            _("Nobody is asked to read it yet"), _("Once it is written, every staff station shows it.")
        )
        self.here.say_empty(_("Nobody was planned, and nobody was there."), _("The roster says who is to be there."))
        for one in (self.readers, self.here):
            one.table.retranslate()
        self.print_button.setText(_("Print or save"))
        if self.controller.found is None:
            self.controller.look()
        self._show()

    def refresh(self, _now: datetime) -> None:
        self.controller.look_again()
        self.standards.look()

    def _show(self) -> None:
        found = self.controller.found
        if found is None:
            return
        self._show_briefing(found.briefing)
        sheet = sheets_of(self._setup).get(SHEETS[OPENING])
        self._show_made(Standing.OPENING, [(one.text, one.text_en) for one in sheet.items] if sheet else [])
        for what in (OPENING, CLOSING):
            self._show_signed(what, found.opening[what])
        missing = len(found.opening["checks"]["missing"])
        text = n_("{n} check of equipment is missing", "{n} checks of equipment are missing", missing)
        self.checks.setText(text)
        self.checks.setVisible(bool(missing))
        self.here.show_rows(found.attendance["attendance"])
        for one in (self.readers, self.here):
            one.hug_rows()
            rows = len(one.table.rows.rows)
            one.setMinimumHeight(self._look.px(ROW_HIGH * (rows + 1.8)) if rows else self._look.px(EMPTY_HIGH))
        self.training.setVisible(self.controller.may("training") and self._setup.uses("staff"))
        day = self.controller.context.feed.day.isoformat()
        self.training.show_day(self._setup, day, found.attendance["attendance"], found.sessions)
        self.offer_acts()
        self._settle()

    def _show_briefing(self, one: Document | None) -> None:
        points: list[str] = []
        if one is None:
            self.about.setText(
                _("Nobody has written one today. A few points, read by everybody before the doors open.")
            )
        else:
            at = time_hm(datetime.fromisoformat(one["at"]))
            words = {"n": one["version"], "time": at, "name": self._name(one["by"])}
            self.about.setText(_("Version {n}, {time}, {name}", **words))
            in_english = one["points_en"] or [""] * len(one["points"])
            points = [named(text, text_en) for text, text_en in zip(one["points"], in_english, strict=False)]
        keep_rows(self.points, len(points), partial(Label, self._look, px=17, wrap=True), self._lines)
        for label, text in zip(self.points, points, strict=True):
            if self._lines.indexOf(label) < 0:
                self._lines.addWidget(label)
            label.setText(f"• {text}")
        self._show_made(Standing.BRIEFING, [(point, point) for point in points])
        rows = [*one["read"], *({"staff": code, "at": None} for code in one["unread"])] if one else []
        self.readers.show_rows(rows)

    def _show_made(self, place: Standing, texts: Sequence[tuple[str, str]]) -> None:
        """Show which of these came from projects."""
        both = ((named(*pair), row) for pair in texts for row in self.standards.at(place, pair))
        self.made[place].show_rows(list(both))

    def _show_signed(self, what: str, one: Document | None) -> None:
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
        words = {"time": time_hm(datetime.fromisoformat(one["at"])), "name": self._name(one["by"])}
        text = (
            _("Open, signed {time} by {name}", **words) if is_opening else _("Closed, signed {time} by {name}", **words)
        )
        signed.setText(text)
        parts = [versioned(named(one["name"], one["name_en"]), one["version"])]
        parts += [f"{one['temperature']} °C"] if one["temperature"] is not None else []
        parts += [f"{one['humidity']} %"] if one["humidity"] is not None else []
        n = one["lacking"]
        parts.append(n_("{n} item not in order", "{n} items not in order", n) if n else _("all in order"))
        lines = [" · ".join(parts)]
        for item in one["items"]:
            if item["state"] == "lacking":
                usual = [item["reasons"][place - 1] for place in item["why"]]
                why = [named(each["text"], each["text_en"]) for each in usual] + (
                    [item["words"]] if item["words"] else []
                )
                told = _("{item}: {why}", item=named(item["text"], item["text_en"]), why=listing(why))
                lines.append(f"• {told}")
        lacking.setText("\n".join(lines))

    # -- what is done ------------------------------------------------------------------------------------------------

    def _ask_paper(self) -> None:
        """Ask whether to print the morning's page or to save it."""
        send = ((_("Print now"), partial(self.papers.make, send=True)),) if self.papers.can_print else ()
        self.ask_ending(self.print_button, ("pdf",), lambda _ending: self.papers.make(send=False), *send)

    def ask(self) -> None:
        """Ask for the briefing's points."""
        found = self.controller.found
        before, stock = (found.briefing, found.stock) if found is not None else (None, ())
        self._dialog = BriefingForm(
            self.host,
            self._look,
            before,
            stock,
            in_english=len(offered_languages(self.controller.context.feed.setup)) > 1,
        )
        self._dialog.wanted.connect(lambda said: self.controller.write(**said))
        self._dialog.destroyed.connect(self._forget)
        self._dialog.open_dialog()

    def ask_signature(self) -> None:
        """Let the person here sign the hall open, or closed once it is."""
        context = self.controller.context
        if what := to_sign(context):
            dialog = SigningDialog(self.host, self._look, Signing(context, self), what, items_to_sign(context, what))
            dialog.done.connect(self.controller.look)
            dialog.open_dialog()

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self.papers.stop()

    def left_as(self) -> tuple[()] | None:
        return None if self._dialog is not None or self.training.is_used else ()

    def take_up(self, left: tuple[()]) -> None:
        """What is shown was read by its controller."""

    def _forget(self) -> None:
        self._dialog = None

    def _written(self, document: Document) -> None:
        if self._dialog is not None:
            self._dialog.close_dialog()
        n = len(document["unread"])
        self.said.emit(n_("The briefing goes to {n} person", "The briefing goes to {n} people", n), "book")

    def _trained(self, document: Document) -> None:
        self.training.close_form()
        n = len(document["attended"])
        if document["dropped"]:
            self.said.emit(_("The session is removed"), "undo")
        else:
            words = {"minutes": document["minutes"]}
            self.said.emit(
                n_("{minutes} min noted for {n} person", "{minutes} min noted for {n} people", n, **words), "check"
            )

    def _refuse(self, _what: str, trouble: QueueDeskError) -> None:
        if self._dialog is not None:
            self._dialog.show_trouble(trouble)
        else:
            self.warn(trouble)

    # -- where there is little room ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        put_beside(self.width() >= self._look.wide(NARROW_UNDER) - self._look.wide(220), self._row)
        self._settle()

    def _settle(self) -> None:
        """Be as high as all parts need: a scrolled area takes wrapped lines for one."""
        self._row.activate()
        self._inside.setMinimumHeight(self._row.totalHeightForWidth(self.area.viewport().width()))
