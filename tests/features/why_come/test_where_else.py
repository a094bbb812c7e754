"""Where else people could have gone, against a second count from the printed log of a month that chance made."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from PySide6.QtWidgets import QMenu

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.setting_up import add_setup_row, change_row_fields, remove_setup_row
from queuedesk.desk.upkeep import clocks
from queuedesk.features.why_come.pages import WhereElseController, WhereElsePage
from queuedesk.features.why_come.rules import ItemVerdict, advice_document, elsewhere_figure_path
from queuedesk.features.why_come.verbs import switch_channel_offer_of_service, where_else_advice
from queuedesk.features.why_come.words import could_have_gone_text, item_verdict_text, visits_by_way_text
from queuedesk.i18n.figures.figure_titles import other_channel_and_place_pairs
from queuedesk.i18n.names import UNKNOWN
from queuedesk.stations.manager.setup_frame.draft import PARTNERS
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.panels import Label
from tests.hall import ADMIN, Hall, preset
from tests.reports.days import asked, kept, printed_log
from tests.reports.days import hall as power_hall
from tests.reports.recompute_quality import where_else_advice as counted_again
from tests.reports.test_recomputed import differences

MONDAY = date(2026, 11, 23)
LAST = MONDAY + timedelta(days=27)
AFTER = datetime(2026, 12, 28, 1, tzinfo=UTC)
PLACES = [
    {"code": "M1", "name": "自助机", "kind": "self_service", "takes": ["A/dyfp"], "distance_m": 0,
     "hours": [{"days": "1-3", "from": "09:00", "to": "09:30"}]},
    {"code": "P1", "name": "运河街邮局", "kind": "post_office", "takes": ["A"], "distance_m": 350,
     "hours": [{"days": "1-5", "from": "09:10", "to": "10:00"}]},
    {"code": "P2", "name": "环路超市", "kind": "shop", "takes": ["A/dyfp"], "distance_m": None},
    {"code": "T1", "name": "95598", "kind": "online", "takes": ["A", "C"]},
]  # fmt: skip


def _change_directory(desk: Desk, n: int, at: datetime) -> None:
    """Write the directory on the third day, add a place on the tenth, change one and take one away later."""
    if n == 2:
        for one in PLACES[:3]:
            add_setup_row(desk, asked(at), "partners", one)
    if n == 9:
        add_setup_row(desk, asked(at), "partners", PLACES[3])
    if n == 15:
        change_row_fields(desk, asked(at), "partners", "P1", {"takes": ["A", "B"]})
    if n == 22:
        remove_setup_row(desk, asked(at), "partners", "M1")


@kept
def month(folder: Path) -> Desk:
    rng, desk = Random(7), power_hall(folder)
    for n in (one for one in range(28) if one % 7 < 5):
        at = datetime.combine(MONDAY + timedelta(days=n), datetime.min.time(), UTC) + timedelta(hours=1)
        _change_directory(desk, n, at)
        opening.open_window(desk, asked(at), "1", staff="C1")
        opening.open_window(desk, asked(at), "5", staff="C5")
        for _ in range(10):
            at += timedelta(minutes=rng.randint(1, 9))
            service = rng.choice("AAB")
            item = rng.choice({"A": (None, "dyfp"), "B": (None, "gmgh", "gmgh")}[service])
            label = issuing.issue_ticket(desk, asked(at), service, item=item, repeat=rng.random() < 0.2)["ticket"]
            if rng.random() < 0.9:
                to = rng.choice(["bank", "shop", "bank", "self_service", "online"])
                issuing.record_offered_channel(desk, asked(at), service, to=to, declined=rng.random() < 0.6, item=item)
            if rng.random() < 0.05:
                calling.void_ticket(desk, asked(at), label, reason="duplicate")
                continue
            window = "1" if service == "A" else "5"
            if rng.random() < 0.1:
                calling.redirect_customer(desk, asked(at), "C", ticket=label)
                window = "5"
            try:
                calling.call_ticket(desk, asked(at), window, ticket=label, reason="chosen")
                calling.start_serving(desk, asked(at), window)
                at += timedelta(seconds=rng.randint(60, 400))
                calling.finish_service(desk, asked(at), window)
            except RuleError:
                continue
        clocks.end_today(desk, asked(at + timedelta(minutes=1)))
    return desk


def test_the_advice_of_a_month_follows_from_its_log_and_that_of_all_years_is_as_soon_read(tmp_path: Path) -> None:
    desk = month(tmp_path)
    said = advice_document(where_else_advice(desk, MONDAY, LAST, AFTER))
    days = [(MONDAY + timedelta(days=n)).isoformat() for n in range(28)]
    rows = {(row.pop("service"), row.pop("item")): row for row in said["items"]}
    for row in rows.values():
        del row["saving"], row["verdict"]
    assert said["visits"] > 150
    assert {way for row in rows.values() for way in row["ways"]} == {"machine", "partner", "phone"}
    assert list(differences(rows, counted_again(printed_log(desk), days, AFTER))) == []
    found = where_else_advice(desk, date(2, 1, 1), date(9998, 12, 31), AFTER)
    assert found.items == where_else_advice(desk, MONDAY, LAST, AFTER).items
    assert not where_else_advice(desk, LAST + timedelta(days=700), date(9998, 12, 31), AFTER).items


def test_every_count_of_the_advice_opens_its_rows(tmp_path: Path) -> None:
    desk = month(tmp_path)
    found = where_else_advice(desk, MONDAY, LAST, AFTER)
    counts = {elsewhere_figure_path(one.name, "all"): one.visits for one in found.items if one.visits}
    offers = {(one.name, way): own.offers for one in found.items for way, own in one.ways.items()}
    counts |= {elsewhere_figure_path(one.name, way): own.visits for one in found.items for way, own in one.ways.items()}
    counts |= {elsewhere_figure_path(one.name, "here"): sum(one.here.values()) for one in found.items}
    counts |= {elsewhere_figure_path(one.name, "unknown"): one.unknown for one in found.items}
    counts |= {elsewhere_figure_path(one.name, "again"): one.again.n for one in found.items}
    counts |= {elsewhere_figure_path(name, "said", way): made.of for (name, way), made in offers.items()}
    counts |= {elsewhere_figure_path(name, "taken", way): made.n for (name, way), made in offers.items()}
    away = elsewhere_figure_path(None, "away")
    counts |= {elsewhere_figure_path(None, "all"): found.visit_count, away: found.elsewhere_visit_count}
    assert {one: tickets_behind_figure(desk, one, MONDAY, LAST, AFTER).total for one in counts} == counts


def test_what_is_saved_is_what_was_taken_up_and_not_the_dream(tmp_path: Path) -> None:
    found = where_else_advice(month(tmp_path), MONDAY, LAST, AFTER)
    saving = [one for one in found.items if one.verdict is ItemVerdict.SAVES]
    assert saving
    for one in saving:
        known = [own for own in one.ways.values() if own.visits and own.offers.rate is not None]
        assert one.saving.minutes == pytest.approx(sum(own.minutes * own.offers.n / own.offers.of for own in known))
        assert one.saving.low < one.saving.minutes < one.saving.high < one.avoidable_window_minutes


def test_the_front_desk_offers_first_what_the_hall_wants_with_the_nearest_open_place(tmp_path: Path) -> None:
    desk = power_hall(tmp_path, partners=PLACES)
    switch_channel_offer_of_service(desk, asked(AFTER), "A", "shop")
    setup = looking.setup_of_hall(desk)
    ways = other_channel_and_place_pairs(setup, ("A", "dyfp"), datetime(2026, 11, 23, 9, 15, tzinfo=UTC), "en")
    assert ways[:3] == [("shop", "环路超市"), ("self_service", "自助机 · in the hall"), ("bank", "")]
    assert dict(ways)["post_office"] == "运河街邮局 · 350 m"
    saturday = datetime(2026, 11, 28, 9, 15, tzinfo=UTC)
    ways = other_channel_and_place_pairs(setup, ("A", "dyfp"), saturday, "en")
    assert dict(ways)["post_office"] == ""


def test_visits_whose_matter_nobody_noted_are_unknown(tmp_path: Path) -> None:
    """B has items: who was given a ticket for B alone may have come for anything; C has none, and is its own matter."""
    services = [{**row, "items": row["items"] if row["code"] == "B" else []} for row in preset()["services"]]
    desk = power_hall(tmp_path, services=services)
    start = datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(hours=1)
    add_setup_row(desk, asked(start), "partners", {**PLACES[0], "takes": ["B/lxdh"]})
    for service, item in (("B", None), ("B", "gmgh"), ("C", None)):
        for n in range(31):
            issuing.issue_ticket(desk, asked(start + timedelta(minutes=n)), service, item=item)
    found = where_else_advice(desk, MONDAY, MONDAY, AFTER)
    by_name = {one.name: one for one in found.items}
    blank, known, plain = by_name["B", None], by_name["B", "gmgh"], by_name["C", None]
    assert (blank.verdict, blank.unknown, blank.here) == (ItemVerdict.UNNOTED, 31, {})
    for one in (known, plain):
        assert (one.verdict, one.unknown, one.here) == (ItemVerdict.NOTHING, 0, {"no_place": 31})
    assert (found.unknown_visit_count, found.elsewhere_visit_count) == (31, 0)
    assert "unknown" in item_verdict_text(blank, 1, "en")
    assert visits_by_way_text(blank, "en") == "unknown: nobody noted what for"
    assert could_have_gone_text(found, "en") == "0 of 93 visits could have gone elsewhere; of 31 nobody noted what for"


# -- the manager's page ------------------------------------------------------------------------------------------------
@pytest.fixture
def hall(hall: Hall) -> Hall:
    row = {"code": "M1", "name": "自助机", "name_en": "Machine", "kind": "self_service", "takes": ["A"]}
    hall.do("add-row", "partners", {**row, "distance_m": 0}, who=ADMIN)
    hall.queue(*"AAB")
    return hall


@pytest.fixture
def page(hall, context, put):
    controller = WhereElseController(context)
    page = put(WhereElsePage(controller))
    controller.found = where_else_advice(hall.desk, hall.date, hall.date, hall.clock())
    controller.changed.emit()
    return page


def test_each_visit_counts_once_and_the_offer_goes_to_the_front_desk(hall: Hall, page: WhereElsePage) -> None:
    # The whole directory is one press away.
    led = []
    page.place_wanted.connect(led.append)
    keys = (one for one in page.panel.findChildren(TextButton) if one.isVisible())
    next(one for one in keys if one.text() == "Directory of all 1").click()
    assert [one.page for one in led] == [PARTNERS]
    # The offer goes to the front desk and back.
    page.offer_button.click()
    page.findChildren(QMenu)[-1].actions()[0].trigger()
    assert looking.setup_of_hall(hall.desk).services["A"].elsewhere == ("self_service",)
    # Each visit counts once and every figure opens its rows.
    rows = page.list.table.rows.cell_texts_of_all_rows()
    asked = []
    page.behind_wanted.connect(lambda *said: asked.append(said))
    assert [row[1] for row in rows] == [str(one.visits) for one in page.list.table.rows.rows]
    for link in list(page.links):
        link.click()
        path, first, last, _title = asked[-1]
        assert str(tickets_behind_figure(hall.desk, str(path), first, last, hall.clock()).total) == link.text()
    assert asked
    texts = [one.text() for one in page.panel.findChildren(Label) if one.isVisible()]
    assert "Too few visits to say anything." in texts
    page.list.table.selectRow(len(rows) - 1)
    assert rows[-1][4] == "unknown: nobody noted what for"
    # No ticket names an earlier visit: that is not "nobody came again".
    assert {row[3] for row in rows} == {UNKNOWN}
    assert not page.offer_button.isEnabled()
