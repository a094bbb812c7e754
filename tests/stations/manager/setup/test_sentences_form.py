"""The ready sentences in the set-up: typed, added, moved, taken away, saved and taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.setup.sentences import LONGEST_SENTENCE, MOST_SENTENCES, USUAL
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN
from tests.stations.manager.setup_frame.test_set_up import set_ups

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def office(open_office):
    office = open_office(ADMIN)
    office.page.ways.open_part("sentences")
    return office


@pytest.fixture
def form(office):
    return office.page.setup_page.forms.of("sentences")


def shown(form, kind: str) -> list[str]:
    return [row.edits["text"].text() for row in form.lists[kind].rows]


def press(office, form, widget) -> None:
    QApplication.processEvents()
    form.ensureWidgetVisible(widget)
    office.touch(widget)


def write(office, form, edit, text: str) -> None:
    QApplication.processEvents()
    form.ensureWidgetVisible(edit)
    office.write(edit, text)


def save(office) -> None:
    page = office.page.setup_page
    office.touch(page.save_button)
    office.until(lambda: page.save_button.text() == "Nothing to save yet")


def of_hall(hall, kind: str) -> list[str]:
    return [one.text for one in getattr(looking.setup_of(hall.desk).sentences, kind)]


# -- typed, not saved ----------------------------------------------------------------------------------------------


def test_the_usual_ones_stand_there_and_are_typed_moved_and_taken_away(office, form):
    page = office.page.setup_page
    for kind in form.lists:
        assert shown(form, kind) == [one.text for one in getattr(USUAL, kind)]
        assert not form.lists[kind].usual_button.isVisibleTo(form)
    assert form.lists["help"].rows[0].edits["text_en"].text() == "The duty manager, please"
    assert not page.is_changed

    # Undo brings a sentence back that was taken away.
    press(office, form, form.lists["help"].rows[0].remove_button)
    page.undo()
    assert shown(form, "help") == [one.text for one in USUAL.help]
    assert not page.is_changed

    # What is wrong is said beside its sentence.
    rows = form.lists["announcements"].rows
    write(office, form, rows[0].edits["text"], "")
    write(office, form, rows[2].edits["text_en"], "y" * (LONGEST_SENTENCE + 1))
    assert rows[0].line.text() == "Text is empty; please fill it in."
    assert rows[0].edits["text"].property("refused")
    assert rows[2].line.text() == "English text is too long; please shorten it."
    assert not rows[1].line.isVisibleTo(form)
    assert page.save_button.text() == "Fix 2 things first"

    # A key on the arrow goes on with the same sentence.
    rows = form.lists["messages"].rows
    rows[0].down_button.setFocus()
    for _step in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert shown(form, "messages")[5] == USUAL.messages[0].text
    assert rows[5].up_button.hasFocus()  # it can go back up, not farther down
    names = [row.down_button.accessibleName() for row in rows]
    assert names[:2] == ["Move sentence 1 down", "Move sentence 2 down"]

    # Typing goes along when a sentence moves.
    rows = form.lists["help"].rows
    write(office, form, rows[3].edits["text"], "Xin de")
    QTest.keyClick(rows[3].edits["text"], Qt.Key.Key_Up, ALT)
    QTest.keyClicks(rows[2].edits["text"], "hua")
    assert "Xin de" in shown(form, "help")[2]
    assert "hua" in shown(form, "help")[2]
    assert shown(form, "help")[3] == USUAL.help[2].text

    # One reason to call for help stays.
    last = shown(form, "help")[-1]
    while len(rows) > 1 and rows[0].remove_button.isVisibleTo(form):
        press(office, form, rows[0].remove_button)
        rows = form.lists["help"].rows
    assert shown(form, "help") == [last]
    assert not rows[0].remove_button.isVisible()


# -- saved ---------------------------------------------------------------------------------------------------------


def test_what_is_changed_is_saved_list_by_list_and_what_a_command_changed_is_followed(office, form, hall, context):
    page = office.page.setup_page

    # One is typed and saved, and the save taken back.
    row = form.lists["help"].rows[1]
    write(office, form, row.edits["text"], "Bangmang")
    write(office, form, row.edits["text_en"], "Somebody needs a hand")
    save(office)
    assert list(set_ups(office)[-1]["row"]) == ["help"]
    assert of_hall(hall, "help")[1] == "Bangmang"
    assert looking.setup_of(hall.desk).sentences.help[1].text_en == "Somebody needs a hand"
    assert form.lists["help"].usual_button.isVisibleTo(form)
    office.touch(page.foot.back_button)
    office.until(lambda: of_hall(hall, "help") == [one.text for one in USUAL.help])
    office.until(lambda: shown(form, "help") == [one.text for one in USUAL.help])

    # A new one is to be filled in.
    press(office, form, form.lists["messages"].add_button)
    row = form.lists["messages"].rows[-1]
    assert row.edits["text"].hasFocus()
    assert page.save_button.text() == "Still to fill in: Text"
    assert not row.line.isVisibleTo(form)
    QTest.keyClicks(row.edits["text"], "Meeting at five")
    save(office)
    assert of_hall(hall, "messages") == [*(one.text for one in USUAL.messages), "Meeting at five"]

    # The order is changed by buttons and by keys.
    first, second, third = (one.text for one in USUAL.announcements)
    rows = form.lists["announcements"].rows
    press(office, form, rows[0].down_button)
    assert shown(form, "announcements") == [second, first, third]
    rows[2].edits["text"].setFocus()
    QTest.keyClick(rows[2].edits["text"], Qt.Key.Key_Up, ALT)
    assert shown(form, "announcements") == [second, third, first]
    assert rows[1].edits["text"].hasFocus()
    QTest.keyClick(rows[1].edits["text"], Qt.Key.Key_Up, ALT)
    QTest.keyClick(rows[0].edits["text"], Qt.Key.Key_Up, ALT)  # there is no place above the first
    save(office)
    assert of_hall(hall, "announcements") == [third, second, first]
    assert [rows[0].up_button.isVisible(), rows[2].down_button.isVisible()] == [False, False]

    # All of what customers read can go, and the usual ones come back.
    lists = form.lists["emergency"]
    for _one in USUAL.emergency:
        press(office, form, lists.rows[0].remove_button)
    assert shown(form, "emergency") == []
    save(office)
    assert of_hall(hall, "emergency") == []
    assert (shown(form, "emergency"), lists.usual_button.isVisibleTo(form)) == ([], True)
    press(office, form, lists.usual_button)
    save(office)
    assert set_ups(office)[-1]["row"] == {"emergency": []}
    assert of_hall(hall, "emergency") == [one.text for one in USUAL.emergency]
    assert not lists.usual_button.isVisibleTo(form)

    # What a command changes is followed.
    setting_up.add_sentence(hall.desk, hall.ask(), "help", "打印机坏了", "The printer is broken")
    office.until(lambda: shown(form, "help")[-1] == "打印机坏了")

    lists = form.lists["messages"]
    for n in range(len(lists.rows), MOST_SENTENCES - 1):
        setting_up.add_sentence(hall.desk, hall.ask(), "messages", f"第 {n} 句", f"Sentence {n}")
    office.until(lambda: len(lists.rows) == MOST_SENTENCES - 1)
    press(office, form, lists.add_button)
    assert len(lists.rows) == MOST_SENTENCES
    assert not lists.add_button.isVisibleTo(form)
    office.touch(office.page.setup_page.foot.discard_button)
    page, row = office.page.setup_page, form.lists["help"].rows[0]

    # An English hall has its English first.
    assert row.edits["text"].x() < row.edits["text_en"].x()
    hall.do("set-hall", {"lang": "en"}, who=ADMIN)
    office.follow()
    row = form.lists["help"].rows[0]
    office.until(lambda: row.edits["text_en"].x() < row.edits["text"].x())
    assert (row.edits["text_en"].accessibleName(), row.edits["text"].placeholderText()) == ("Sentence 1", "中文")

    # Texts stand under each other where there is no room.
    assert row.edits["text"].y() == row.edits["text_en"].y()
    context.look.set_scale(Scale.staff(1366, 768, 150))
    office.until(lambda: row.edits["text_en"].y() < row.edits["text"].y())

    # Every word is there in Chinese.
    i18n.use("zh_CN")
    page.retranslate()
    page.refresh(office.page.state.setup_now)
    assert [one.title.text() for one in form.lists.values()] == ["岗位之间的消息", "公告", "求助", "紧急通知"]
    assert form.lists["help"].rows[0].down_button.accessibleName() == "第 1 句下移"
    assert page.title.text() == "常用语"
