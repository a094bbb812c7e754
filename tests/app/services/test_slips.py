"""Slips say what was told at issue, in the hall's own language."""

import pytest
from msgspec.structs import replace

from queuedesk.app.services import papers
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import check_setup, read_setup
from queuedesk.core.setup.rows import languages
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.desk.setup.calendaring import set_days
from queuedesk.printing.qr import read_ticket_text
from tests.hall import DAY, at, make_hall, preset


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path, time="9:00")


def slip_of(hall, label, **words):
    return papers.ticket_slip(looking.hall_on(hall.desk, DAY.date()), DAY.date(), label, hall.clock(), **words)


def test_a_ticket_has_its_names_windows_and_papers(hall):
    item = preset()["services"][1]["items"][0]
    label = hall.issue("B", item=item["code"], klass="elderly")

    slip = slip_of(hall, label)

    assert (slip.lang, slip.hall, slip.label, slip.service) == ("zh_CN", "城东供电营业厅", "B001", "业务办理")
    assert (slip.item, slip.class_name, slip.window.number) == (item["name"], "老年人", "3\u2060–\u20606")
    assert [paper.name for paper in slip.papers] == [paper["name"] for paper in item["papers"]]


def test_the_code_names_the_ticket_and_its_token(hall):
    slip = slip_of(hall, hall.issue("A"))
    code = read_ticket_text(slip.qr_text)

    assert (code.hall, code.date, code.label, code.token) == ("CD", DAY.date(), "A001", slip.token)


def test_the_print_says_what_was_told_and_the_reprint_what_holds(hall):
    hall.open("1", "C1")
    first, second = hall.issue("A"), hall.issue("A")
    hall.call("1")

    assert slip_of(hall, first).ahead == 0
    assert (slip_of(hall, second).ahead, slip_of(hall, second, reprint=True).ahead) == (1, 0)


def test_only_windows_that_are_there_today_are_named(hall):
    hall.open("5", "C5")

    assert slip_of(hall, hall.issue("C")).window.number == "5"
    assert slip_of(hall, hall.issue("C")).window.zone


def test_a_class_that_only_staff_choose_stands_on_no_paper(hall):
    hall.do("set-row", "classes", "elderly", {"staff_only": True})

    assert slip_of(hall, hall.issue("B", klass="elderly")).class_name is None


def test_a_visit_of_two_services_lists_its_steps(hall):
    label = hall.issue("A", then=["B"])

    assert slip_of(hall, label).steps == ("电费缴纳", "业务办理，3\u2060–\u20606 号窗口")


def test_an_unknown_ticket_is_refused(hall):
    with pytest.raises(RuleError, match="unknown_ticket"):
        slip_of(hall, "Z999")


def test_the_list_of_papers_has_the_hours(hall):
    service = preset()["services"][1]

    slip = papers.papers_slip(looking.setup_of(hall.desk), "B", service["items"][0]["code"], at("9:00"))

    assert [paper.name for paper in slip.papers] == [paper["name"] for paper in service["items"][0]["papers"]]
    assert slip.hours == ("每天 8:30\u2060–\u206017:30，17:00 停止取号",)

    set_days(hall.desk, hall.ask(), {"2026-11-27": {"kind": "holiday", "text": "盘点"}})
    slip = papers.papers_slip(looking.setup_of(hall.desk), "B", service["items"][0]["code"], at("9:00"))
    assert slip.hours[1:] == ("请注意：11月27日 周五 不开放（盘点）",)


def test_the_list_of_papers_has_steps_fees_and_the_date_of_the_list(hall):
    changes = {"steps": "核对\n受理", "fees": "不收费", "papers_version": "3", "papers_date": "2026-11-01"}
    hall.do("set-row", "services", "B", changes)

    slip = papers.papers_slip(looking.setup_of(hall.desk), "B", None, at("9:00"))

    assert (slip.steps, slip.fees, slip.version) == (("核对", "受理"), ("不收费",), "2026年11月1日")


def test_a_hall_speaks_the_languages_of_its_names():
    both = read_setup(preset())
    english = {code: replace(service, name=service.name_en) for code, service in both.services.items()}
    lone = {code: replace(service, name_en="") for code, service in both.services.items()}

    assert languages(both) == ("zh_CN", "en")
    assert languages(replace(both, services=lone)) == ("zh_CN",)
    assert languages(replace(both, hall=replace(both.hall, name="East Hall"), services=english)) == ("en",)


def test_a_hall_set_up_in_english_prints_and_speaks_english_first(tmp_path):
    """The names of a preset are in both languages: the one it was set up in comes first, Chinese where nobody said."""
    document = preset()
    spoken = {}
    for lang in (None, "zh_CN", "en"):
        ready = setting_up.prepared(document, timezone="Asia/Shanghai", lang=lang)
        spoken[lang] = languages(check_setup(ready))

    assert spoken == {None: ("zh_CN", "en"), "zh_CN": ("zh_CN", "en"), "en": ("en", "zh_CN")}
