"""A hall with an eventful Friday until noon, and one a week before: what pages of figures are tried with."""

from datetime import date, datetime
from pathlib import Path

from queuedesk.app.services.pictures import PeriodFiguresReader, PeriodReadJob
from queuedesk.core.figures.comparing import PeriodChartData
from queuedesk.desk.change import Ask
from queuedesk.desk.figures import date_to_compare
from queuedesk.stations.manager.figures.figures_page import FiguresPage
from queuedesk.store.figures.counted import Told
from tests.hall import CONSOLE, GUIDE, Clock, Hall, create_hall, preset
from tests.hall import DAY as MIDNIGHT
from tests.stations.manager.conftest import Office

TODAY, LAST_WEEK = date(2026, 11, 20), date(2026, 11, 13)
TARGETS = [{"measure": "satisfaction", "value": 98}, {"measure": "within_target", "value": 80}]
TARGETS += [{"measure": "mean_wait", "value": 1, "from": "2026-11-17"}]


class PicturesHere(PeriodFiguresReader):
    """Reads what the process of long periods reads, and just so, in this one: that both read the same is the matter of
    tests/app/services/test_pictures.py."""

    def read(self, period: str, day: date, against: str = "", *, told: Told | None = None) -> PeriodChartData:
        desk, other = self._desk, date_to_compare(period, day, against) if against else None
        return PeriodReadJob(desk.db.place, desk.hall, period, day, self._clock(), other).done(desk, told)


def eventful_hall(folder: Path) -> Hall:
    clock, path = Clock(MIDNIGHT.replace(day=13, hour=9)), folder / "hall.sqlite"
    hall = Hall(create_hall(path, preset(targets=TARGETS), Ask(CONSOLE, clock())), clock, path)
    morning(hall, clock())
    hall.do("day-end")
    morning(hall, MIDNIGHT.replace(hour=9), more="ABCD")
    return hall


def morning(hall: Hall, start: datetime, more: str = "") -> None:
    """Let customers of every kind come: at the wrong window, overtaken, set aside, missed, without papers, satisfied
    and not."""
    hall.clock.now = start
    for window in "35":
        hall.open(window, f"C{window}")
    hall.do("not-ready", "B", who=GUIDE)
    for n, service in enumerate("ABBACD" + more):
        hall.do("issue", service, who=GUIDE)
        hall.clock.move(minutes=4)
        if n == 3:
            hall.do("issue", "A", klass="elderly")
    for n in range(4 + len(more)):
        window = "35"[n % 2]
        label = hall.call(window)
        hall.play(1, f"start {window}", 6)
        if n == 1:
            hall.do("redirect", "C", window=window)
            continue
        if n == 2:
            hall.do("park", window, reason="copying")
            hall.clock.move(minutes=3)
            hall.do("unpark", window, label)
        hall.do("finish", window)
        if n != 3:
            hall.do("rate", label, 2 if n == 2 else 5)
    hall.play("call 5", "miss 5", "pause 3 reason=break", 25, "resume 3")


def page_of(office: Office) -> FiguresPage:
    office.go("reports")
    return office.page.reports.pages.currentWidget()
