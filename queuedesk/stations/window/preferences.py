"""The display preferences of this PC's windows: language, text size, contrast."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.stations.window.style import THEMES, Theme

Keep = Callable[[str, object], None]


class Preferences(QObject):
    """The current choices; each change is stored at once, and if that fails nothing changes on the screen. `keep(name,
    value)` writes one of language, text_pct, theme to this PC's file."""

    language_changed = Signal()
    changed = Signal()

    def __init__(self, keep: Keep, *, text_pct: int = 100, theme: str = "light", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keep = keep
        self.text_pct = text_pct
        self.theme_name = theme

    @property
    def theme(self) -> Theme:
        return THEMES[self.theme_name]

    def set_language(self, language: str) -> None:
        if language != i18n.current_language():
            i18n.use(language)
            self._keep_choice_if_possible("language", language)
            self.language_changed.emit()

    def set_text_size_pct(self, text_pct: int) -> None:
        """Show texts at 100, 125 or 150 percent from now on."""
        if text_pct != self.text_pct:
            self.text_pct = text_pct
            self._keep_choice_if_possible("text_pct", text_pct)
            self.changed.emit()

    def set_contrast(self, wanted: bool) -> None:
        name = "contrast" if wanted else "light"
        if name != self.theme_name:
            self.theme_name = name
            self._keep_choice_if_possible("theme", name)
            self.changed.emit()

    def _keep_choice_if_possible(self, name: str, value: object) -> None:
        try:
            self._keep(name, value)
        except OutsideError:
            return  # The choice holds for this window; only the next start will not know it.
