"""The ⋯ menu: what the page can do now, then what every window can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES, _
from queuedesk.stations.window.page import MenuEntry
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import TEXT_SIZES_PCT, Look

# Each language calls itself by its own name, whatever the window speaks.
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
ICON_PX = 20


@dataclass(frozen=True, slots=True)
class MenuActs:
    """What the window itself offers below the page's entries; None leaves an entry out."""

    help: Callable[[], None]
    home: Callable[[], None] | None = None
    sign_out: Callable[[], None] | None = None


def build_menu(
    look: Look,
    preferences: Preferences,
    entries: Sequence[MenuEntry],
    acts: MenuActs,
    parent: QWidget,
    *,
    sizes: bool = True,
) -> QMenu:
    """Return the menu, ready to pop up; `sizes` is False where the canvas alone sets the text size."""
    menu = QMenu(parent)
    for entry in entries:
        action = QAction(f"{entry.text}\t{entry.key}" if entry.key else entry.text, menu)
        action.setEnabled(entry.enabled)
        action.triggered.connect(entry.act)
        menu.addAction(action)
    if entries:
        menu.addSeparator()
    _add_choices(menu, look, preferences, sizes=sizes)
    menu.addSeparator()
    _add(menu, look, "help", _("Help"), acts.help, key="F1")
    if acts.home:
        _add(menu, look, "home", _("Home"), acts.home, key="Ctrl+Shift+H")
    if acts.sign_out:
        _add(menu, look, "sign-out", _("Sign out"), acts.sign_out)
    return menu


def _add_choices(menu: QMenu, look: Look, preferences: Preferences, *, sizes: bool) -> None:
    languages = menu.addMenu(_icon(look, "language", menu), _("Language"))
    languages.menuAction().setObjectName("language")
    _add_group(
        languages, [(LANGUAGE_NAMES[code], code) for code in LANGUAGES], i18n.current(), preferences.set_language
    )
    if not sizes:
        return
    texts = menu.addMenu(_icon(look, "text-size", menu), _("Text size"))
    texts.menuAction().setObjectName("text-size")
    steps = [(f"{pct} %", pct) for pct in TEXT_SIZES_PCT]
    _add_group(texts, steps, preferences.text_pct, preferences.set_text_pct)
    # Without an icon: that place shows the tick.
    contrast = QAction(_("High contrast"), menu)
    contrast.setObjectName("contrast")
    contrast.setCheckable(True)
    contrast.setChecked(preferences.theme_name == "contrast")
    contrast.triggered.connect(preferences.set_contrast)
    menu.addAction(contrast)


def _add_group(menu: QMenu, choices: Sequence[tuple[str, object]], now: object, act: Callable[..., None]) -> None:
    group = QActionGroup(menu)
    for text, value in choices:
        action = QAction(text, group)
        action.setObjectName(str(value))
        action.setCheckable(True)
        action.setChecked(value == now)
        action.setData(value)
        menu.addAction(action)
    group.triggered.connect(lambda chosen: act(chosen.data()))


def _add(menu: QMenu, look: Look, icon: str, text: str, act: Callable[[], None], *, key: str = "") -> None:
    action = QAction(_icon(look, icon, menu), f"{text}\t{key}" if key else text, menu)
    action.setObjectName(icon)
    action.triggered.connect(lambda _checked: act())
    menu.addAction(action)


def _icon(look: Look, name: str, menu: QMenu) -> QIcon:
    return QIcon(look.icon(name, "ink2", ICON_PX, menu.devicePixelRatioF()))
