"""Be a hall's display, the station's real page that paints off the screen, for the benchmarks that measure how soon a
call is painted.

The first line of stdin is JSON, [address of the hall, width, height in px]; it ends when stdin does. Printed is a line
of JSON each: ["ready"], then ["painted", seq of the call, time.monotonic() at the end of the paint that first held its
number].
"""

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database

NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)  # 9:00 on the hall's clock


def say(*words: object) -> None:
    """Print words as a line of JSON, at once."""
    print(json.dumps(words), flush=True)


def show(address: str, width: int, height: int) -> None:
    """Follow the hall as its display does."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QMetaObject, Qt
    from PySide6.QtWidgets import QApplication

    from queuedesk.stations.display.station import build_station_page
    from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
    from queuedesk.stations.window.style import HALL, Look, apply_look_to_app

    app = QApplication([])
    look = Look(HALL)
    apply_look_to_app(app, look)
    db = Database.open(address)
    desk = Desk(db, looking.hall_id_by_code(db, None))
    feed = HallFeed(desk, lambda: NINE)
    context = StationContext(
        desk=desk, feed=feed, tasks=InlineTasks(), look=look, clock=lambda: NINE, name="display", options={}
    )
    page = build_station_page(context)

    def painted(seqs: list[int]) -> None:
        now = time.monotonic()
        for seq in seqs:
            say("painted", seq, now)

    def wait_for_the_end() -> None:
        sys.stdin.read()
        QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)

    page.view.painted.connect(painted)
    page.resize(width, height)
    page.show()
    app.processEvents()
    feed.start()
    say("ready")
    waits = threading.Thread(target=wait_for_the_end)
    waits.start()
    app.exec()
    waits.join()
    page.stop()
    feed.stop()
    db.dispose()


if __name__ == "__main__":
    show(*json.loads(sys.stdin.readline()))
