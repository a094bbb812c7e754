"""What the features' registers name is there."""

from collections import Counter
from importlib import import_module

import pytest

from queuedesk.cli.job import Call
from queuedesk.cli.main import build_parser
from queuedesk.core.features import feature, features, listed, load, names, page_keys
from queuedesk.core.log.apply import AddedRules
from queuedesk.i18n.added_words import AddedWords
from queuedesk.stations.manager.parts.records import RecordSpec
from tests.cli.test_reading import every_command as every_parser
from tests.desk.test_change import every_command
from tests.features.added import ADDED_VERBS, own_verbs

OF_WHOLE_HALLS = {"backup", "backups", "clock-far", "export", "halls", "merge", "share"}
"""Verbs without a function of the desk."""


def test_every_feature_has_a_register_under_its_name():
    assert [one.name for one in features()] == list(listed("FEATURES"))
    assert set(listed("FEATURES")) - set(names()) == {"demo_hall"}, "no hall chooses it"


def test_every_verb_is_somebodys():
    assert {verb for verb, _one in every_command()} - ADDED_VERBS.keys() == own_verbs() - OF_WHOLE_HALLS


def test_what_a_command_names_can_be_loaded():
    runs = {words: parser.get_default("run") for words, parser in every_parser(build_parser({}))}
    named = {words: run for words, run in runs.items() if isinstance(run, Call)}

    assert {"finish", "transfer", "lost give"} <= named.keys()
    assert all(callable(run.function()) for run in named.values())


def test_no_two_features_have_the_same_page():
    pages = Counter(key for one in features() for key in page_keys(one))

    assert {key: count for key, count in pages.items() if count > 1} == {}


@pytest.mark.parametrize("name", listed("FEATURES"))
def test_what_a_register_names_can_be_loaded(name):
    one = feature(name)

    assert all(callable(load(at.page)) or isinstance(load(at.page), RecordSpec) for at in one.pages_at)
    assert all(callable(load(at.offered)) for at in one.pages_at if at.offered)
    assert all(callable(load(what)) for what in (*one.kept.values(), *one.chores))
    assert not one.month or set(load(one.month)) <= set(one.figures)
    assert all(callable(load(at.open)) for at in one.own_at)
    assert one.front_desk is None or not one.front_desk.page or isinstance(load(one.front_desk.page), RecordSpec)
    assert one.front_desk is None or all(
        callable(load(name)) for name in (one.front_desk.part, one.front_desk.scanned) if name
    )
    assert all(callable(import_module(f"queuedesk.{module}").add) for module in one.commands)
    board = one.board.part if one.board is not None else ""
    added = (one.report, one.moved, one.demo, one.line, board, one.talk, one.menu, one.before_opening)
    assert all(callable(load(what)) for what in added if what)
    assert not one.log or isinstance(load(one.log), AddedRules)
    assert not one.words or isinstance(load(one.words), AddedWords)
    assert one.station is None or all(load(f"{one.station.module}:{part}") for part in ("ROLES", "build"))
    assert (bool(one.log), one.station is not None) == (name in listed("IN_LOG"), name in listed("WITH_STATION"))


def test_pages_of_features_stand_in_their_places(office):
    tabs = {key: [tab for tab, _icon, _word in one.pages.entries()] for key, one in office.page._tabbed.items()}

    assert [key for key, _icon, _word in office.page.stack.entries()] == [
        *("today", "tickets", "quality", "booked", "waits", "reports", "improve", "people"),
        *("notices", "equipment", "paper", "setup"),
    ]
    assert tabs["waits"] == ["lobby", "fairness", "staffing", "what-if", "promise"]
    assert tabs["reports"] == ["figures", "on-paper", "packs", "indicators", "channels", "audit"]
