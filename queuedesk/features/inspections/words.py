"""Who inspects, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current_language, tr
from queuedesk.i18n.names import staff_name


def inspector_name_or_number(setup: Setup, document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return who looks: a name, or a mystery visitor's number; "" where nobody is named."""
    lang = lang or current_language()
    if document["visitor"] is not None:
        return tr(lang, "visitor {n}", n=document["visitor"])
    return document["outsider"] or (staff_name(setup, document["staff"], lang) if document["staff"] else "")
