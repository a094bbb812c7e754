"""The day's briefing at the stations of staff: told until it was read, once a person and version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from queuedesk.core.quality.inspection import unread_briefing
from queuedesk.desk.change import Document
from queuedesk.desk.quality import morning
from queuedesk.features.morning import verbs
from queuedesk.i18n import _
from queuedesk.stations.talk.talking import FeatureMessage, FeatureTalkExtension
from queuedesk.stations.widgets.message_place import Press, StationMessage


class BriefingTalkPart(FeatureTalkExtension):
    """Tells of the briefing, shows it and notes who says that it is read."""

    def items(self, who: str) -> Iterator[FeatureMessage]:
        feed = self.context.feed
        one = unread_briefing(feed.state.briefings.values(), feed.day, who)
        if one is not None:
            text = _("Please read today's briefing") if one.version == 1 else _("Today's briefing has changed")
            told = StationMessage("blue", "book", text, presses=(Press("briefing", _("Read it")),), key=one.seq)
            yield FeatureMessage(told=told, press=self._read_briefing)

    def _read_briefing(self) -> None:
        context = self.context
        asked = partial(verbs.last_briefing_document, context.desk, None, context.clock())
        context.tasks.run(asked, self._show_briefing_dialog, partial(self.talking.controller.refused.emit, "briefing"))

    def _show_briefing_dialog(self, document: Document) -> None:
        from queuedesk.features.morning.pages.signing import BriefingDialog  # once a day, and a station starts sooner

        if document["briefing"] is not None:
            dialog = BriefingDialog(self.talking.host(), self.context.look, document["briefing"])
            dialog.done.connect(self._is_read)
            self.talking.ask(dialog)

    def _is_read(self, seq: int) -> None:
        self.talking.controller.run("briefing", morning.mark_read, seq)
