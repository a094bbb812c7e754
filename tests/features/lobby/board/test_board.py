"""The board: the hall at a glance, what it suggests, what leads where; at every size nothing is cut or moves."""

from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt

from queuedesk import i18n
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.waits.arrival_forecast import DayForecast
from queuedesk.core.waits.quote import cached_wait_snapshot
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, opening
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.pages.advice import next_half_hour_text, why_no_move_helps_text
from queuedesk.features.lobby.pages.advice_cards import (
    AdviceColumnContent,
    AlarmActOrMoveResultCard,
    AlarmsWithoutRoomDialog,
    NoMoveText,
    SuggestionText,
)
from queuedesk.features.lobby.pages.board_buttons import SEE, SHOW, BoardAction
from queuedesk.features.lobby.pages.station import (
    ConfirmNoticeDialog,
    LobbyView,
    WaitingListDialog,
    cell_text_of_each_window,
    service_texts,
)
from queuedesk.features.lobby.rules.move_search import MoveSearch, RefusedMove
from queuedesk.features.lobby.rules.outlook import LineOutlook, line_lengths_after_minutes
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.queue.line_words import wait_text
from queuedesk.stations.manager.today.alert_words import AlertText, ButtonTarget, alert_texts
from queuedesk.stations.widgets.panels import TextRunsLabel
from queuedesk.stations.window.context import StationTaskLanes
from queuedesk.stations.window.style import Scale
from tests.features.lobby.test_verbs import crowded, keys
from tests.golden.kept import must_be_kept
from tests.hall import MANAGER, clerk
from tests.stations.hands import Hands
from tests.stations.pages import made_anew
from tests.stations.shapes import Shape
from tests.stations.whole_words import ANYWHERE, Messages, Sights, cut, drawn, overlapping, settled, typed_words


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
    lobby.hall.play("queue A")
    lobby.follow()
    assert count.text() == "1 person waiting", "who has just come has no minutes, and one alone no mean"
    lobby.pass_time(minutes=2)
    assert count.text() == "1 person waiting for 2.0 min"


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


@pytest.mark.parametrize("text_pct", [100, 150])
def test_a_long_name_of_a_service_or_a_person_is_whole(lobby, text_pct):
    for code, name in {"A": "See the doctor", "B": "Prescriptions", "C": "Blood tests"}.items():
        lobby.hall.do("set-row", "services", code, {"name_en": name})
    lobby.pass_time(minutes=20)
    board, asks = lobby.page.board, "Ask Dr Beth Cole to open"
    move = SuggestionText(key="k", title="Open window 2", reason="It helps.", do=asks, gain="−29 min")
    sights = Sights(lobby.page, lobby.page.context.look, shapes={"now": Shape(1024, 768, text_pct)})
    sights.put("now")
    lobby.page.setUpdatesEnabled(True)
    board.advice.set_advice(replace(board.advice.text_shown, suggestions=[move]))
    settled()
    parts = {*board.bars.values(), *board.advice.rows, board.advice.cards[0].do_button}
    words = [word for word in drawn(lobby.page).words if word.on in parts]
    assert asks in [word.text for word in words]
    assert not [str(word) for word in words if word.is_cut]


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


in_a_crowd = pytest.mark.hall(make=crowded)


def forecast(**rates: float) -> DayForecast:
    """A day on which each service has so many people in the half hour from 10:00 on, and twice as many in the next."""
    services = {code: (0.0,) * 20 + (n, 2 * n) + (0.0,) * 26 for code, n in rates.items()}
    return DayForecast(date=date(2026, 11, 20), days=9, services=services, spread2=0.01)


def shown(lobby):
    return [card.text_shown for card in lobby.page.board.advice.shown_suggestion_cards]


def acts(lobby):
    return {act.title: act for act in lobby.page.board.advice.shown_alarm_actions}


def all_leave(lobby) -> None:
    for one in lobby.hall.whole().waiting_tickets():
        lobby.hall.do("leave", one.label)
    lobby.follow()


def act_card(lobby, title: str) -> AlarmActOrMoveResultCard:
    return next(card for card in lobby.page.board.advice.act_cards if not card.isHidden() and card.act.title == title)


@in_a_crowd
def test_words_of_the_advice_are_those_of_its_page(hall):
    """Why nothing helps, what a line comes to that is left alone, and who is expected."""
    found = verbs.current_moves_and_risks(hall.desk, hall.clock())[1]
    told = ["# What was tried in vain"]

    def no_move(search: MoveSearch) -> NoMoveText:
        return why_no_move_helps_text(hall.whole(), search, hall.clock(), may_tell=False)

    for why in ({"why": "plays", "helped": 6, "plays": 10}, {"why": "past"}, {"why": "trials"}):
        vain = RefusedMove(move=found.moves[0], gain=found.moves[0].outlook.gain, **why)
        told += [f"{one.title}: {one.why}" for one in no_move(MoveSearch(refused=[vain], ahead=found.ahead)).tried]
    told += ["", "# Only a line past the target gets under it again"]
    flat = dict.fromkeys(("middle", "low", "high"), (11.0,) * 7)
    usual, never = (12.0, 9.0, 20.0), (None, None, None)
    cases = [(0.0, False, usual), (4.0, False, usual), (4.0, True, (12.0, 0.0, 29.0)), (4.0, False, never)]
    cases += [(0.0, False, never), (None, True, (0.0, 0.0, 0.0))]
    for from_min, may_pass, ends in cases:
        over = dict(zip(("over_min", "over_low", "over_high"), ends, strict=True))
        ahead = LineOutlook(line="C", passing=0, from_min=from_min, may_pass=may_pass, **flat, **over)
        told += [
            f"from {from_min}, {'perhaps' if may_pass else 'surely'}, {ends}: {no_move(MoveSearch(ahead=ahead)).ends}"
        ]
    told += ["", "# A window that is paused is not called closed"]
    hall.open("2", "C2")
    for reason in ("form", "break"):
        hall.do("pause", "1", reason=reason, who=clerk("C1"))
        told += [f"{reason}: {no_move(MoveSearch(ahead=ahead)).why}"]
        hall.do("resume", "1", who=clerk("C1"))
    told += ["", "# The next half hour"]
    for rates, minute in ({"A": 4.0, "B": 2.0, "C": 0.0}, 600), ({"A": 0.0, "B": 0.0}, 1080), ({"A": 4.0}, 1390):
        text = next_half_hour_text(looking.setup_of_hall(hall.desk), forecast(**rates), minute)
        told += [f"{rates} at {minute // 60}:{minute % 60:02}: {text and f'{text.title}. {text.second}'}"]
    must_be_kept(Path(__file__).parent / "golden" / "advice.txt", "\n".join(told).replace("\u2060", ""))


@in_a_crowd
def test_a_move_is_made_once_by_one_press_and_what_came_of_it_is_told(lobby):
    hall, toast, made = lobby.hall, lobby.page.toast, "Done; its effect will be measured in 15 minutes"
    first = lobby.page.board.advice.shown_suggestion_cards[0]
    key, title, window = first.text_shown.key, first.text_shown.title, first.text_shown.window
    lobby.touch(first.do_button)
    (event,) = lobby.log("move")
    assert event.actor == "G1" and not event.data.get("declined")
    assert key not in [text.key for text in shown(lobby)]
    assert toast.text() == made
    lobby.page.acts.controller.accept_move(key)
    lobby.until(lambda: toast.text() not in ("", made))
    assert len(lobby.log("move")) == 1, "it is gone, and that is said"
    lobby.until(lambda: title in acts(lobby))
    assert acts(lobby)[title].second.startswith("done at ")
    hall.play(*[f"call {window}", f"start {window}", 2, f"finish {window}"] * 3)
    lobby.follow()
    lobby.pass_time(minutes=10)
    told = acts(lobby)[title].second
    assert told.startswith("so far ") and told.endswith(" less than expected without it")
    lobby.touch(act_card(lobby, title).button)
    assert title not in acts(lobby)


@in_a_crowd
def test_a_suggestion_is_read_tried_by_a_held_key_turned_down_and_comes_back(lobby, qtbot):
    """The board suggests what the command lists, and how the next half hour is with it and without it."""
    board = lobby.page.board
    (move, *_rest) = found = verbs.current_moves_and_risks(lobby.hall.desk, lobby.hall.clock())[1].moves
    assert [text.key for text in shown(lobby)] == [one.key for one in found] != []
    for text in shown(lobby):
        assert text.title and text.reason and text.do and text.gain
        # The one figure of minutes saved is the one beside the curves.
        assert "Simulated from now, it helped in " in text.reason and "it saved " not in text.reason
    text = shown(lobby)[0]
    assert (text.curves.as_it_is, text.curves.with_move) == (move.outlook.without, move.outlook.with_it)
    assert text.curves.as_it_is[0] == text.curves.with_move[0] == pytest.approx(3.0, abs=0.1)
    assert text.curves.with_move[-1] < text.curves.as_it_is[-1]
    assert text.gain.startswith("−") and text.gain.endswith(" min")
    assert board.advice.soon.isHidden(), "no day before says nothing of the time to come"
    assert [bar.text_shown.later for bar in board.bars.values()] == ["", "", ""]
    # A key that is held shows what it would change, and does nothing.
    card, seen = board.advice.shown_suggestion_cards[0], []
    card.previewed.connect(seen.append)
    qtbot.mousePress(card.do_button, Qt.MouseButton.LeftButton)
    lobby.until(lambda: seen == [card.text_shown.key])
    bar = board.bars["C"]
    before, after = card.text_shown.later["C"]
    assert after < before
    assert f"{before} → {after}" in bar.text_shown.later
    assert board.cells[card.text_shown.window].text_shown.what == card.text_shown.there
    qtbot.mouseRelease(card.do_button, Qt.MouseButton.LeftButton)
    assert seen == [card.text_shown.key, ""]
    assert "→" not in bar.text_shown.later
    assert lobby.log("move") == []
    # It is turned down by a press, comes back, and is chosen and put off by key.
    key = card.text_shown.key
    lobby.touch(card.no_button)
    assert [event.data["declined"] for event in lobby.log("move")] == [True]
    assert key not in [text.key for text in shown(lobby)]
    lobby.pass_time(minutes=16)
    assert key in [text.key for text in shown(lobby)]
    first = shown(lobby)[0].key
    qtbot.keyClick(lobby.page, Qt.Key.Key_1)
    assert board.advice.shown_suggestion_cards[0].is_chosen
    qtbot.keyClick(board.advice.shown_suggestion_cards[0].do_button, Qt.Key.Key_Backspace)
    lobby.follow()
    assert [event.data["declined"] for event in lobby.log("move")] == [True, True]
    assert first not in [text.key for text in shown(lobby)]


@in_a_crowd
def test_a_window_that_is_free_is_told_whom_to_call_and_the_card_put_off_comes_back(lobby):
    hall = lobby.hall
    hall.play("open 2 staff=C2", "queue A")
    lobby.follow()
    lobby.pass_time(minutes=1)
    title = "Window 1 is free: call A001"
    lobby.touch(act_card(lobby, title).no_button)
    assert title not in acts(lobby)
    lobby.pass_time(minutes=21)
    assert title in acts(lobby), "after twenty minutes"
    lobby.touch(act_card(lobby, title).button)
    (event,) = lobby.log("message")
    assert (event.data["to"], event.data["text_en"]) == ("counter-1", "Please call A001 next.")
    assert title not in acts(lobby)


@pytest.mark.parametrize("width", [1024, 1366])
@in_a_crowd
def test_a_suggestion_that_names_somebody_is_whole_in_large_letters(lobby, width):
    page = lobby.page
    lobby.pass_time(seconds=6)
    page.resize(width, 768)
    page.context.look.set_scale(Scale.staff_scale(width, 768, 150))
    settled()
    card = page.board.advice.shown_suggestion_cards[0]
    card.set_text(replace(card.text_shown, do="Ask Una Wren to open", gain="−12.5 min"))
    settled()
    words = drawn(card).words
    assert "Ask Una Wren to open" in [word.text for word in words]
    assert [str(word) for word in words if word.is_cut] == []


@in_a_crowd
def test_where_no_move_helps_one_card_says_why_tells_the_line_and_opens_the_contingency_card(lobby):
    lobby.page.resize(1024, 768)
    hall, column = lobby.hall, lobby.page.board.advice
    while found := keys(hall):
        verbs.decline_move(hall.desk, hall.ask(), found[0])
        hall.clock.move(seconds=1)
    lobby.follow()
    lobby.pass_time(seconds=6)
    assert column.shown_suggestion_cards == [] and not column.no_move.isHidden()
    text = column.no_move.text_shown
    assert "more people will wait over 15 min in the next 20 min." in text.why
    assert any(one.why.startswith("turned down at ") for one in text.tried)
    assert not column.no_move.tell_button.isVisible()
    column.no_move.set_text(replace(text, title="No other change helps now"), 1)
    lobby.page.grab()
    title = column.no_move.findChild(TextRunsLabel)
    assert title.width() >= title.sizeHint().width()
    # A manager tells the line on the displays.
    lobby.page.context.who = MANAGER
    lobby.pass_time(seconds=6)
    ahead = lobby.page.acts.advice.outlook_of_line_over_target
    lobby.touch(column.no_move.tell_button)
    lobby.touch(lobby.question(ConfirmNoticeDialog).yes_button)
    (event,) = lobby.log("notice")
    lines = service_lines(looking.hall_state_now(hall.desk, hall.clock()), hall.clock())
    line = next(one for one in lines if one.service == ahead.line)
    wait = wait_text(line.wait, "en", ahead=line.ahead).replace(JOINER, "")
    assert event.data["text"].endswith(f": the wait is {wait}. Thank you for your patience.")
    assert "text_en" not in event.data  # the hall has one language
    assert lobby.page.toast.text() == "The notice is on the displays"
    lobby.touch(column.no_move.card_button)
    (event,) = lobby.log("card")
    assert event.data["card"] == "crowd"


@in_a_crowd
def test_a_quiet_hall_has_nothing_to_change_until_somebody_is_late_back(lobby):
    hall, column = lobby.hall, lobby.page.board.advice
    all_leave(lobby)
    assert column.shown_suggestion_cards == [] and column.no_move.isHidden()
    assert column.calm.shown_text() == "Nothing needs you now No one will wait more than 15 min in the next 20 min."
    assert column.ribbon.isVisible(), "the day, as today's page shows it"
    assert len(column.ribbon.shown.ribbon.strokes) == 8
    column.ribbon.picked.emit("C001")
    question = lobby.question(WaitingListDialog)
    assert question.accessibleName().startswith("C001")
    question.refuse()
    # Nothing says that all is well above an alarm.
    lobby.pass_time(minutes=9)
    assert any(act.alert is not None and act.alert.kind == "long_serving" for act in acts(lobby).values())
    assert column.calm.shown_text().startswith("No line needs action now")
    opening.pause_window(hall.desk, hall.ask(), "1", reason="break", minutes=10)
    lobby.follow()
    lobby.pass_time(minutes=16)
    title = "Ask window 1 to come back"
    assert acts(lobby)[title].second == "Short break, over by 6 min"
    assert not any(act.alert is not None and act.alert.kind == "late_back" for act in acts(lobby).values())
    lobby.touch(act_card(lobby, title).button)
    (event,) = lobby.log("move")
    assert (event.data["kind"], event.window) == ("call_back", "1")
    assert title not in acts(lobby)


@in_a_crowd
def test_lines_grow_by_those_who_come_and_shrink_by_those_who_are_called(hall):
    live = cached_wait_snapshot(hall.whole(), hall.clock()).live
    nobody, many = (line_lengths_after_minutes(live, calls, 20) for calls in ({}, {"C": 12.0}))
    soon = line_lengths_after_minutes(live, {}, 1)
    assert nobody["C"] < soon["C"] <= 7
    assert many["C"] == nobody["C"] + 12
    assert line_lengths_after_minutes(live, {"B": 4.0}, 20)["B"] <= 4


@in_a_crowd
def test_what_has_no_room_is_counted_and_opens_in_a_list(lobby):
    column, one = lobby.page.board.advice, shown(lobby)[0]
    three = tuple(replace(one, key=f"{one.key}{n}") for n in range(3))
    column.set_advice(AdviceColumnContent(suggestions=three))
    assert [card.text_shown for card in column.shown_suggestion_cards] == list(three[:2]), "two have cards"
    row = BoardAction(id="0", icon="clock", token="amber", title="Alarm 0", second="", press="Show", verb=SHOW)
    rows = tuple(replace(row, id=f"{n}", title=f"Alarm {n}") for n in range(30))
    column.set_advice(AdviceColumnContent(acts=rows))
    settled()
    seen = [row for row in column.rows if not row.isHidden()]
    assert all(column.rect().contains(row.geometry()) for row in (*seen, column.more))
    assert column.more.text() == f"{30 - len(seen)} more"
    lobby.touch(column.more)
    question = lobby.question(AlarmsWithoutRoomDialog)
    assert len(question.rows) == 30 - len(seen)
    question.refuse()
    lobby.hall.do("card-start", "power", who=MANAGER)
    lobby.follow()
    assert not column.isVisible(), "none stands beside an open card"


class Beside:
    """The real lanes, of which the search's is held until `let_go`; `bugs` is what was raised there."""

    def __init__(self) -> None:
        self.bugs: list[BaseException] = []
        self.lanes = StationTaskLanes(self.bugs.append)
        self._gate = Event()
        self.hold()

    def hold(self) -> None:
        self._gate = gate = Event()
        self.lanes.run_in_side_lane(gate.wait, lambda _set: None, self.bugs.append)

    def let_go(self) -> None:
        self._gate.set()


@pytest.fixture
def beside(context):
    beside = Beside()
    context.tasks = beside.lanes
    yield beside
    beside.let_go()
    beside.lanes.stop()
    assert beside.bugs == []


@in_a_crowd
def test_the_search_never_keeps_the_board_waiting(beside, lobby):
    column, told = lobby.page.board.advice, []
    lobby.page.acts.advice.found.connect(lambda: told.append([text.key for text in shown(lobby)]))
    assert column.text_shown == AdviceColumnContent()
    beside.let_go()
    lobby.until(lambda: shown(lobby) != [])
    before = column.text_shown
    beside.hold()
    all_leave(lobby)
    assert lobby.page.hall_state.waiting_tickets() == [] and column.text_shown is before
    beside.let_go()
    lobby.until(lambda: column.text_shown.calm is not None)
    assert told[-1] == [] and keys(lobby.hall) == []


@in_a_crowd
def test_what_was_found_for_a_hall_that_has_gone_on_is_dropped(beside, lobby):
    told = []
    lobby.page.acts.advice.found.connect(lambda: told.append([text.key for text in shown(lobby)]))
    assert keys(lobby.hall) != []
    all_leave(lobby)
    beside.let_go()
    lobby.until(lambda: lobby.page.board.advice.text_shown.calm is not None)
    assert told == [[], []]


@in_a_crowd
def test_a_board_that_closes_leaves_its_search_behind(beside, context, qapp):
    page = LobbyView(context)
    page.stop()
    page.deleteLater()
    qapp.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)
    answered = Event()
    beside.lanes.run_in_side_lane(lambda: None, lambda _none: answered.set(), beside.bugs.append)
    beside.let_go()
    while not answered.is_set():
        qapp.processEvents()
    assert beside.bugs == []
