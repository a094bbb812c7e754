"""What a trial of words came to: its verdict, its dates, and both wordings with the difference between them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.layout import Certainty, DifferenceRow, Figure
from queuedesk.core.figures.comparing import SHARE
from queuedesk.core.improvement.wording import NEW, OLD
from queuedesk.features.wording.rules import Judged, Tried, Verdict
from queuedesk.features.wording.words import (
    days_text,
    gone_text,
    left_out_text,
    new_words,
    old_words,
    verdict_text,
)
from queuedesk.i18n import _, current, n_
from queuedesk.i18n.figures.figure_titles import TRIALS, meaning, signed
from queuedesk.i18n.improvement import difference_title, verdict_word
from queuedesk.i18n.names import UNKNOWN, percent, whole
from queuedesk.stations.manager.parts.record_page import Detail
from queuedesk.stations.widgets.charts.figures import DifferenceRows
from queuedesk.stations.widgets.panels import Label, spread
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look


def in_one_line(words: str) -> str:
    """Return the words of a notice of several lines in one."""
    return " ".join(words.split())


class TrialDetail(Detail[Tried]):
    """The verdict, the dates, and both wordings with the difference between them. `picked` gives a wording."""

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
        self.names = {which: Label(look, px=16, wrap=True) for which in (OLD, NEW)}
        for one in (self.verdict, self.days, self.left_out, self.difference, *self.names.values()):
            column.addWidget(one)

    def show_row(self, row: Tried) -> None:
        trial, words = row.trial, {OLD: in_one_line(old_words(row.trial)), NEW: in_one_line(new_words(row.trial))}
        self.verdict.setText(verdict_text(row.found))
        self.days.setText(f"{days_text(trial)}\n{meaning(TRIALS)}")
        is_over = self._context.feed.day > trial.last
        gone = gone_text(trial) if trial.is_open and not is_over and not row.stands else ""
        self.left_out.setText(" ".join(filter(None, (gone, left_out_text(trial, row.left_out)))))
        self.left_out.setVisible(bool(self.left_out.text()))
        self.names[OLD].setText(_("Old words: {words}", words=words[OLD]))
        self.names[NEW].setText(_("New words: {words}", words=words[NEW]))
        heads = (_("Old words", context="column"), _("New words", context="column"), difference_title(SHARE, current()))
        self.difference.set_rows(_("Wording trials"), (*heads, _("What it says")), [difference_row(row.found, words)])


_CERTAINTIES = {
    Verdict.BETTER: Certainty.BETTER,
    Verdict.WORSE: Certainty.WORSE,
    Verdict.CANNOT_TELL: Certainty.UNSURE,
    Verdict.TOO_FEW: Certainty.FEW,
    Verdict.EARLY: Certainty.FEW,
}


def difference_row(found: Judged, words: Mapping[str, str]) -> DifferenceRow:
    """Return both wordings' shares of the wrong window with their difference; a share of some opens its tickets.

    Before the planned end there are only the days: who sees the shares has seen the difference.
    """
    sides = []
    for which, side in ((OLD, found.old), (NEW, found.new)):
        days = n_("{n} day", "{n} days", side.days)
        if found.verdict is Verdict.EARLY:
            sides.append(Figure(UNKNOWN, "", days))
            continue
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
