"""The demo: a simulated day in a throw-away hall, live on the screen or as pictures, sounds and a report in a
folder."""

from __future__ import annotations

import json as json_text
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from queuedesk.app.clock import real_clock
from queuedesk.app.station.launch import SCREENS
from queuedesk.app.station.processes import open_station, program_environment
from queuedesk.app.this_pc.config import made_folder
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.features import added_stations, features, load, page_keys, used, uses
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.figures.targets import MEAN_WAIT, SATISFACTION
from queuedesk.core.log.state import HallState
from queuedesk.core.log.whole_event import UNFOLDABLE
from queuedesk.core.network.roles import CONSOLE, Role
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.queue.overview import alerts, past_target, set_up
from queuedesk.core.queue.ticket import State
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.calendar import read_calendar
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall import HallSpec
from queuedesk.core.setup.rows import Setup, languages
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, no_salt
from queuedesk.desk.live_hall import follow
from queuedesk.desk.setup import founding, setting_up
from queuedesk.files.own import JOURNALS, must_not_be_own
from queuedesk.i18n import _, current, use_words
from queuedesk.sim import whole_days
from queuedesk.sim.busy_day import BusyDay, FirstDay
from queuedesk.sim.day import SimulatedDay
from queuedesk.sim.demo_words import put_in_english
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import journals_of, setups_in
from queuedesk.store.upkeep.draft import drafted

STORY = "power"
"""The preset whose hall has weeks behind it that tell a story; halls of the others are seen on their first day."""
SEED = 64
SEEDS = range(SEED, SEED + 20)
"""What the demo's day is played with: the first that gives it a busy moment, on four dates of five the very first."""
# The hall of the pictures: a few minutes after half past ten, when the line is longest.
SHOWN_MINUTE = 10 * 60 + 38
SHOWN_WITHIN = timedelta(minutes=30)
FOUNDED_MINUTE = 7 * 60
SHOWN_WINDOW = 3
LIVE_FROM_MINUTE = 10 * 60 + 10
LIVE_SPEED = 20.0
LONGEST_PAUSE_S = 2.0
FRESH = timedelta(seconds=18)
JUST_ENDED = timedelta(seconds=45)
FRIDAY = 5
TARGETS = {SATISFACTION: 98, MEAN_WAIT: 15}
"""What the hall wants to reach, in percent and in minutes: one of the two it misses."""
WIZARD_PAGES = ("kind", "hall", "services", "facts", "windows", "people", "features")
GUIDE_PAGES = ("papers", "line", "ticket", "missed", "number")
PACKS, STAFF = "packs", "staff"
COUNTER_PAGES, OWN_PAGES = ("bar",), ("day", "month", "history")
KIOSK_PAGES = ("find", "info", "where", "class", "ticket")
RATING_PAGES = ("thanks",)
MANAGER_PAGES = (
    *("tickets", "story", "booked", "lobby", "fairness", "staffing", "what-if", "promise"),
    *("cases", "why", "inspections", "morning", "thanks", "forums", "month", "lost"),
    *("projects", "project", "where-else", "trials", "training"),
    *("figures", "on-paper", "packs", "indicators", "channels", "people", "sheets", "notices", "equipment", "paper"),
    *("setup-hall", "setup-services", "setup-windows", "setup-staff", "setup-calendar", "setup-settings"),
)
TAB_OF = {"sheets": "people"}
"""Tabs that go with the page they are on."""
OF_A_PROJECT = "project"
"""The page that only a hall with a project has."""
STATION_SIZES = {
    "home": "1366x768",
    "display": "1920x1080",
    "display-portrait": "1080x1920",
    "line": "1920x160",
    "plate": "1920x480",
    "rating": "1280x800",
    "kiosk": "1080x1920",
}


class Moment(Struct, frozen=True):
    """The moment of the day that the pictures show: a call was just made at `called`, a visit just ended at `ended`."""

    at: datetime
    called: str
    ended: str


def run(*, out: Path | None, preset: str, weeks: int | None, lang: str, json: bool) -> int:
    """Play the weeks before a day and the day in a hall of a preset; return the exit status. With a screen and without
    `out` the stations open and follow the day live."""
    has_screen = not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREENS)
    if out is None and has_screen:
        return play_live(made_folder("demo"), lang, preset)
    folder = out if out is not None else made_folder("demo")
    at, files = leave(folder, lang, weeks, preset)
    if json:
        print(json_text.dumps({"folder": str(folder), "at": at.isoformat(), "files": files}, ensure_ascii=False))
    else:
        print(_("The day is played. Its hall, pictures, sounds and report are in {folder}", folder=folder))
    return 0


def demo_day(today: date) -> date:
    """Return the last weekday up to `today` that is no holiday, a busy day in halls of the preset."""
    off = read_calendar(whole_days.published_days())
    while today.isoweekday() > FRIDAY or off.is_closed(today):
        today -= timedelta(days=1)
    return today


def new_hall(
    file: Path,
    today: date,
    *,
    weeks: int | None = None,
    is_live: bool = False,
    lang: str = "",
    preset: str = STORY,
) -> tuple[Desk, SimulatedDay]:
    """Make an invented hall at `file` with the weeks before its day, replacing an earlier demo's; return it with that
    day, not played yet. Of a live one only the weeks' days like this one are played: a person is waiting for it. With
    `lang` "en" its people type English. Without `weeks` the story's hall has all of its own, another hall none.

    Raises RuleError "own_file" where a hall stands that is no demo's, OutsideError "cannot_write".
    """
    if file.exists() and not _is_simulated(file):
        raise RuleError("own_file", path=str(file))
    for old in (file, *journals_of(file)):
        old.unlink(missing_ok=True)
    if preset != STORY:
        return _other_hall(file, preset, today, weeks or 0)
    weeks = whole_days.WEEKS if weeks is None else weeks
    day = demo_day(today)
    ready = setting_up.prepared(founding.with_its_story(STORY), timezone="Asia/Shanghai")
    ready = whole_days.story_setup(ready, day)
    ready["hall"]["simulated"] = True
    ready["targets"] = [{"measure": name, "value": value, "from": None} for name, value in TARGETS.items()]
    if lang == "en":
        put_in_english(ready)
    setup = check_setup(ready)
    tokens = derived_tokens(f"demo {SEED}".encode())
    with drafted(file) as db:
        begins = whole_days.story_begins(setup, day, weeks)
        made = founding.found_hall(db, setup, Ask(CONSOLE, begins))
        past = Desk(db, made.hall, tokens, no_salt)
        if weeks and uses(setup.hall, "wording"):
            load("features.wording.demo:try_words")(past, setup, Ask(CONSOLE, begins), day)
        for one in whole_days.story_days(past, setup, day, SEED, weeks=weeks, only_alike=is_live):
            one.play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, BusyDay(desk, setup, day, busy_seed(setup, day))


def _other_hall(file: Path, preset: str, today: date, weeks: int) -> tuple[Desk, SimulatedDay]:
    """Make a hall of a preset, in its demo's words where it has one, with ordinary days behind it if wished."""
    ready = founding.with_its_story(preset)
    zone = ready["hall"].get("timezone", whole_days.TIME_ZONE)
    ready = setting_up.prepared(ready, timezone=zone)
    ready["hall"]["simulated"] = True
    setup = check_setup(ready)
    day = whole_days.last_open_day(setup, today)
    before = [day - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    before = [date for date in before if whole_days.is_open_on(setup, date)]
    begins = hall_moment(setup, min([*before, day]), FOUNDED_MINUTE)
    tokens = derived_tokens(f"demo {preset} {SEED}".encode())
    with drafted(file) as db:
        made = founding.found_hall(db, setup, Ask(CONSOLE, begins))
        past = Desk(db, made.hall, tokens, no_salt)
        for date in before:
            whole_days.planned(past, setup, date, SEED).play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, FirstDay(desk, setup, day, busy_seed(setup, day, FirstDay))


def busy_seed(setup: Setup, day: date, kind: type[BusyDay | FirstDay] = BusyDay) -> int:
    """Return the first of the seeds with which the demo's day has a busy moment; its morning is played aside.

    The weeks before are left out: what people do on that day does not depend on them.
    """
    for seed in SEEDS:
        with drafted(None) as db:
            made = founding.found_hall(db, setup, Ask(CONSOLE, hall_moment(setup, day, FOUNDED_MINUTE)))
            desk = Desk(db, made.hall, derived_tokens(b"aside"), no_salt)
            if busy_moment(desk, kind(desk, setup, day, seed)) is not None:
                return seed
    return SEED


# -- in a folder -------------------------------------------------------------------------------------------------------


def leave(folder: Path, lang: str, weeks: int | None = None, preset: str = STORY) -> tuple[datetime, list[str]]:
    """Play the weeks and the day and leave the hall, pictures, sounds, tickets and report in `folder`; return the
    moment of the pictures and the files' names. Pictures and sounds are in the hall's languages, the report in `lang`
    where it is one of them.

    The stations themselves draw every picture, from the same file at the same minute of the day. Raises OutsideError
    "cannot_write".
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        desk, day = new_hall(folder / "hall.sqlite", real_clock().date(), weeks=weeks, lang=lang, preset=preset)
        for old in _left_behind(folder):
            must_not_be_own(old)
            old.unlink()
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    moment = shown_moment(desk, day)
    state = looking.hall_now(desk, moment.at)
    spoken, words = languages(day.setup), day.setup.hall.words
    use_words(words.window, words.ticket, hall=day.setup.hall.name)
    lang = lang if lang in spoken else spoken[0]
    # With 0 weeks the hall is for a quick look: the stations' first pages.
    further = further_pictures(moment, folder, preset, day.setup.hall) if weeks != 0 else ()
    draw(desk, folder, moment, [*pictures(state, moment), *further], spoken)
    write_tickets(desk, folder, state, moment)
    write_calls(folder, state, moment, spoken)
    day.play()
    end = looking.last_moment(desk) or moment.at
    from queuedesk.reports.figures.write import write_day

    write_day(desk, day.day, folder / "day.pdf", lang=lang, now=end)
    if weeks != 0 and uses(day.setup.hall, PACKS):
        write_pack(desk, day.day, folder / "pack.pdf", lang, end)
    desk.db.dispose()
    files = sorted(file.name for file in folder.iterdir() if file.is_file() and not file.name.endswith(JOURNALS))
    return moment.at, files


def shown_moment(desk: Desk, day: SimulatedDay) -> Moment:
    """Play up to a busy moment and return it; without one, the end of the time for pictures."""
    window = next(iter(day.setup.windows))
    latest = hall_moment(day.setup, day.day, SHOWN_MINUTE) + SHOWN_WITHIN
    return busy_moment(desk, day) or Moment(latest, window, window)


def busy_moment(desk: Desk, day: SimulatedDay) -> Moment | None:
    """Play up to a busy minute, when a customer was just called and another visit just ended; return that moment, or
    None where there is none in the time for pictures."""
    earliest = hall_moment(day.setup, day.day, SHOWN_MINUTE)
    day.play(earliest)
    now, state = earliest, looking.hall_now(desk, earliest)
    for following in day.steps(earliest + SHOWN_WITHIN):
        state = _followed(desk, state, now)
        found = _worth_showing(state, now)
        if found is not None and is_busy(state, now):
            return found
        now = following
    return None


def _followed(desk: Desk, state: HallState, now: datetime) -> HallState:
    """Return the hall with what happened after `state`, as a station follows it: to read the day anew after each act
    would take as long as to play it."""
    try:
        for event in looking.events_after(desk, state.now.seq):
            follow(event, state)
    except UNFOLDABLE:
        return looking.hall_now(desk, now)
    return state


def is_busy(state: HallState, now: datetime) -> bool:
    """Whether there is something of everything to see: people past the target, an alert, somebody set aside, missed and
    with priority, a window that pauses."""
    states = {ticket.state for ticket in state.tickets.values()}
    return bool(
        {State.PARKED, State.MISSED} <= states
        and past_target(state, now)
        and alerts(state, now)
        and any(ticket.credit_s for ticket in state.waiting())
        and any(window.state is WindowState.PAUSED for window in state.windows.values())
    )


def _worth_showing(state: HallState, now: datetime) -> Moment | None:
    called = [w.code for w in state.windows.values() if w.ticket and state.tickets[w.ticket].state is State.CALLED]
    fresh = [c.window for c in state.calls if now - c.time <= FRESH and c.window in called]
    ended = [
        w.code
        for w in state.windows.values()
        if w.ticket is None
        and w.last
        and w.since
        and now - w.since <= JUST_ENDED
        and state.tickets[w.last].rating is None
    ]
    return Moment(now, fresh[-1], ended[0]) if fresh and ended else None


def pictures(state: HallState, moment: Moment) -> Iterator[tuple[str, list[str]]]:
    """Yield every station's first picture as its name and the words of the station that draws it."""
    serving = [c for c, w in state.windows.items() if w.ticket and state.tickets[w.ticket].state is State.SERVING]
    paused = [c for c, w in state.windows.items() if str(w.state) == "paused"]
    yield "home", ["home"]
    yield "guide", ["guide"]
    yield "kiosk", ["kiosk"]
    yield "counter", ["counter", "--window", moment.called]
    if serving:
        yield "counter-serving", ["counter", "--window", serving[0]]
    if paused:
        yield "counter-paused", ["counter", "--window", paused[0]]
    yield "counter-idle", ["counter", "--window", moment.ended]
    yield "display", ["display"]
    yield "display-portrait", ["display", "--layout", "portrait"]
    yield "display-order", ["display", "--layout", "order"]
    yield "line", ["line", "--window", moment.called]
    yield "plate", ["plate", "--window", moment.called]
    if paused:
        yield "plate-paused", ["plate", "--window", paused[0]]
    yield "rating", ["rating", "--window", moment.ended]
    yield "rating-exit", ["rating"]
    yield "manager", ["manager"]
    for name in added_stations():
        if uses(set_up(state).hall, name):
            # The simulated day has no one there; a picture may show it to the guide without a line in the log.
            yield name, ["--as", next(c for c, p in set_up(state).staff.items() if p.role is Role.GUIDE), name]


def further_pictures(moment: Moment, folder: Path, preset: str, hall: HallSpec) -> Iterator[tuple[str, list[str]]]:
    """Yield the pictures of the stations' other pages likewise, of those that the hall has; "{page}" in a name stands
    for each of them."""
    pages = [page for page in MANAGER_PAGES if has_page(hall, page) and (preset == STORY or page != OF_A_PROJECT)]
    at_guide = [*GUIDE_PAGES, *(one.front_desk.key for one in used(hall) if one.front_desk is not None)]
    # Of a file that is not there home shows the first start, which begins with the kind of hall of the story.
    if preset == STORY:
        yield "home-{page}", ["--db", str(folder / "no-hall.sqlite"), "home", "--page", ",".join(WIZARD_PAGES)]
    yield "guide-{page}", ["guide", "--page", ",".join(at_guide)]
    yield "counter-{page}", ["counter", "--window", moment.called, "--page", ",".join(COUNTER_PAGES)]
    if uses(hall, STAFF):
        yield "counter-own-{page}", ["counter", "--window", moment.ended, "--page", ",".join(OWN_PAGES)]
    yield "kiosk-{page}", ["kiosk", "--page", ",".join(KIOSK_PAGES)]
    yield "rating-{page}", ["rating", "--window", moment.ended, "--page", ",".join(RATING_PAGES)]
    yield "manager-{page}", ["manager", "--page", ",".join(pages)]


def has_page(hall: HallSpec, page: str) -> bool:
    """Whether a hall has a manager's page or tab by its name in a picture's command line."""
    key = TAB_OF.get(page, page)
    return all(uses(hall, one.name) for one in features() if key in [own.rpartition("/")[2] for own in page_keys(one)])


def draw(desk: Desk, folder: Path, moment: Moment, wanted: list[tuple[str, list[str]]], spoken: Sequence[str]) -> None:
    """Draw the pictures in one process for each language, all at once. Raises OutsideError "cannot_write"."""
    with ThreadPoolExecutor(len(spoken)) as all_at_once:
        for drawn in all_at_once.map(lambda language: _draw_in(language, desk, folder, moment, wanted), spoken):
            if not drawn:
                raise OutsideError("cannot_write", path=str(folder))


def _draw_in(language: str, desk: Desk, folder: Path, moment: Moment, wanted: list[tuple[str, list[str]]]) -> bool:
    lines = []
    for name, words in wanted:
        size = STATION_SIZES.get(name) or STATION_SIZES.get(name.partition("-")[0], "1366x768")
        picture = [
            "--screenshot",
            str(folder / f"{name}-{language}.png"),
            "--size",
            size,
            "--at",
            moment.at.isoformat(),
        ]
        hall = [] if words[0] == "--db" else ["--db", str(desk.db.path)]
        lines.append([*hall, "--lang", language, *words, *picture])
    done = subprocess.run(
        [sys.executable, "-m", "queuedesk.app.this_pc.screenshots"],
        env={**program_environment(), "QT_QPA_PLATFORM": "offscreen"},
        input=json_text.dumps(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    drawn = (file for name, words in wanted for file in _files_of(name, words, language))
    return done.returncode == 0 and all((folder / file).exists() for file in drawn)


def _files_of(name: str, words: list[str], language: str) -> Iterator[str]:
    pages = words[words.index("--page") + 1].split(",") if "--page" in words else [""]
    for page in pages:
        yield f"{name.replace('{page}', page)}-{language}.png"


def write_tickets(desk: Desk, folder: Path, state: HallState, moment: Moment) -> None:
    """Draw the slips of the two tickets issued last."""
    from queuedesk.app.services.slips import ticket_slip
    from queuedesk.app.station.painting import prepare_painting
    from queuedesk.printing.outputs import draw_slip
    from queuedesk.printing.png import save_png

    prepare_painting()
    for ticket in sorted(state.tickets.values(), key=lambda t: t.seq)[-2:]:
        slip = ticket_slip(looking.hall_now(desk, moment.at), ticket.date, ticket.label, moment.at)
        save_png(draw_slip(slip), folder / f"ticket-{ticket.label}.png")


def write_pack(desk: Desk, day: date, file: Path, lang: str, now: datetime) -> None:
    """Write the meeting pack of the month."""
    from queuedesk.features.packs.papers.document import pack_document
    from queuedesk.features.packs.papers.files import content
    from queuedesk.features.packs.papers.read import read_pack
    from queuedesk.files.writing import write_file

    pack, said = read_pack(desk, MONTH, day, now), lang or current()
    write_file(file, content(pack_document(pack, said), pack.read, ".pdf", said, None))


def write_calls(folder: Path, state: HallState, moment: Moment, spoken: Sequence[str]) -> None:
    """Speak the newest call in each language into a file; a language without a voice gets none."""
    from queuedesk.app.services.speaking import announcement_of
    from queuedesk.voice.engine_process import Chain, render

    call = next(c for c in reversed(state.calls) if c.window == moment.called)
    with Chain() as chain:
        for language in spoken:
            target = folder / f"call-{call.label}-{language}.wav"
            try:
                render(announcement_of(set_up(state), call), language, target, chain)
            except OutsideError as trouble:
                if trouble.code != "voice_silent":
                    raise


def _is_simulated(file: Path) -> bool:
    """Whether only halls that never were are in a database; one that can't be read may be anybody's."""
    try:
        return all(setup["hall"].get("simulated") for setup in setups_in(file))
    except OutsideError:
        return False


def _left_behind(folder: Path) -> list[Path]:
    """Return what an earlier demo left in `folder`; nothing else there is touched."""
    patterns = ("*-zh_CN.png", "*-en.png", "ticket-*.png", "call-*.wav", "day.pdf", "pack.pdf")
    return [file for pattern in patterns for file in folder.glob(pattern)]


# -- on the screen -----------------------------------------------------------------------------------------------------


def play_live(folder: Path, lang: str, preset: str = STORY) -> int:
    """Open the stations and play the day at speed until it ends or the last window is closed."""
    place = folder / "live"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    desk, day = new_hall(place / "hall.sqlite", real_clock().date(), is_live=True, lang=lang, preset=preset)
    day.play(hall_moment(day.setup, day.day, LIVE_FROM_MINUTE))
    busy = list(day.setup.windows)[:SHOWN_WINDOW][-1]
    stations = [
        ["display"],
        ["guide"],
        ["counter", "--window", busy],
        ["rating", "--window", busy],
        ["manager"],
        *([name] for name in added_stations() if uses(day.setup.hall, name)),
    ]
    windows = [open_station(["--db", str(desk.db.path), *words, "--size", "1366x768"]) for words in stations]
    # Told to end, the demo takes its stations along: `finally` runs on an exit, not on the signal itself.
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(0))
    try:
        before: datetime | None = None
        for now in day.steps():
            if before is not None:
                time.sleep(min(LONGEST_PAUSE_S, (now - before).total_seconds() / LIVE_SPEED))
            before = now
            if all(window.poll() is not None for window in windows):
                return 0
        for window in windows:
            window.wait()
    finally:
        for window in windows:
            if window.poll() is None:
                window.terminate()
        desk.db.dispose()
    return 0
