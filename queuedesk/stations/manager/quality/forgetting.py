"""Asks whether a customer's words are to be forgotten, with what older backups still hold, and deletes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from queuedesk.core.network.roles import MAY
from queuedesk.desk.quality import forgetting
from queuedesk.i18n import _
from queuedesk.i18n.quality.case_words import backups_text, title_text
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct
from queuedesk.stations.widgets.questions.dialogs import ask_to_confirm
from queuedesk.stations.window.context import ServiceDocument, StationContext

NO_BACKUPS: ServiceDocument = {"backups": [], "copies": []}


class WordsDeletion(QObject):
    """The question and what follows it, for a page that shows words and is `read_again` when they are gone."""

    def __init__(self, context: StationContext, page: ManagerPage, read_again: Callable[[], object]) -> None:
        super().__init__(page)
        self._context, self._page, self._read_again = context, page, read_again

    @property
    def may(self) -> bool:
        who = self._context.who
        return who is not None and "comment-read" in MAY[who.role]

    def ask(self, named: str, title: str = "") -> None:
        """Ask for the words of a comment, a case with its `title`, thanks or a forum."""
        care = self._context.services.care
        look = care.look if care is not None else lambda: NO_BACKUPS
        self._context.tasks.run_in_side_lane(look, partial(self._ask_to_delete_words, named, title), self._page.warn)

    def _ask_to_delete_words(self, named: str, title: str, known: ServiceDocument) -> None:
        effect = _("They are deleted for good; the log keeps only that something was written.")
        parts = [effect, backups_text(forgetting.backups_with_deleted_words(known)), title_text(title)]
        ask_to_confirm(
            self._page.host,
            self._context.look,
            partial(self._start_deleting_words, named),
            title=_("Delete these words?"),
            effect=" ".join(part for part in parts if part),
            safe=_("Keep them", context="words"),
            act=_("Delete them", context="words"),
        )

    def _start_deleting_words(self, named: str) -> None:
        work = partial(forgetting.delete_stored_words, self._context.desk, self._context.ask(), named)
        self._context.tasks.run(work, self._on_words_deleted, self._page.warn)

    def _on_words_deleted(self, _document: ServiceDocument) -> None:
        self._page.said.emit(_("The words are deleted"), "check")
        self._read_again()


def delete_words_act(do: Callable[[], object], offered: Callable[[], bool]) -> PageAct:
    return PageAct(
        text=lambda: _("Delete …", context="words"), do=do, icon="remove", changes_hall=True, offered=offered
    )
