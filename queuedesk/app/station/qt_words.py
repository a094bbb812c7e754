"""Qt's own texts, such as in its file dialog, in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.stations.window.preferences import Preferences

CATALOGUE = "qtbase"


class QtWords(QTranslator):
    """Follows the language of `preferences`; English is what Qt speaks without a catalogue. Must live as long as the
    window."""

    def __init__(self, app: QApplication, preferences: Preferences) -> None:
        super().__init__(app)
        self._app = app
        preferences.language_changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Speak the language that is spoken now."""
        self._app.removeTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self.load(f"{CATALOGUE}_{i18n.current()}", folder):
            self._app.installTranslator(self)
