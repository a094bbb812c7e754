"""Trials of words: two wordings of a kiosk's key or a notice on alternating days, started, read and ended here."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Signal

from queuedesk.core.improvement.wording import OLD, WEEKS
from queuedesk.core.setup.rows import offered_languages
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.wording import verbs
from queuedesk.features.wording.pages.detail import TrialDetail, in_one_line
from queuedesk.features.wording.rules import Tried, path
from queuedesk.features.wording.words import (
    about_text,
    new_words,
    old_words,
    state_text,
)
from queuedesk.i18n import _, date_short, figure_range, n_, named
from queuedesk.i18n.names import service_name
from queuedesk.stations.manager.parts.record_page import RecordPage
from queuedesk.stations.manager.parts.records import CHOICE, Form, Input, RecordAct, RecordSpec
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.window.context import StationContext

NOTICE = "notice "
"""So begins the choice of a notice; its place follows. No service's code has a space."""


# -- what is read ------------------------------------------------------------------------------------------------------


def _read(desk: Desk, ask: Ask) -> list[Tried]:
    return verbs.trials(desk, ask.now)


def _depends(context: StationContext) -> object:
    """Return the day, the trials and the words of the set-up that they are about."""
    feed = context.feed
    names = tuple((one.code, one.name, one.name_en) for one in feed.setup.services.values())
    return feed.day, tuple(feed.state.wordings.values()), feed.setup.notices, names


def _columns(context: StationContext) -> list[Column[Tried]]:
    setup, day = context.feed.setup, context.feed.day
    return [
        Column(title=_("Tried", context="column"), text=lambda one: about_text(setup, one.trial), gives=True),
        Column(
            title=_("Old words", context="column"),
            text=lambda one: in_one_line(old_words(one.trial)),
            gives=True,
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


def _started(document: Document, _row: Tried | None) -> str:
    first = date.fromisoformat(document["from"]) + timedelta(days=1)
    return _("Trial started: the new words are shown from {day} on", day=date_short(first))


# -- the page ----------------------------------------------------------------------------------------------------------


class TrialsPage(RecordPage[Tried]):
    """`days_wanted` asks for the tickets of a wording: path, first and last date, title, dates left out."""

    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, context: StationContext) -> None:
        ends = {
            False: lambda: _("Keep the old words"),
            True: lambda: _("Use the new words"),
            None: lambda: _("End this trial"),
        }
        spec = RecordSpec[Tried](
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

    def _may_end(self, use: bool | None, one: Tried) -> bool:
        is_over = self.context.feed.day > one.trial.last
        return one.trial.is_open and (not is_over if use is None else not use or one.stands or not one.trial.is_notice)

    def _open(self, which: object) -> None:
        if (one := self.table.chosen()) is not None:
            trial = one.trial
            last = min(trial.last, self.context.feed.day - timedelta(days=1))
            words = in_one_line(old_words(trial) if which == OLD else new_words(trial))
            self.days_wanted.emit(path(trial, str(which), "wrong"), trial.first, last, words, tuple(one.left_out))
