"""What of a preset stays when a hall makes it its own, and what stands in for a name that is there once only."""

import re
from functools import partial

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.setup import presets, rows
from queuedesk.core.setup.file import check_and_read_setup, score_sheets_of_hall
from queuedesk.core.setup.hall import TicketDesign, VoiceSpec
from queuedesk.core.setup.sentences import setup_reduced_to_one_language
from queuedesk.i18n import name_in_language
from queuedesk.i18n.names import hall_code_from_name, service_name, staff_name
from tests.hall import preset, simple_setup

government = partial(preset, "government")


@pytest.mark.parametrize(("own", "other"), [("name", "name_en"), ("name_en", "name")])
@pytest.mark.parametrize("absent", [True, False])
def test_a_name_in_one_language_stands_in_for_the_other(own: str, other: str, absent: bool) -> None:
    named_once = {own: "Loans"} if absent else {own: "Loans", other: ""}
    papers = [{own: "Library card", other: ""}]
    service = {"code": "A", **named_once, "prefix": "A", "papers": papers, "items": [{"code": "x", **named_once}]}
    parts = {"classes": [{"code": "elderly", **named_once}], "staff": [{"code": "AD", **named_once, "role": "admin"}]}
    parts |= {"hall": {"code": "L", **named_once}, "notices": [{own.replace("name", "text"): "Closed on Monday"}]}
    setup = check_and_read_setup({**parts, "services": [service], "windows": [{"code": "1", "services": ["A"]}]})
    read = setup.services["A"]
    assert [setup.hall.name, read.name, read.items[0].name, setup.classes["elderly"].name] == ["Loans"] * 4
    assert [read.papers[0].name, setup.notices[0].text] == ["Library card", "Closed on Monday"]
    for lang in ("en", "zh_CN"):
        assert service_name(setup, "A", lang) == staff_name(setup, "AD", lang) == "Loans"
        assert name_in_language(read.about, "All books", lang) == "All books"
    assert rows.hall_languages(setup) == ("en",)


def test_a_name_in_no_language_is_refused_by_its_field() -> None:
    document = simple_setup()
    document["services"][0] |= {"name": " ", "name_en": ""}
    with pytest.raises(RuleError) as refusal:
        check_and_read_setup(document)
    assert (refusal.value.details["field"], refusal.value.details["why"]) == ("services.A.name", "empty")


def test_a_hall_stays_of_two_languages_or_shows_nothing_of_the_second() -> None:
    document = preset("bank")
    document["services"].append({"code": "E", "name": "ATM", "name_en": "", "prefix": "E"})
    assert rows.hall_languages(check_and_read_setup(document)) == ("zh_CN", "en")
    document["services"][-1]["name"] = "自助机"
    assert rows.hall_languages(check_and_read_setup(document)) == ("zh_CN",)
    english, chinese = (setup_reduced_to_one_language(government(), lang) for lang in ("en", "zh_CN"))
    assert rows.hall_languages(check_and_read_setup(english)) == ("en",)
    first = english["services"][0]
    assert (first["name"], first["papers"][0]["name"]) == ("General services", "ID card")
    assert not re.search("[\u3400-\u9fff]", str(english))
    assert "_en" not in str(chinese)
    assert rows.hall_languages(check_and_read_setup(chinese)) == ("zh_CN",)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_hall_that_uses_one_language_reads_every_text_in_it(lang: str) -> None:
    """The names of both stay in its set-up file: it may use both again."""
    document = government()
    document["hall"] = {**document["hall"], "languages": [lang], "words": {"window": "room"}}
    setup = check_and_read_setup(document)
    assert (rows.hall_languages(setup), rows.field_and_choice_languages(setup)) == ((lang,), (lang,))
    shown = (setup.services, setup.staff, setup.classes, setup.cards, setup.sentences, score_sheets_of_hall(setup))
    assert bool(re.search("[\u3400-\u9fff]", str(shown))) is (lang == "zh_CN")
    assert setup.services["A"].name_en == ""
    assert setup.document["services"][0]["name_en"] == "General services"
    assert rows.voice_languages(setup, VoiceSpec(languages=("zh_CN", "en"))) == (lang,)
    assert rows.slip_languages(setup, TicketDesign(languages=("en", "zh_CN"))) == (lang,)


def test_a_list_of_papers_of_its_own_stays_and_the_other_language_alone_is_no_other_name() -> None:
    was = government()["services"][0]
    now = {**was, "name": "借书", "papers": [*was["papers"], {"name": "借书证"}]}
    gone = presets.service_fields_to_clear_on_rename(now, was, "zh_CN")
    assert gone["papers"] == [{"name": "借书证"}]
    assert "papers_version" not in gone
    was = government()["services"][0]
    assert not presets.is_service_renamed({**was, "name_en": "General"}, was, "zh_CN")
    assert not presets.is_service_renamed({**was, "name": "综合"}, was, "en")
    assert not presets.is_service_renamed({**was, "name": ""}, was, "en")


def test_a_hall_begins_without_names_ways_and_notices_and_a_row_with_a_name_is_somebody() -> None:
    document = presets.preset_as_new_hall(government())
    assert {(row["zone"], row["zone_en"], row["arrow"]) for row in document["windows"]} == {("", "", "")}
    assert (document["hall"]["code"], document["hall"]["name"], document["notices"]) == ("", "", [])
    assert [row["role"] for row in document["staff"]] == ["admin", *["clerk"] * len(document["windows"])]
    assert presets.people_rows_with_filled_name(document["staff"]) == []
    people = presets.preset_as_new_hall(government())["staff"]
    people[0] |= {"name_en": "Ann Weber"}
    people[1] |= {"name": " "}
    assert [row["code"] for row in presets.people_rows_with_filled_name(people)] == ["AD"]


def test_facts_begin_as_suggestions_that_can_be_kept_dropped_or_left() -> None:
    was = government()["services"][0]
    row = presets.preset_as_new_hall(government())["services"][0]
    assert not row.keys() & set(rows.FACT_FIELDS)
    assert list(presets.undecided_suggestions_by_fact(row)) == ["about", "papers", "fees", "steps", "items", "group"]
    kept = presets.fields_changed_by_suggestion_answers(row, presets.same_answer_by_fact(presets.KEEP))
    assert {**row, **kept, rows.SUGGESTED: {}} == {**was, rows.SUGGESTED: {}}
    answers = {"fees": presets.KEEP, "steps": presets.DROP, "message": presets.KEEP}
    after = {**row, **presets.fields_changed_by_suggestion_answers(row, answers)}
    assert (after["fees"], "steps" in after) == (was["fees"], False)
    assert list(presets.undecided_suggestions_by_fact(after)) == ["about", "papers", "items", "group"]
    assert presets.fields_changed_by_suggestion_answers(after, {"fees": presets.DROP}) == {}
    own = {**row, "fees": "10", "papers": [{"name": "护照"}]}
    assert list(presets.undecided_suggestions_by_fact(own)) == ["about", "steps", "items", "group"]


@pytest.mark.parametrize(
    ("held", "field"),
    [
        ({"fees": 7}, "services.A.suggested.fees"),
        ({"name": "B"}, "services.A.suggested"),
        ({"items": [{"code": "a b", "name": "x"}]}, "services.A.suggested.items.1.code"),
        ([], "services.A.suggested"),
    ],
)
def test_suggestions_that_could_not_be_kept_are_refused(held: object, field: str) -> None:
    document = simple_setup()
    document["services"][0][rows.SUGGESTED] = held
    with pytest.raises(RuleError) as refusal:
        check_and_read_setup(document)
    assert refusal.value.details["field"] == field


def test_a_hall_has_a_code_by_its_name() -> None:
    codes = {"Maple Street Library": "MSL", "The Library of Trees and Birds": "LTB", "Library": "LIBR"}
    codes |= {"Hall 12": "H12", "城东图书馆": "CDTS", "第2医院": "D2YY", "École Centrale": "EC", "…": "HALL"}
    assert {name: hall_code_from_name(name) for name in codes} == codes


@pytest.mark.parametrize(
    ("lang", "was", "corrected", "other"),
    [
        ("en", "Blood tests", ["Blood test", "blood  tests", "Tests, blood"], "X-ray"),
        ("en", "Pay a bill", ["Pay bills"], "Payment"),
        ("en", "Loans and returns", ["Loan and return"], "Library cards"),
        ("zh_CN", "借书还书", ["借还书"], "办证"),
    ],
)
def test_a_corrected_name_is_no_other_service(lang: str, was: str, corrected: list[str], other: str) -> None:
    key = "name_en" if lang == "en" else "name"
    found = [presets.is_renamed_to_different_thing({key: name}, {key: was}, lang) for name in (*corrected, other)]
    assert found == [*[False] * len(corrected), True]
