"""Signing in: who is offered, and that every word is whole."""

from functools import partial, reduce

from PySide6.QtCore import QPoint, QRect

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.stations.signing_in import DOT_PX, SignInController, SignInView, tile_columns_that_fit
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, Look, Scale
from tests.stations.coming_and_going import ANYWHERE, Messages
from tests.stations.seen import texts_of
from tests.stations.shapes import Shape, language_of
from tests.stations.whole_words import Sights, settled, typed_words

IN_EACH_LANGUAGE = True


def test_usual_names_stand_three_in_a_row_at_every_text_size_and_a_long_one_takes_room_from_the_columns(qapp):
    def columns(text_pct: int, *names: str) -> int:
        look = Look(scale=Scale.staff_scale(STAFF_WIDTH, STAFF_HEIGHT, text_pct))
        return tile_columns_that_fit(look, names, STAFF_WIDTH - 88)

    usual = ("Zhang Min", "Wang Fang", "Zhao Qiang", "Chen Jing")
    assert {columns(text_pct, *usual) for text_pct in TEXT_SIZES_PCT} == {3}
    assert columns(150, "Wolfgang Schwarzenbacher-Lichtenfels") == 2
    assert columns(150, "Wolfgangamadeusmaximilian Schwarzenbacher-Lichtenfels") == 1


def stand_signing_in(stand) -> tuple[SignInView, SignInController]:
    acts: list[SignInController] = []

    def build(context: StationContext) -> SignInView:
        acts.append(SignInController(context, ("guide", "manager", "admin")))
        return SignInView(context, acts[0], "guide")

    return stand("guide", build), acts[0]


def test_names_and_pad_are_whole(hall, stand, qtbot, shapes: dict[str, Shape]) -> None:
    i18n.choose_language(language_of(shapes))
    view, controller = stand_signing_in(stand)
    feed, look = view.context.feed, view.context.look

    def follow() -> None:
        last = hall.length()
        qtbot.waitUntil(lambda: feed.state.now.seq >= last)

    view.tick(hall.clock())
    settled()
    places = [QRect(tile.mapTo(view, QPoint()), tile.size()) for tile in view.tiles.values()]
    block = reduce(QRect.united, places)
    assert block.height() > view.height() / 5, "few names are large"
    names = {feed.setup.hall.name, feed.setup.hall.name_en}
    assert len([text for text in texts_of(view) if any(name in text for name in names)]) == 1, "in the bar"
    assert abs(block.center().x() - view.rect().center().x()) <= 1, "the names stand in the middle"
    assert abs(block.center().y() - view.rect().center().y()) < view.height() / 6
    sights = Sights(view, look, typed_words(feed.setup), shapes)
    sights.take("names")
    messages = Messages(view, hall, follow, tells=ANYWHERE)
    sights.read_each(messages)
    sights.let_come("names", messages)
    view.show_pin_pad("G1")
    sights.take_closely("pad")
    sights.let_come("pad", messages)
    refuse = partial(controller.refused.emit, "sign-in", RuleError("pin_pause", seconds=30))
    sights.take_message("pad, refused", refuse, partial(view.show_pin_pad, "G1"))
    sights.must_be_whole()


def test_each_digit_of_a_pin_is_seen_as_a_dot_in_a_small_window_with_large_letters(stand):
    i18n.choose_language("en")
    view, _controller = stand_signing_in(stand)
    look = view.context.look
    view.show_pin_pad("G1")
    view.pad.restore_pin("1234")
    pad = view.pad
    for width, height, text_pct in ((1366, 768, 100), (1366, 768, 150), (1024, 768, 150), (1020, 700, 150)):
        look.set_scale(Scale.staff_scale(width, height, text_pct))
        view.resize(width, height)
        settled()
        seen = pad.dots.grab().toImage()
        dot = [row for row in range(seen.height()) if seen.pixelColor(look.px(9), row) != seen.pixelColor(0, 0)]
        assert len(dot) >= look.px(DOT_PX), (width, height, text_pct)
        assert pad.enter.mapTo(view, pad.enter.rect().bottomLeft()).y() < view.height() - look.gap(8)
        keys = {key.height() for key in (*pad.digits.values(), pad.back, pad.delete, pad.enter)}
        assert max(keys) - min(keys) <= 1 and min(keys) >= look.large_px(44), "still large enough for a finger"
