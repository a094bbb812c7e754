"""The board: the hall at a glance, what is late, what leads where; at every size nothing is cut and nothing moves."""

from typing import Any

from queuedesk import i18n
from queuedesk.desk.queue import calling, opening
from queuedesk.features.lobby.pages.advice_cards import AlarmsWithoutRoomDialog
from queuedesk.features.lobby.pages.board_buttons import SEE, BoardAction
from queuedesk.features.lobby.pages.station import (
    ConfirmNoticeDialog,
    WaitingListDialog,
    cell_text_of_each_window,
    service_texts,
)
from queuedesk.stations.manager.today.alert_words import AlertText, ButtonTarget, alert_texts
from tests.hall import MANAGER
from tests.stations.anew import made_anew
from tests.stations.coming_and_going import ANYWHERE, Messages
from tests.stations.hands import Hands
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, cut, drawn, overlapping, settled, typed_words


def test_it_says_how_many_wait_and_for_how_long_and_who_waits_past_the_target_in_red(lobby):
    count = lobby.page.board.count
    lobby.pass_time(minutes=1)
    assert count.text() == "2 people waiting, on average for 4.5 min"
    i18n.choose_language("zh_CN")
    lobby.page = made_anew(lobby.page)
    assert "人等候，平均已等" in lobby.page.board.count.text()
    i18n.choose_language("en")
    lobby.page = made_anew(lobby.page)
    lobby.pass_time(minutes=12)
    count = lobby.page.board.count
    assert count.text() == "2 people waiting 1 over 15 min, longest 18 min"
    assert count.runs[-1].token == "red"
    lobby.pass_time(minutes=5)
    assert count.text() == "2 people waiting 2 over 15 min, longest 23 min"
    lobby.hall.play("call 1", "call 2")
    lobby.follow()
    assert count.text() == "0 people waiting", "nobody in line has no mean"
    assert [bar.text_shown.longest for bar in lobby.page.board.bars.values()] == ["no one waiting"] * 4


def test_a_service_stands_against_the_target_and_a_window_that_is_held_up_or_late_back_is_marked(hall):
    start = service_texts(hall.whole(), hall.clock(), {"A": 7})
    assert [row.later for row in start] == ["7 waiting in 20 min", "", "", ""], "where it is known"
    calling.record_wait_for_other_system(hall.desk, hall.ask(), "3", reason="system_slow")
    opening.pause_window(hall.desk, hall.ask(), "2", reason="break", minutes=10)
    hall.clock.move(minutes=12)
    cells = cell_text_of_each_window(hall.whole(), hall.clock())
    assert (cells["3"].what, cells["3"].time, cells["3"].why) == ("B001", "12:00", "waiting for another system")
    assert (cells["2"].late, cells["2"].why) == (True, "late back")
    assert cells["4"].what == "Closed"
    hall.clock.move(minutes=13)
    row = service_texts(hall.whole(), hall.clock(), {})[0]
    assert (start[0].waiting, start[0].level) == ("2", "")
    assert (row.share, row.level, row.longest) == (1.0, "red", "longest 30 min")
    assert 0 < start[0].share < row.share


def test_a_free_window_says_whether_somebody_waits_for_it(hall):
    def free() -> dict[str, tuple[str, bool]]:
        cells = cell_text_of_each_window(hall.whole(), hall.clock())
        return {code: (cell.what, cell.is_amber) for code, cell in cells.items() if cell.mark == "idle"}

    hall.clock.move(minutes=1)
    waited_for = free()
    for ticket in hall.whole().waiting_tickets():
        hall.do("leave", ticket.label)
    nobody = free()
    hall.issue("B")
    assert waited_for == dict.fromkeys("12", ("Free, 2 waiting", True))
    assert nobody == dict.fromkeys("12", ("Free", False))
    assert free() == dict.fromkeys("12", ("Free, none waiting", False))


def test_words_of_one_kind_have_one_size_and_names_stand_in_all_cells_or_in_none(lobby):
    board = lobby.page.board
    bars, cells = board.bars.values(), board.cells.values()
    one, high = cell_text_of_each_window(lobby.page.hall_state, lobby.hall.clock())["1"], board.cells["1"].height()
    lobby.hall.do("set-row", "staff", "C1", {"name_en": "Maximilian Featherstonehaugh"})
    lobby.follow()
    seen = drawn(board).words
    named = {word.text: word.on for word in seen if word.on in cells}
    assert len({word.box.height() for word in seen if word.on in bars and word.text in word.on.text()}) == 1
    assert not [cell for cell in cells if cell.text_shown.staff in named]
    # Many windows stand in one line each across the foot.
    board.set_windows({str(n): one for n in range(1, 23)})
    lobby.until(lambda: board.windows.width() > board.width() * 0.9)
    assert board.cells["22"].height() < high
    assert board.rect().contains(board.cells["22"].mapTo(board, board.cells["22"].rect().bottomRight()))


def test_services_windows_and_alarms_lead_to_what_they_name_unless_the_file_is_away(lobby):
    page, board = lobby.page, lobby.page.board
    told = (board.bars["A"], "A ", "2 people waiting"), (board.cells["1"], "Window 1 Zhang Min, ", "serves ")
    for key, beginning, part in told:
        lobby.touch(key)
        dialog = lobby.question(WaitingListDialog)
        assert dialog.accessibleName().startswith(beginning) and part in dialog.accessibleName()
        dialog.refuse()
    # While the file is away the picture stands still and nothing can be done here.
    page.show_hall_away(lobby.hall.clock())
    lobby.pass_time(minutes=20)
    assert page.messages.isVisible()
    assert board.bars["A"].text_shown.level == ""
    page.show_hall_away(None)
    assert board.bars["A"].text_shown.level == "red"
    column = board.advice
    keys = [one.button for one in (*column.act_cards, *column.rows) if not one.isHidden()]
    assert keys and all(key.isEnabled() for key in keys)
    page.show_hall_away(lobby.hall.clock())
    assert not any(key.isEnabled() for key in keys)
    page.show_hall_away(None)
    assert all(key.isEnabled() for key in keys)
    # An alarm is noted as seen by who is here.
    lobby.touch(board.bars["A"])
    lobby.touch(lobby.question(WaitingListDialog).mark_seen_button)
    (event,) = lobby.log("ack")
    assert event.actor == "G1"
    assert any("has known since" in act.second for act in column.shown_alarm_actions)


def test_the_contingency_card_opens_from_its_alarm(lobby):
    lobby.pass_time(minutes=20)
    rows = [row for row in lobby.page.board.advice.rows if not row.isHidden()]
    (row,) = (row for row in rows if row.act.press == "Contingency card")
    lobby.touch(row.button)
    (event,) = lobby.log("card")
    assert event.data["card"] == "crowd"
    assert lobby.page.acts.feature_panel("cards").panel.isVisible()


def test_who_will_be_waiting_is_said_shorter_where_a_bar_is_narrow(lobby):
    """With these words all pages are looked at nowhere else: no hall that is walked through has a forecast."""
    chinese = ("zh_CN", "20 分钟后等候 16 人", "20 分钟后 16 人")
    for lang, full, short in (("en", "16 waiting in 20 min", "16 wait in 20 min"), chinese):
        i18n.choose_language(lang)
        lobby.page = made_anew(lobby.page)
        lobby.page.resize(1024, 768)
        board = lobby.page.board
        board.set_services(service_texts(lobby.page.hall_state, lobby.hall.clock(), dict.fromkeys("ABCD", 16)))
        settled()
        seen = drawn(lobby.page)
        assert [word.text for word in seen.words].count(full) == 4
        assert [*cut(seen, typed_words(lobby.page.context.feed.setup)), *overlapping(seen)] == []
        bar = board.bars["A"]
        assert full in bar.text_shown.spoken_text
        for width, words in ((376, short), (900, full)):
            for other in board.bars.values():
                other.resize(width, 100)
            assert {word.text for word in drawn(bar).words} & {full, short} == {words}


IN_EACH_LANGUAGE = True


def test_the_board_is_whole(lobby: Hands, shapes: dict[str, Shape]) -> None:
    page = lobby.page
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), shapes)
    sights.take("a line")
    messages = Messages(page, lobby.hall, lobby.follow, tells=ANYWHERE)
    sights.read_each(messages)
    sights.let_come("a line", messages)
    messages.ways["card"]()
    sights.take_closely("a card")
    sights.let_come("a card", messages)
    sights.must_be_whole()


def test_every_question_is_whole(lobby: Hands, shapes: dict[str, Shape]) -> None:
    page, hall = lobby.page, lobby.hall
    run = hall.do("card-start", "system", who=MANAGER)["seq"]
    lobby.follow()
    look, state, cards = page.context.look, page.hall_state, page.acts.feature_panel("cards")
    words = "B 业务大约等 20 分钟，自助机不用等", "Account services: about 20 minutes, self-service machines at once"

    def act(n: int, one: AlertText) -> BoardAction:
        said: dict[str, Any] = {"token": one.level, "title": one.title, "second": one.second, "press": one.button}
        return BoardAction(id=str(n), icon="warning", verb=SEE, alert=one, **said)

    def show_rows() -> None:
        acts = [act(n, one) for n, one in enumerate(alert_texts(state, hall.clock()))]
        AlarmsWithoutRoomDialog(page, look, acts).open_dialog()

    sights = Sights(page, look, {*typed_words(page.context.feed.setup), *words}, shapes)
    sights.take_questions(
        {
            "which card": cards.act_on_feature_key,
            "its end": lambda: cards.ask_to_end_card(state.card_runs[run]),
            "a line": lambda: page.open_waiting_list_dialog(ButtonTarget("tickets", service="A")),
            "a window": lambda: page.open_waiting_list_dialog(ButtonTarget("tickets", window="3")),
            "on the displays": lambda: ConfirmNoticeDialog(page, look, words).open_dialog(),
            "what else": show_rows,
        }
    )
    sights.must_be_whole()
