"""Shows a hall at which nobody works: its stations drawn into files or open to be watched, its slips and its calls."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

from queuedesk.app.services.papers import ticket_slip
from queuedesk.app.services.speaking import announcement_of_call
from queuedesk.app.station.launch import has_screen
from queuedesk.app.station.painting import ensure_offscreen_application
from queuedesk.app.station.processes import environment_with_pythonpath, start_station_process
from queuedesk.app.this_pc.config import ensure_data_folder
from queuedesk.core.errors import OutsideError
from queuedesk.core.queue.ticket import WindowCall
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.printing.slip_layout import draw_slip
from queuedesk.stations.window.picture import save_png
from queuedesk.voice.engines import VoiceChain, write_call_sound_and_get_voice

__all__ = [
    "draw_pictures",
    "ensure_demo_folder",
    "has_screen",
    "save_call_sounds",
    "save_ticket_picture",
    "start_station_process",
]


def ensure_demo_folder() -> Path:
    """Return where what is shown is left if nobody says. Raises OutsideError "cannot_write"."""
    return ensure_data_folder("demo")


def draw_pictures(lines: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Draw the pictures' command lines, each list in its own process at once; return whether all ended well."""
    with ThreadPoolExecutor(len(lines)) as all_at_once:
        return all([*all_at_once.map(_draw_pictures_tell_whether_drawn, lines)])


def _draw_pictures_tell_whether_drawn(lines: Sequence[Sequence[str]]) -> bool:
    line = [sys.executable, "-m", "queuedesk.app.this_pc.screenshots"]
    env = {**environment_with_pythonpath(), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(line, env=env, input=json.dumps(lines), capture_output=True, text=True, check=False)
    return done.returncode == 0


def save_ticket_picture(desk: Desk, day: date, label: str, at: datetime, file: Path) -> None:
    """Draw a ticket's slip as it was printed at a time."""
    ensure_offscreen_application()
    save_png(draw_slip(ticket_slip(looking.hall_state_now(desk, at), day, label, at, desk=desk)), file)


def save_call_sounds(setup: Setup, call: WindowCall, files: Mapping[str, Path]) -> None:
    """Speak a call into a file for each language; one without a voice here gets none."""
    with VoiceChain() as chain:
        for language, file in files.items():
            try:
                write_call_sound_and_get_voice(announcement_of_call(setup, call), language, file, chain)
            except OutsideError as trouble:
                if trouble.code != "voice_silent":
                    raise
