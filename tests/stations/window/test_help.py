"""Help over a window: the guide's pages, the tasks of "How do I …", and the search."""

import re
from collections import Counter
from itertools import groupby

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.figures.figure_titles import MEANINGS, figure_meaning
from queuedesk.paths import resource_path
from queuedesk.stations.window.help import HOW, GuideSection, HelpPanel, _guide_page_titles, guide_page_sections
from queuedesk.stations.window.style import Look, Scale
from tests.stations.whole_words import drawn

PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./\.\./pictures/([^)]+)\)")
CODE = re.compile(r"`[^`\n]*`")
STEP = re.compile(r"^\d+\. ", re.MULTILINE)
STATIONS = ("home", "this-pc", "guide", "kiosk", "counter", "display", "plate", "line", "rating", "lobby")
LEAST_TASKS, LEAST_STEPS, MOST_STEPS = 40, 3, 7


def guide(page: str, language: str) -> str:
    return resource_path("docs", "guide", language, f"{page}.md").read_text(encoding="utf-8")


def sections(language: str) -> list[GuideSection]:
    return [section for page in _guide_page_titles() for section in guide_page_sections(page, language)]


@pytest.fixture
def host(qtbot) -> QWidget:
    host = QWidget()
    host.resize(1366, 768)
    qtbot.addWidget(host)
    host.show()
    return host


def opened(host: QWidget, key: str) -> HelpPanel:
    panel = HelpPanel(host, Look(), key)
    panel.open_panel()
    return panel


def text_of(panel) -> QTextBrowser:
    return panel.findChild(QTextBrowser)


def press(panel: HelpPanel, heading: str) -> None:
    (link,) = set(re.findall(rf'<a href="(\d+)">(?:<[^>]*>)*{re.escape(heading)}<', text_of(panel).toHtml()))
    text_of(panel).anchorClicked.emit(QUrl(link))


def top_line(panel: HelpPanel) -> str:
    return text_of(panel).cursorForPosition(text_of(panel).viewport().rect().topLeft()).block().text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_with_its_words_and_pictures(language, host):
    i18n.choose_language(language)
    panel, seen = opened(host, "counter"), set()
    for page in _guide_page_titles():
        panel.show_page(page)
        assert len(panel.text()) > 60 and "<!--" not in panel.text(), page
        assert panel.text() not in seen
        seen.add(panel.text())
        for name in PICTURE.findall(guide(page, language)):
            assert resource_path("docs", "pictures", name).is_file(), name
            image = text_of(panel).loadResource(QTextDocument.ResourceType.ImageResource.value, name)
            assert image.deviceIndependentSize().width() <= text_of(panel).viewport().width()
    panel.look.set_scale(Scale.staff_scale(1024, 768, 150))
    host.resize(1024, 768)
    assert [word.text for word in drawn(panel).words if word.is_cut] == []


def test_pages_of_both_languages_belong_together_with_a_section_each_and_say_what_figures_mean_as_reports_do():
    """Same headings' number, same keys in the tables, pictures of the page's own language."""
    for page in _guide_page_titles():
        texts = {language: guide(page, language) for language in LANGUAGES}
        for mark in ("## ", "\n| "):
            assert len({text.count(mark) for text in texts.values()}) == 1, page
        for language, text in texts.items():
            assert all(name.endswith(f"-{language}.png") for name in PICTURE.findall(text))
            assert page != "figures" or [key for key in MEANINGS if figure_meaning(key, language) not in text] == []
    keys = [[(section.file, section.keys) for section in sections(language)] for language in LANGUAGES]
    assert keys[0] == keys[1]
    # Each page of the program has one section.
    counts = Counter(key for section in sections("en") if section.file != HOW for key in section.keys)
    assert {key: n for key, n in counts.items() if n > 1} == {}
    assert [name for name in STATIONS if name not in counts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_forty_tasks_have_a_few_steps_each_and_lead_to_what_is_said_of_their_page(language, host):
    i18n.choose_language(language)
    tasks, of_pages = list(guide_page_sections(HOW, language)), [one for one in sections(language) if one.file != HOW]
    panel = opened(host, HOW)
    assert len({task.heading for task in tasks}) == len(tasks) >= LEAST_TASKS
    assert len([group for group, _tasks in groupby(tasks, lambda task: task.group)]) == len({t.group for t in tasks})
    for task in tasks:
        panel.show_page(HOW)
        press(panel, task.heading)
        steps = STEP.findall(task.text)
        assert LEAST_STEPS <= len(steps) <= MOST_STEPS, task.heading
        assert len(re.findall(r"<li\b", text_of(panel).toHtml())) == len(steps), task.heading
        (section,) = {one.heading for one in of_pages if one.shares_program_page_with(task)}
        press(panel, section)
        assert section in panel.text()
        assert task.heading in panel.text(), "the page names what is done there"


def test_help_opens_at_the_section_about_its_page_a_search_finds_words_in_any_and_enter_opens_the_first(host, qtbot):
    i18n.choose_language("en")
    for key, heading in (("guide", "Giving a ticket"), ("manager/setup-backups", "Backups")):
        panel = opened(host, key)
        qtbot.waitUntil(lambda panel=panel, heading=heading: top_line(panel) == heading)
    panel = opened(host, "counter")
    qtbot.keyClick(panel, Qt.Key.Key_B)
    assert panel.search.edit.hasFocus(), "whoever types searches"
    panel.search.edit.setText("backup")
    (section,) = {one for one in sections("en") if one.file != HOW and "manager/setup-backups" in one.keys}
    assert section.heading in panel.text() and "…" in panel.text()
    press(panel, section.heading)
    assert panel.search.text() == ""
    qtbot.waitUntil(lambda: top_line(panel) == section.heading)
    panel.search.edit.setText(section.heading)
    qtbot.keyClick(panel.search.edit, Qt.Key.Key_Return)
    assert panel.search.text() == "" and section.heading in panel.text()
    panel.search.edit.setText("-en.png")  # in the names of pictures alone
    assert panel.text() == "Nothing in the help has these words."


def test_help_says_what_the_hall_calls_a_window_and_a_ticket_and_leaves_commands_and_pictures(host):
    i18n.choose_language("en")
    usual = sections("en")
    i18n.use_hall_words("room", "number")
    try:
        panel = opened(host, "manager/setup-windows")
        assert "Set-up, Rooms has the places" in panel.text()
        named = sections("en")
        assert [PICTURE.findall(section.text) for section in named] == [PICTURE.findall(one.text) for one in usual]
        assert [CODE.findall(section.text) for section in named] == [CODE.findall(one.text) for one in usual]
        plain = [CODE.sub("", PICTURE.sub("", section.text)).replace("Microsoft Windows", "") for section in named]
        assert [text for text in plain if re.search(r"\b([Ww]indow|[Tt]icket)s?\b", text)] == []
        assert any("**Slip design**" in text for text in plain), "as the screen has it"
    finally:
        i18n.use_hall_words()
