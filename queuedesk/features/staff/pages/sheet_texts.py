"""The pages of sheets in words, and their parts: the strip of a figure, notes, and the questions about the scheme
and a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core import appraisal as appraisals
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.setup.field_kinds import fields_of_row_class
from queuedesk.core.setup.rows import Setup
from queuedesk.features.staff import words
from queuedesk.features.staff.rules import person_sheet as sheets
from queuedesk.features.staff.words import disputed_item_word
from queuedesk.i18n import _, error_sentence, list_text, n_
from queuedesk.i18n.figures.figure_titles import figure_meaning
from queuedesk.i18n.moments import date_short, month_and_year
from queuedesk.i18n.names import UNKNOWN, decimal_text, item_name, service_name, staff_name
from queuedesk.stations.manager.parts.inputs import TextArea
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import XXL, Look, S

WEIGHED, SHEET_PRAISE, SHEET_FAULTS = "weighed", "praise", "faults"
"""The rows below the items."""


class PersonSheetData(Struct, frozen=True):
    """What was read of a month, and for whom it is shown."""

    month: sheets.MonthSheets
    staff: str

    @property
    def sheet(self) -> sheets.PersonSheet:
        return self.month.team.sheets[self.staff]


class SheetRow(Struct, frozen=True, kw_only=True):
    """A row of the sheet. `chip` is what can be said, with its `token` and `icon`; a row that `opens` has rows behind
    it."""

    code: str
    name: str
    weight: str = ""
    own: str = ""
    counted: str = ""
    hall: str = ""
    chip: str = ""
    token: str = "ink2"
    icon: str = ""
    points: str = ""
    under: str = ""
    opens: bool = False


class DrilldownRow(Struct, frozen=True, kw_only=True):
    """A row behind a figure. `ticket` or `case` is where it leads, if anywhere; `row` is its name where it can be
    disputed, `dispute` what was said of it last. One that was excluded only `since` the month was closed still counts.
    """

    key: str
    when: str
    what: str
    figure: str = ""
    token: str = "ink"
    day: date | None = None
    ticket: str = ""
    case: str = ""
    row: str = ""
    dispute: appraisals.SheetDispute | None = None
    since: bool = False

    @property
    def is_excluded(self) -> bool:
        return self.dispute is not None and self.dispute.decision_state == appraisals.EXCLUDED and not self.since

    @property
    def is_waiting(self) -> bool:
        return self.dispute is not None and self.dispute.decision_state == appraisals.WAITING


# What a chip looks like; a word stands beside every colour. Worse and certain is amber, never red: nobody is accused.
_LOOKS = {
    sheets.BETTER: ("primary", "check"),
    sheets.MET: ("primary", "check"),
    sheets.WORSE: ("amber", "warning"),
    sheets.NOT_MET: ("amber", "warning"),
    sheets.TOO_FEW: ("amber", "info"),
    sheets.CANNOT_TELL: ("ink2", "info"),
}


def month_and_scheme_text(found: PersonSheetData) -> str:
    """Return which month it is, by which scheme."""
    month = month_and_year(found.month.first)
    if not found.month.is_over:
        month = _("{month}, so far", month=month)
    stood = words.scheme_version_text(found.month.stood.number, found.month.stood.since)
    return f"{month} · {stood}"


def closed_version_line(setup: Setup, found: PersonSheetData) -> str:
    """Return in which version a month was closed, and what was excluded since; "" of one that was never closed."""
    said = words.closed_version_text(setup, found.month), words.later_exclusions_text(found.month, found.staff)
    text = " · ".join(part for part in said if part)
    return text[:1].upper() + text[1:]


def sheet_rows(found: PersonSheetData) -> list[SheetRow]:
    """Return the table: the items, their sum, praise and faults."""
    sheet = found.sheet
    rows = [_item_row(sheet, item) for item in sheet.items]
    sum_ = f"{decimal_text(sheet.by_weight)} / 100" if sheet.is_judged else UNKNOWN
    known, left_out = words.judged_weight_text(sheet), ""
    if known:
        left_out = _("Where data is missing, too little or no more than chance, the weight goes to the others.")
    rows.append(SheetRow(code=WEIGHED, name=_("By weight"), weight="100 %", counted=known, points=sum_, under=left_out))
    scheme = found.month.stood.scheme
    praise, faults = decimal_text(sheet.praise_points), decimal_text(sheet.fault_points)
    rows.append(
        SheetRow(
            code=SHEET_PRAISE,
            name=_("Praise, at most {points}", points=f"{scheme.praise_cap:g}"),
            own=f"{len(sheet.praise)}",
            points=f"+{praise}",
            under=_("thanks of customers"),
            opens=bool(sheet.praise),
        )
    )
    rows.append(
        SheetRow(
            code=SHEET_FAULTS,
            name=_("Faults, at most −{points}", points=f"{scheme.fault_cap:g}"),
            own=f"{len(sheet.faults)}",
            points=f"−{faults}" if sheet.fault_points else faults,
            under=_("findings not put right in time"),
            opens=bool(sheet.faults),
        )
    )
    return rows


def _item_row(sheet: sheets.PersonSheet, item: sheets.SheetItemResult) -> SheetRow:
    token, icon = _LOOKS.get(item.verdict or "", ("ink2", ""))
    return SheetRow(
        code=item.code,
        name=words.item_word(item.code),
        weight=f"{item.weight} %",
        own=words.own_figure_text(item),
        counted=words.item_row_count_text(item),
        hall=words.others_figure_text(item) or UNKNOWN,
        chip=words.item_verdict_text(item) if item.value is not None else "",
        token=token,
        icon=icon,
        points=f"{decimal_text(item.points)} / {item.weight}" if item.points is not None else UNKNOWN,
        under=_text_under_item(sheet, item),
        opens=has_rows_behind(item),
    )


def _text_under_item(sheet: sheets.PersonSheet, item: sheets.SheetItemResult) -> str:
    if item.value is None:
        return words.missing_figure_reason(item.why or "")
    return words.not_counted_reason(item) or words.item_figure_basis_text(sheet, item)


def has_rows_behind(item: sheets.SheetItemResult) -> bool:
    """Whether there are rows behind an item: of calls also those in order."""
    return bool(item.rows or item.apart or (item.code == appraisals.ORDER and item.of))


def sheet_row_spoken(row: SheetRow) -> str:
    """Return a row in one sentence."""
    parts = [row.name, row.weight, row.own, row.counted, row.chip, row.points, row.under]
    return list_text([part for part in (*parts, _("opens rows") if row.opens else "") if part])


# -- the rows behind a figure ------------------------------------------------------------------------------------------


def drilldown_title(found: PersonSheetData, code: str) -> str:
    """Return what the rows of a figure are."""
    sheet = found.sheet
    if code == SHEET_PRAISE:
        return _("Praise: {n}", n=len(sheet.praise))
    if code == SHEET_FAULTS:
        return _("Faults: {n}", n=len(sheet.faults))
    item = sheet.result_for_item(code)
    name = words.item_word(code)
    if code == appraisals.SATISFACTION:
        return _("{item}: {n} not satisfied", item=name, n=item.of - item.n)
    return _("{item}: {figure}", item=name, figure=words.own_figure_text(item))


def explanation_of_sheet_figure(found: PersonSheetData, code: str) -> str:
    """Return what a figure means and how it is worked out."""
    if code in (SHEET_PRAISE, SHEET_FAULTS):
        return ""
    item = found.sheet.result_for_item(code)
    between = words.item_interval_text(item)
    parts = [words.item_row_count_text(item), _("95 % interval {range}", range=between) if between else ""]
    if item.value is not None and (item.code != appraisals.SATISFACTION or item.apart):
        parts.append(words.item_figure_basis_text(found.sheet, item))
    worked = words.points_formula(item, found.month.stood.scheme.weighting_of_item(code))
    counted = " · ".join(part for part in parts if part)
    return "\n".join(part for part in (figure_meaning(code), counted, worked) if part)


def drilldown_rows(setup: Setup, found: PersonSheetData, code: str) -> list[DrilldownRow]:
    """Return the rows that a figure counts, those that weigh on it first, before them what is disputed or was excluded;
    last what was left out of it."""
    month = found.month
    asked = (*month.rows.disputes, *month.later)
    last = {one.disputed_row_name: one for one in asked if (one.staff, one.item) == (found.staff, code)}
    rows = [_row_with_dispute_mark(row, last.get(row.row), month) for row in _BEHIND[code](setup, found)]
    return sorted(rows, key=lambda row: not (row.is_waiting or row.is_excluded or row.since))


def _row_with_dispute_mark(
    row: DrilldownRow, last: appraisals.SheetDispute | None, month: sheets.MonthSheets
) -> DrilldownRow:
    if last is None:
        return row
    said = replace(row, dispute=last, since=last in month.later)
    if said.since:
        return replace(said, figure=_("Excluded since", context="sheet"), token="violet")
    if said.is_excluded:
        return replace(said, figure=_("Excluded", context="sheet"), token="violet")
    return replace(said, figure=_("Waits", context="sheet"), token="amber") if said.is_waiting else said


def dispute_history_text_of_row(setup: Setup, found: PersonSheetData, row: DrilldownRow) -> str:
    """Return what was said of a disputed row, "" of others."""
    if row.dispute is None:
        return ""
    said = words.dispute_history_text(setup, row.dispute, found.month.notes)
    return f"{row.ticket or row.case or row.when} · {said}"


def row_words(row: DrilldownRow, item: str) -> str:
    """Return in one line which row it is."""
    return " · ".join(part for part in (item, row.ticket or row.case, row.when, row.what) if part)


def _rating_rows(setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    own = [one for one in found.month.rows.ratings if one.staff == found.staff]
    for one in sorted(own, key=lambda each: (not each.counts, each.satisfied)):
        said = _("Satisfied", context="sheet") if one.satisfied else _("Not satisfied", context="sheet")
        yield DrilldownRow(
            key=f"{one.day} {one.label}",
            row=sheets.ticket_row_name(one.day, one.label),
            when=date_short(one.day),
            what=service_name(setup, one.service),
            figure=said if one.counts else _("Excluded", context="sheet"),
            token="violet" if not one.counts else "ink" if one.satisfied else "amber",
            day=one.day,
            ticket=one.label,
        )


def _visit_rows(setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    own = [(n, one) for n, one in enumerate(found.month.rows.handled) if one.staff == found.staff]
    for n, one in sorted(own, key=lambda each: (each[1].minutes is None, -(each[1].minutes or 0))):
        name = item_name(setup, one.service, one.item) if one.item else service_name(setup, one.service)
        out = (
            _("without {minutes} min of waiting for systems", minutes=decimal_text(one.stalled)) if one.stalled else ""
        )
        yield DrilldownRow(
            key=f"{one.day} {one.label} {n}",
            row=sheets.ticket_row_name(one.day, one.label),
            when=date_short(one.day),
            what=" · ".join(part for part in (name, out) if part),
            figure=_("{minutes} min", minutes=decimal_text(one.minutes)) if one.minutes is not None else _("no time"),
            day=one.day,
            ticket=one.label,
        )
    for out_of_line in found.month.rows.redirected:
        if out_of_line.staff == found.staff:
            yield DrilldownRow(
                key=f"{out_of_line.day} {out_of_line.label} redirect",
                when=date_short(out_of_line.day),
                what=_("wrong window, not counted"),
                token="violet",
                day=out_of_line.day,
                ticket=out_of_line.label,
            )


def _call_rows(_setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    own = [(n, one) for n, one in enumerate(found.month.rows.calls) if one.staff == found.staff]
    for n, one in sorted(own, key=lambda each: not each[1].jumped):
        yield DrilldownRow(
            key=f"{one.day} {one.label} {n}",
            row=sheets.ticket_row_name(one.day, one.label) if one.jumped else "",
            when=date_short(one.day),
            what=_("called out of order, no reason") if one.jumped else _("called in order"),
            token="amber" if one.jumped else "ink",
            day=one.day,
            ticket=one.label,
        )


def _readable_case_rows(_setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    for one in sorted(found.month.rows.cases, key=lambda each: (each.in_time, each.due)):
        if one.owner == found.staff:
            yield DrilldownRow(
                key=one.number,
                row=one.number,
                when=date_short(one.due),
                what=_("case {number}", number=one.number),
                figure=_("in time") if one.in_time else _("late", context="sheet"),
                token="ink" if one.in_time else "amber",
                case=one.number,
            )


def _shift_punctuality_rows(_setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    own = [one for one in found.month.rows.shifts if one.staff == found.staff]
    for one in sorted(own, key=lambda each: (each.begun is not None and each.begun <= sheets.LATE_MINUTES, each.day)):
        kept = one.begun is not None and one.begun <= sheets.LATE_MINUTES
        late = _("no window was opened") if one.begun is None else _("{n} min late", n=one.begun)
        yield DrilldownRow(
            key=one.day.isoformat(),
            row=one.day.isoformat(),
            when=date_short(one.day),
            what=_("kept", context="sheet") if kept else late,
            token="ink" if kept else "amber",
        )


def _thanks_rows(_setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    for one in found.month.rows.thanks:
        if one.staff == found.staff:
            yield DrilldownRow(
                key=str(one.seq), row=str(one.seq), when=date_short(one.day), what=_("thanks of a customer")
            )


def _overdue_rectification_rows(_setup: Setup, found: PersonSheetData) -> Iterator[DrilldownRow]:
    for one in found.month.rows.faults:
        if one.staff == found.staff:
            what = _("was due, no proof by then")
            yield DrilldownRow(key=str(one.seq), row=str(one.seq), when=date_short(one.day), what=what)


_BEHIND = {
    appraisals.SATISFACTION: _rating_rows,
    appraisals.HANDLING: _visit_rows,
    appraisals.ORDER: _call_rows,
    appraisals.CASES: _readable_case_rows,
    appraisals.SHIFTS: _shift_punctuality_rows,
    SHEET_PRAISE: _thanks_rows,
    SHEET_FAULTS: _overdue_rectification_rows,
}


# -- the strip ---------------------------------------------------------------------------------------------------------


class TotalStripTexts(Struct, frozen=True, kw_only=True):
    """The total over the table: title, number and line of both parts; `scale` are low, median, total and high of what
    chance allows, None where nothing is compared; the verdict with its look and what stands below it."""

    total: tuple[str, str, str]
    median: tuple[str, str, str]
    scale: tuple[float, float, float, float] | None
    chance: str
    verdict: str
    token: str
    icon: str
    below: tuple[str, str]

    @property
    def spoken_text(self) -> str:
        return list_text([" ".join(self.total), " ".join(self.median), self.chance, self.verdict, *self.below])


def total_strip_texts(found: PersonSheetData) -> TotalStripTexts:
    sheet = found.sheet
    sums = ""
    if sheet.by_weight is not None:
        sums = _("{points} by weight", points=decimal_text(sheet.by_weight))
        sums = words.judged_weight_text(sheet) or sums
        if sheet.praise_points and sheet.is_judged:
            sums = _("{sum} + {points} praise", sum=sums, points=decimal_text(sheet.praise_points))
        if sheet.fault_points and sheet.is_judged:
            sums = _("{sum} − {points} faults", sum=sums, points=decimal_text(sheet.fault_points))
    people = len(found.month.team.compared)
    who = n_("{n} person, same scheme", "{n} people, same scheme", people) if people else _("fewer than three compared")
    if people and not sheet.is_judged:
        who = _("too little judged")
    scale = None
    known = sheet.is_judged and None not in (sheet.low, sheet.median, sheet.total, sheet.high)
    if known and decimal_text(sheet.low) != decimal_text(sheet.high):
        scale = (sheet.low or 0.0, sheet.median or 0.0, sheet.total or 0.0, sheet.high or 0.0)
    chance = "" if scale is None else _chance_range_note(sheet.ratings)
    below = _("Shown, not ranked.")
    if sheet.deposit is not None:
        full = f"{found.month.stood.scheme.deposit_full}"
        below = _("Deposit {amount}: full from {points}", amount=decimal_text(sheet.deposit), points=full)
    look = {sheets.ABOVE: ("primary", "check"), sheets.BELOW: ("amber", "warning"), sheets.TOO_FEW: ("amber", "info")}
    is_told = sheet.is_judged or sheet.verdict == sheets.TOO_FEW
    token, icon = look.get((sheet.verdict or "") if is_told else "", ("ink2", "info"))
    return TotalStripTexts(
        total=(_("Total", context="sheet"), words.total_figure(sheet), sums),
        median=(_("Team median", context="sheet"), words.median_figure(sheet), who),
        scale=scale,
        chance=chance,
        verdict=words.total_verdict_text(sheet),
        token=token,
        icon=icon,
        below=(below, _("Under {n} ratings: not compared, not counted.", n=sheets.FEWEST)),
    )


def _chance_range_note(ratings: int) -> str:
    return n_("Range explained by chance alone, {n} rating", "Range explained by chance alone, {n} ratings", ratings)


def version_choices(found: PersonSheetData) -> Mapping[str, str]:
    """Return in which versions a closed month can be shown."""
    if not found.month.versions:
        return {}
    kept = {str(n): _("Version {n}", n=n) for n in range(1, found.month.versions + 1)}
    return kept | {"0": _("As it is now")}


def person_choices(setup: Setup, found: PersonSheetData | None, staff: str) -> Mapping[str, str]:
    """Return who can be chosen: who worked in the month, and who is chosen."""
    codes = [*(found.month.team.sheets if found is not None else ()), staff]
    return {code: staff_name(setup, code) for code in dict.fromkeys(codes) if code}


STRIP, TWO_HIGH, PART, LAST = 104, 204, 196, 296
ONE_ROW, LEAST_PX = 960, 13
BAR, DOT = 14, 6


class SheetTotalStrip(paint.FollowsLook, QWidget):
    """The total, the team's median, and both on the span that chance alone allows."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self._said: TotalStripTexts | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(self, said: TotalStripTexts) -> None:
        self._said = said
        self.setAccessibleName(said.spoken_text)
        self.updateGeometry()
        self.update()

    @property
    def _is_narrow(self) -> bool:
        """Whether what chance can do stands below the figures."""
        return self.width() < self.look.px(ONE_ROW)

    def sizeHint(self) -> QSize:
        two = self._is_narrow and (self._said is None or self._said.scale is not None)
        return QSize(self.look.px(600), self.look.px(TWO_HIGH if two else STRIP))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        pad, high = look.px(18), look.px(STRIP)
        painter.draw_box(QRectF(0, 0, self.width(), self.height()), 12, "surface", edge="line")
        if said is not None:
            narrow, width = self._is_narrow, float(self.width())
            ends = (
                [width * share for share in (0.27, 0.6)] if narrow else [look.large_px(PART), 2 * look.large_px(PART)]
            )
            last = ends[1] if narrow else width - look.large_px(LAST)
            for left, end, texts in ((0.0, ends[0], said.total), (ends[0], ends[1], said.median)):
                self._paint_figure(painter, QRectF(left + pad, look.px(8), end - left - 1.5 * pad, high), texts)
                top, bottom = look.px(14), high - look.px(14)
                painter.draw_divider(QRectF(end, top, 1, 0).topLeft(), QRectF(end, bottom, 1, 0).topLeft())
            self._paint_verdict(painter, QRectF(last + pad, look.px(18), width - last - 2 * pad, high), said)
            room = QRectF(ends[1] + pad, look.px(8), last - ends[1] - pad, high)
            if narrow:
                room = QRectF(pad, high, width - 2 * pad, look.px(TWO_HIGH) - high)
            self._paint_chance_range(painter, room, said)
        if self.hasFocus():
            painter.draw_box(QRectF(self.rect()).adjusted(1, 1, -2, -2), 12, "", edge="ink", width=3)

    def _paint_fitting_text(
        self,
        painter: paint.Painter,
        text: str,
        room: QRectF,
        token: str = "ink2",
        *,
        size: float = S,
        bold: bool = False,
    ) -> None:
        """Paint words in one line, in smaller letters where they have no room."""
        look = self.look
        px = (
            paint.largest_fitting_px(text, room.width(), look.px(size), bold=bold, least=min(look.px(12), LEAST_PX))
            / look.scale.k
        )
        painter.draw_words_and_give_end_x(text, look.font(px, bold=bold), token, room)

    def _paint_figure(self, painter: paint.Painter, room: QRectF, texts: tuple[str, str, str]) -> None:
        look, row = self.look, self.look.px(24)
        title, number, line = texts
        self._paint_fitting_text(painter, title, QRectF(room.left(), room.top(), room.width(), row))
        middle = QRectF(room.left(), room.top() + row, room.width(), look.px(40))
        end = painter.draw_words_and_give_end_x(number, look.font(XXL, bold=True, tabular=True), "ink", middle)
        middle.setLeft(end + look.px(6))
        if number != UNKNOWN and paint.width_of_text(look.font(12), _("of 100")) <= middle.width():
            self._paint_fitting_text(painter, _("of 100"), middle, "ink")
        self._paint_fitting_text(painter, line, QRectF(room.left(), room.top() + look.px(64), room.width(), row))

    def _paint_chance_range(self, painter: paint.Painter, room: QRectF, said: TotalStripTexts) -> None:
        look, row = self.look, self.look.px(24)
        self._paint_fitting_text(painter, said.chance, QRectF(room.left(), room.top(), room.width(), row))
        if said.scale is None:
            return
        low, median, total, high = said.scale
        first, last = min(low, total), max(high, total)
        spread_ = max(1.0, last - first)
        inner = room.adjusted(look.px(8), 0, -look.px(8), 0)

        def x(value: float) -> float:
            return inner.left() + inner.width() * (value - first) / spread_

        top, bar = room.top() + look.px(48), look.px(BAR)
        painter.draw_box(QRectF(x(low), top, max(2.0, x(high) - x(low)), bar), 3, "sunken", edge="ink2")
        painter.fillRect(QRectF(x(median) - 1, top - look.px(6), 2, bar + look.px(12)), look.color("ink"))
        side = look.px(2 * DOT)
        painter.draw_box(
            QRectF(x(total) - side / 2, top + (bar - side) / 2, side, side), DOT, "primary", edge="surface"
        )
        small, bold = look.font(14, tabular=True), look.font(14, bold=True, tabular=True)
        above = room.top() + look.px(24)
        own = _label_rect_near(x(total), paint.width_of_text(bold, decimal_text(total)) + 2, room)
        words = _("median {figure}", figure=decimal_text(median))
        other = _label_rect_near(x(median), paint.width_of_text(small, words) + 2, room)
        gap = look.px(8)
        if other.right() + gap > own.left() and other.left() - gap < own.right():
            other.moveRight(own.left() - gap)
            if median > total or other.left() < room.left():
                other.moveLeft(own.right() + gap)
        for text, font, token, place in ((decimal_text(total), bold, "primary", own), (words, small, "ink2", other)):
            painter.draw_words_and_give_end_x(
                text, font, token, QRectF(place.left(), above, place.width(), look.px(20))
            )
        for value in (low, high):
            words = decimal_text(value)
            place = _label_rect_near(x(value), paint.width_of_text(small, words) + 2, room)
            painter.draw_words_and_give_end_x(
                words, small, "ink2", QRectF(place.left(), top + bar + look.px(6), place.width(), look.px(20))
            )

    def _paint_verdict(self, painter: paint.Painter, room: QRectF, said: TotalStripTexts) -> None:
        look = self.look
        side = look.px(18)
        painter.draw_icon(said.icon, said.token, room.left(), room.top() + look.px(3), 18)
        beside = QRectF(room.left() + side + look.px(8), room.top(), room.width() - side - look.px(8), look.px(24))
        self._paint_fitting_text(painter, said.verdict, beside, said.token, size=16, bold=True)
        for at, text in enumerate(said.below):
            top = room.top() + look.px(30 + 22 * at)
            self._paint_fitting_text(painter, text, QRectF(room.left(), top, room.width(), look.px(22)))


def _label_rect_near(at: float, wide: float, room: QRectF) -> QRectF:
    """Return the place of a label of that width as near over `at` as it can be within `room`."""
    left = min(max(at - wide / 2, room.left()), room.right() - wide)
    return QRectF(left, 0, wide, 1)


class DisputeNoteBox(panels.Card):
    """What was said of disputed rows, on a violet ground; hidden where nothing was."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (12, 8, 12, 8))
        self.label = panels.Label(look, px=14, wrap=True)
        column.addWidget(self.label)

    def show_note(self, text: str) -> None:
        self.label.setText(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).draw_box(QRectF(self.rect()), 10, "violetbg")


def columns_of_rows_behind_figure(_context: object) -> list[TableColumn[DrilldownRow]]:
    """Return the columns of the rows behind a figure."""
    return [
        TableColumn(
            title=_("Row", context="sheet"),
            text=lambda row: row.ticket or row.case or row.when,
            bold=True,
            struck=lambda row: row.is_excluded,
        ),
        TableColumn(title=_("Date"), text=lambda row: row.when if row.ticket or row.case else ""),
        TableColumn(
            title=_("What"),
            text=lambda row: row.what,
            token=lambda row: row.token if not row.figure else "ink",
            struck=lambda row: row.is_excluded,
            gives=True,
            least=80,
            grows=True,
        ),
        TableColumn(
            title="",
            text=lambda row: row.figure,
            token=lambda row: row.token,
            icon=lambda row: "minus" if row.is_excluded else "hourglass" if row.is_waiting else "",
            ground=lambda row: "violetbg" if row.is_excluded else "",
            is_right=True,
        ),
    ]


DEPOSIT = ("deposit", "deposit_full")
SCHEME_ROWS = [("satisfaction", "handling"), ("order", "cases", "shifts"), DEPOSIT]


class SchemeDialog(FieldsDialog):
    """`wanted` gives the changed keys of the scheme. It can't be saved until the weights are the whole."""

    def __init__(self, host: QWidget, look: Look, scheme: appraisals.AppraisalScheme) -> None:
        effect = _(
            "Each item is weight / from / full, such as 40 / 90 / 98: 40 % of the whole, nothing at 90, all of it at 98. What you save applies from this month on; past months keep theirs."
        )
        super().__init__(host, look, title=_("Scheme of the sheets"), effect=effect, width=760)
        self.place_declared_fields(appraisals.AppraisalScheme, SCHEME_ROWS, {}, removable=False)
        self._known = sheets.scheme_setup_row(scheme)
        for key, field in self.fields.items():
            value = self._known[key]
            field.set_value(" / ".join(str(part) for part in value.values()) if key in appraisals.ITEMS else str(value))
            field.edited.connect(self._show_remaining_weight)
        self.trouble.show()
        self._show_remaining_weight()

    def _show_remaining_weight(self, _text: str = "") -> None:
        """Say what of the weights is still to give, and hold the save until nothing is."""
        try:
            left = appraisals.WHOLE - sum(int(self._typed_item_weighting(key)["weight"]) for key in appraisals.ITEMS)
        except RuleError:
            return  # The field says so once it is saved.
        self.yes_button.setEnabled(left == 0)
        text = _("The weights add up to 100 %.") if not left else error_sentence(RuleError("weights_left", left=left))
        self.trouble.show_message(text, refused=bool(left))
        self.trouble.show()

    def _typed_item_weighting(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = fields_of_row_class(appraisals.AppraisalScheme)[key].kind.typed(
            key, self.fields[key].value()
        )
        return found

    def read_typed_values(self) -> dict[str, Any] | None:
        """Return what was changed, or None after showing the mistake at its field."""
        found = self.read_declared_fields(appraisals.AppraisalScheme, (*appraisals.ITEMS, *DEPOSIT))
        if found is None:
            return None
        return {key: value for key, value in found.items() if value != self._known[key]}

    def field_of_refusal(self, trouble: QueueDeskError) -> str:
        field = str(trouble.details.get("field", "")) if isinstance(trouble, RuleError) else ""
        return field.removeprefix("scheme.").partition(".")[0]

    def first_field(self) -> QWidget:
        return self.fields[appraisals.ITEMS[0]].edit


NOTE_LINES = 3


class DisputeDialog(Dialog):
    """`wanted` gives the note and whether the row is to leave the figure; who asks always wants that. It stays open
    until `finished` or left."""

    wanted = Signal(str, bool)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, row: str, said: str = "", *, decides: bool = False) -> None:
        """`row` says which one it is, `said` what was asked, for who `decides`."""
        title = _("Does this row count?") if decides else _("Ask to exclude this row?")
        super().__init__(host, look, title=title, effect=row, width=640)
        self._decides = decides
        self.choosing = QVBoxLayout()
        panels.set_scaled_margins(self.look, self.choosing, spacing=8)
        self.body.addLayout(self.choosing)
        if said:
            self.body.addWidget(panels.Label(self.look, said, px=16, wrap=True))
        self.text = TextArea(self.look, NOTE_LINES)
        label = _("Why") if decides else _("Why it is not about this person")
        self.body.addWidget(FormField(self.look, label, edit=self.text, has_line=False))
        told = _("A second person decides: neither whoever asks nor the person on the sheet. The row stays in print.")
        self.body.addWidget(panels.Label(self.look, told, px=14, token="ink2", wrap=True))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_answer_buttons(_("Back"), "", self._emit_exclude)
        self.keep_button = buttons.SecondaryButton(self.look, _("It counts"), height=56, px=18)
        self.keep_button.clicked.connect(self._emit_row_stays)
        self.keep_button.setVisible(decides)
        self.buttons.insertWidget(self.buttons.count() - 1, self.keep_button)
        self.text.typed.connect(self._update_buttons)
        self._update_buttons()

    def _update_buttons(self, _text: str = "") -> None:
        self.trouble.hide()
        has_words = bool(self.text.text().strip())
        self.keep_button.setEnabled(has_words)
        if not has_words:
            self.yes_button.disable_with_reason(_("Write why first"))
        else:
            self.yes_button.enable_with_label(_("Exclude it") if self._decides else _("Ask a second person"))

    def _emit_exclude(self) -> None:
        self.wanted.emit(self.text.text().strip(), True)

    def _emit_row_stays(self) -> None:
        self.wanted.emit(self.text.text().strip(), False)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show why it was not done; everything typed stays."""
        self.trouble.show_refusal(error_sentence(trouble))
        self.trouble.show()

    def close_as_done(self) -> None:
        """Close it: it was done."""
        self.close_dialog()
        self.done.emit()

    def first_focus_widget(self) -> QWidget:
        return self.text


Rows = Mapping[str, Mapping[date, Mapping[str, str]]]
"""Rows of the own sheet that can be disputed: by item and date, each with its words."""


def disputable_own_rows(setup: Setup, found: sheets.MonthSheets, staff: str) -> Rows:
    """Return the rows of somebody's sheet. Which visits were rated is not told: any own visit can be named."""
    kept: dict[str, dict[date, dict[str, str]]] = {}

    def add_row(item: str, day: date, name: str, *words: str) -> None:
        kept.setdefault(item, {}).setdefault(day, {})[name] = " · ".join(words)

    for one in found.rows.handled:
        if one.staff == staff:
            for item in (appraisals.SATISFACTION, appraisals.HANDLING):
                add_row(
                    item,
                    one.day,
                    sheets.ticket_row_name(one.day, one.label),
                    one.label,
                    service_name(setup, one.service),
                )
    for call in found.rows.calls:
        if call.staff == staff and call.jumped:
            add_row(appraisals.ORDER, call.day, sheets.ticket_row_name(call.day, call.label), call.label)
    for case in found.rows.cases:
        if case.owner == staff:
            add_row(appraisals.CASES, case.due, case.number, _("case {number}", number=case.number))
    for shift in found.rows.shifts:
        if shift.staff == staff:
            add_row(appraisals.SHIFTS, shift.day, shift.day.isoformat(), date_short(shift.day))
    for item, noted in ((appraisals.PRAISE, found.rows.thanks), (appraisals.FAULTS, found.rows.faults)):
        for each in noted:
            if each.staff == staff:
                add_row(item, each.day, str(each.seq), date_short(each.day))
    return kept


class OwnDisputeDialog(DisputeDialog):
    """Asks which row of the own sheet is not about oneself, and why; `row` is the item and name of one to begin with.
    `chosen` is its item and name."""

    def __init__(self, host: QWidget, look: Look, rows: Rows, row: tuple[str, str] | None = None) -> None:
        super().__init__(host, look, "")
        self._rows = rows
        self.item, self.day, self.row = (DropDown(self.look).set_minimum_letters() for _n in range(3))
        labels = (_("Item", context="sheet"), _("Date"), _("Row", context="sheet"))
        for box, label in zip((self.item, self.day, self.row), labels, strict=True):
            self.choosing.addWidget(FormField(self.look, label, edit=box, has_line=False))
        known = row is not None and any(row[1] in names for names in rows.get(row[0], {}).values())
        begin = row if row is not None and known else (next(iter(rows), ""), "")
        self.item.show_choice(begin[0], {code: disputed_item_word(code) for code in rows})
        self.item.activated.connect(partial(self._fill_dates_and_rows, anew=True))
        self.day.activated.connect(partial(self._fill_dates_and_rows, anew=False))
        self._fill_dates_and_rows(anew=True, row=begin[1])

    @property
    def chosen_item_and_row(self) -> tuple[str, str]:
        return str(self.item.currentData()), str(self.row.currentData())

    def _fill_dates_and_rows(self, _at: int = 0, *, anew: bool, row: str = "") -> None:
        """Offer the dates of the item, and the rows of the date, that of `row` first."""
        days = {
            day.isoformat(): date_short(day) for day in sorted(self._rows[self.chosen_item_and_row[0]], reverse=True)
        }
        if anew:
            at = next(
                (day.isoformat() for day, names in self._rows[self.chosen_item_and_row[0]].items() if row in names), ""
            )
            self.day.show_choice(at or next(iter(days)), days)
        rows = self._rows[self.chosen_item_and_row[0]][date.fromisoformat(str(self.day.currentData()))]
        self.row.show_choice(row if row in rows else next(iter(rows)), rows)
