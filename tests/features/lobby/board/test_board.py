"""The board: the hall at a glance, what is late, what leads where."""

from __future__ import annotations

from itertools import product

from queuedesk import i18n
from queuedesk.desk.queue import calling, opening
from queuedesk.features.lobby.pages.station import LineDialog
from queuedesk.features.lobby.pages.texts import cell_texts, service_texts
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.widgets.panels import runs_width
from queuedesk.stations.window.style import TEXT_SIZES_PCT, Scale
from tests.stations.anew import made_anew
from tests.stations.whole_words import cut, drawn, overlapping, settled, typed_words


def test_it_says_how_many_wait_and_for_how_long_and_who_waits_past_the_target_in_red(lobby):
    count = lobby.page.board.count
    lobby.later(minutes=1)
    assert count.text() == "2 people waiting, on average for 4.5 min"
    i18n.use("zh_CN")
    lobby.page = made_anew(lobby.page)
    assert "人等候，平均已等" in lobby.page.board.count.text()
    i18n.use("en")
    lobby.page = made_anew(lobby.page)

    lobby.later(minutes=12)
    count = lobby.page.board.count
    assert count.text() == "2 people waiting 1 over 15 min, longest 18 min"
    assert count.runs[-1].token == "red"
    lobby.later(minutes=5)
    assert count.text() == "2 people waiting 2 over 15 min, longest 23 min"

    lobby.hall.call("1")
    lobby.hall.call("2")
    lobby.follow()
    assert count.text() == "0 people waiting", "nobody in line has no mean"
    assert [bar.text_shown.longest for bar in lobby.page.board.bars.values()] == ["no one waiting"] * 4


def test_a_service_stands_against_the_target(hall):
    def row():
        return service_texts(hall.whole(), hall.clock(), {})[0]

    start = row()
    hall.clock.move(minutes=25)

    assert (start.waiting, start.level) == ("2", "")
    assert (row().share, row().level, row().longest) == (1.0, "red", "longest 30 min")
    assert 0 < start.share < row().share


def test_what_will_stand_in_line_is_said_only_where_it_is_known(hall):
    rows = service_texts(hall.whole(), hall.clock(), {"A": 7})

    assert [row.later for row in rows] == ["7 waiting in 20 min", "", "", ""]


def test_a_window_that_is_held_up_or_late_back_is_marked(hall):
    calling.stall(hall.desk, hall.ask(), "3", reason="system_slow")
    opening.pause(hall.desk, hall.ask(), "2", reason="break", minutes=10)
    hall.clock.move(minutes=12)

    cells = cell_texts(hall.whole(), hall.clock())
    assert (cells["3"].what, cells["3"].time, cells["3"].why) == ("B001", "12:00", "waiting for another system")
    assert (cells["2"].late, cells["2"].why) == (True, "late back")
    assert cells["4"].what == "Closed"


def test_a_free_window_says_whether_somebody_waits_for_it(hall):
    def free() -> dict[str, tuple[str, bool]]:
        cells = cell_texts(hall.whole(), hall.clock())
        return {code: (cell.what, cell.is_amber) for code, cell in cells.items() if cell.mark == "idle"}

    hall.clock.move(minutes=1)
    waited_for = free()
    for ticket in hall.whole().waiting():
        hall.do("leave", ticket.label)
    nobody = free()
    hall.issue("B")

    assert waited_for == dict.fromkeys("12", ("Free, 2 waiting", True))
    assert nobody == dict.fromkeys("12", ("Free", False))
    assert free() == dict.fromkeys("12", ("Free, none waiting", False))


def test_words_of_one_kind_have_one_size_and_names_stand_in_all_cells_or_in_none(lobby):
    board = lobby.page.board
    bars, cells = board.bars.values(), board.cells.values()
    one, high = cell_texts(lobby.page.state, lobby.hall.clock())["1"], board.cells["1"].height()
    lobby.hall.do("set-row", "staff", "C1", {"name_en": "Maximilian Featherstonehaugh"})
    lobby.follow()

    seen = drawn(board).words
    named = {word.text: word.on for word in seen if word.on in cells}
    sizes = {word.box.height() for word in seen if word.on in bars and word.text in word.on.text()}
    assert len(sizes) == 1
    assert not [cell for cell in cells if cell.text_shown.staff in named]

    # Many windows stand in one line each across the foot.
    board.set_windows({str(n): one for n in range(1, 23)})
    lobby.until(lambda: board.windows.width() > board.width() * 0.9)
    assert board.cells["22"].height() < high
    assert board.rect().contains(board.cells["22"].mapTo(board, board.cells["22"].rect().bottomRight()))


def test_services_windows_and_alarms_lead_to_what_they_name_unless_the_file_is_away(lobby):
    page, board = lobby.page, lobby.page.board
    lobby.touch(board.bars["A"])
    dialog = lobby.question(LineDialog)
    assert dialog.accessibleName().startswith("A ")
    assert "2 people waiting" in dialog.accessibleName()
    dialog.refuse()
    lobby.touch(board.cells["1"])
    dialog = lobby.question(LineDialog)
    assert dialog.accessibleName().startswith("Window 1 Zhang Min, ")
    assert "serves " in dialog.accessibleName()
    dialog.refuse()

    # While the file is away the picture stands still and nothing can be done here.
    page.show_away(lobby.hall.clock())
    lobby.later(minutes=20)
    assert page.messages.isVisible()
    assert board.bars["A"].text_shown.level == ""
    page.show_away(None)
    assert board.bars["A"].text_shown.level == "red"
    column = board.advice
    keys = [one.button for one in (*column.act_cards, *column.rows) if not one.isHidden()]
    assert keys and all(key.isEnabled() for key in keys)
    page.show_away(lobby.hall.clock())
    assert not any(key.isEnabled() for key in keys)
    page.show_away(None)
    assert all(key.isEnabled() for key in keys)

    # An alarm is noted as seen by who is here.
    lobby.touch(board.bars["A"])
    dialog = lobby.question(LineDialog)
    lobby.touch(dialog.seen_button)
    (event,) = lobby.log("ack")
    assert event.actor == "G1"
    assert any("has known since" in act.second for act in column.shown_acts)


def test_the_contingency_card_opens_from_its_alarm(lobby):
    lobby.later(minutes=20)
    rows = [row for row in lobby.page.board.advice.rows if not row.isHidden()]
    keys = [row.act.press for row in rows]
    assert keys.count("Contingency card") == 1
    lobby.touch(rows[keys.index("Contingency card")].button)

    (event,) = lobby.log("card")
    assert event.data["card"] == "crowd"
    assert lobby.page.acts.part("cards").panel.isVisible()


def test_the_line_on_top_is_whole_at_every_text_size(lobby):
    look = lobby.page.context.look
    for text_pct, lang in product(TEXT_SIZES_PCT, LANGUAGES):
        i18n.use(lang)
        look.set_scale(Scale.staff(1366, 768, text_pct))
        lobby.page = made_anew(lobby.page)
        settled()

        count = lobby.page.board.count
        assert runs_width(look, count.runs) <= count.width(), (text_pct, lang)
        bars = lobby.page.board.bars.values()
        shown = [bar for bar in bars if bar.visibleRegion().boundingRect().height() == bar.height()]
        assert len(shown) == 4, (text_pct, lang)


def test_minutes_beside_a_service_are_whole_in_the_managers_narrow_window(lobby):
    """Large letters in the narrowest window, with the manager's rail beside the board."""
    i18n.use("zh_CN")
    lobby.page.context.look.set_scale(Scale.staff(1024, 768, 150))
    lobby.later(minutes=25)
    bar = next(iter(lobby.page.board.bars.values()))

    for width in range(bar.minimumSizeHint().width(), 400, 10):
        bar.resize(width, 100)
        assert "30 分钟" in {word.text for word in drawn(bar).words}, width


def test_who_will_be_waiting_is_said_whole_in_a_narrow_window(lobby):
    said, wanted = {}, {}
    for lang, full, short in (
        ("en", "{n} waiting in 20 min", "{n} wait in 20 min"),
        ("zh_CN", "20 分钟后等候 {n} 人", "20 分钟后 {n} 人"),
    ):
        i18n.use(lang)
        lobby.page = made_anew(lobby.page)
        lobby.page.resize(1366, 768)
        lobby.page.resize(1024, 768)
        state, now = lobby.page.state, lobby.hall.clock()
        for n in (6, 16):
            lobby.page.board.set_services(service_texts(state, now, dict.fromkeys("ABCD", n)))
            settled()
            seen = drawn(lobby.page)
            assert [word.text for word in seen.words].count(full.format(n=n)) == 4
            assert [*cut(seen, typed_words(lobby.page.context.feed.setup)), *overlapping(seen)] == []
        bar = lobby.page.board.bars["A"]
        for width, words in ((376, short), (900, full)):
            for other in lobby.page.board.bars.values():
                other.resize(width, 100)
            found = {word.text for word in drawn(bar).words}
            said[lang, width] = found & {full.format(n=16), short.format(n=16)}
            wanted[lang, width] = {words.format(n=16)}
        assert full.format(n=16) in bar.text_shown.spoken

    assert said == wanted
