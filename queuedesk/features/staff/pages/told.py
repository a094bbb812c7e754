"""That somebody asked whose rows these are, and was told the person here: told at the own station until it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from queuedesk.i18n import _
from queuedesk.stations.talk import FeatureMessage, FeatureTalkExtension
from queuedesk.stations.widgets.message_place import MessageButtonVerbAndWord, StationMessage


class NamedPersonNotices(FeatureTalkExtension):
    """Tells a person that they were named."""

    def items(self, who: str) -> Iterator[FeatureMessage]:
        feed, controller = self.context.feed, self.talking.controller
        seen = (MessageButtonVerbAndWord("seen", _("Seen", context="message")),)
        for one in sorted(feed.state.named_needs.values(), key=lambda one: one.seq):
            if one.staff == who and one.is_unseen:
                from queuedesk.features.staff import verbs  # seldom needed, a station starts sooner
                from queuedesk.features.staff.words import naming_notice_text

                told = StationMessage("blue", "info", naming_notice_text(feed.setup, one), presses=seen, key=one.seq)
                yield FeatureMessage(
                    told=told, press=partial(controller.run, "named", verbs.mark_named_need_seen, one.seq)
                )
