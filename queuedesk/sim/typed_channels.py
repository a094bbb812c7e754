"""Channels as people type them in tables, forms and commands."""

from __future__ import annotations

from queuedesk.core.imports import half_width_text
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.talk import offered_channel_word

_SAME = {"自助": "self_service", "自助终端": "self_service", "自助缴费机": "self_service", "24小时自助": "self_service",
         "邮政": "post_office", "邮政储蓄": "post_office", "邮储": "post_office",
         "超市": "shop", "便利店": "shop", "商店": "shop",
         "网上": "online", "线上": "online", "网上营业厅": "online", "掌上营业厅": "online"}  # fmt: skip


def channel_code_of_typed_word(text: str) -> str:
    """Return a channel's code from its word in any language; an unknown channel keeps its name as typed."""
    typed = " ".join(half_width_text(text).split())
    if typed.lower() in CHANNELS:
        return typed.lower()
    words = {offered_channel_word(code, lang).lower(): code for code in CHANNELS for lang in LANGUAGES}
    return words.get(typed.lower()) or _SAME.get(typed) or " ".join(text.split())
