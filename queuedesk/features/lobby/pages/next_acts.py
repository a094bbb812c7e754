"""What an alarm already knows to do, what became of a move, and the other alarms, each with its key.

Nothing here draws: the board makes cards of some and rows of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import joined, next_for, set_up
from queuedesk.core.queue.ticket import Ticket, WindowState, seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.move import MadeMove, Move
from queuedesk.core.talk.messages import window_place
from queuedesk.features.lobby.rules.made_moves import TOLD_AFTER, happened, real_effect
from queuedesk.features.lobby.rules.move_search import QUIET
from queuedesk.features.lobby.rules.risks import Risk
from queuedesk.features.lobby.words import move_title, real_words, risk_words
from queuedesk.i18n import _, minutes_text, time_hm
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.manager.today.alert_words import AlertText, Place

FREE_FOR = timedelta(seconds=40)
"""A window that is free for so long, while somebody waits whom it may call, is worth a word."""
PUT_OFF_FOR = timedelta(minutes=20)
"""What is put off comes back after so long."""
TOLD_FOR = timedelta(minutes=45)
"""What became of a move is told for so long after it was made."""
LINE_ALARMS = frozenset({"long_wait", "no_window", "crowd"})
NOTED_ONLY = frozenset({"device_down", "series_ending"})
TELL, TAKE, SEE, SHOW, CARD, NOTED = "tell", "take", "see", "show", "card", "noted"


class NextAct(Struct, frozen=True, kw_only=True):
    """Something to press, in finished words; a row where it is no card. `figures` is what is said of `second` where it
    has no room.

    `verb` says what its key does: TELL sends `message` (Chinese and English) to the window `to`; TAKE makes the move
    `key`; SEE notes the alarm as seen; SHOW leads to `place`; CARD opens a contingency card; NOTED takes it from the
    board. `put_off` says that it may be put off for a while.
    """

    id: str
    icon: str
    token: str
    title: str
    second: str
    press: str
    verb: str
    figures: str = ""
    key: str = ""
    to: str = ""
    message: tuple[str, str] = ("", "")
    place: Place | None = None
    alert: AlertText | None = None
    is_card: bool = False
    put_off: bool = False


def free_windows(state: HallState, now: datetime) -> Iterator[NextAct]:
    """Yield a card for each window that is free although somebody waits whom it may call, each for another person;
    nothing for one that was told."""
    setup, meant = set_up(state), set[str]()
    for code in setup.windows:
        window = state.window(code)
        is_free = window.state is WindowState.OPEN and window.ticket is None and window.since is not None
        if not is_free or window.since is None or now - window.since < FREE_FOR or _was_told(state, code, window.since):
            continue
        first = next((one for one in next_for(state, code, now) if one.label not in meant), None)
        if first is not None:
            meant.add(first.label)
            yield _call_card(setup, code, window.staff, first, now)


def _call_card(setup: Setup, code: str, staff: str | None, ticket: Ticket, now: datetime) -> NextAct:
    number, waited = ticket.label, minutes_text(seconds(joined(ticket), now) // 60)
    message = [tr(lang, "Please call {ticket} next.", ticket=number) for lang in ("zh_CN", "en")]
    return NextAct(
        id=f"free:{code}",
        icon="waiting",
        token="amber",
        title=_("Window {window} is free: call {ticket}", window=code, ticket=number),
        second=_("{ticket} has waited {minutes}", ticket=number, minutes=waited),
        press=_("Tell {staff}", staff=staff_name(setup, staff)),
        verb=TELL,
        to=code,
        message=(message[0], message[1]),
        is_card=True,
        put_off=True,
    )


def _was_told(state: HallState, window: str, since: datetime) -> bool:
    place = window_place(window)
    return any(one.to == place and one.time >= since for one in state.messages.values())


def late_back(state: HallState, now: datetime, moves: Iterable[Move]) -> Iterator[NextAct]:
    """Yield a card for each clerk whose pause is over, unless that is suggested already or was asked or put off
    lately."""
    setup = set_up(state)
    suggested = {move.key for move in moves}
    lately = {one.move.key for one in state.moves.values() if now - one.time < QUIET}
    for code in setup.windows:
        window = state.window(code)
        key = Move(kind="call_back", window=code).key
        is_late = window.state is WindowState.PAUSED and window.back is not None and now > window.back
        if not is_late or window.back is None or window.staff is None or key in suggested | lately:
            continue
        over = minutes_text(max(1, seconds(window.back, now) // 60))
        why = reason_words(window.reason or "") or _("Paused", context="window")
        yield NextAct(
            id=key,
            icon="pause",
            token="violet",
            title=_("Ask window {window} to come back", window=code),
            second=_("{pause}, over by {minutes}", pause=why, minutes=over),
            press=_("Call {staff} back", context="move", staff=staff_name(setup, window.staff)),
            verb=TAKE,
            key=key,
            is_card=True,
            put_off=True,
        )


def outcomes(state: HallState, now: datetime) -> Iterator[NextAct]:
    """Yield what became of each move that was made lately, the newest first."""
    setup, day = set_up(state), state.now.date
    waiting = {one.label for one in state.waiting() if one.date == day}
    for made in sorted(state.moves.values(), key=lambda one: -one.seq):
        if not made.taken or made.date != day or now - made.time > TOLD_FOR:
            continue
        yield NextAct(
            id=f"made:{made.seq}",
            icon="check",
            token="primary",
            title=move_title(setup, made.move),
            second=_outcome(state, made, waiting, now),
            press=_("Got it"),
            verb=NOTED,
            is_card=True,
        )


def _outcome(state: HallState, made: MadeMove, waiting: set[str], now: datetime) -> str:
    setup = set_up(state)
    done = happened(made, state.shifts.values())
    asked = time_hm(setup.local(made.time))
    is_early = now - made.time < TOLD_AFTER
    if done is None:
        return (
            _("asked at {time}, not done yet", time=asked) if is_early else _("asked at {time}, not done", time=asked)
        )
    if is_early:
        tells = time_hm(setup.local(made.time + TOLD_AFTER))
        return _("done at {time}; the effect is shown from {later}", time=time_hm(setup.local(done)), later=tells)
    real = real_effect(made, state.calls, waiting, now)
    words = real_words(real.saved_min, real.n)
    if real.saved_min is None:
        return _("done at {time}; {words}", time=time_hm(setup.local(done)), words=words)
    if real.is_final:
        return _("{words} than expected without it", context="outcome", words=words)
    return _("so far {words} than expected without it", context="outcome", words=words)


def alarm_rows(texts: Iterable[AlertText], carded: Sequence[NextAct], cards: Mapping[str, object]) -> Iterator[NextAct]:
    """Yield a row for each alarm without a card of its own. The first about a line that is over the target opens a
    contingency card, if there are `cards`; the others lead to what they are about."""
    free = {one.to for one in carded if one.verb == TELL}
    back = {one.id for one in carded if one.verb == TAKE}
    opens = bool(cards)
    for text in texts:
        has_card = (text.kind == "no_call" and text.window in free) or (
            text.kind == "late_back" and Move(kind="call_back", window=text.window).key in back
        )
        if not has_card:
            row = _alarm_row(text, opens=opens)
            opens = opens and row.verb != CARD
            yield row


def _alarm_row(text: AlertText, *, opens: bool) -> NextAct:
    press, verb = _("Show"), SHOW
    if text.kind in NOTED_ONLY and not text.is_seen:
        press, verb = _("Got it"), SEE
    elif text.kind in LINE_ALARMS and text.level == "red" and opens and not text.is_seen:
        press, verb = _("Contingency card"), CARD
    return NextAct(
        id=f"alarm:{text.kind}:{text.service}:{text.window}:{text.device}:{text.station}",
        icon="person" if text.is_seen else _ICONS.get(text.kind, "clock"),
        token="ink2" if text.is_seen else text.level,
        title=text.title,
        second=text.second,
        press=press,
        verb=verb,
        figures=text.figures,
        place=text.place,
        alert=text,
    )


_ICONS = {
    "device_down": "plug",
    "series_ending": "ticket",
    "crowd": "people",
    "no_window": "window",
    "late_back": "pause",
}


def risk_rows(setup: Setup, risks: Iterable[Risk]) -> Iterator[NextAct]:
    """Yield a row for each danger that no alarm names: a customer held up by another system, a clerk without a
    break."""
    for one in risks:
        if one.kind in ("stalled", "no_break"):
            yield NextAct(
                id=f"risk:{one.kind}:{one.window}",
                icon="hourglass" if one.kind == "stalled" else "person",
                token="amber",
                title=risk_words(setup, one).rstrip(".。"),
                second="",
                press=_("Show"),
                verb=SHOW,
                place=Place("tickets", window=one.window or ""),
            )
