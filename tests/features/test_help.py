"""F1 on each of the manager's pages; the pictures of "How do I …"."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage

from queuedesk import i18n
from queuedesk.core.network.roles import Actor
from queuedesk.i18n import LANGUAGES
from queuedesk.paths import resource_path
from queuedesk.stations.manager.pages import SETUP, TabbedPages
from queuedesk.stations.window.help import HOW, HelpPanel, _guide_page_titles, guide_page_sections
from tests.stations.manager.conftest import ADMIN, Office

PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./\.\./pictures/([^)]+)\)")


def test_help_opens_at_the_page_one_is_on_in_each_language(open_office: Callable[[Actor], Office]) -> None:
    view = open_office(ADMIN).page
    about = {
        (key, language): section.heading
        for language in LANGUAGES
        for page in _guide_page_titles()
        for section in (guide_page_sections(page, language) if page != HOW else ())
        for key in section.keys
    }
    asked = []

    def ask() -> None:
        asked.append(view.help_key())
        for language in LANGUAGES:
            i18n.choose_language(language)
            panel = HelpPanel(view, view.context.look, asked[-1])
            panel.open_panel()
            assert about[asked[-1], language] in panel.text()
            panel.close_panel()

    for page, _icon, _word in view.stack.entries():
        view.open_page(page)
        section = view.stack.get_or_make_page(page)
        tabs = [tab for tab, _icon, _word in section.pages.entries()] if isinstance(section, TabbedPages) else []
        for tab in tabs:
            section.open_tab(tab)
            ask()
        for part in view.setup_page.set_up_part_keys() if page == SETUP else ():
            view.setup_page.open_set_up_part(part)
            ask()
        if not tabs and page != SETUP:
            ask()
    assert len(set(asked)) == len(asked) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_of_the_forty_tasks_has_a_picture_of_the_page_on_which_it_is_done(language: str) -> None:
    shown: dict[str, set[str]] = {}
    tasks = list(guide_page_sections(HOW, language))
    for task in tasks:
        names = PICTURE.findall(task.text)
        assert len(names) == 1, task.heading
        shown.setdefault(names[0], set()).update(task.keys)
    assert len(tasks) >= 40
    assert {name: keys for name, keys in shown.items() if len(keys) != 1} == {}
    sizes = {name: QImage(str(resource_path("docs", "pictures", name))).size() for name in shown}
    assert [name for name, size in sizes.items() if size.width() < 600 or not name.endswith(f"-{language}.png")] == []
