"""Trials of words: two wordings of a kiosk's key or a notice on alternating days, started, read and ended here; what a
trial came to is its verdict, its dates, and both wordings with the difference between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from itertools import accumulate

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.charts.layout import DifferenceRow, DifferenceVerdict, FigureAndRowCountText
from queuedesk.core.figures.comparing import SHARE
from queuedesk.core.improvement.project import NEW, OLD, WEEKS
from queuedesk.core.setup.rows import field_and_choice_languages
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.wording import verbs
from queuedesk.features.wording import words as wording_texts
from queuedesk.features.wording.rules import TrialData, TrialResult, WordingVerdict, wording_figure_path
from queuedesk.i18n import _, current_language, date_short, figure_range, n_, name_in_language
from queuedesk.i18n.figures.figure_titles import TRIALS, figure_meaning, signed_decimal
from queuedesk.i18n.names import UNKNOWN, percent_text, service_name, whole_number_text
from queuedesk.i18n.quality import difference_column_title, project_verdict_word
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.widgets.charts.figures import DifferenceChart
from queuedesk.stations.widgets.panels import Label, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look


def text_in_one_line(words: str) -> str:
    """Return the words of a notice of several lines in one."""
    return " ".join(words.split())


class TrialDetail(records.RowDetail[TrialData]):
    """The verdict, the dates, and the difference between both wordings. `picked` gives a wording."""

    picked = Signal(object)

    def __init__(self, look: Look, context: StationContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, spacing=8)
        self.verdict = Label(look, px=20, bold=True, wrap=True)
        self.days = Label(look, px=15, token="ink2", wrap=True)
        self.left_out = Label(look, px=15, token="amber", wrap=True)
        self.difference = DifferenceChart(look)
        self.difference.picked.connect(self.picked)
        for one in (self.verdict, self.days, self.left_out, self.difference):
            column.addWidget(one)

    def show_row(self, row: TrialData) -> None:
        trial, words = (
            row.trial,
            {
                OLD: text_in_one_line(wording_texts.old_wording(row.trial)),
                NEW: text_in_one_line(wording_texts.new_wording(row.trial)),
            },
        )
        self.verdict.setText(wording_texts.trial_verdict_text(row.found))
        is_early = row.found.verdict is WordingVerdict.EARLY
        self.days.setText(
            f"{wording_texts.wording_dates_text(trial)}\n{wording_texts.counted_days_text(row.found) if is_early else figure_meaning(TRIALS)}"
        )
        is_over = self._context.feed.business_date > trial.last_date
        gone = wording_texts.old_words_gone_text(trial) if trial.is_open and not is_over and not row.stands else ""
        self.left_out.setText(" ".join(filter(None, (gone, wording_texts.left_out_dates_text(trial, row.left_out)))))
        self.left_out.setVisible(bool(self.left_out.text()))
        heads = (
            _("Old words", context="column"),
            _("New words", context="column"),
            difference_column_title(SHARE, current_language()),
        )
        # Before there is a result there is nothing to compare: who sees the shares has seen the difference.
        rows = [] if is_early else [wrong_window_difference_row(row.found, words)]
        self.difference.set_rows(_("Wording trials"), (*heads, _("What it says")), rows)
        self.difference.setVisible(not is_early)


_CERTAINTIES = {
    WordingVerdict.BETTER: DifferenceVerdict.BETTER,
    WordingVerdict.WORSE: DifferenceVerdict.WORSE,
    WordingVerdict.CANNOT_TELL: DifferenceVerdict.UNSURE,
    WordingVerdict.TOO_FEW: DifferenceVerdict.FEW,
}


def wrong_window_difference_row(found: TrialResult, words: Mapping[str, str]) -> DifferenceRow:
    """Return both wordings' shares of the wrong window with their difference; a share of some opens its tickets."""
    sides = []
    for which, side in ((OLD, found.old), (NEW, found.new)):
        days = n_("{n} day", "{n} days", side.days)
        rows = _("{n} of {of}", n=whole_number_text(side.wrong), of=whole_number_text(side.of))
        value = UNKNOWN if side.rate is None else percent_text(side.rate)
        said = (words[which], f"{value} %", rows, days)
        sides.append(FigureAndRowCountText(value, "%", rows, HoverTextAndTarget(said, which) if side.wrong else None))
    ends: tuple[float, float, float] | None = None
    if found.low is not None and found.difference is not None and found.high is not None:
        ends = (100 * found.low, 100 * found.difference, 100 * found.high)
    return DifferenceRow(
        name=_("To the wrong window"),
        second=n_("{n} day", "{n} days", found.old.days + found.new.days),
        before=sides[0],
        after=sides[1],
        certainty=_CERTAINTIES[found.verdict],
        word=project_verdict_word(str(found.verdict)),
        value=ends and ends[1],
        low=ends and ends[0],
        high=ends and ends[2],
        said=(signed_decimal(ends[0]), signed_decimal(ends[1]), signed_decimal(ends[2])) if ends else ("", "", ""),
    )


NOTICE = "notice "
"""So begins the choice of a notice; its place follows. No service's code has a space."""


# -- what is read ------------------------------------------------------------------------------------------------------


def _read_trials(desk: Desk, ask: Ask) -> list[TrialData]:
    return verbs.trials_with_data(desk, ask.now)


def _trial_page_dependencies(context: StationContext) -> object:
    """Return the day, the trials and the words of the set-up that they are about."""
    feed = context.feed
    names = tuple((one.code, one.name, one.name_en) for one in feed.setup.services.values())
    return feed.business_date, tuple(feed.state.wordings.values()), feed.setup.notices, names


def _trial_columns(context: StationContext) -> list[TableColumn[TrialData]]:
    setup, day = context.feed.setup, context.feed.business_date
    return [
        TableColumn(
            title=_("Tried", context="column"),
            text=lambda one: wording_texts.trial_subject_text(setup, one.trial),
            gives=True,
            least=150,
        ),
        TableColumn(
            title=_("Old words", context="column"),
            text=lambda one: text_in_one_line(wording_texts.old_wording(one.trial)),
            gives=True,
            grows=True,
            least=90,
        ),
        TableColumn(
            title=_("New words", context="column"),
            text=lambda one: text_in_one_line(wording_texts.new_wording(one.trial)),
            bold=True,
            gives=True,
            grows=True,
            least=90,
        ),
        TableColumn(
            title=_("Dates", context="column"),
            text=lambda one: figure_range(date_short(one.trial.first), date_short(one.trial.last_date)),
        ),
        TableColumn(
            title=_("State", context="column"), text=lambda one: wording_texts.trial_state_text(one.trial, day)
        ),
    ]


# -- what is done ------------------------------------------------------------------------------------------------------


def _trial_subject_choices(context: StationContext) -> dict[str, str]:
    setup = context.feed.setup
    keys = {code: _("Button “{service}”", service=service_name(setup, code)) for code in setup.services}
    notices = (text_in_one_line(name_in_language(one.text, one.text_en)) for one in setup.notices)
    return keys | {f"{NOTICE}{n}": text for n, text in enumerate(notices, start=1)}


def _service_choices(context: StationContext) -> dict[str, str]:
    setup = context.feed.setup
    return {"": _("All services"), **{code: service_name(setup, code) for code in setup.services}}


START = records.RecordFormSpec(
    title=lambda: _("What is to have which new words?"),
    effect=lambda: _(
        "From tomorrow every second date has the new words, on the kiosk button or on the displays; tickets and voice keep the hall's own."
    ),
    rows=(
        (
            records.FormInput(
                key="about",
                label=lambda: _("Button or notice", context="field"),
                kind=records.CHOICE,
                choices=_trial_subject_choices,
                letters=20,
            ),
        ),
        (records.FormInput(key="label", label=lambda: _("New words", context="field")),),
        (
            records.FormInput(
                key="label_en",
                label=lambda: _("New words in English", context="field"),
                asked=lambda context: len(field_and_choice_languages(context.feed.setup)) > 1,
            ),
        ),
        (
            records.FormInput(
                key="services",
                label=lambda: _("Judged by the tickets of", context="field"),
                kind=records.CHOICE,
                choices=_service_choices,
                share=7,
                shown_if=lambda stands: stands["about"].startswith(NOTICE),
            ),
            records.FormInput(
                key="weeks",
                label=lambda: _("Weeks", context="field"),
                kind=records.CHOICE,
                choices=lambda _context: {str(n): n_("{n} week", "{n} weeks", n, context="duration") for n in WEEKS},
                first=lambda _context: "4",
                letters=8,
                share=3,
            ),
        ),
    ),
    focus="label",
    yes=lambda: _("Start a trial"),
)


def _start_name_or_notice_trial(
    desk: Desk, ask: Ask, *, about: str, label: str, weeks: str, label_en: str = "", services: str = ""
) -> Document:
    if not about.startswith(NOTICE):
        return verbs.start_name_trial(desk, ask, service=about, label=label, label_en=label_en, weeks=int(weeks))
    return verbs.start_notice_trial(
        desk,
        ask,
        notice=int(about.removeprefix(NOTICE)),
        label=label,
        label_en=label_en,
        weeks=int(weeks),
        services=(services,) if services else (),
    )


def _started_message(document: Document, _row: TrialData | None) -> str:
    first = date.fromisoformat(document["from"]) + timedelta(days=1)
    return _("Trial started: the new words are shown from {day} on", day=date_short(first))


# -- the page ----------------------------------------------------------------------------------------------------------


FEWEST, ALL = 2, 1_000_000
ROW_HEIGHT, GAP = 48, 12


class TrialsPage(records.RecordPage[TrialData]):
    """`days_wanted` asks for the tickets of a wording: path, first and last date, title, dates left out. The table has
    the room that the result leaves and scrolls; where that is too little, it has all rows and the page scrolls."""

    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, context: StationContext) -> None:
        ends = {
            False: lambda: _("Keep the old words"),
            True: lambda: _("Use the new words"),
            None: lambda: _("End this trial"),
        }
        spec = records.RecordPageSpec[TrialData](
            title=lambda: _("Wording trials"),
            name=lambda: _("Wording trials"),
            icon="message",
            read=_read_trials,
            depends=_trial_page_dependencies,
            is_long=True,
            reading=lambda: _("Reading trials …"),
            columns=_trial_columns,
            key=lambda one: one.trial.seq,
            row_height=ROW_HEIGHT,
            rows_seen=(FEWEST, ALL),
            wraps=True,
            empty=lambda: (
                _("Not yet: no wording of a button or a notice has been tried"),
                _("Two wordings on alternating days show which sends fewer people to the wrong window."),
            ),
            detail=TrialDetail,
            acts=(
                records.RecordAct(
                    text=lambda: _("Start a trial"),
                    verb="wording",
                    icon="plus",
                    call=_start_name_or_notice_trial,
                    said=_started_message,
                    form=START,
                    is_main=True,
                ),
                *(
                    records.RecordAct(
                        text=text,
                        verb="wording",
                        call=partial(verbs.end_wording_trial, use=use),
                        said=lambda _document, _row: _("Trial ended"),
                        args=lambda one: (one.trial.seq,),
                        when=partial(self._may_end_trial, use),
                        on_card=True,
                    )
                    for use, text in ends.items()
                ),
            ),
        )
        super().__init__(context, spec)
        assert isinstance(self.detail, TrialDetail)
        self.detail.picked.connect(self._open_wrong_tickets)

    def _table_with_detail(self, detail: records.RowDetail[TrialData]) -> VerticalScrollArea:
        area = super()._table_with_detail(detail)
        area.installEventFilter(self)
        for wanted in (self.table.clicked, self.table.opened):
            wanted.connect(lambda _row: area.ensureWidgetVisible(self.card))
        return area

    def eventFilter(self, area: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and isinstance(area, VerticalScrollArea):
            self._fit_table_above_detail(area)
        return super().eventFilter(area, event)

    def _fit_table_above_detail(self, area: VerticalScrollArea) -> None:
        table, look, view = self.table, self.context.look, area.viewport()
        head = look.px(ROW_HEIGHT) + look.px(4) + self.list.sizeHint().height() - table.maximumHeight()
        room = view.height() - head - look.gap(GAP) - self.card.heightForWidth(view.width())
        count = table.rows.rowCount()
        fitting = sum(high <= room for high in accumulate(table.rowHeight(at) for at in range(count)))
        seen = FEWEST, fitting if FEWEST <= fitting < count else ALL
        if seen != table.rows_seen:
            table.rows_seen = seen
            table.fit_columns_to_width()

    def _may_end_trial(self, use: bool | None, one: TrialData) -> bool:
        is_over = self.context.feed.business_date > one.trial.last_date
        return one.trial.is_open and (
            not is_over if use is None else not use or one.stands or not one.trial.is_notice_trial
        )

    def _open_wrong_tickets(self, which: object) -> None:
        if (one := self.table.chosen_row()) is not None:
            trial = one.trial
            last = min(trial.last_date, self.context.feed.business_date - timedelta(days=1))
            words = text_in_one_line(
                wording_texts.old_wording(trial) if which == OLD else wording_texts.new_wording(trial)
            )
            self.days_wanted.emit(
                wording_figure_path(trial, str(which), "wrong"), trial.first, last, words, tuple(one.left_out)
            )


def trials_page(controller: ManagerController, _own: ControllerCache) -> TrialsPage:
    """Return the page; a list has its own controller."""
    return TrialsPage(controller.context)
