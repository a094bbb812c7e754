"""The page for everybody: what it says, how it stays up, on a large screen, and as files."""

import json
import signal
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from queuedesk.core.queue.overview import service_lines
from queuedesk.desk import looking
from queuedesk.features.web.server.public import public_document
from queuedesk.i18n.queue.line_words import wait_text
from tests.bounded import until
from tests.features.web.browsing import NARROW, a_phone, faults, small_targets, width_of_large_text
from tests.features.web.serving import opened_stream, serving, web_hall
from tests.hall import Hall, at, simple_hall, simple_setup
from tests.processes import Loaded, at_home

DAY_HOURS = [{"days": "1-7", "from": "8:00", "to": "18:00"}]
PAPERS = [{"name": "身份证", "name_en": "ID card", "note": "原件", "note_en": "original"}]


def hall_with_hours(folder, **service: object) -> Hall:
    services = [{"code": code, "name": code, "prefix": code, "hours": DAY_HOURS, **service} for code in "AB"]
    return simple_hall(folder, time="10:42", services=services, windows=[{"code": "1", "services": ["A", "B"]}])


def said(hall: Hall, lang: str = "en", **words: object):
    return public_document(looking.hall_state_now(hall.desk, hall.clock()), hall.clock(), lang, **words)


def test_it_says_what_a_display_says(tmp_path):
    hall = hall_with_hours(tmp_path, papers=PAPERS)
    hall.open("1", "C1")
    hall.queue("A", "A", "B")
    page = said(hall)
    state = looking.hall_state_now(hall.desk, hall.clock())
    waits = [wait_text(line.wait, "en", ahead=line.ahead_and_coming) for line in service_lines(state, hall.clock())]
    assert [line.wait for line in page.lines] == waits
    assert [(line.letter, line.count) for line in page.lines] == [("A", "2"), ("B", "1")]
    assert (page.title, page.detail, page.made) == (
        "Open until 18:00",
        "3 people waiting · 1 of 1 window open",
        "10:42",
    )
    assert page.bring[0].items[0].papers == (("ID card", "original"),)
    assert said(hall, "zh_CN").title == "营业至 18:00"
    hall.clock.now = at("19:00")
    assert said(hall).title == "No more tickets today", "three people still wait"
    hall.do("day-end")
    closed = said(hall)
    assert (closed.title, closed.detail, closed.lines) == ("We are closed for today", "Open tomorrow 8:00", ())
    assert said(hall, since=at("18:30")).stale == "Not current since 18:30"


def usual(quiet_from: int, quiet_to: int, people: float = 0.2) -> list[tuple[float, float]]:
    return [(float(at), people if quiet_from <= at < quiet_to else 9.0) for at in range(8 * 60, 18 * 60, 15)]


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (usual(13 * 60, 14 * 60 + 30), "13:00–14:30: usually hardly anybody waits"),
        (usual(13 * 60, 14 * 60 + 30, 2.2), "13:00–14:30: usually about 2 people wait"),
        (usual(8 * 60, 10 * 60), "10:30–13:00: usually about 9 people wait"),
        (usual(11 * 60, 12 * 60, 1.0), "11:00–12:00: usually about 1 person waits"),
    ],
)
def test_the_best_time_is_still_to_come(tmp_path, day, text):
    hall = hall_with_hours(tmp_path)
    best = said(hall, usual=day).best
    assert best is not None
    assert best.text.replace("\u2060", "") == text
    assert [bar.label for bar in best.bars] == [str(hour) for hour in range(8, 18)]
    assert [bar.label for bar in best.bars if bar.is_now] == ["10"]
    assert max(bar.share for bar in best.bars) == 100
    hall.clock.now = at("17:15")
    late = said(hall, usual=day).best
    assert late is not None and late.text == "", "less than an hour is left"
    assert said(hall, usual=()).best is None


def test_no_best_time_while_no_tickets_are_given(tmp_path):
    hours = [{"days": "1-7", "from": "8:00", "to": "12:00"}, {"days": "1-7", "from": "14:00", "to": "18:00"}]
    hall = hall_with_hours(tmp_path, hours=hours)
    best = said(hall, usual=usual(12 * 60, 14 * 60)).best
    assert best is not None and "12:00–" not in best.text.replace("\u2060", "")


def test_it_is_served_and_told_of_changes(tmp_path):
    hall = web_hall(tmp_path)
    hall.open("1", "C1")
    with serving(hall, "--name", "hall.test") as served:
        page = served.get("/", accept_language="zh-CN,en;q=0.5")
        assert page.headers["content-language"] == "zh-CN"
        assert "人等候" in page.text and len(page.content) < 20_000
        stream = opened_stream(served, "/events?lang=en")
        assert "0 people waiting" in json.loads(stream.data())["html"]
        hall.issue("A")
        assert "1 person waiting" in json.loads(stream.data())["html"]
        stream.close()
        assert "1 person waiting" in json.loads(served.get("/now?lang=en").text)["html"]


def test_it_stays_up_in_a_browser_and_says_when_it_does_not(browser: Browser, tmp_path):
    services = [dict(service, papers=PAPERS) for service in simple_setup()["services"]]
    hall = web_hall(tmp_path, services=services)
    hall.open("1", "C1")
    with (
        serving(hall, "--name", "hall.test") as served,
        a_phone(browser, served, "/?lang=en", viewport={"width": 320, "height": 700}) as page,
    ):
        expect(page.locator("#main")).to_contain_text("0 people waiting")
        expect(page.locator("#age")).to_contain_text("live")
        hall.issue("A")
        expect(page.locator("#main")).to_contain_text("1 person waiting", timeout=2000)
        page.get_by_text("What do I need to bring?").click()
        expect(page.get_by_text("ID card").first).to_be_visible()
        assert width_of_large_text(page) <= NARROW["width"]
        assert faults(page) == [] == small_targets(page)
        page.clock.install()
        served.process.send_signal(signal.SIGSTOP)
        page.clock.fast_forward(timedelta(seconds=40).total_seconds() * 1000)
        expect(page.locator("#age.stale")).to_contain_text("s old")
        served.process.send_signal(signal.SIGCONT)
    with (
        serving(hall, "--name", "hall.test") as served,
        a_phone(browser, served, "/screen", java_script_enabled=False) as page,
    ):
        expect(page.locator("#main")).to_contain_text("A")
        assert 'http-equiv="refresh"' in page.content()


def export(hall: Hall, *words: object) -> Loaded:
    line = ("-m", "queuedesk", "--db", hall.path, "--json", "web", "export", *words)
    return Loaded(line, at_home(hall.path.parent))


def test_files_are_whole_and_made_again(tmp_path):
    hall = web_hall(tmp_path)
    folder = tmp_path / "www"
    said, _trouble = export(hall, folder).communicate()
    names = ["waits.json", "zh-CN.html", "index.html", "en.html"]
    assert sorted(json.loads(said)["files"]) == sorted(names)
    assert all((folder / name).stat().st_mode & 0o777 == 0o644 for name in names)
    waits = json.loads((folder / "waits.json").read_bytes())
    assert [row["waiting"] for row in waits["services"]] == [0, 0, 0]
    assert "en.html" in (folder / "index.html").read_text(encoding="utf-8")
    hall.issue("A")
    writer = export(hall, folder, "--every", "5")
    try:
        made: set[str] = set()

        def is_made_twice() -> bool:
            made.add(json.loads((folder / "waits.json").read_bytes())["made"])
            assert (folder / "en.html").read_bytes().endswith(b"</html>")
            return len(made) >= 3

        until(is_made_twice, "the page is written again")
    finally:
        writer.kill()
        writer.communicate()
    assert json.loads((folder / "waits.json").read_bytes())["services"][0]["waiting"] == 1


def test_what_can_not_be_written_is_one_sentence(tmp_path):
    hall = web_hall(tmp_path)
    place = tmp_path / "taken"
    place.write_text("a file", encoding="utf-8")
    for words, status in (([place], 1), ([tmp_path / "www", "--every", "1"], 2)):
        told = export(hall, *words)
        _said, trouble = told.communicate()
        assert told.returncode == status, trouble
        assert "Traceback" not in trouble
