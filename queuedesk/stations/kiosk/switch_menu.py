"""The entries of the kiosk's menu by which staff choose the switches that customers use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _
from queuedesk.stations.access.keyboard import Keyboard
from queuedesk.stations.access.scanning import STEPS_MS, USUAL_STEP_MS, Switches
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import MenuEntry


class SwitchMenu:
    """Changes the switches to their next choice and keeps it with this PC; `said` gets the words, `refused` why it
    could not be kept."""

    def __init__(
        self,
        context: StationContext,
        keyboard: Keyboard,
        said: Callable[[str, str], None],
        refused: Callable[[QueueDeskError], None],
    ) -> None:
        self._context, self._keyboard, self._said, self._refused = context, keyboard, said, refused
        options = context.options
        step_ms = int(options.get("switch_step_ms") or USUAL_STEP_MS)
        keyboard.set_switches(str(options.get("switches") or Switches.ONE), step_ms)

    def entries(self) -> list[MenuEntry]:
        """Return them, none where nothing could be kept."""
        if self._context.services.own_choices is None:
            return []
        board = self._keyboard
        kinds = {
            Switches.NONE: _("Switches: none"),
            Switches.ONE: _("Switches: one"),
            Switches.TWO: _("Switches: two"),
        }
        entries = [MenuEntry(kinds[board.switches], self._next_kind)]
        if board.switches is Switches.ONE:
            step = f"{board.scan.step_ms / 1000:g}"
            entries.append(MenuEntry(_("Each key is offered {step} s", step=step), self._next_step))
        return entries

    def _next_kind(self) -> None:
        kinds = list(Switches)
        self._keep(kinds[(kinds.index(self._keyboard.switches) + 1) % len(kinds)], self._keyboard.scan.step_ms)

    def _next_step(self) -> None:
        now = self._keyboard.scan.step_ms
        self._keep(self._keyboard.switches, next((step for step in STEPS_MS if step > now), STEPS_MS[0]))

    def _keep(self, switches: Switches, step_ms: int) -> None:
        self._keyboard.set_switches(switches, step_ms)
        if (own := self._context.services.own_choices) is not None:
            keep = partial(own.keep_switches, str(switches), step_ms / 1000)
            self._context.tasks.run_long(keep, lambda _done: None, self._refused)
        self._said(" · ".join(entry.text for entry in self.entries()), "check")
