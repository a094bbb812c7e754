"""Trials of words: two wordings of a kiosk's key or a notice on alternating days, started, read and ended here; what a
trial came to is its verdict, its dates, and both wordings with the difference between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.layout import Certainty, DifferenceRow, Figure
from queuedesk.core.figures.comparing import SHARE
from queuedesk.core.improvement.wording import NEW, OLD, WEEKS
from queuedesk.core.setup.rows import offered_languages
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.wording import verbs
from queuedesk.features.wording.rules import TrialData, TrialResult, Verdict, path
from queuedesk.features.wording.words import (
    about_text,
    days_text,
    gone_text,
    left_out_text,
    new_words,
    old_words,
    so_far_text,
    state_text,
    verdict_text,
)
from queuedesk.i18n import _, current, date_short, figure_range, n_, named
from queuedesk.i18n.figures.figure_titles import TRIALS, meaning, signed
from queuedesk.i18n.improvement import difference_title, verdict_word
from queuedesk.i18n.names import UNKNOWN, percent, service_name, whole
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.record_page import Detail, RecordPage
from queuedesk.stations.manager.parts.records import CHOICE, Form, Input, RecordAct, RecordSpec
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.widgets.charts.figures import DifferenceRows
from queuedesk.stations.widgets.panels import Label, spread
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look


def in_one_line(words: str) -> str:
    """Return the words of a notice of several lines in one."""
    return " ".join(words.split())


class TrialDetail(Detail[TrialData]):
    """The verdict, the dates, and the difference between both wordings. `picked` gives a wording."""

    picked = Signal(object)

    def __init__(self, look: Look, context: StationContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        spread(look, column, spacing=8)
        self.verdict = Label(look, px=20, bold=True, wrap=True)
        self.days = Label(look, px=15, token="ink2", wrap=True)
        self.left_out = Label(look, px=15, token="amber", wrap=True)
        self.difference = DifferenceRows(look)
        self.difference.picked.connect(self.picked)
        for one in (self.verdict, self.days, self.left_out, self.difference):
            column.addWidget(one)

    def show_row(self, row: TrialData) -> None:
        trial, words = row.trial, {OLD: in_one_line(old_words(row.trial)), NEW: in_one_line(new_words(row.trial))}
        self.verdict.setText(verdict_text(row.found))
        is_early = row.found.verdict is Verdict.EARLY
        self.days.setText(f"{days_text(trial)}\n{so_far_text(row.found) if is_early else meaning(TRIALS)}")
        is_over = self._context.feed.day > trial.last
        gone = gone_text(trial) if trial.is_open and not is_over and not row.stands else ""
        self.left_out.setText(" ".join(filter(None, (gone, left_out_text(trial, row.left_out)))))
        self.left_out.setVisible(bool(self.left_out.text()))
        heads = (_("Old words", context="column"), _("New words", context="column"), difference_title(SHARE, current()))
        # Before there is a result there is nothing to compare: who sees the shares has seen the difference.
        rows = [] if is_early else [difference_row(row.found, words)]
        self.difference.set_rows(_("Wording trials"), (*heads, _("What it says")), rows)
        self.difference.setVisible(not is_early)


_CERTAINTIES = {
    Verdict.BETTER: Certainty.BETTER,
    Verdict.WORSE: Certainty.WORSE,
    Verdict.CANNOT_TELL: Certainty.UNSURE,
    Verdict.TOO_FEW: Certainty.FEW,
}


def difference_row(found: TrialResult, words: Mapping[str, str]) -> DifferenceRow:
    """Return both wordings' shares of the wrong window with their difference; a share of some opens its tickets."""
    sides = []
    for which, side in ((OLD, found.old), (NEW, found.new)):
        days = n_("{n} day", "{n} days", side.days)
        rows = _("{n} of {of}", n=whole(side.wrong), of=whole(side.of))
        value = UNKNOWN if side.rate is None else percent(side.rate)
        said = (words[which], f"{value} %", rows, days)
        sides.append(Figure(value, "%", rows, Point(said, which) if side.wrong else None))
    ends: tuple[float, float, float] | None = None
    if found.low is not None and found.difference is not None and found.high is not None:
        ends = (100 * found.low, 100 * found.difference, 100 * found.high)
    return DifferenceRow(
        name=_("To the wrong window"),
        second=n_("{n} day", "{n} days", found.old.days + found.new.days),
        before=sides[0],
        after=sides[1],
        certainty=_CERTAINTIES[found.verdict],
        word=verdict_word(str(found.verdict)),
        value=ends and ends[1],
        low=ends and ends[0],
        high=ends and ends[2],
        said=(signed(ends[0]), signed(ends[1]), signed(ends[2])) if ends else ("", "", ""),
    )


NOTICE = "notice "
"""So begins the choice of a notice; its place follows. No service's code has a space."""


# -- what is read ------------------------------------------------------------------------------------------------------


def _read(desk: Desk, ask: Ask) -> list[TrialData]:
    return verbs.trials(desk, ask.now)


def _depends(context: StationContext) -> object:
    """Return the day, the trials and the words of the set-up that they are about."""
    feed = context.feed
    names = tuple((one.code, one.name, one.name_en) for one in feed.setup.services.values())
    return feed.day, tuple(feed.state.wordings.values()), feed.setup.notices, names


def _columns(context: StationContext) -> list[Column[TrialData]]:
    setup, day = context.feed.setup, context.feed.day
    return [
        Column(
            title=_("Tried", context="column"), text=lambda one: about_text(setup, one.trial), gives=True, least=150
        ),
        Column(
            title=_("Old words", context="column"),
            text=lambda one: in_one_line(old_words(one.trial)),
            gives=True,
            grows=True,
            least=90,
        ),
        Column(
            title=_("New words", context="column"),
            text=lambda one: in_one_line(new_words(one.trial)),
            bold=True,
            gives=True,
            grows=True,
            least=90,
        ),
        Column(
            title=_("Dates", context="column"),
            text=lambda one: figure_range(date_short(one.trial.first), date_short(one.trial.last)),
        ),
        Column(title=_("State", context="column"), text=lambda one: state_text(one.trial, day)),
    ]


# -- what is done ------------------------------------------------------------------------------------------------------


def _offered(context: StationContext) -> dict[str, str]:
    setup = context.feed.setup
    keys = {code: _("Button “{service}”", service=service_name(setup, code)) for code in setup.services}
    notices = (in_one_line(named(one.text, one.text_en)) for one in setup.notices)
    return keys | {f"{NOTICE}{n}": text for n, text in enumerate(notices, start=1)}


def _services(context: StationContext) -> dict[str, str]:
    setup = context.feed.setup
    return {"": _("All services"), **{code: service_name(setup, code) for code in setup.services}}


START = Form(
    title=lambda: _("What is to have which new words?"),
    effect=lambda: _(
        "From tomorrow every second date has the new words, on the kiosk button or on the displays; tickets and voice keep the hall's own."
    ),
    rows=(
        (
            Input(
                key="about",
                label=lambda: _("Button or notice", context="field"),
                kind=CHOICE,
                choices=_offered,
                letters=20,
            ),
        ),
        (Input(key="label", label=lambda: _("New words", context="field")),),
        (
            Input(
                key="label_en",
                label=lambda: _("New words in English", context="field"),
                asked=lambda context: len(offered_languages(context.feed.setup)) > 1,
            ),
        ),
        (
            Input(
                key="services",
                label=lambda: _("Judged by the tickets of", context="field"),
                kind=CHOICE,
                choices=_services,
                share=7,
                shown_if=lambda stands: stands["about"].startswith(NOTICE),
            ),
            Input(
                key="weeks",
                label=lambda: _("Weeks", context="field"),
                kind=CHOICE,
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


def _start(
    desk: Desk, ask: Ask, *, about: str, label: str, weeks: str, label_en: str = "", services: str = ""
) -> Document:
    if not about.startswith(NOTICE):
        return verbs.start_wording(desk, ask, service=about, label=label, label_en=label_en, weeks=int(weeks))
    return verbs.start_notice(
        desk,
        ask,
        notice=int(about.removeprefix(NOTICE)),
        label=label,
        label_en=label_en,
        weeks=int(weeks),
        services=(services,) if services else (),
    )


def _started(document: Document, _row: TrialData | None) -> str:
    first = date.fromisoformat(document["from"]) + timedelta(days=1)
    return _("Trial started: the new words are shown from {day} on", day=date_short(first))


# -- the page ----------------------------------------------------------------------------------------------------------


class TrialsPage(RecordPage[TrialData]):
    """`days_wanted` asks for the tickets of a wording: path, first and last date, title, dates left out."""

    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, context: StationContext) -> None:
        ends = {
            False: lambda: _("Keep the old words"),
            True: lambda: _("Use the new words"),
            None: lambda: _("End this trial"),
        }
        spec = RecordSpec[TrialData](
            title=lambda: _("Wording trials"),
            name=lambda: _("Wording trials"),
            icon="message",
            read=_read,
            depends=_depends,
            is_long=True,
            reading=lambda: _("Reading trials …"),
            columns=_columns,
            key=lambda one: one.trial.seq,
            row_height=48,
            rows_seen=(2, 5),
            wraps=True,
            empty=lambda: (
                _("Not yet: no wording of a button or a notice has been tried"),
                _("Two wordings on alternating days show which sends fewer people to the wrong window."),
            ),
            detail=TrialDetail,
            acts=(
                RecordAct(
                    text=lambda: _("Start a trial"),
                    verb="wording",
                    icon="plus",
                    call=_start,
                    said=_started,
                    form=START,
                    is_main=True,
                ),
                *(
                    RecordAct(
                        text=text,
                        verb="wording",
                        call=partial(verbs.end_wording, use=use),
                        said=lambda _document, _row: _("Trial ended"),
                        args=lambda one: (one.trial.seq,),
                        when=partial(self._may_end, use),
                        on_card=True,
                    )
                    for use, text in ends.items()
                ),
            ),
        )
        super().__init__(context, spec)
        assert isinstance(self.detail, TrialDetail)
        self.detail.picked.connect(self._open)

    def _may_end(self, use: bool | None, one: TrialData) -> bool:
        is_over = self.context.feed.day > one.trial.last
        return one.trial.is_open and (not is_over if use is None else not use or one.stands or not one.trial.is_notice)

    def _open(self, which: object) -> None:
        if (one := self.table.chosen()) is not None:
            trial = one.trial
            last = min(trial.last, self.context.feed.day - timedelta(days=1))
            words = in_one_line(old_words(trial) if which == OLD else new_words(trial))
            self.days_wanted.emit(path(trial, str(which), "wrong"), trial.first, last, words, tuple(one.left_out))


def trials_page(controller: ManagerController, _own: Controllers) -> TrialsPage:
    """Return the page; a list has its own controller."""
    return TrialsPage(controller.context)
