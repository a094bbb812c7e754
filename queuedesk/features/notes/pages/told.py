"""Looks for, keeps and deletes notes by reference number at front desk and counters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from queuedesk.core.errors import QueueDeskError
from queuedesk.desk.change import Document
from queuedesk.desk.quality import thanking
from queuedesk.features.notes.pages import DECLINE, DELETE, KEEP, LOOK
from queuedesk.i18n import _
from queuedesk.stations.talk.talking import FeatureTalkExtension
from queuedesk.stations.window.frame import MenuEntry


class NotesTalkPart(FeatureTalkExtension):
    """Asks for a customer's number and shows the notes on it, where the hall keeps any."""

    @property
    def _are_reference_notes_on(self) -> bool:
        return self.context.feed.setup.is_on("reference_notes")

    def customer_menu_entries(self) -> list[MenuEntry]:
        if not self._are_reference_notes_on:
            return []
        return [MenuEntry(_("Notes by reference number"), self._open_notes_dialog, enabled=self.talking.is_possible)]

    def look_up(self, ref: str) -> None:
        """Show the notes on a reference, if there are any."""
        if self._are_reference_notes_on:
            self._run_note_act(LOOK, {"ref": ref}, partial(self._open_notes_if_any, ref), self._ignore_lookup_refusal)

    def _open_notes_if_any(self, ref: str, notes: list[Document]) -> None:
        if notes:
            self._open_notes_dialog(ref)

    def _ignore_lookup_refusal(self, _trouble: QueueDeskError) -> None:
        """A reference too short or too long to have a note is one all the same."""

    def _open_notes_dialog(self, number: str = "") -> None:
        from queuedesk.features.notes.pages.dialog import ReferenceNotesDialog  # seldom needed, a station starts sooner

        context, talking = self.context, self.talking
        talking.put(
            ReferenceNotesDialog(talking.host(), context.look, context.feed.day, self._run_note_act, number=number)
        )

    def _run_note_act(
        self, what: str, words: dict[str, Any], done: Callable[[Any], None], refused: Callable[[QueueDeskError], None]
    ) -> None:
        desk, ask = self.context.desk, self.context.ask()
        acts: dict[str, Callable[..., Any]] = {
            LOOK: thanking.notes_for_reference_number,
            KEEP: thanking.add,
            DECLINE: thanking.decline,
            DELETE: thanking.end,
        }
        self.context.tasks.run(lambda: acts[what](desk, ask, **words), done, refused)
