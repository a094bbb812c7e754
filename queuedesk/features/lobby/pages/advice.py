"""What the board says on its right, from the current hall and past days: what to do, or why nothing helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import MAY
from queuedesk.core.queue import dispatch, overview
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.setup.rows import Setup, hall_languages
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.roster import StaffingMove
from queuedesk.core.waits.arrival_forecast import DayForecast, expected_arrival_count_in_span
from queuedesk.core.waits.quote import cached_wait_snapshot
from queuedesk.desk.talk import messaging
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.pages import advice_cards, board_buttons
from queuedesk.features.lobby.rules import move_search
from queuedesk.features.lobby.rules.outlook import (
    LineOutlook,
    Risk,
    WaitCurves,
    line_lengths_after_minutes,
    upcoming_risks,
)
from queuedesk.features.lobby.words import (
    expected_saving_words,
    move_button_label,
    move_kind_mean_effect_words,
    move_reason_text,
    move_title,
    refusal_reason_words,
    wait_change_and_bounds_texts,
)
from queuedesk.i18n import _, figure_range, list_text, n_, time_hm
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.names import service_letter_or_code, service_name
from queuedesk.i18n.queue.line_words import is_quoted_no_wait, wait_text
from queuedesk.stations.acts.past_days import TodaysForecastFromPastDays
from queuedesk.stations.manager.today.alert_words import alert_texts
from queuedesk.stations.window.context import StationContext

# -- the next half hour in words ---------------------------------------------------------------------------------------

SPAN_MIN = 30
LEAST_NAMED = 2
MORE, FEWER = 1.4, 0.6
MIDNIGHT = 24 * 60


def next_half_hour_text(setup: Setup, day: DayForecast, minute: int) -> advice_cards.NothingToDoText | None:
    """Return how many are expected within half an hour of `minute`, and whether many more or fewer come afterwards;
    None near midnight."""
    until = minute + SPAN_MIN
    here = expected_arrival_count_in_span(day, minute, until)
    if here is None or until + SPAN_MIN >= MIDNIGHT:
        return None
    n = round(here.mean)
    if not here.high:
        return advice_cards.NothingToDoText(
            title=_("The next half hour"),
            icon="clock",
            second=_("Nobody else is expected until {time}.", time=clock_text(until)),
        )
    sentences = [
        n_(
            "By {time}, about {n} more person ({range}).",
            "By {time}, about {n} more people ({range}).",
            n,
            time=clock_text(until),
            range=figure_range(here.low, here.high),
        )
    ]
    means = {
        code: one.mean
        for code in setup.services
        if (one := expected_arrival_count_in_span(day, minute, until, [code])) is not None
    }
    most = max(means, key=means.__getitem__)
    if len(means) > 1 and round(means[most]) >= LEAST_NAMED:
        sentences.append(
            _("About {n} of them for {letter}.", n=round(means[most]), letter=service_letter_or_code(setup, most))
        )
    after = expected_arrival_count_in_span(day, until, until + SPAN_MIN)
    if after is not None and here.mean >= 1 and after.mean <= FEWER * here.mean:
        sentences.append(_("Fewer will come after {time}.", time=clock_text(until)))
    elif after is not None and after.mean >= 1 and after.mean >= MORE * here.mean:
        sentences.append(_("More will come after {time}.", time=clock_text(until)))
    second = sentences[0]
    for sentence in sentences[1:]:
        second = _("{one} {two}", context="sentences", one=second, two=sentence)
    return advice_cards.NothingToDoText(title=_("The next half hour"), second=second, icon="clock")


# -- moves in words ----------------------------------------------------------------------------------------------------


def suggestion_text(setup: Setup, move: StaffingMove) -> advice_cards.SuggestionText:
    """Return a suggested move with its curves."""
    outlook = move.outlook
    saved = expected_saving_words(move.effect) if move.effect is not None and move.proof is None else ""
    text = advice_cards.SuggestionText(
        key=move.key,
        title=move_title(setup, move),
        reason=move_reason_text(setup, move) or saved,
        do=move_button_label(setup, move),
        window=move.window or "",
        there=_previewed_window_words(setup, move),
    )
    if outlook is None or round(outlook.gain.mean) < 1:
        # What it changes is spread over many: no one line becomes much shorter.
        return replace(text, reason=" ".join(part for part in (move_reason_text(setup, move), saved) if part))
    gain, bounds = wait_change_and_bounds_texts(outlook.gain)
    return replace(
        text,
        # One saving a card: the figure beside it is the one that the curves show.
        reason=move_reason_text(setup, move, briefly=True) or saved,
        gain=gain,
        line=_("in {letter}", context="gain", letter=service_letter_or_code(setup, outlook.line)),
        bounds=bounds,
        curves=replace(_wait_curves_as_it_is(setup, outlook.without), with_move=outlook.with_it),
        later=dict(outlook.lines),
    )


def _previewed_window_words(setup: Setup, move: StaffingMove) -> str:
    """Return what the board shows at the window of a move while it is tried out."""
    letter = service_letter_or_code(setup, move.service or "")
    return {
        "open_window": _("opens", context="preview"),
        "call_back": _("back", context="preview"),
        "lend": _("+ {letter}", context="preview", letter=letter),
        "take_back": _("− {letter}", context="preview", letter=letter),
        "move_break": _("break later", context="preview"),
    }.get(move.kind, "")


def _wait_curves_as_it_is(setup: Setup, as_it_is: Sequence[float]) -> WaitCurves:
    target = setup.setting_as_int("wait_target_minutes")
    return WaitCurves(
        as_it_is=as_it_is,
        target=target,
        target_word=_("target {n} min", context="curve", n=target),
        first_word=_("now", context="curve"),
        last_word=_("in 30 min", context="curve"),
    )


def why_no_move_helps_text(
    state: HallState, found: move_search.MoveSearch, now: datetime, *, may_tell: bool
) -> advice_cards.NoMoveText | None:
    """Return why no move helps a line that is late or will be; None where no line is."""
    setup, ahead = overview.set_up(state), found.ahead
    if ahead is None:
        return None
    target = setup.setting_as_int("wait_target_minutes")
    why = _windows_activity_sentences(state, now)
    if ahead.passing:
        passing = n_(
            "{n} more person will wait over {target} min in the next 20 min.",
            "{n} more people will wait over {target} min in the next 20 min.",
            ahead.passing,
            target=target,
        )
        why.append(passing)
    tried = [
        advice_cards.TriedMoveText(
            move_title(setup, one.move), refusal_reason_words(setup, one), *wait_change_and_bounds_texts(one.gain)
        )
        for one in found.refused
    ]
    ends = _when_over_target_words(setup, ahead, now, target)
    is_moved = any(one.why in ("made", "window") for one in found.refused)
    cards = setup.cards if setup.has_feature("cards") else {}
    return advice_cards.NoMoveText(
        title=_("No other change helps now") if is_moved else _("No change of windows helps now"),
        why=_sentences_joined(why),
        ends=_sentences_joined([ends, _("The contingency card has other ways.")]) if cards else ends,
        tried=tuple(tried),
        tried_for=_(
            "Considered, and why not; at the right the change for {letter}",
            letter=service_letter_or_code(setup, ahead.line),
        ),
        curves=replace(_wait_curves_as_it_is(setup, ahead.middle), low=ahead.low, high=ahead.high),
        card=_("Open the contingency card") if cards else "",
        tell=_("Tell those waiting") if may_tell else "",
    )


def _windows_activity_sentences(state: HallState, now: datetime) -> list[str]:
    """Return what the windows are doing, in a sentence or more; of those on a break, why they are not suggested."""
    setup = overview.set_up(state)
    windows = [state.window(code) for code in setup.windows]
    is_open = [one for one in windows if one.state is ticket_records.WindowState.OPEN]
    free = [one for one in is_open if one.ticket is None]
    if not is_open:
        return [_("No window is open.")]
    if len(is_open) == len(windows) and not free:
        return [_("All windows are serving.")]
    closed = [one.code for one in windows if one.state is ticket_records.WindowState.CLOSED]
    resting = [one.code for one in windows if move_search.is_window_on_break_or_meal(one, now)]
    paused = [one.code for one in windows if one.state is ticket_records.WindowState.PAUSED and one.code not in resting]
    told = []
    if closed:
        names = list_text(closed)
        told.append(n_("Window {windows} is not open.", "Windows {windows} are not open.", len(closed), windows=names))
    if paused:
        names = list_text(paused)
        told.append(n_("Window {windows} is paused.", "Windows {windows} are paused.", len(paused), windows=names))
    if resting:
        told.append(
            n_(
                "Window {windows} is on a break, and no one is called back before its end.",
                "Windows {windows} are on a break, and no one is called back before its end.",
                len(resting),
                windows=list_text(resting),
            )
        )
    return told or [n_("{n} window is free.", "{n} windows are free.", len(free))]


def _when_over_target_words(setup: Setup, ahead: LineOutlook, now: datetime, target: int) -> str:
    """Return when the line is within the target again, where it is beyond it; else from when until when it will be."""
    said: dict[str, Any] = {"target": target, "letter": service_letter_or_code(setup, ahead.line)}
    if ahead.from_min is None:
        return _("Left alone, the wait in {letter} will barely pass {target} min.", **said)

    def clock_time_after_minutes(minutes: float) -> str:
        return time_hm(setup.to_hall_time(now + timedelta(minutes=ceil(minutes))))

    if ahead.from_min > 0:
        return _future_over_target_words(ahead, said, clock_time_after_minutes)
    if ahead.over_min is None:
        return _("Left alone, the longest wait in {letter} won't drop below {target} min within the hour.", **said)
    about = clock_time_after_minutes(ahead.over_min)
    if ahead.over_low is None or ahead.over_high is None:
        return _(
            "Left alone, the wait in {letter} will be under {target} min again at about {time}.", time=about, **said
        )
    between = figure_range(clock_time_after_minutes(ahead.over_low), clock_time_after_minutes(ahead.over_high))
    return _(
        "Left alone, the wait in {letter} will be under {target} min again at about {time} ({range}).",
        time=about,
        range=between,
        **said,
    )


def _future_over_target_words(ahead: LineOutlook, said: Mapping[str, Any], moment: Callable[[float], str]) -> str:
    said = {**said, "start": moment(ahead.from_min or 0)}
    if ahead.over_min is None:
        return _(
            "Left alone, the wait in {letter} will pass {target} min at about {start} and stay there for the hour.",
            **said,
        )
    said = {**said, "end": moment(ahead.over_min)}
    if ahead.may_pass:
        return _(
            "Left alone, the wait in {letter} may be over {target} min from about {start} until about {end}.", **said
        )
    return _("Left alone, the wait in {letter} will be over {target} min from about {start} until about {end}.", **said)


def late_line_wait_notice_texts(state: HallState, service: str, now: datetime) -> tuple[str, str]:
    """Return what the displays can tell a late line: the wait that they show themselves, with its time. In Chinese and
    English, or in the hall's only language and ""; by the line's letter where its name is too long."""
    setup = overview.set_up(state)
    line = next(one for one in overview.service_lines(state, now) if one.service == service)
    time = time_hm(setup.to_hall_time(now))

    def late_line_sentence(lang: str, name: str) -> str:
        if not isinstance(line.wait, dispatch.QuotedWait) or is_quoted_no_wait(line.wait, line.ahead_and_coming_count):
            return tr(lang, "{service}: some people have waited long. Thank you for your patience.", service=name)
        wait = wait_text(line.wait, lang, ahead=line.ahead_and_coming_count).replace(JOINER, "")
        words = {"service": name, "time": time, "wait": wait}
        return tr(lang, "{service}, at {time}: the wait is {wait}. Thank you for your patience.", **words)

    both = ("zh_CN", "en")
    langs = both if len(hall_languages(setup)) > 1 else hall_languages(setup)
    texts = [late_line_sentence(lang, service_name(setup, service, lang)) for lang in langs]
    if max(map(len, texts)) > messaging.LONGEST_NOTICE:
        texts = [late_line_sentence(lang, service_letter_or_code(setup, service)) for lang in langs]
    return texts[0], "".join(texts[1:])


def _sentences_joined(sentences: Sequence[str]) -> str:
    said = sentences[0]
    for sentence in sentences[1:]:
        said = _("{one} {two}", context="sentences", one=said, two=sentence)
    return said


# -- the advice --------------------------------------------------------------------------------------------------------

AHEAD_MIN = 20
READ_AGAIN = timedelta(minutes=10)
AT_LEAST_APART = timedelta(seconds=5)
LOST_AFTER = timedelta(seconds=30)
"""Whoever has waited so long for a search asks again: an answer that never comes must not end all advice."""
MOST_KINDS = 2


class _FoundMovesAndRisks(Struct, frozen=True, kw_only=True):
    """What was found for the hall `of` as it stood after its event `seq`."""

    of: HallState
    seq: int
    search: move_search.MoveSearch
    risks: Sequence[Risk]


def _find_moves_and_risks(
    of: HallState, state: HallState, now: datetime, past: Mapping[move_search.State, move_search.MeanInterval]
) -> _FoundMovesAndRisks:
    """Search in `state`, which stands still while `of` goes on."""
    seen = cached_wait_snapshot(state, now)
    risky = upcoming_risks(state, now, seen.live, seen.forecast)
    return _FoundMovesAndRisks(
        of=of, seq=state.now.seq, search=move_search.search_moves(state, now, seen.live, past=past), risks=risky
    )


class BoardAdviceProvider(QObject):
    """Provides what the board's right side shows. `changed` says that something was read that the whole board shows,
    `found` that a search for moves has ended; figures are read and moves are searched beside the commands."""

    changed = Signal()
    found = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.past_days = TodaysForecastFromPastDays(context, self)
        self.past_days.changed.connect(self._invalidate_and_emit_changed)
        self._past: dict[str, Any] = {}
        self._read_at: datetime | None = None
        self._told_at: datetime | None = None
        self._told_seq = -1
        self._searching_since: datetime | None = None
        self._shown: tuple[HallState, datetime] | None = None
        self._found: _FoundMovesAndRisks | None = None
        self._text = advice_cards.AdviceColumnContent()
        self._put_off: dict[str, datetime] = {}
        self._noted: set[str] = set()

    @property
    def outlook_of_line_over_target(self) -> LineOutlook | None:
        """Return what is ahead of the line that is late or will be, None where none is."""
        return self._found.search.ahead if self._found is not None else None

    def line_counts_in_20_min(self, state: HallState, now: datetime) -> dict[str, int]:
        """Return how many will be in each line in 20 minutes; nothing if arrivals can't be forecast."""
        day = self.past_days.forecast_of_today(state, now)
        if day is None:
            return {}
        minute = _minute_of_local_day(state, now)
        coming = {}
        for code in overview.set_up(state).services:
            one = expected_arrival_count_in_span(day, minute, minute + AHEAD_MIN, [code])
            coming[code] = one.mean if one is not None else 0.0
        return line_lengths_after_minutes(cached_wait_snapshot(state, now).live, coming, AHEAD_MIN)

    def current_advice_text(self, state: HallState, now: datetime) -> advice_cards.AdviceColumnContent:
        """Return what to do. It is searched for beside the window, in an unchanged hall only every few seconds; until
        `found` says that there is an answer, what was told before stands."""
        self._shown = (state, now)
        if self._told_at is None:
            self._phrase_found_moves()
        is_new = state.now.seq != self._told_seq
        if self._told_at is None or is_new or abs(now - self._told_at) >= AT_LEAST_APART:
            self._start_move_search(state, now)
        return self._text

    def _start_move_search(self, state: HallState, now: datetime) -> None:
        since = self._searching_since
        if since is not None and abs(now - since) < LOST_AFTER:
            return
        self._told_at, self._told_seq, self._searching_since = now, state.now.seq, now
        work = partial(
            _find_moves_and_risks, state, state.frozen_copy(), now, verbs.past_effects_by_kind_and_crowd(self._past)
        )
        self._context.tasks.run_in_side_lane(work, self._store_found_moves, self._ignore_search_error, may_drop=True)

    def _store_found_moves(self, found: _FoundMovesAndRisks) -> None:
        self._searching_since, self._found = None, found
        if not self._phrase_found_moves():
            self.invalidate_advice()
        self.found.emit()

    def _ignore_search_error(self, _trouble: QueueDeskError) -> None:
        """No search meets trouble: it asks nobody."""

    def _phrase_found_moves(self) -> bool:
        """Word what was found, unless the hall has changed since; return whether it was worded."""
        if self._shown is None or self._found is None:
            return False
        state, now = self._shown
        if self._found.of is not state or self._found.seq != state.now.seq:
            return False
        self._text = self._advice_text(state, now, self._found)
        return True

    def _advice_text(
        self, state: HallState, now: datetime, known: _FoundMovesAndRisks
    ) -> advice_cards.AdviceColumnContent:
        setup, found = overview.set_up(state), known.search
        suggestions = tuple(suggestion_text(setup, one) for one in found.moves)
        who = self._context.who
        may_tell = who is not None and "notice" in MAY[who.role]
        acts = self._next_acts_to_show(state, found, now)
        has_act = bool(suggestions) or any(one.put_off for one in acts)
        no_move = why_no_move_helps_text(state, found, now, may_tell=may_tell) if not has_act else None
        risk = board_buttons.risk_rows(setup, known.risks)
        cards = setup.cards if no_move is None and setup.has_feature("cards") else {}
        acts += [*board_buttons.alarm_rows(alert_texts(state, now), acts, cards), *risk]
        soon = self._next_half_hour_forecast_text(state, now)
        calm = None
        if found.ahead is None and not suggestions:
            calm = _no_move_needed_text(soon, acts, setup)
            soon = None
        return advice_cards.AdviceColumnContent(
            suggestions=suggestions,
            no_move=no_move,
            calm=calm,
            acts=tuple(acts),
            soon=soon,
            line=_letter_of_charted_line(setup, found),
            foot=self._basis_and_results_text(state),
        )

    def _next_acts_to_show(
        self, state: HallState, found: move_search.MoveSearch, now: datetime
    ) -> list[board_buttons.BoardAction]:
        """Return the cards: what alarms know to do, then what became of moves."""
        self._put_off = {id: until for id, until in self._put_off.items() if until > now}
        known = [
            *board_buttons.idle_window_cards(state, now),
            *board_buttons.overdue_pause_cards(state, now, found.moves),
        ]
        told = [one for one in board_buttons.outcomes_of_lately_taken_moves(state, now) if one.id not in self._noted]
        return [*(one for one in known if one.id not in self._put_off), *told]

    def put_off(self, act: board_buttons.BoardAction, now: datetime) -> None:
        """Show a card no more for a while."""
        self._put_off[act.id] = now + board_buttons.PUT_OFF_FOR
        self.invalidate_advice()

    def dismiss_act(self, act: board_buttons.BoardAction) -> None:
        """Take from the board what somebody has read."""
        self._noted.add(act.id)
        self.invalidate_advice()

    def invalidate_advice(self) -> None:
        """Compute everything anew next time: the language has changed, or a move was made."""
        self._told_at = None

    def reread_past_moves(self) -> None:
        """Read again what moves have achieved."""
        self._read_at = None
        self.invalidate_advice()

    # -- what is read ------------------------------------------------------------------------------------------------

    def read(self, now: datetime) -> None:
        """Read what past days say, unless that was a moment ago."""
        self.past_days.read(now)
        if self._read_at is None or abs(now - self._read_at) >= READ_AGAIN:
            self._read_at = now
            work = partial(verbs.past_moves, self._context.desk, now)
            self._context.tasks.run_in_long_work_lane(work, self._on_past_moves_loaded, self._ignore_missing_hall_file)

    def _on_past_moves_loaded(self, found: dict[str, Any]) -> None:
        self._past = found
        self._invalidate_and_emit_changed()

    def _invalidate_and_emit_changed(self) -> None:
        self.invalidate_advice()
        self.changed.emit()

    def _ignore_missing_hall_file(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away, which the page says; asked again soon."""

    # -- in words ----------------------------------------------------------------------------------------------------

    def _next_half_hour_forecast_text(self, state: HallState, now: datetime) -> advice_cards.NothingToDoText | None:
        day = self.past_days.forecast_of_today(state, now)
        return (
            next_half_hour_text(overview.set_up(state), day, _minute_of_local_day(state, now))
            if day is not None
            else None
        )

    def _basis_and_results_text(self, state: HallState) -> str:
        days = state.learned.days
        if days:
            basis = n_(
                "Based on the line as it is now and {n} past day.",
                "Based on the line as it is now and {n} past days.",
                days,
            )
        else:
            basis = _("Based on the line as it is now; no past days yet.")
        kinds = [
            move_kind_mean_effect_words(
                row["kind"], move_search.MeanInterval(row["n"], row["mean"], row["low"], row["high"])
            )
            for row in self._past.get("kinds", ())[:MOST_KINDS]
        ]
        return "\n".join((basis, *kinds))


def _no_move_needed_text(
    soon: advice_cards.NothingToDoText | None, acts: Iterable[board_buttons.BoardAction], setup: Setup
) -> advice_cards.NothingToDoText:
    """Return the card for a hall whose lines need no move; it never says that nothing is to be done above something
    that is."""
    target = setup.setting_as_int("wait_target_minutes")
    title = _("Nothing needs you now")
    if any(acts):
        title = _("No line needs action now")
    nobody = _("No one will wait more than {target} min in the next 20 min.", target=target)
    return advice_cards.NothingToDoText(
        title=title, second=_sentences_joined([nobody, soon.second]) if soon is not None else nobody
    )


def _letter_of_charted_line(setup: Setup, found: move_search.MoveSearch) -> str:
    """Return the letter of the line whose curves are shown, "" where they are of several."""
    lines = {one.outlook.line for one in found.moves[:2] if one.outlook is not None}
    if not found.moves and found.ahead is not None:
        lines = {found.ahead.line}
    return service_letter_or_code(setup, next(iter(lines))) if len(lines) == 1 else ""


def _minute_of_local_day(state: HallState, now: datetime) -> int:
    local = overview.set_up(state).to_hall_time(now)
    return local.hour * 60 + local.minute
