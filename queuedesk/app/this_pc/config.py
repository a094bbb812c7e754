"""The file of this PC's own choices, the folders that it writes to, and what it remembers of how it is used: its
counter's window, the small bar's place, the hand that fills in its score sheets and its kiosk's accessibility
switches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import asdict, replace

from queuedesk import paths
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.talk.screen import ScreenSpec, parse_screen_row
from queuedesk.files.reading import parse_json_safely, read_program_file
from queuedesk.files.writing import ensure_private_folder, remove_others_rights, write_private_file
from queuedesk.i18n import LANGUAGES

FILE = "config.json"
CHOICES: dict[str, tuple[object, ...]] = {
    "language": ("", *LANGUAGES),
    "theme": ("light", "contrast"),
    "text_pct": (100, 125, 150),
    "switches": ("off", "one", "two"),
    "report_pages": ("summary", "annex", "all"),
}


class Config(Struct, frozen=True, kw_only=True):
    """This PC's own choices. Empty texts mean "not chosen"; `db` is the address, without a password, of the shared hall
    that this PC joined, and `hall` its code; `moving_db` and `moving_hall` are what these two become as soon as the
    hall's file says that it has moved; `shared_file` is the hall's file of which this PC became the main PC last;
    `kiosk` is the name under which this PC gives tickets; `printer` is as in printing.choice; `report_printer` is that
    of reports, apart from that of tickets, `report_pages` which of their pages are printed; `reports_folder` is where
    reports that write themselves go, "" for beside the hall; `backup_folder` is where backups go, "" for beside the
    hall; `clips_folder` holds recorded words for the voice, `media_folder` pictures and films for the display, "" for
    those in the user's data folder; `bar_place` is "x,y" of the counter's small bar, `screen_mm` the width of the
    hall's screen, 0 when nobody measured it; `screens` what each screen shows of a PC that has several, or one
    measured; `flash` whether a call on the display flashes for those who can't hear it; `switches` which switches the
    kiosk is used by, `switch_step_ms` how long each key is offered; `left_handed` whether the keys of a score sheet lie
    at the left."""

    db: str = ""
    hall: str = ""
    moving_db: str = ""
    moving_hall: str = ""
    shared_file: str = ""
    station: str = ""
    window: str = ""
    kiosk: str = "K1"
    language: str = ""
    theme: str = "light"
    text_pct: int = 100
    screen_mm: int = 0
    printer: str = ""
    report_printer: str = ""
    report_pages: str = "summary"
    reports_folder: str = ""
    backup_folder: str = ""
    clips_folder: str = ""
    media_folder: str = ""
    bar_place: str = ""
    voice: bool = True
    flash: bool = True
    open_at_start: bool = False
    switches: str = "one"
    switch_step_ms: int = 2000
    left_handed: bool = False
    screens: tuple[ScreenSpec, ...] = ()


def config_file() -> Path:
    """Return where this PC's choices stand; it need not exist."""
    return paths.config_folder() / FILE


def voice_lock_file() -> Path:
    """Return the file whose lock is the right to speak on this PC."""
    return config_file().with_name("voice.lock")


def ensure_data_folder(part: str) -> Path:
    """Make backups, reports, tickets, demo or log in the user's data folder if it is missing, and return it. Raises
    OutsideError "cannot_write"."""
    folder = paths.data_folder() / part
    try:
        ensure_private_folder(folder)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    return folder


def load_config(file: Path | None = None) -> Config:
    """Return this PC's choices. A damaged file gives defaults and is renamed to end in .damaged."""
    file = file or config_file()
    remove_others_rights(file)
    try:
        content = read_program_file(file)
    except (OSError, ValueError):  # There is none, or something that is no file of ours.
        return Config()
    document = _json_object_or_none(content)
    if document is None:
        with suppress(OutsideError):
            write_private_file(file.with_name(f"{file.name}.damaged"), content)
        return Config()
    screens = _valid_screen_specs(document.pop("screens", ()))
    return Config(**{key: value for key, value in document.items() if _is_valid_choice(key, value)}, screens=screens)


def config_file_error(file: Path | None = None) -> OutsideError | None:
    """Return what is wrong with the whole file of this PC's choices, so that load_config() ignores it; None for
    nothing."""
    file = file or config_file()
    try:
        is_good = _json_object_or_none(read_program_file(file)) is not None
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        is_good = False
    return None if is_good else OutsideError("settings_damaged", path=str(file))


def language_in_config_file(file: Path | None = None) -> str:
    """Return the language that was chosen at this PC, "" for none; nothing is written, whatever the file holds."""
    try:
        document = _json_object_or_none(read_program_file(file or config_file())) or {}
    except (OSError, ValueError):
        return ""
    chosen = document.get("language")
    return chosen if chosen in LANGUAGES else ""


def _json_object_or_none(content: bytes) -> dict[str, Any] | None:
    try:
        found = parse_json_safely(content)
    except ValueError:  # neither JSON nor UTF-8
        return None
    return found if isinstance(found, dict) else None


def write_whole_config(config: Config, file: Path | None = None) -> None:
    """Write this PC's choices as a whole. Raises OutsideError "cannot_write"."""
    text = json.dumps(to_builtins(config), ensure_ascii=False, indent=1) + "\n"
    write_private_file(file or config_file(), text.encode())


def update_config(choices: Mapping[str, object], file: Path | None = None) -> Config:
    """Change some of this PC's choices, keeping other processes' changes. Raises OutsideError "cannot_write"."""
    after = replace(load_config(file), **choices)
    write_whole_config(after, file)
    return after


def _valid_screen_specs(rows: object) -> tuple[ScreenSpec, ...]:
    """Return the rows that say something; one that a hand spoiled is left out, as a spoiled choice is."""
    found: dict[str, ScreenSpec] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            with suppress(RuleError):
                spec = parse_screen_row(row)
                found.setdefault(spec.screen, spec)
    return tuple(found.values())


def _is_valid_choice(key: str, value: Any) -> bool:
    kinds = {name: type(value) for name, value in asdict(Config()).items()}
    if key not in kinds or type(value) is not kinds[key]:
        return False
    return key not in CHOICES or value in CHOICES[key]


KINDS = CHOICES["switches"]
LEAST_MS, MOST_MS = 500, 10_000


def store_counter_window(window: str) -> None:
    """Open the counter of this PC at `window` from now on. Raises OutsideError "cannot_write"."""
    update_config({"window": window})


def store_bar_position(x: int, y: int) -> None:
    """Remember the place of this PC's small counter bar. Raises OutsideError "cannot_write"."""
    update_config({"bar_place": f"{x},{y}"})


def store_writing_hand(*, left: bool) -> None:
    """Remember with which hand this PC's score sheets are filled in. Raises OutsideError "cannot_write"."""
    update_config({"left_handed": left})


def switch_settings() -> dict[str, Any]:
    """Return {"switches", "step_s"} of this PC: which are plugged in, and how long the scan stays on each key."""
    kept = load_config()
    return {"switches": kept.switches, "step_s": kept.switch_step_ms / 1000}


def store_switch_settings(kind: str, step_s: float) -> None:
    """Use these switches from now on. Raises RuleError "bad_value", OutsideError "cannot_write"."""
    if kind not in KINDS:
        raise RuleError("bad_value", field="switches", value=kind, why="not_a_choice", limit=list(KINDS))
    if not LEAST_MS <= step_s * 1000 <= MOST_MS:
        raise RuleError("bad_value", field="step_s", value=step_s, why="out_of_range", limit="0.5–10")
    update_config({"switches": kind, "switch_step_ms": round(step_s * 1000)})
