"""What the counter's small bar says of the window's state: finished texts, without the widgets that show them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.queue.ticket import Ticket, handling_s
from queuedesk.i18n import _, m_ss, n_, names, time_hm
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import Act, primary
from queuedesk.stations.counter.scene import Heard, Kind, Nudge, Scene, target_minutes
from queuedesk.stations.widgets.labels import Run
from queuedesk.stations.window.style import M
from queuedesk.stations.window.theme import MARKS

NEXT_PX, TIMER_PX, SMALL_PX = 28, 24, 16
NO_STATE = Run("")


class BarFace(Struct, frozen=True, kw_only=True):
    """The ticket at the window or, while there is none, the window's `state`; runs that must be read and others `after`
    them, a class, the acts beside the primary, and the primary's word ("" for none).

    `tint` ("amber", "red", "blue") colours the whole bar when it says a `sentence` or that the data is away; `share` is
    the handling against its target, None without one. `briefly` stands in place of `after` where that has no room.
    """

    label: str = ""
    state: Run = NO_STATE
    runs: tuple[Run, ...] = ()
    after: tuple[Run, ...] = ()
    briefly: tuple[Run, ...] = ()
    class_text: str = ""
    acts: tuple[Act, ...] = ()
    primary: str = ""
    can: bool = True
    tint: str = ""
    share: float | None = None
    sentence: str = ""
    icon: str = ""


def face_of(scene: Scene, heard: Heard, nudge: Nudge | None) -> BarFace:
    """Return what the bar shows of the window's current state."""
    match scene.kind:
        case Kind.CALLED if scene.ticket is not None:
            return _called(scene, scene.ticket, heard)
        case Kind.SERVING if scene.ticket is not None:
            return _serving(scene, scene.ticket)
        case Kind.PAUSED:
            return _paused(scene)
    return _idle(scene, nudge)


def said(sentence: str, *, kind: str, icon: str) -> BarFace:
    """Return a face with one sentence; acts and primary are those of the face before."""
    return BarFace(sentence=sentence, tint=kind, icon=icon)


def away_face(scene: Scene, fact: str) -> BarFace:
    """Return what the bar shows while the hall's file can't be opened: no acts are possible."""
    after = [Run(_("retrying"), SMALL_PX, token="amber", gap=16)]
    if scene.ticket is not None:
        state = _("Serving", context="state") if scene.kind is Kind.SERVING else _("Called", context="state")
        after.append(Run(state, SMALL_PX, token="amber", gap=12))
    return BarFace(
        label=scene.ticket.label if scene.ticket is not None else "",
        state=paused_state() if scene.kind is Kind.PAUSED else free_state(),
        runs=(Run(fact, M, True, "amber", icon="away"),),
        after=tuple(after),
        tint="amber",
    )


def emergency_face(face: BarFace, line: str) -> BarFace:
    """Return `face` with an emergency in place of everything but the number; the primary stays, the other acts are
    under ⋯."""
    return replace(face, sentence=line, tint="red", icon="warning")


def bar_word(act: Act, scene: Scene) -> str:
    """Return the short word of an act under its icon."""
    short = {
        Act.RECALL: _("Recall"),
        Act.MISS: _("Not here", context="bar"),
        Act.EXTEND: _("10 min more", context="bar"),
        Act.CLOSE: _("Close", context="bar"),
    }
    return short.get(act) or words.act_word(act, scene)


def _idle(scene: Scene, nudge: Nudge | None) -> BarFace:
    acts = (Act.PAUSE,)
    if scene.next is None:
        runs = (Run(_("Nobody is waiting"), M, True),)
        return BarFace(state=free_state(), runs=runs, acts=acts, primary=_("Nobody to call now"), can=False)
    following = Run(_("Next", context="customer"), M, token="ink2")
    number = Run(scene.next.label, NEXT_PX, True, gap=14)
    waiting = n_("{n} waiting", "{n} waiting", len(scene.order))
    after = [Run(waiting, SMALL_PX, token="ink2", gap=16)]
    if note := words.note_line(scene.next):
        after = [Run(note, SMALL_PX, True, "primary", gap=16)]
    if nudge is not None:
        waits = _("free meanwhile {time}", time=m_ss(nudge.waits_s))
        after = [Run(waits, SMALL_PX, True, "amber", gap=16, icon="hourglass")]
    return BarFace(
        state=free_state(),
        runs=(following, number),
        after=tuple(after),
        class_text=names.ticket_marks(scene.setup, scene.next),
        acts=acts,
        primary=_("Call next"),
    )


def _called(scene: Scene, ticket: Ticket, heard: Heard) -> BarFace:
    way = _("{seconds} s", seconds=words.way_seconds(scene, ticket))
    what = _what(scene, ticket)
    note = words.note_line(ticket)
    plain = Run(f"{way} · {what}", SMALL_PX, token="ink2", gap=16)
    after = Run(note, SMALL_PX, True, "primary", gap=16) if note else plain
    if heard in (Heard.NOWHERE, Heard.NOBODY, Heard.SHOWN):
        beside = words.status_of(scene, heard)
        after = Run(beside.beside, SMALL_PX, True, "amber", gap=16)
    return BarFace(
        label=ticket.label,
        runs=(_mark("called", _("Called", context="state")),),
        after=(after,),
        briefly=(replace(plain, text=what),) if after is plain else (),
        acts=(Act.RECALL, Act.MISS),
        primary=_("Start", context="bar"),
    )


def _serving(scene: Scene, ticket: Ticket) -> BarFace:
    took, target = handling_s(ticket, scene.now), target_minutes(scene, ticket)
    share = took / (target * 60) if target else None
    late = share is not None and share > 1
    stalled = ticket.stalled_since is not None
    word = _("Waiting for a system") if stalled else _("Serving", context="state")
    timer = Run(m_ss(took), TIMER_PX, True, "red" if late else "ink", tabular=True, gap=16)
    after = []
    if scene.next is not None:
        after.append(Run(_("next {ticket}", ticket=scene.next.label), SMALL_PX, token="ink2", gap=16))
    return BarFace(
        label=ticket.label,
        runs=(_mark("parked" if stalled else "serving", word), timer),
        after=tuple(after),
        acts=(Act.UNSTALL if stalled else Act.TRANSFER, Act.PARK),
        primary=_("Finish"),
        share=share,
    )


def _paused(scene: Scene) -> BarFace:
    back = scene.window.back
    since = scene.window.since
    gone = m_ss((scene.now - since).total_seconds() if since else 0)
    after = []
    if back is not None:
        late = scene.now > back
        time = time_hm(scene.setup.local(back))
        said_back = _("back at about {time}", time=time)
        after.append(Run(said_back, SMALL_PX, late, "red" if late else "ink2", gap=16))
    return BarFace(
        state=paused_state(),
        runs=(Run(gone, TIMER_PX, True, tabular=True),),
        after=tuple(after),
        acts=(Act.EXTEND, Act.CLOSE),
        primary=_("I am back"),
        can=primary(scene) is not None,
    )


def free_state() -> Run:
    return Run(_("Free", context="bar"), M, token="ink2", icon="waiting")


def paused_state() -> Run:
    return _mark("paused", _("Paused", context="state"))


def _mark(state: str, word: str) -> Run:
    mark = MARKS[state]
    token = "primary" if mark.token == "on_soft" else mark.token
    return Run(word, M, True, token, icon=mark.icon)


def _what(scene: Scene, ticket: Ticket) -> str:
    item = names.item_name(scene.setup, ticket.service, ticket.item)
    return item or names.service_name(scene.setup, ticket.service)
