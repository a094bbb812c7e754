"""The user guide over a window, loaded when somebody asks for help: pages of sections, each with the pages of the
program that it is about, and the tasks of the index "How do I …"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QResizeEvent, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.matching import is_search_match
from queuedesk.i18n import _
from queuedesk.paths import resource_path
from queuedesk.stations.widgets import buttons, paint, panels, topbar
from queuedesk.stations.widgets.questions.dialogs import SearchField
from queuedesk.stations.window.style import XL, Look

TEXT_PX = 18
LIST_WIDTH = 232
EDGE = "#D5DAD2"  # of pictures, which are light in every theme
PICTURE_SHARE = 0.62  # of the page's width: the words come first
HOW = "how"
"""The file of the index: a group for each `##`, a task for each `###`."""
_MARK = re.compile(r"<!-- page: (.*?) -->\s*")
_HEADING = re.compile(r"^(#{2,3}) (.*)$", re.MULTILINE)
_SIGNS = re.compile(r"!\[[^]]*\]\([^)]*\)|\]\([^)]*\)|[*`|\[]|^#+ ", re.MULTILINE)
_AS_WRITTEN = re.compile(r"(`[^`\n]*`|\]\([^)\n]*\)|<!--.*?-->|Microsoft Windows|\*\*)")
"""What the hall's own words leave alone: commands, pictures, keys of pages, a system. Bold words are a text by
themselves, as they are on the screen."""
AROUND = 60
"""So many characters of a text are shown on each side of a word that was searched for."""


class GuideSection(Struct, frozen=True):
    """A heading with what follows it, as Markdown, in the page `file` of the guide; `keys` name the pages of the
    program that it is about ("guide", "manager/why"), `group` the heading above that of a task. `text` begins with
    the heading."""

    file: str
    heading: str
    text: str
    keys: tuple[str, ...] = ()
    group: str = ""

    @property
    def plain_text(self) -> str:
        """Its words in one line, without signs and pictures."""
        return " ".join(_SIGNS.sub("", self.text).split())

    def shares_program_page_with(self, other: GuideSection) -> bool:
        """Whether both are about one page of the program."""
        return not set(self.keys).isdisjoint(other.keys)


def guide_page_sections(file: str, language: str) -> Iterator[GuideSection]:
    """Return the sections of a page in order, in the hall's words; of the index the tasks alone."""
    written = resource_path("docs", "guide", language, f"{file}.md").read_text(encoding="utf-8")
    parts = enumerate(_AS_WRITTEN.split(written))
    text = "".join(part if at % 2 else i18n.hall_worded_text(language, part, part) for at, part in parts)
    heads = list(_HEADING.finditer(text))
    group, end_before = "", 0
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        marks = _MARK.findall(text, end_before, head.start())
        end_before = head.end()
        if len(head[1]) == 2:
            group = head[2]
        if (file == HOW) == (len(head[1]) == 3):
            body = text[head.start() : following.start() if following is not None else len(text)]
            keys = tuple(key for mark in marks for key in mark.split())
            yield GuideSection(file, head[2], _MARK.sub("", body).strip(), keys, group)


def matching_sections(words: str, sections: list[GuideSection]) -> list[GuideSection]:
    """Return the sections that have every word: those with all of them in the heading first, then the tasks."""
    fitting = [section for section in sections if is_search_match(words, section.plain_text)]
    return sorted(fitting, key=lambda section: (not is_search_match(words, section.heading), section.file != HOW))


def search_excerpt(words: str, section: GuideSection) -> str:
    """Return what stands round the first of the words in a section, in one line."""
    plain = section.plain_text.removeprefix(section.heading).strip()
    at = max(0, plain.casefold().find(next(iter(words.casefold().split()), "")))
    before, after = plain[max(0, at - AROUND) : at], plain[at : at + AROUND]
    if at > AROUND and " " in before:
        before = before.partition(" ")[2]
    if at + AROUND < len(plain) and " " in after:
        after = after.rpartition(" ")[0]
    return f"… {before}{after} …"


def _guide_page_titles() -> dict[str, str]:
    return {
        HOW: _("How do I …"),
        "first-morning": _("The first morning"),
        "home": _("First start and home"),
        "this-pc": _("Screens of this PC"),
        "several-pcs": _("Several PCs", context="set-up"),
        "guide": _("At the door"),
        "kiosk": _("Kiosk"),
        "counter": _("At the counter"),
        "announcing": _("Announcing and help"),
        "voice": _("The voice"),
        "display": _("Hall display and plates"),
        "printers": _("Printers"),
        "rating": _("Rating a visit"),
        "web": _("Phones and the web", context="feature"),
        "manager": _("Duty manager"),
        "quality": _("Quality", context="page"),
        "waits": _("Order and waits"),
        "reports": _("Reports", context="page"),
        "figures": _("What each figure means"),
        "improve": _("Improve", context="page"),
        "set-up": _("Set-up"),
        "lobby": _("Lobby board"),
        "days": _("Paper, other halls"),
        "on-call": _("Is all well?", context="set-up"),
        "keys": _("All shortcuts"),
    }


class GuideTextBrowser(QTextBrowser):
    """The text of a page with its pictures, which are as wide as the text and sharp on any screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._width = 0
        self.laid_out: Callable[[], None] | None = None
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The panel is the frame; a ring round all of the text would only distract.
        self.setStyleSheet("QTextEdit, QTextEdit:focus { border: none; background: transparent; padding: 0; }")

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, QUrl(name))
        file = Path(name.path() if isinstance(name, QUrl) else name).name
        # The files have few colours by a table, on which nothing can be painted.
        picture = QImage(str(resource_path("docs", "pictures", file))).convertToFormat(QImage.Format.Format_RGB32)
        dpr = self.devicePixelRatioF()
        room = max(200, self.width() * PICTURE_SHARE)
        width = round(min(room * dpr, picture.width()))
        small = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        edge = QPainter(small)
        edge.setPen(EDGE)
        edge.drawRect(0, 0, small.width() - 1, small.height() - 1)
        edge.end()
        small.setDevicePixelRatio(max(dpr, width / room))
        return small

    def scroll_to_heading(self, heading: str) -> None:
        block = self.document().begin()
        while block.isValid() and not (block.blockFormat().headingLevel() and block.text() == heading):
            block = block.next()
        if block.isValid():
            top = self.document().documentLayout().blockBoundingRect(block).top()
            self.verticalScrollBar().setValue(round(top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The view's own width: a scroll bar that comes while a page is read in must not begin it again.
        if self.width() != self._width:
            self._width = self.width()
            if self.laid_out is not None:
                self.laid_out()


class HelpPanel(panels.Panel):
    """The user guide over its whole host, with a search and the tasks of "How do I …"; Esc, F1 and the button close it.
    It opens at the section about a page of the program, by its `key`, or else at the page of the guide called so."""

    def __init__(self, host: QWidget, look: Look, key: str) -> None:
        super().__init__(look, "paper", parent=host)
        self._before = paint.FocusMemory(self)
        self._before.remember_focus(host.window().focusWidget())
        self._host = host
        language = i18n.current_language()
        self._all = [section for file in _guide_page_titles() for section in guide_page_sections(file, language)]
        self._tasks = [section for section in self._all if section.file == HOW]
        self._title = panels.Label(look, _("Help"), px=XL, bold=True)
        self._back = buttons.SecondaryButton(look, _("Back"), icon="close", key="Esc")
        self._back.clicked.connect(self.close_panel)
        self.search = SearchField(look, _("Search the help"), height=44, px=16)
        self.search.typed.connect(lambda _words: self._write_shown_text())
        self.search.entered.connect(self._open_first_search_result)
        self._list = topbar.SideNav(look, width=LIST_WIDTH, plain=True)
        self._list.picked.connect(self.show_page)
        self._text = GuideTextBrowser(self)
        self._text.laid_out = self._write_shown_text
        self._text.anchorClicked.connect(self._open_link)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self.search, 1)
        head.addWidget(self._back)
        head.setSpacing(20)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (48, 24, 48, 32), 16)
        sheet = panels.Card(look)
        inside = QVBoxLayout(sheet)
        panels.set_scaled_margins(look, inside, (32, 12, 16, 20))
        inside.addWidget(self._text)
        beside = QHBoxLayout()
        panels.set_scaled_margins(look, beside, (0, 0, 0, 0), 20)
        pages = panels.VerticalScrollArea(self._list)
        panels.FixedSizeKeeper(look, pages, width=LIST_WIDTH + 12)
        beside.addWidget(pages)
        beside.addWidget(sheet, 1)
        column.addLayout(head)
        column.addLayout(beside, 1)
        host.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._list.set_entries([(page, "", title) for page, title in _guide_page_titles().items()])
        about = next((section for section in self._all if key in section.keys and section.file != HOW), None)
        self._shown: GuideSection | str = about or key.partition("/")[0]
        self.measure_again()

    def open_panel(self) -> None:
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._text.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_panel(self) -> None:
        self.hide()
        self._host.removeEventFilter(self)
        self._before.restore_focus()
        self.deleteLater()

    def show_page(self, page: GuideSection | str) -> None:
        """Show another page of the guide from its beginning, the list of tasks, a task, or a page at a section."""
        self._shown = page
        if self.search.text():
            self.search.clear()  # which writes
        else:
            self._write_shown_text()

    def _open_link(self, link: QUrl) -> None:
        self.show_page(self._all[int(link.path())])

    def _open_first_search_result(self) -> None:
        if matches := matching_sections(self.search.text(), self._all):
            self.show_page(matches[0])

    def _markdown_link(self, section: GuideSection) -> str:
        return f"[{section.heading}]({self._all.index(section)})"

    def _write_shown_text(self) -> None:
        words, shown = self.search.text().strip(), self._shown
        page = shown.file if isinstance(shown, GuideSection) else shown
        self._list.select_without_signal(page)
        if words:
            text = self._search_results_markdown(words)
        elif page == HOW:
            text = self._task_markdown(shown) if isinstance(shown, GuideSection) else self._task_list_markdown()
        else:
            text = self._guide_page_markdown(page)
        self._text.document().clear()
        self._text.setMarkdown(text)
        self._set_line_and_heading_margins()
        if isinstance(shown, GuideSection) and not words and page != HOW:
            # Once it is laid out: before that there is nothing to scroll.
            QTimer.singleShot(0, self._text, partial(self._text.scroll_to_heading, shown.heading))

    def _search_results_markdown(self, words: str) -> str:
        titles, texts = _guide_page_titles(), []
        for section in matching_sections(words, self._all):
            title = section.group if section.file == HOW else titles[section.file]
            texts.append(f"**{self._markdown_link(section)}** · {title}\n\n{search_excerpt(words, section)}")
        return "\n\n".join(texts) or _("Nothing in the help has these words.")

    def _task_list_markdown(self) -> str:
        texts = []
        for group in dict.fromkeys(task.group for task in self._tasks):
            links = [f"- {self._markdown_link(task)}" for task in self._tasks if task.group == group]
            texts += [f"## {group}", "\n".join(links)]
        return "\n\n".join(texts)

    def _task_markdown(self, task: GuideSection) -> str:
        about = [
            self._markdown_link(section)
            for section in self._all
            if section.shares_program_page_with(task) and section.file != HOW
        ]
        return "\n\n".join([task.text.removeprefix("#"), *(_("More: {page}", page=link) for link in about)])

    def _guide_page_markdown(self, page: str) -> str:
        """Return a page of the guide, behind each section the tasks that are done on its page of the program."""
        texts = []
        for section in (section for section in self._all if section.file == page):
            texts.append(section.text)
            if tasks := [self._markdown_link(task) for task in self._tasks if task.shares_program_page_with(section)]:
                texts.append(_("How do I: {tasks}", tasks=" · ".join(tasks)))
        return "\n\n".join(texts)

    def _set_line_and_heading_margins(self) -> None:
        """Set the lines as airy as the rest of the program, with room above each heading."""
        block = self._text.document().begin()
        while block.isValid():
            form, is_heading = block.blockFormat(), block.blockFormat().headingLevel() > 0
            form.setTopMargin(self.look.px(22 if is_heading else 4))
            form.setBottomMargin(self.look.px(6 if is_heading else 4))
            QTextCursor(block).setBlockFormat(form)
            block = block.next()
        for frame in self._text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                table = frame.format().toTableFormat()
                table.setCellPadding(self.look.px(7))
                table.setBorderBrush(self.look.color("line"))
                frame.setFormat(table)

    def text(self) -> str:
        return self._text.toPlainText()

    def measure_again(self) -> None:
        self._text.document().setDefaultFont(self.look.font(TEXT_PX))
        self._text.setFont(self.look.font(TEXT_PX))
        self._write_shown_text()
        super().measure_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1) and not event.isAutoRepeat():
            self.close_panel()
        elif event.text().isprintable() and event.text().strip():
            self.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.edit.setText(event.text())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # No key of the page below may act while its help is read.
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return False
