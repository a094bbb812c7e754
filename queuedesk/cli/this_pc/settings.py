"""The commands about this PC: what its screens show, and what opens with it."""

from __future__ import annotations

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import code, pair
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import AT_A_WINDOW, HALL_SCREENS, KEYS, all_stations, words_of
from queuedesk.i18n import _, listing
from queuedesk.i18n.talk import device_kind

SCREENS = "screens"


def add(commands: Listed) -> None:
    """Add screens, screen and autostart."""
    commands.add(SCREENS, _open)
    group = commands.add_group("screen")
    group.add("list", _("show all, and from how far they can be read"), _list)
    changing = group.add("set", _("change what one shows"), _set)
    changing.add_argument("screen", type=code, metavar="N")
    changing.add_argument("pairs", type=pair, nargs="+", metavar="key=value")
    group.add("remove", _("show nothing of the hall there"), _remove).add_argument("screen", type=code, metavar="N")
    group.add("open", _("open what one shows, or all"), _open).add_argument("screen", type=code, nargs="?", metavar="N")
    starting = commands.add_group("autostart")
    on = starting.add("on", _("let a station open by itself"), _on)
    on.add_argument("station", nargs="?", choices=(*all_stations(), SCREENS), default=SCREENS, metavar="STATION")
    on.add_argument("--window", type=code, metavar="W", help=_("its window"))
    off = starting.add("off", _("no longer open a station, or none at all"), _off)
    off.add_argument("station", nargs="?", type=code, metavar="STATION")
    starting.add("show", _("show what opens"), _show)


# -- screens --


def _list(job: Job) -> int:
    rows = job.services.this_pc().screen_rows(_hall(job))
    text = "\n".join(map(_row_text, rows)) or _("No screen was found, and none was chosen.")
    return job.answer({"screens": rows}, text)


def _set(job: Job) -> int:
    changes = dict(job.args.pairs)
    for key in changes:
        if key not in KEYS or key == "screen":
            raise RuleError("bad_value", field="screen", value=key, why="not_a_choice", limit=list(KEYS[1:]))
    this_pc = job.services.this_pc()
    this_pc.change_screen(job.args.screen, changes)
    row = next(row for row in this_pc.screen_rows(_hall(job)) if row["screen"] == job.args.screen)
    return job.answer(row, _row_text(row))


def _remove(job: Job) -> int:
    job.services.this_pc().remove_screen(job.args.screen)
    return job.answer(
        {"screen": job.args.screen}, _("Screen {screen} shows nothing of the hall.", screen=job.args.screen)
    )


def _open(job: Job) -> int:
    opened = job.services.this_pc().open_screens(_before(job), getattr(job.args, "screen", None))
    lines = [" ".join(words_of(spec)) for spec in opened] or ["display --kept"]
    return job.answer({"opened": lines}, "\n".join(lines))


def _hall(job: Job) -> Setup | None:
    """Return the hall whose windows the screens name, None on a PC that has none yet."""
    try:
        return job.setup()
    except QueueDeskError:
        return None


def _row_text(row: Document) -> str:
    parts = [row["screen"], row["name"] or _("not connected"), row["pixels"] or ""]
    if row["station"] is None:
        parts.append(_("nothing of the hall"))
    else:
        of = row["window"] if row["station"] != "display" else row["zone"]
        parts += [" ".join(filter(None, (device_kind(row["station"]), of))), row["layout"]]
    if row["readable_m"] is not None:
        parts.append(_("can be read from {metres} m", metres=row["readable_m"]))
    return "  ".join(part for part in parts if part)


# -- what opens by itself --


def _on(job: Job) -> int:
    station, window = job.args.station, job.args.window
    if station in AT_A_WINDOW and window is None:
        raise RuleError("bad_value", field="window", value="", why="empty")
    words = [*_before(job), station, *(["--window", window] if window else [])]
    words += ["--kept"] if station in HALL_SCREENS else []
    name = f"{station}-{window}" if window else station
    job.services.this_pc().open_at_start(name, words)
    return _show(job)


def _off(job: Job) -> int:
    this_pc = job.services.this_pc()
    names = this_pc.opening_at_start()
    wanted = job.args.station
    if wanted is not None and wanted not in names:
        raise RuleError("bad_value", field="station", value=wanted, why="not_a_choice", limit=names or None)
    for name in [wanted] if wanted is not None else names:
        this_pc.open_at_start(name, None)
    return _show(job)


def _show(job: Job) -> int:
    names = job.services.this_pc().opening_at_start()
    return job.answer({"autostart": names}, listing(names) if names else _("Nothing opens by itself."))


def _before(job: Job) -> list[str]:
    """Return the words that name the hall."""
    words = ["--db", str(job.target())] if job.named_target() else []
    hall: str | None = getattr(job.args, "hall", None)
    return [*words, "--hall", hall] if hall else words
