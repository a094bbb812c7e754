"""What nobody uses any more goes on the windows' thread, never on another."""

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from queuedesk.app.station.program import Collector


class Circle:
    """Holds itself, so that only a collection ends it."""

    def __init__(self) -> None:
        self.own = self


def test_what_lies_in_a_circle_goes_on_the_windows_thread(qtbot: QtBot) -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # Python's own
    collector = Collector()
    collector.start()
    threads: list[threading.Thread] = []
    circle = Circle()
    weakref.finalize(circle, lambda: threads.append(threading.current_thread()))
    del circle

    def ask_for_memory() -> None:
        for _ in range(10):
            [[] for _ in range(5000)]

    elsewhere = threading.Thread(target=ask_for_memory)
    elsewhere.start()
    elsewhere.join()
    assert threads == []
    kept = [[] for _ in range(5000)]  # more than the first threshold
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.main_thread()]
    assert len(kept) == 5000
    collector.stop()
    assert gc.isenabled()
    gc.set_threshold(*before)


def test_the_page_of_somebody_who_left_goes_soon(opened, qtbot: QtBot) -> None:
    window = opened()
    window.sign_in("G1")
    collector = Collector(settled_ms=20)
    collector.start()
    window.person_left.connect(collector.collect_all)
    page = window.page
    page.own = page
    there = weakref.ref(page)
    del page
    gc.collect()  # A page that stood there all day is of the oldest generation, whose turn is seldom.

    window.sign_out()

    qtbot.waitUntil(lambda: there() is None)
    collector.stop()
