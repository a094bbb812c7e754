"""What printing, reports and voice lend to stations and commands, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from queuedesk.app.services.papers import PaperTools
from queuedesk.app.services.pictures import Pictures
from queuedesk.app.services.printers import choose_printer, chosen_printer, plugged_printers, printer_status, printers
from queuedesk.app.services.sheet_printer import sheet_tools
from queuedesk.app.services.voice_trials import VoiceTrials
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.switches import keep_switches
from queuedesk.cli.files import read_json, write_json
from queuedesk.desk.change import Desk
from queuedesk.paths import resource
from queuedesk.watch import Lane

Tools = dict[str, Callable[..., Any]]


def choose_window(window: str) -> None:
    """Open the counter of this PC at `window` from now on. Raises OutsideError "cannot_write"."""
    config.remember({"window": window})


def keep_bar_place(x: int, y: int) -> None:
    """Show the counter's small bar of this PC there from now on. Raises OutsideError "cannot_write"."""
    config.remember({"bar_place": f"{x},{y}"})


def pdf_pages(path: Path | str, dpi: float = 96) -> list[Any]:
    """Return the pages of a PDF as QImages. Raises OutsideError "cannot_read"."""
    from queuedesk.printing import outputs

    return outputs.pdf_pages(Path(path), dpi)


class Sounds:
    """Plays the small sounds of a station without ever making anyone wait; a PC without sound is silent."""

    LONGEST_S = 3.0

    def __init__(self, on: bool) -> None:
        self._on = on
        self._lane: Any = None
        self._player: Any = None
        self._refused = False

    def play(self, name: str) -> None:
        """Play "tick", "click" or "knock" beside everything else."""
        if not self._on:
            return
        if self._lane is None:
            from queuedesk.voice.player import Player

            self._lane, self._player = Lane("sounds"), Player()
        self._lane.submit(partial(self._play, resource("sounds", f"{name}.wav")), may_drop=True)

    def _play(self, path: Path) -> None:
        self._refused = not self._player.play(path, self.LONGEST_S)

    def can_be_heard(self) -> bool:
        """Whether this PC has a program that plays sounds and none has refused so far."""
        from queuedesk.voice.player import Player

        return self._on and not self._refused and Player().name is not None

    def stop(self) -> None:
        """End what sounds."""
        if self._lane is not None:
            self._player.stop()
            self._lane.close()
            self._lane.rest(self.LONGEST_S)


def read_logo(path: Path | str) -> str:
    """Return a picture as a set-up keeps the hall's sign. Raises OutsideError "no_such_file", "cannot_read", RuleError
    "bad_value"."""
    from queuedesk.printing import logo

    return logo.logo_text(Path(path))


def station_tools(
    desk: Desk,
    clock: Callable[[], datetime],
    sounds: Sounds,
    tell: Callable[[str | None], None] = lambda _cause: None,
) -> Tools:
    """Return what a station may borrow; `tell` as PaperTools."""
    paper = PaperTools(desk, clock, tell)
    return {
        "print_ticket": paper.print_ticket,
        "print_papers": paper.print_papers,
        "print_test": paper.print_test,
        "print_appointment": paper.print_appointment,
        "print_sample": paper.print_sample,
        "draw_sample": paper.draw_sample,
        "read_logo": read_logo,
        "printers": printers,
        "plugged_printers": plugged_printers,
        "printer_status": printer_status,
        "printer": chosen_printer,
        "choose_printer": choose_printer,
        "choose_window": choose_window,
        "keep_bar_place": keep_bar_place,
        "report": paper.report,
        "story_pdf": paper.story_pdf,
        "card_note": paper.card_note,
        "save_tickets": paper.save_tickets,
        "save_behind": paper.save_behind,
        **Pictures(desk, clock).tools(),
        "pdf_pages": pdf_pages,
        **sheet_tools(),
        "play": sounds.play,
        "has_sound": sounds.can_be_heard,
        "keep_switches": keep_switches,
        "folder": config.made_folder,
        **VoiceTrials().tools(),
        "read_setup": read_json,
        "write_setup": write_json,
    }
