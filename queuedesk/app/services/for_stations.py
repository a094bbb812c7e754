"""What every station is given of this PC: printing, reports, voice, folders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from queuedesk.app.services import printers, sheet_printer
from queuedesk.app.services.papers import PaperTools
from queuedesk.app.services.pictures import Pictures
from queuedesk.app.services.sounds import Sounds
from queuedesk.app.services.voice_trials import VoiceTrials
from queuedesk.app.this_pc import config, own_choices
from queuedesk.cli.job import read_json, write_json
from queuedesk.desk.change import Desk
from queuedesk.stations.window.services import Services


def station_services(
    desk: Desk,
    clock: Callable[[], datetime],
    sounds: Sounds,
    tell: Callable[[str | None], None] = lambda _cause: None,
) -> Services:
    """Return what every station has; `tell` as PaperTools."""
    return Services(
        sounds=sounds,
        paper=PaperTools(desk, clock, tell),
        printers=printers,
        sheet_printer=sheet_printer,
        pictures=Pictures(desk, clock),
        voice_trials=VoiceTrials(),
        own_choices=own_choices,
        folder=config.made_folder,
        read_setup=read_json,
        write_setup=write_json,
    )
