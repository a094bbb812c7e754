"""The user guide inside the program: every page in both languages, with its pictures."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.figures.meanings import MEANINGS, meaning
from queuedesk.paths import resource
from queuedesk.stations.window.help import HelpPanel, _pages, help_file
from queuedesk.stations.window.style import Look

PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./\.\./pictures/([^)]+)\)")


@pytest.fixture(autouse=True)
def chinese_after():
    yield
    i18n.use("zh_CN")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_with_its_words_and_pictures(language, qtbot):
    i18n.use(language)
    host = QWidget()
    host.resize(1366, 768)
    qtbot.addWidget(host)
    panel = HelpPanel(host, Look(), "counter")
    panel.open_panel()
    host.show()
    seen = set()

    for page in _pages():
        panel.show_page(page)
        text = help_file(page, language).read_text(encoding="utf-8")
        assert len(panel.text()) > 60, page
        assert panel.text() not in seen
        seen.add(panel.text())
        for name in PICTURE.findall(text):
            assert resource("docs", "pictures", name).is_file(), name
            image = panel.findChild(QTextBrowser).loadResource(QTextDocument.ResourceType.ImageResource.value, name)
            assert image.deviceIndependentSize().width() <= panel.findChild(QTextBrowser).viewport().width()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_says_what_each_figure_means_as_pages_and_reports_do(language):
    text = help_file("figures", language).read_text(encoding="utf-8")

    assert [key for key in MEANINGS if meaning(key, language) not in text] == []


def test_pages_of_both_languages_belong_together():
    """Same headings' number, same keys in the tables, pictures of the page's own language."""
    for page in _pages():
        english, chinese = (help_file(page, language).read_text(encoding="utf-8") for language in ("en", "zh_CN"))
        assert english.count("## ") == chinese.count("## "), page
        assert english.count("\n| ") == chinese.count("\n| "), page
        assert all(name.endswith("-en.png") for name in PICTURE.findall(english))
        assert all(name.endswith("-zh_CN.png") for name in PICTURE.findall(chinese))
