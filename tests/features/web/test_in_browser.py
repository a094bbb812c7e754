"""Web pages in a real browser: the display, the page for everybody, booking, a visit, and the pictures of a demo."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.talk.display import FRESH_FOR, LAYOUTS, LatestWindowCalls, layout_for_screen
from queuedesk.desk import looking
from queuedesk.desk.talk import announcing
from queuedesk.features.demo_hall.commands import draw_feature_pictures_say_left_out
from queuedesk.features.demo_hall.verbs.halls import PictureMoment
from queuedesk.features.web.demo import WebDemoPart
from queuedesk.features.web.server import site
from queuedesk.features.web.server.public import public_document
from queuedesk.features.web.server.screen import LARGEST_PICTURE, WantedDisplay, display_drawing, display_text
from queuedesk.i18n.queue.line_words import wait_text
from tests.bounded import Stopwatch, until
from tests.every_day import paired, walked_in
from tests.features.web.browsing import NARROW, a_phone, a_tab, faults, small_targets, width_of_large_text
from tests.features.web.serving import (
    NAME,
    Served,
    Stream,
    begun,
    booking_hall,
    ended,
    opened_stream,
    serving,
    standing_still,
    web_hall,
)
from tests.features.web.test_visit_and_booking import acts_of_customers, page_of, until_followed
from tests.hall import Hall, at, simple_hall
from tests.processes import Loaded, at_home

ZONES = [{"code": "1", "services": ["A"], "zone": "左侧", "zone_en": "left", "arrow": "left"}]
ZONES += [{"code": "2", "services": ["A", "B"], "zone": "右侧", "zone_en": "right", "arrow": "right"}]
NOTICES = [
    {"text": "今天下午停电检修", "text_en": "No power this afternoon"},
    {"text": "请保管好物品", "text_en": "Mind your things"},
]
SCREEN = {"width": 1280, "height": 720}
CODE_AFTER_ES5 = re.compile(r"=>|`|\b(let|const|class|async|await)\b|\.\.\.|\bof\b")


@pytest.fixture
def display_hall(tmp_path) -> Hall:
    hall = simple_hall(tmp_path, windows=ZONES, notices=NOTICES)
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A", "A", "B")
    hall.call("1")
    hall.clock.move(seconds=2)
    hall.call("2")
    return hall


def said(hall: Hall, layout: str = "standard", zone: str = "", lang: str = "en", size: tuple[int, int] = (1920, 1080)):
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    rows = LatestWindowCalls()
    rows.rebuild_from_state(state)
    plan = layout_for_screen(layout, *size)
    wish = WantedDisplay(zone, plan.name, lang, plan.canvas)
    text = display_text(state, rows, wish, now, looking.setup_of_hall(hall.desk))
    return text, display_drawing(text, wish, plan)


def called_labels(text) -> list[list[str]]:
    return [[row.label for row in calls.rows] for calls in text.calls]


def test_it_says_what_the_hall_s_display_says(display_hall):
    text, drawn = said(display_hall)
    assert called_labels(text) == [["A002", "A001"]]
    assert all(row.fresh for row in text.calls[0].rows)
    assert [line.name for line in text.lines.lines] == ["A", "B", "C"]
    assert [line.text for line in text.strip] == ["No power this afternoon", "Mind your things"]
    assert drawn.count('class="row fresh"') == 2
    display_hall.clock.move(seconds=FRESH_FOR.total_seconds())
    assert 'class="row fresh"' not in said(display_hall)[1], "amber ends by itself"
    assert [line.text for line in said(display_hall, lang="zh_CN")[0].strip] == ["今天下午停电检修", "请保管好物品"]
    # A zone shows its windows, and each zone has a part.
    assert called_labels(said(display_hall, zone="left")[0]) == [["A001"]]
    assert called_labels(said(display_hall, zone="右侧")[0]) == [["A002"]]
    parts = said(display_hall, "zones")[0]
    assert called_labels(parts) == [["A001"], ["A002"]]
    assert [part.title for part in parts.parts] == ["left", "right"]


@pytest.mark.parametrize("size", [(1280, 720), (3840, 2160), (1080, 1920)])
def test_every_layout_stays_within_its_canvas(display_hall, size):
    display_hall.do("push", "Everybody please leave the hall by the front door now", emergency=False)
    for layout in LAYOUTS:
        text, drawn = said(display_hall, layout, size=size)
        width, height = (float(n) for n in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())
        assert (width, height) == layout_for_screen(layout, *size).canvas, layout
        for box in re.finditer(r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawn):
            x, y, wide, high = map(float, box.groups())
            assert x >= 0 and y >= 0 and x + wide <= width + 0.1 and y + high <= height + 0.1, layout
        assert [line.is_pushed for line in text.strip] == [True], layout


def test_rows_have_one_size_however_many_there_are(display_hall):
    def heights() -> set[str]:
        return set(re.findall(r'height="([\d.]+)" rx="14.0" class="ground"', said(display_hall)[1]))

    one = heights()
    display_hall.do("start", "1")
    display_hall.do("finish", "1")
    display_hall.clock.move(minutes=5)
    assert heights() == one and len(one) == 1


def test_an_emergency_takes_the_screen_and_calls_go_on(display_hall):
    display_hall.do("push", "请立即离开", text_en="Please leave at once", emergency=True)
    text, drawn = said(display_hall)
    assert text.emergency is not None and text.emergency.text == "Please leave at once"
    assert 'class="alarm"' in drawn and "A002" in drawn and 'class="lines"' not in drawn


def test_a_closed_hall_says_when_it_opens(tmp_path):
    hours = [{"days": "1-7", "from": "8:00", "to": "17:00"}]
    services = [{"code": "A", "name": "A", "prefix": "A", "hours": hours}]
    hall = simple_hall(tmp_path, time="7:00", services=services, windows=[{"code": "1", "services": ["A"]}])
    text, drawn = said(hall)
    assert text.closed is not None and "Open today 8:00" in drawn


def test_names_are_no_marks(display_hall):
    display_hall.do("set-row", "services", "A", {"name": "<script>&", "name_en": "<script>&"})
    drawn = said(display_hall)[1]
    assert "<script>" not in drawn and "&lt;script&gt;&amp;" in drawn


def test_scripts_run_in_old_browsers():
    for name in ("screen.js", "public.js"):
        source = (Path(site.__file__).parent / "templates" / name).read_text(encoding="utf-8")
        assert not CODE_AFTER_ES5.search(re.sub(r'"[^"]*"', '""', source)), name


NOTE_WHAT_IS_SAID = """() => { window.heard = [];
    window.speechSynthesis.speak = function (one) { window.heard.push(one.text); }; }"""
NOTE_WHEN_SEEN = """number => { window.seen = 0; new MutationObserver(function () {
    if (!window.seen && document.querySelector("#screen .fresh") && document.body.textContent.indexOf(number) >= 0) {
        window.seen = Date.now(); } }).observe(document.getElementById("screen"), {childList: true}); }"""


def test_a_call_is_there_at_once_and_silence_is_said(browser: Browser, tmp_path):
    hall = web_hall(tmp_path, windows=ZONES)
    hall.open("1", "C1")
    hall.queue("A", "A")
    with serving(hall, "--name", "hall.test") as served:
        assert served.get("/display/nowhere").status_code == 404 == served.get("/fonts/other.ttf").status_code
        for path in ("/display", "/display/left", "/display/%E5%8F%B3%E4%BE%A7"):
            assert served.get(path).status_code == 200
        now = json.loads(served.get("/display/left/now?layout=calls&w=1280&h=720&lang=en").text)
        assert now["svg"].startswith('<svg viewBox="0 0 1920 1080"')
        with a_phone(browser, served, "/display/all?lang=en", viewport=SCREEN) as page:
            expect(page.locator("#screen")).to_contain_text("Your number will appear here")
            page.evaluate(NOTE_WHEN_SEEN, "A001")
            with Stopwatch() as took:
                hall.call("1")
                until(lambda: page.evaluate("window.seen"), "the call is seen")
            assert took.s < 1
            expect(page.locator("#screen .row.fresh")).to_contain_text("A001")
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
            assert faults(page) == []
            ground = page.locator("#screen .row .ground")
            expect(ground).to_have_css("fill", "rgb(255, 201, 60)")
            with standing_still(served, hall):
                page.evaluate("const now = performance.now.bind(performance); performance.now = () => now() + 9000;")
                expect(page.locator(".lost").get_by_text(re.compile(r"Not current"))).to_be_visible()
                expect(ground).to_have_css("fill", "rgb(21, 33, 29)")
                expect(page.locator("#screen .lines")).to_be_hidden()
                hall.do("start", "1")
            expect(page.locator("#screen .lines")).to_be_visible(timeout=15_000)
            expect(page.locator(".lost")).to_be_hidden()


def test_the_voice_says_each_call_once_after_a_touch_and_who_was_opened_to_report_says_what_was_painted(
    browser: Browser, tmp_path
):
    hall = web_hall(tmp_path)
    hall.do("set-row", "services", "A", {"name": "Connections and meters", "name_en": "Connections and meters"})
    hall.open("1", "C1")
    hall.queue("A", "A")
    with serving(hall, "--name", "hall.test") as served:
        assert served.post("/display/all/shown", b"1").status_code == 409, "no call that anybody sees"
        assert served.post("/display/nowhere/shown", b"1").status_code == 404
        with a_phone(browser, served, "/display?lang=en&report=on", viewport=SCREEN) as page:
            expect(page.locator("#screen")).to_contain_text("Your number will appear here")
            page.evaluate(NOTE_WHAT_IS_SAID)
            page.get_by_role("button", name="Switch on the voice").click()
            hall.call("1")
            seq = hall.last().seq
            expect(page.locator("#screen .row.fresh")).to_contain_text("A001")
            [report] = until(lambda: announcing.announcement_reports_of_call(hall.desk, seq))
            assert (report.station, report.spoken) == ("web", None) and report.shown is not None
            assert served.post("/display/all/shown", str(seq).encode()).status_code == 204
            hall.do("recall", "1")
            expect(page.locator("#screen .row.fresh")).to_contain_text("Called again")
            heard = page.evaluate("window.heard")
        assert heard[0] == "Voice is on"
        assert len(heard) == 3 and all("0 0 1" in one for one in heard[1:])
        # On the page for everybody names stand beside their letters.
        with a_phone(browser, served, "/?lang=en") as page:
            expect(page.locator(".name").first).to_have_text("A Connections and meters")
            # In one step: the page is drawn anew with each change of the hall.
            letter, text = page.evaluate(
                "['b', 'span'].map(part => document.querySelector(`.name ${part}`).getBoundingClientRect().toJSON())"
            )
            assert letter["right"] < text["left"]
            assert page.evaluate("document.documentElement.scrollWidth") <= 393
            assert width_of_large_text(page) <= 320


def test_the_voice_s_button_covers_nothing_of_any_layout(browser: Browser, tmp_path):
    hall = web_hall(tmp_path, windows=ZONES)
    hall.do("push", "Everybody please leave the hall by the front door now", emergency=False)
    with serving(hall, "--name", "hall.test") as served:
        for layout, lang in paired(LAYOUTS, ("en", "zh-CN")):
            size = {"width": 720, "height": 1280} if layout == "portrait" else SCREEN
            with a_phone(browser, served, f"/display?layout={layout}&lang={lang}", viewport=size) as page:
                button, drawn = page.locator("#voice").bounding_box(), page.locator("#screen svg").bounding_box()
                assert button["y"] + button["height"] <= drawn["y"] and drawn["y"] + drawn["height"] <= size["height"]
                page.get_by_role("button").click()
                expect(page.locator("#voice")).to_be_hidden()
                assert page.locator("#screen svg").bounding_box() == {"x": 0, "y": 0, **size}


LONG = {"text": "今天下午停电检修。" * 12, "text_en": "There is no power this afternoon. " * 6}


def test_while_nobody_is_called_it_shows_the_hall_s_slides_and_a_call_takes_their_place(browser: Browser, tmp_path):
    media = tmp_path / "queuedesk" / "media"
    media.mkdir(parents=True)
    Image.new("RGB", (160, 90), "#336699").save(media / "2 blue.png")
    Image.new("RGB", (160, 90), "#663399").save(media / "10 violet.jpg")
    for name in ("notes.txt", ".hidden.png"):
        media.joinpath(name).write_text("not for everybody", encoding="utf-8")
    with media.joinpath("large.png").open("wb") as large:
        large.truncate(LARGEST_PICTURE + 1)
    hall = web_hall(tmp_path, notices=[*NOTICES, LONG])
    hall.open("1", "C1")
    hall.queue("A")
    with serving(hall, "--name", "hall.test") as served:
        with a_phone(browser, served, "/display?lang=en", viewport=SCREEN) as page:
            shown = page.locator("#slides .shown")
            expect(shown).to_be_visible()
            until(lambda: len(deck(served)["list"]) == 3, "the folder has been looked at")
            listed = deck(served)["list"]
            assert [one.get("at", one.get("svg", "")).partition("?")[0][:16] for one in listed] == [
                "/media/10%20viol",
                '<svg viewBox="0 ',
                "/media/2%20blue.",
            ]
            expect(page.locator("#slides > div")).to_have_count(3)
            expect(page.locator("#slides img[src]").first).to_have_js_property("naturalWidth", 160)
            box, whole = page.locator("#slides").bounding_box(), page.locator("#screen svg").bounding_box()
            assert box is not None and whole is not None and box["x"] > 600
            assert box["y"] + box["height"] <= whole["y"] + whole["height"]
            assert page.locator("#screen .strip").count() == 2, "the long notice is a slide"
            hall.call("1")
            expect(page.locator("#screen .row.fresh")).to_contain_text("A001")
            expect(page.locator("#slides")).to_be_hidden()
        with a_phone(browser, served, "/display?lang=en&slides=off", viewport=SCREEN) as page:
            expect(page.locator("#screen .lines")).to_be_visible()
            assert page.locator("#screen .strip").count() == 3
        picture = served.get("/media/2%20blue.png")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
        assert picture.headers["x-content-type-options"] == "nosniff"
        for path in ("notes.txt", ".hidden.png", "large.png", "..%2fhall.sqlite", "%2fetc%2fpasswd"):
            assert served.get(f"/media/{path}").status_code == 404, path
        media.joinpath("2 blue.png").unlink()
        assert served.get("/media/2%20blue.png").status_code == 404
        assert served.said() == ""


def deck(served: Served) -> dict[str, Any]:
    return dict(served.get("/display/all/slides?lang=en&w=1280&h=720").json())


# -- the page for everybody --------------------------------------------------------------------------------------------
DAY_HOURS = [{"days": "1-7", "from": "8:00", "to": "18:00"}]
PAPERS = [{"name": "身份证", "name_en": "ID card", "note": "原件", "note_en": "original"}]


NAMED = [
    {"code": code, "name": name, "prefix": code, "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}]}
    for code, name in (("A", "Registration"), ("B", "Account services"), ("C", "Pharmacy"))
]


def hall_with_hours(folder, **service: object) -> Hall:
    services = [{"code": code, "name": code, "prefix": code, "hours": DAY_HOURS, **service} for code in "AB"]
    return simple_hall(folder, time="10:42", services=services, windows=[{"code": "1", "services": ["A", "B"]}])


def page_document(hall: Hall, lang: str = "en", **words: object):
    return public_document(looking.hall_state_now(hall.desk, hall.clock()), hall.clock(), lang, **words)


def test_it_says_what_a_display_says(tmp_path):
    hall = hall_with_hours(tmp_path, papers=PAPERS)
    hall.open("1", "C1")
    hall.queue("A", "A", "B")
    page = page_document(hall)
    state = looking.hall_state_now(hall.desk, hall.clock())
    waits = [
        wait_text(line.wait, "en", ahead=line.ahead_and_coming_count) for line in service_lines(state, hall.clock())
    ]
    assert [line.wait for line in page.lines] == waits
    assert [(line.letter, line.count) for line in page.lines] == [("A", "2"), ("B", "1")]
    assert (page.title, page.detail, page.made) == (
        "Open until 18:00",
        "3 people waiting · 1 of 1 window open",
        "10:42",
    )
    assert page.bring[0].items[0].papers == (("ID card", "original"),)
    assert page_document(hall, "zh_CN").title == "营业至 18:00"
    hall.clock.now = at("19:00")
    assert page_document(hall).title == "No more tickets today", "three people still wait"
    hall.do("day-end")
    closed = page_document(hall)
    assert (closed.title, closed.detail, closed.lines) == ("We are closed for today", "Open tomorrow 8:00", ())
    assert page_document(hall, since=at("18:30")).stale == "Not current since 18:30"


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
    best = page_document(hall, usual=day).best
    assert best is not None
    assert best.text.replace("\u2060", "") == text
    assert [bar.label for bar in best.bars] == [str(hour) for hour in range(8, 18)]
    assert [bar.label for bar in best.bars if bar.is_now] == ["10"]
    assert max(bar.share for bar in best.bars) == 100
    hall.clock.now = at("17:15")
    late = page_document(hall, usual=day).best
    assert late is not None and late.text == "", "less than an hour is left"
    assert page_document(hall, usual=()).best is None


def test_no_best_time_while_no_tickets_are_given(tmp_path):
    hours = [{"days": "1-7", "from": "8:00", "to": "12:00"}, {"days": "1-7", "from": "14:00", "to": "18:00"}]
    hall = hall_with_hours(tmp_path, hours=hours)
    best = page_document(hall, usual=usual(12 * 60, 14 * 60)).best
    assert best is not None and "12:00–" not in best.text.replace("\u2060", "")


BROKEN_WORDS = """() => Array.from(document.querySelectorAll(".name span")).flatMap(name => {
  const node = name.firstChild, range = document.createRange();
  return Array.from(node.data.matchAll(/\\S+/g)).filter(word => {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(word => word[0]);
})"""


def test_it_is_served_told_of_changes_whole_in_large_letters_and_says_when_it_is_not_current(browser, tmp_path):
    hall = web_hall(tmp_path, services=[dict(service, papers=PAPERS) for service in NAMED])
    hall.open("3", "C1")
    with serving(hall, "--name", NAME) as served:
        page = served.get("/", accept_language="zh-CN,en;q=0.5")
        assert page.headers["content-language"] == "zh-CN"
        assert "人等候" in page.text and len(page.content) < 20_000
        stream = opened_stream(served, "/events?lang=en")
        with a_phone(browser, served, "/?lang=en", viewport={"width": 320, "height": 700}) as page:
            follow_on_a_phone(page, hall, served, stream)
        with a_phone(browser, served, "/screen", java_script_enabled=False) as page:
            expect(page.locator("#main")).to_contain_text("A")
            assert 'http-equiv="refresh"' in page.content()


def follow_on_a_phone(page: Page, hall: Hall, served: Served, stream: Stream) -> None:
    """Assert that the page and the stream tell a change, that large letters break no word, and what is said without
    the server."""
    expect(page.locator("#main")).to_contain_text("0 people waiting")
    assert "0 people waiting" in json.loads(stream.data())["html"]
    expect(page.locator("#age")).to_contain_text("live")
    with Stopwatch() as took:
        hall.issue("A")
        expect(page.locator("#main")).to_contain_text("1 person waiting")
    assert took.s < 2
    # A minute may have begun before.
    until(lambda: "1 person waiting" in json.loads(stream.data())["html"], "the stream tells it")
    stream.close()
    assert "1 person waiting" in json.loads(served.get("/now?lang=en").text)["html"]
    page.get_by_text("What do I need to bring?").click()
    expect(page.get_by_text("ID card").first).to_be_visible()
    assert width_of_large_text(page) <= NARROW["width"]
    assert faults(page) == [] == small_targets(page)
    hall.queue("A", "B")
    expect(page.locator("#main")).to_contain_text("3 people waiting")
    page.set_viewport_size({"width": 360, "height": 640})
    for percent in (100, 150, 200):
        page.evaluate("percent => { document.documentElement.style.fontSize = percent + '%'; }", percent)
        assert page.evaluate(BROKEN_WORDS) == [], percent
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, percent
    page.clock.install()
    with standing_still(served, hall):
        page.clock.fast_forward(timedelta(seconds=40).total_seconds() * 1000)
        expect(page.locator("#age.stale")).to_contain_text("s old")


def export(hall: Hall, *words: object) -> Loaded:
    line = ("-m", "queuedesk", "--db", hall.path, "--json", "web", "export", *words)
    return Loaded(line, at_home(hall.path.parent))


def test_files_are_whole_and_made_again_and_what_can_not_be_written_is_said(tmp_path):
    hall = web_hall(tmp_path)
    folder = tmp_path / "www"
    page_document, _trouble = export(hall, folder).communicate()
    names = ["waits.json", "zh-CN.html", "index.html", "en.html"]
    assert sorted(json.loads(page_document)["files"]) == sorted(names)
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
    # What can not be written is one sentence.
    place = tmp_path / "taken"
    place.write_text("a file", encoding="utf-8")
    for words, status in (([place], 1), ([tmp_path / "www", "--every", "1"], 2)):
        told = export(hall, *words)
        _said, trouble = told.communicate()
        assert told.returncode == status, trouble
        assert "Traceback" not in trouble


# -- booking -----------------------------------------------------------------------------------------------------------
def test_a_phone_books_and_cancels(browser: Browser, tmp_path):
    today = booking_hall(tmp_path)
    with (
        serving(today, "--name", "hall.test") as served,
        a_phone(browser, served, "/book?lang=en", viewport={"width": 320, "height": 640}) as page,
    ):
        page.get_by_role("link", name="A A").click()
        expect(page.get_by_role("heading", name="A")).to_be_visible()
        page.locator(".slots span").nth(1).click()  # The first may pass meanwhile.
        page.get_by_label("Phone or address").fill("0137 0000 1190")
        assert width_of_large_text(page) <= NARROW["width"]
        assert faults(page) == [] == small_targets(page)
        page.get_by_role("button", name="Book this time").click()
        expect(page.get_by_role("heading", name="Booked")).to_be_visible()
        assert faults(page) == [] == small_targets(page)
        code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.locator(".code").inner_text())[0]
        assert code not in page.url and "1190" not in page.content()
        with page.expect_download() as download:
            page.get_by_role("button", name="Into my calendar").click()
        assert download.value.suggested_filename.endswith(".ics")
        [kept_one] = today.whole().appointments.values()
        assert kept_one.service == "A" and kept_one.by == "customer"
        page.goto(page.url.replace("/book", "/book/mine"))
        page.get_by_label("Code").fill(code.lower())
        page.get_by_role("button", name="Show").click()
        page.get_by_text("Cancel", exact=True).click()
        page.get_by_role("button", name="Cancel this appointment").click()
        expect(page.get_by_role("heading", name="Your appointment is cancelled.")).to_be_visible()
    assert [one.state for one in today.whole().appointments.values()] == [AppointmentState.CANCELLED]


LIVE = {"en": "live", "zh-CN": "实时"}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    made = web_hall(tmp_path_factory.mktemp("visit"), settings={"web_fetch": "on"})
    made.open("1", "C1")
    return made


@pytest.fixture(scope="module")
def served(hall: Hall) -> Iterator[Served]:
    with serving(hall, "--name", NAME) as process:
        yield process


@pytest.fixture
def labels(hall: Hall, served: Served) -> Iterator[list[str]]:
    """The numbers of four people who wait, nobody else; the tests look at the third's page."""
    hall.clock.now = datetime.now(UTC)
    labels = hall.queue("A", "A", "A", "A")
    until_followed(served, page_of(hall, labels[-1]), "waiting")
    yield labels
    for ticket in hall.whole().tickets.values():
        if ticket.state in (TicketState.WAITING, TicketState.CALLED):
            hall.do("leave", ticket.label)


@pytest.fixture
def phone(
    browser: Browser, hall: Hall, served: Served, labels: list[str]
) -> Callable[..., AbstractContextManager[Page]]:
    return partial(a_phone, browser, served, page_of(hall, labels[2]))


def must_be_good(page: Page) -> None:
    """Assert what holds of every state of the page."""
    assert faults(page) == []
    assert small_targets(page) == []
    assert width_of_large_text(page) <= NARROW["width"]


WORDS = {
    "en": ("It is your turn", "Window 1", "You missed your call.", "Your rating is saved"),
    "zh-CN": ("轮到您了", "1 号窗口", "您已过号", "评价已提交"),
}


@pytest.mark.parametrize("lang", WORDS)
def test_a_whole_visit(phone, hall: Hall, served: Served, labels: list[str], lang: str) -> None:
    turn, window, missed, rated = WORDS[lang]
    since = len(acts_of_customers(hall))
    scheme = "light" if lang == "en" else "dark"
    with phone(locale=lang, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.lang") == lang
        assert not page.evaluate("isSecureContext")
        ahead = page.locator('[data-t="ahead"]')
        expect(ahead).to_have_text("2")
        expect(page.locator("#age")).to_have_text(LIVE[lang])
        must_be_good(page)
        # Sound begins with a touch, and nothing asks for anything before.
        bell = page.locator("#bell")
        assert page.evaluate("Notification.permission") == "denied"
        bell.tap()
        expect(bell).to_have_attribute("aria-pressed", "true")
        page.locator("#near").select_option("1")
        hall.serve_out("1", minutes=0)
        expect(ahead).to_have_text("1")
        expect(page.locator("#say")).to_contain_text("1")
        hall.serve_out("1", minutes=0)
        expect(ahead).to_have_text("0")
        hall.call("1")
        expect(page.get_by_text(turn, exact=True)).to_be_visible()
        expect(page.locator('[data-t="window"]')).to_have_text(window)
        expect(page).to_have_title(f"{labels[2]} → {window}")
        expect(ahead).to_be_hidden()
        must_be_good(page)
        page.locator('button[value="later"]').tap()
        expect(page.locator('[data-b="asked"]')).to_be_visible()
        hall.do("miss", "1")
        expect(page.locator('[data-b="advice"]')).to_contain_text(missed)
        must_be_good(page)
        page.locator('button[value="back"]').tap()
        expect(ahead).to_be_visible()
        hall.call("1", ticket=labels[2], reason="frail")
        expect(page.locator('[data-t="window"]')).to_have_text(window)
        hall.do("start", "1")
        expect(page.get_by_text(turn, exact=True)).to_be_hidden()
        hall.do("finish", "1")
        four = page.locator('button[name="level"][value="4"]')
        expect(four).to_be_visible()
        must_be_good(page)
        four.tap()
        expect(page.locator('[data-b="thanks"]')).to_contain_text(rated)
        must_be_good(page)
        page.reload()
        expect(page.locator('[data-b="thanks"]')).to_contain_text(rated)
        expect(four).to_be_hidden()
    acts = [kind for kind, _ticket in acts_of_customers(hall)[since:] if kind != "reasons"]
    assert acts == ["message", "reinstate", "rate"]
    assert hall.whole().ratings[hall.date, labels[2]].level == 4


def test_why_and_giving_up_ask_first(phone, hall: Hall, served: Served, labels: list[str]) -> None:
    hall.serve_out("1", minutes=0)
    with phone() as page:
        expect(page.locator('[data-t="ahead"]')).to_have_text("1")
        page.get_by_role("link", name="Why am I not next?").tap()
        expect(page.get_by_text(f"{labels[0]} → Window 1: came before you")).to_be_visible()
        must_be_good(page)
        hall.serve_out("1", minutes=0)
        expect(page.locator('[data-t="ahead"]')).to_have_text("0")
        page.get_by_role("link", name="Back to my place").tap()
        sure = page.get_by_role("button", name="Yes, give up my place")
        expect(sure).to_be_hidden()
        page.get_by_text("Give up my place", exact=True).tap()
        must_be_good(page)
        sure.tap()
        expect(page.get_by_text("No longer in line.")).to_be_visible()
        must_be_good(page)
    assert acts_of_customers(hall)[-1:] == [("leave", labels[2])]


def test_without_scripts_forms_do_it_and_the_page_comes_again(phone, hall, served, labels):
    with phone(java_script_enabled=False) as page:
        expect(page.locator('[data-t="ahead"]')).to_have_text("2")
        expect(page.locator("#bell")).to_be_hidden()
        again = page.locator('noscript meta[http-equiv="refresh"], meta[http-equiv="refresh"]')
        assert again.first.get_attribute("content") == "30"
        page.get_by_role("button", name="Let one go first").tap()
        expect(page.locator('[data-t="ahead"]')).to_have_text("3")
        for _n in range(3):
            hall.serve_out("1", minutes=0)
        hall.call("1")
        hall.do("finish", "1")
        until_followed(served, page_of(hall, labels[2]), "finished")
        page.reload()
        expect(page.locator('button[name="level"]')).to_have_count(5)
        assert page.locator('meta[http-equiv="refresh"]').count() == 0
        page.locator('button[name="level"][value="5"]').tap()
        expect(page.get_by_text("Your rating is saved")).to_be_visible()
    own = [kind for kind, ticket in acts_of_customers(hall) if ticket == labels[2]]
    assert own[:2] == ["postpone", "rate"]


def test_a_page_that_slept_is_right_at_once(browser: Browser, hall: Hall, served: Served, labels: list[str]) -> None:
    with a_tab(browser, served, page_of(hall, labels[2])) as page:
        ahead = page.locator('[data-t="ahead"]')
        expect(ahead).to_have_text("2")
        expect(page.locator("#age")).to_have_text("live")
        page.evaluate("document.addEventListener('freeze', () => { window.isAsleep = true; })")
        in_front = page.context.new_page()
        in_front.goto(page.url)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
        until(lambda: page.evaluate("window.isAsleep"), "the page sleeps")
        hall.serve_out("1", minutes=0)
        expect(in_front.locator('[data-t="ahead"]')).to_have_text("1")
        assert page.evaluate("document.visibilityState") == "hidden"
        assert page.evaluate("document.querySelector('[data-t=ahead]').textContent") == "2"
        cdp.send("Page.setWebLifecycleState", {"state": "active"})
        page.bring_to_front()
        expect(ahead).to_have_text("1", timeout=10_000)


def test_a_page_that_was_out_of_the_network_is_right_at_once(phone, hall, served, labels):
    with phone() as page:
        expect(page.locator("#age")).to_have_text("live")
        with standing_still(served, hall):  # The browser keeps a stream that is open already.
            page.context.set_offline(True)
            expect(page.locator("#age")).to_have_text(re.compile(r"\d+ s old"))
            hall.serve_out("1", minutes=0)
        page.context.set_offline(False)
        expect(page.locator('[data-t="ahead"]')).to_have_text("1")
        expect(page.locator("#age")).to_have_text("live")


def test_a_page_without_its_server_says_how_old_it_is(browser: Browser, hall: Hall, labels: list[str]) -> None:
    path = page_of(hall, labels[2])
    with serving(hall, "--name", NAME) as own, a_phone(browser, own, path) as page:
        age, ahead = page.locator("#age"), page.locator('[data-t="ahead"]')
        expect(age).to_have_text("live")
        # The connection stays open, but nobody is there.
        with standing_still(own, hall):
            page.evaluate("const now = Date.now; Date.now = () => now() + 45000;")
            expect(age).to_have_class("age old")
            expect(age).to_have_text(re.compile(r"\d+ s old"))
            assert page.evaluate("document.querySelector('[data-t=ahead]').textContent") == "2"
        expect(age).to_have_text("live", timeout=30_000)
        # Killed, and begun again on the same port, while the hall works on.
        ended(own)
        expect(age).to_have_text(re.compile(r"\d+ s old"))
        hall.serve_out("1", minutes=0)
        assert ahead.text_content() == "2"
        second = begun(hall, "--name", NAME, port=own.port)
        try:
            expect(ahead).to_have_text("1", timeout=40_000)
            expect(age).to_have_text("live")
        finally:
            ended(second)


def test_a_page_whose_link_is_good_no_more_says_so(phone, hall: Hall, served: Served, labels: list[str]) -> None:
    with phone() as page:
        expect(page.locator("#age")).to_have_text("live")
        page.get_by_role("link", name="Why am I not next?").tap()
        reason = page.get_by_text("Nobody was called before you since you came.")
        expect(reason).to_be_visible()
        hall.do("void", labels[2], reason="test_print")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator('[data-b="advice"]')).to_contain_text("This page is over: a link is good for one day.")
        expect(page.locator('[data-t="ahead"]')).to_be_hidden()
        expect(reason).to_be_hidden()
        must_be_good(page)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Please ask at the front desk."), ("zh-CN", "请到引导台询问。")], ids=["en", "zh-CN"]
)
def test_a_link_that_opens_nothing_says_what_to_do(browser, hall, lang, words):
    path = "/T/ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    with serving(hall, "--name", NAME) as own, a_phone(browser, own, path, locale=lang) as page:
        expect(page.get_by_text(words)).to_be_visible()
        must_be_good(page)
        later = page.get_by_text(re.compile("then try again|再试"))
        while not later.count():
            page.reload()
        expect(later).to_be_visible()
        must_be_good(page)
        page.get_by_role("link", name="Test hall").tap()
        expect(page.get_by_text(re.compile("live|实时"))).to_be_visible()


def test_a_page_that_says_it_is_over_says_nothing_else_afterwards(
    phone, hall: Hall, served: Served, labels: list[str]
) -> None:
    with phone() as page:
        expect(page.locator("#age")).to_have_text("live")
        with standing_still(served, hall):
            page.evaluate("const now = Date.now; Date.now = () => now() + 200000;")
            safe = page.get_by_text("Your place is safe")
            expect(safe).to_be_visible()
            hall.do("void", labels[2], reason="test_print")
        advice = page.locator('[data-b="advice"]')
        expect(advice).to_contain_text("This page is over: a link is good for one day.", timeout=30_000)
        page.evaluate("const then = Date.now; Date.now = () => then() + 200000;")
        for event in ("offline", "online"):
            page.evaluate("name => window.dispatchEvent(new Event(name))", event)
            expect(safe).to_be_hidden()
            expect(page.locator('[data-t="ahead"]')).to_be_hidden()
            expect(advice).to_be_visible()


def test_after_three_minutes_no_figure_stands_without_its_time(
    phone, hall: Hall, served: Served, labels: list[str]
) -> None:
    with phone() as page:
        age = page.locator("#age")
        expect(age).to_have_text("live")
        with standing_still(served, hall):
            page.evaluate("const now = Date.now; Date.now = () => now() + 200000;")
            expect(age).to_have_text("3 min old")
            expect(page.locator('[data-t="ahead-label"]')).to_have_text(re.compile(r"At \d+:\d\d: Still ahead of you"))
            expect(page.get_by_text("It tries again on its own")).to_be_visible()
            expect(page.get_by_role("button", name="Try now")).to_be_visible()
            expect(page.locator('[data-t="caption"]')).to_have_text("Your number")
            expect(page.locator(".wait")).to_be_hidden()
            must_be_good(page)
        expect(page.get_by_text("It tries again on its own")).to_be_hidden(timeout=30_000)
        expect(page.locator('[data-t="ahead-label"]')).to_have_text("Still ahead of you")


SIZES = {
    "phone-called": (786, 1704),
    "phone-public": (786, 1704),
    "phone-waiting": (786, 1704),
    "web-display": (1920, 1080),
}
FEW_COLOURS = 20


@pytest.fixture
def pictured_hall(tmp_path: Path) -> Hall:
    made = web_hall(tmp_path)
    made.open("1", "C1")
    made.queue("A", "A", "A", "A")
    made.call("1")
    return made


@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_every_page_is_drawn_and_the_hall_stays_as_it_is(pictured_hall: Hall, tmp_path: Path, lang: str) -> None:
    before = pictured_hall.log()
    assert WebDemoPart.draw_demo_pictures(pictured_hall.desk, lang, datetime.now(UTC), tmp_path) == ""
    pictures = {file.stem: Image.open(file).convert("RGB") for file in tmp_path.glob("*.png")}
    assert {name: one.size for name, one in pictures.items()} == {
        f"{name}-{lang}": size for name, size in SIZES.items()
    }
    for name, one in pictures.items():
        assert len(one.getcolors(one.width * one.height)) > FEW_COLOURS, name
    assert pictures[f"phone-called-{lang}"].tobytes() != pictures[f"phone-waiting-{lang}"].tobytes()
    assert pictured_hall.log() == before


def test_without_a_browser_pages_are_left_out_and_it_is_said(pictured_hall: Hall, tmp_path: Path, monkeypatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert "No Chromium" in WebDemoPart.draw_demo_pictures(pictured_hall.desk, "en", datetime.now(UTC), tmp_path)
    broken = programs / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    moment = PictureMoment(at=datetime.now(UTC), called="1", ended="1")
    (said,) = draw_feature_pictures_say_left_out(
        looking.setup_of_hall(pictured_hall.desk).hall,
        {"en": pictured_hall.desk, "zh_CN": pictured_hall.desk},
        moment,
        tmp_path,
    )
    assert str(broken) in said
    assert list(tmp_path.glob("*.png")) == []
