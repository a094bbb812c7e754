"""Qt's own dialogs speak the window's language."""

from PySide6.QtCore import QCoreApplication

from queuedesk import i18n
from queuedesk.app.station.program import QtWords
from queuedesk.stations.window.preferences import Preferences


def cancel() -> str:
    return QCoreApplication.translate("QPlatformTheme", "Cancel")


def test_follows_the_language_of_the_window(qapp):
    i18n.use("zh_CN")
    preferences = Preferences(lambda _name, _value: None)
    words = QtWords(qapp, preferences)
    assert cancel() == "取消"
    preferences.set_language("en")
    assert cancel() == "Cancel"
    preferences.set_language("zh_CN")
    assert cancel() == "取消"
    qapp.removeTranslator(words)
