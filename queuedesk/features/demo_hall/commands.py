"""The command demo: an invented day, live on the screen or as pictures, sounds and a report in a folder."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import CommandList, parse_nonempty_text, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core import features
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.hall import HallSpec
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import hall_languages
from queuedesk.desk import looking
from queuedesk.features.demo_hall.verbs.halls import STORY, PictureMoment, make_invented_hall, play_to_picture_moment
from queuedesk.files.writing import JOURNALS, require_overwritable_output, write_file
from queuedesk.i18n import _, current_language, use_hall_words
from queuedesk.sim.demand import feature_demo_parts_used_by_hall

if TYPE_CHECKING:
    from queuedesk.cli.job import DemoShowingService
    from queuedesk.desk.change import Desk

MOST_WEEKS = 4
SHOWN_WINDOW = 3
LIVE_FROM_MINUTE = 10 * 60 + 10
LIVE_SPEED = 20.0
LONGEST_PAUSE_S = 2.0
WIZARD_PAGES = ("kind", "hall", "services", "facts", "windows", "people", "features")
GUIDE_PAGES = ("papers", "line", "ticket", "missed", "number")
STAFF = "staff"
COUNTER_PAGES, OWN_PAGES = ("bar",), ("day", "month", "history")
KIOSK = "kiosk"
KIOSK_PAGES = ("find", "info", "where", "class", "ticket")
RATING_PAGES = ("thanks",)
MANAGER_PAGES = (
    *("tickets", "story", "cases", "figures", "on-paper", "notices"),
    *("setup-hall", "setup-services", "setup-windows", "setup-staff", "setup-calendar", "setup-settings"),
)
"""Those of the core; features add theirs."""
EMPTY, SET_UP = frozenset({"reports/audit"}), "setup/"
"""Pages of features that show nothing before somebody has chosen a file, and those of the set-up: not drawn."""
OPENED_WITH_SECTION = "people/staff-today"
"""The page that the section "people" opens with, whose picture has the section's name."""
STATION_SIZES = {
    "home": "1366x768",
    "display": "1920x1080",
    "display-portrait": "1080x1920",
    "line": "1920x160",
    "plate": "1920x480",
    "rating": "1280x800",
    "kiosk": "1080x1920",
}
Picture = tuple[str, list[str]]
"""A picture's name, and the words of the station that draws it."""


def register_commands(commands: CommandList) -> None:
    """Add demo."""
    demo = commands.add_command("demo", _make_or_play_demo)
    demo.add_argument("--out", type=parse_path, metavar="FOLDER", help=_("leave pictures, sounds and the report there"))
    demo.add_argument(
        "--preset",
        type=parse_nonempty_text,
        default=STORY,
        metavar="|".join(PRESETS),
        help=_("what kind of hall, power if not given"),
    )
    demo.add_argument(
        "--weeks",
        type=parse_whole_number,
        choices=range(MOST_WEEKS + 1),
        metavar="N",
        help=_("weeks that the hall has behind it; if not given 4 in a power hall, in others none: its first day"),
    )


def _make_or_play_demo(job: CommandJob) -> int:
    """Play the weeks before a day and the day in a hall of a preset. With a screen and without --out the stations open
    and follow the day live."""
    job.require_own_process()
    out, preset = job.args.out, job.args.preset
    if preset not in PRESETS:
        raise RuleError("unknown_preset", preset=preset)
    showing, today = job.services.showing(), job.clock().date()
    if out is None and showing.has_screen():
        play_demo_live(showing, showing.ensure_demo_folder(), today, preset)
        return 0
    document = write_demo_files(showing, out or showing.ensure_demo_folder(), today, job.args.weeks, preset)
    done = _("The day is played. Its hall, pictures, sounds and report are in {folder}", folder=document["folder"])
    return job.print_answer(document, "\n".join((done, *document["left_out"])))


# -- in a folder -------------------------------------------------------------------------------------------------------


def write_demo_files(
    showing: DemoShowingService, folder: Path, today: date, weeks: int | None, preset: str
) -> Document:
    """Play the weeks and the day and leave the hall, pictures, sounds, tickets and report in `folder`; return the
    folder, the moment of the pictures, the files' names, and sentences on what is left out. Pictures and sounds are in
    the hall's languages, the report in the reader's where it is one of them.

    The stations themselves draw every picture, from the same file at the same minute of the day; where people of the
    hall typed something, each language's are of a hall whose people type it. Raises OutsideError "cannot_write"."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        desk, day = make_invented_hall(
            folder / "hall.sqlite", today, weeks=weeks, lang=current_language(), preset=preset
        )
        for old in _files_of_earlier_demo(folder):
            require_overwritable_output(old)
            old.unlink()
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    moment = play_to_picture_moment(desk, day)
    spec, spoken = day.setup.hall, hall_languages(day.setup)
    use_hall_words(spec.words.window, spec.words.ticket, hall=spec.name)
    state = looking.hall_state_now(desk, moment.at)
    # With 0 weeks the hall is for a quick look: the stations' first pages.
    further = other_page_pictures_to_draw(moment, folder, preset, spec) if weeks != 0 else ()
    with ExitStack() as stack:
        halls = {spoken[0]: desk}
        for language in spoken[1:]:
            halls[language] = desk
            if preset == STORY:
                place = Path(stack.enter_context(TemporaryDirectory()), "hall.sqlite")
                halls[language] = make_story_hall_in_language(place, today, weeks, language)
                stack.callback(halls[language].db.dispose)
        draw_demo_pictures(showing, folder, halls, moment, [*station_pictures_to_draw(state, moment), *further])
        left_out = draw_feature_pictures_say_left_out(spec, halls, moment, folder) if weeks != 0 else []
    for ticket in sorted(state.tickets.values(), key=lambda one: one.seq)[-2:]:
        showing.save_ticket_picture(desk, ticket.date, ticket.label, moment.at, folder / f"ticket-{ticket.label}.png")
    call = next(one for one in reversed(state.calls) if one.window == moment.called)
    showing.save_call_sounds(set_up(state), call, {one: folder / f"call-{call.label}-{one}.wav" for one in spoken})
    day.play()
    write_papers(
        desk, day.day, folder, current_language() if current_language() in spoken else spoken[0], is_whole=weeks != 0
    )
    desk.db.dispose()
    files = sorted(file.name for file in folder.iterdir() if file.is_file() and not file.name.endswith(JOURNALS))
    return {"folder": str(folder), "at": moment.at.isoformat(), "files": files, "left_out": left_out}


def make_story_hall_in_language(place: Path, today: date, weeks: int | None, lang: str) -> Desk:
    """Return the story's hall once more, up to the same moment, whose people type another language."""
    desk, day = make_invented_hall(place, today, weeks=weeks, lang=lang)
    play_to_picture_moment(desk, day)
    return desk


def station_pictures_to_draw(state: HallState, moment: PictureMoment) -> Iterator[Picture]:
    """Yield the first pictures of every station that the hall has, as its name and the words of the station that draws
    it."""
    hall = set_up(state).hall
    yield from (
        one
        for one in _all_station_pictures_to_draw(state, moment)
        if features.has_station(hall, one[0].partition("-")[0])
    )


def _all_station_pictures_to_draw(state: HallState, moment: PictureMoment) -> Iterator[Picture]:
    serving = [c for c, w in state.windows.items() if w.ticket and state.tickets[w.ticket].state is TicketState.SERVING]
    paused = [c for c, w in state.windows.items() if str(w.state) == "paused"]
    yield "home", ["home"]
    yield "guide", ["guide"]
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
    yield KIOSK, [KIOSK]
    for name, at in features.feature_stations_by_name().items():
        if not at.for_customers and features.has_station(set_up(state).hall, name):
            # The simulated day has no one there; a picture may show it to the guide without a line in the log.
            yield name, ["--as", next(c for c, p in set_up(state).staff.items() if p.role is Role.GUIDE), name]


def other_page_pictures_to_draw(moment: PictureMoment, folder: Path, preset: str, hall: HallSpec) -> Iterator[Picture]:
    """Yield the pictures of the stations' other pages likewise, of those that the hall has; "{page}" in a name stands
    for each of them."""
    at_guide = [
        *GUIDE_PAGES,
        *(one.front_desk.key for one in features.features_used_by_hall(hall) if one.front_desk is not None),
    ]
    # Of a file that is not there home shows the first start, which begins with the kind of hall of the story.
    if preset == STORY:
        yield "home-{page}", ["--db", str(folder / "no-hall.sqlite"), "home", "--page", ",".join(WIZARD_PAGES)]
    yield "guide-{page}", ["guide", "--page", ",".join(at_guide)]
    yield "counter-{page}", ["counter", "--window", moment.called, "--page", ",".join(COUNTER_PAGES)]
    if features.is_feature_used_by_hall(hall, STAFF):
        yield "counter-own-{page}", ["counter", "--window", moment.ended, "--page", ",".join(OWN_PAGES)]
    if features.is_feature_used_by_hall(hall, KIOSK):
        yield "kiosk-{page}", [KIOSK, "--page", ",".join(KIOSK_PAGES)]
    yield "rating-{page}", ["rating", "--window", moment.ended, "--page", ",".join(RATING_PAGES)]
    yield "manager-{page}", ["manager", "--page", ",".join(pictured_manager_pages(hall, preset))]


def pictured_manager_pages(hall: HallSpec, preset: str) -> list[str]:
    """Return the manager's pages that are drawn, by their names in a picture's command line. What is opened from
    another page is there in the story's hall alone."""
    keys = [key for one in features.features_used_by_hall(hall) for key in one.pages]
    for at in (at for one in features.features_used_by_hall(hall) for at in one.pages_at):
        if not at.offered and (at.name != features.NO_WORDS or preset == STORY):
            keys.append(at.key)
    added = (key for key in keys if key not in {*EMPTY, OPENED_WITH_SECTION} and not key.startswith(SET_UP))
    return [*MANAGER_PAGES, *(key.rpartition("/")[2] for key in added)]


def draw_demo_pictures(
    showing: DemoShowingService,
    folder: Path,
    halls: Mapping[str, Desk],
    moment: PictureMoment,
    wanted: Sequence[Picture],
) -> None:
    """Draw the pictures in each language from its hall, all languages at once. Raises OutsideError "cannot_write"."""
    lines = [
        [_picture_command_line(language, desk, folder, moment, one) for one in wanted]
        for language, desk in halls.items()
    ]
    files = [file for language in halls for one in wanted for file in _picture_file_names(one, language)]
    if not showing.draw_pictures(lines) or not all((folder / file).exists() for file in files):
        raise OutsideError("cannot_write", path=str(folder))


def draw_feature_pictures_say_left_out(
    hall: HallSpec, halls: Mapping[str, Desk], moment: PictureMoment, folder: Path
) -> list[str]:
    """Draw what no station shows, in each language from its hall; return a sentence for each kind that is left out."""
    parts = feature_demo_parts_used_by_hall(hall)
    said = [
        part.draw_demo_pictures(desk, language, moment.at, folder) for part in parts for language, desk in halls.items()
    ]
    return list(dict.fromkeys(filter(None, said)))


def _picture_command_line(
    language: str, desk: Desk, folder: Path, moment: PictureMoment, picture: Picture
) -> list[str]:
    """Return the command line that draws a picture."""
    name, words = picture
    size = STATION_SIZES.get(name) or STATION_SIZES.get(name.partition("-")[0], "1366x768")
    file, at = str(folder / f"{name}-{language}.png"), moment.at.isoformat()
    hall = [] if words[0] == "--db" else ["--db", str(desk.db.path)]
    return [*hall, "--lang", language, *words, "--screenshot", file, "--size", size, "--at", at]


def _picture_file_names(picture: Picture, language: str) -> Iterator[str]:
    name, words = picture
    pages = words[words.index("--page") + 1].split(",") if "--page" in words else [""]
    for page in pages:
        yield f"{name.replace('{page}', page)}-{language}.png"


def write_papers(desk: Desk, day: date, folder: Path, lang: str, *, is_whole: bool) -> None:
    """Write the day's report and, if `is_whole`, what the hall keeps for the month's meeting."""
    from queuedesk.reports.figures.write import write_day_report

    now = looking.last_event_time(desk)
    assert now is not None
    write_day_report(desk, day, folder / "day.pdf", lang=lang, now=now)
    pack = features.automatic_report_makers(looking.setup_of_hall(desk).hall).get("month-pack")
    if is_whole and pack is not None:
        pdf, _book, _log = features.import_reference(pack)(desk, MONTH, day, lang=lang, now=now, printed_by=None)
        write_file(folder / "pack.pdf", pdf)


def _files_of_earlier_demo(folder: Path) -> list[Path]:
    """Return what an earlier demo left in `folder`; nothing else there is touched."""
    patterns = ("*-zh_CN.png", "*-en.png", "ticket-*.png", "call-*.wav", "day.pdf", "pack.pdf")
    return [file for pattern in patterns for file in folder.glob(pattern)]


# -- on the screen -----------------------------------------------------------------------------------------------------


def play_demo_live(showing: DemoShowingService, folder: Path, today: date, preset: str) -> None:
    """Open the stations and play the day at speed until it ends or the last window is closed."""
    place = folder / "live"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    desk, day = make_invented_hall(place / "hall.sqlite", today, is_live=True, lang=current_language(), preset=preset)
    day.play(utc_moment_of_hall_minute(day.setup, day.day, LIVE_FROM_MINUTE))
    busy = list(day.setup.windows)[:SHOWN_WINDOW][-1]
    stations = [
        ["display"],
        ["guide"],
        ["counter", "--window", busy],
        ["rating", "--window", busy],
        ["manager"],
        *(
            [name]
            for name, at in features.feature_stations_by_name().items()
            if not at.for_customers and features.has_station(day.setup.hall, name)
        ),
    ]
    windows = [
        showing.start_station_process(["--db", str(desk.db.path), *words, "--size", "1366x768"]) for words in stations
    ]
    # Told to end, the demo takes its stations along: `finally` runs on an exit, not on the signal itself.
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(0))
    try:
        before: datetime | None = None
        for now in day.play_step_by_step():
            if before is not None:
                time.sleep(min(LONGEST_PAUSE_S, (now - before).total_seconds() / LIVE_SPEED))
            before = now
            if all(window.poll() is not None for window in windows):
                return
        for window in windows:
            window.wait()
    finally:
        for window in windows:
            if window.poll() is None:
                window.terminate()
        desk.db.dispose()
