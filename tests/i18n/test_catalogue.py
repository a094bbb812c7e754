"""Texts come in the current language or the one asked for, and a compiled catalogue is read as gettext reads it."""

import gettext
import io
import struct
import threading

import pytest

from queuedesk.i18n import _, choose_language, current_language, n_, ntr, system_language, tr
from queuedesk.i18n.catalogue import CompiledCatalogue
from queuedesk.paths import resource_path


def test_a_text_follows_the_language_its_count_and_its_meaning_and_one_that_is_not_spoken_changes_nothing():
    seen = []
    for lang in ("zh_CN", "en", "zh_CN"):
        choose_language(lang)
        seen.append(_("No customer at window {window}.", window="3"))
    assert seen == ["3 号窗口现在没有客户。", "No customer at window 3.", "3 号窗口现在没有客户。"]
    with pytest.raises(ValueError, match="fr"):
        choose_language("fr")
    assert current_language() == "zh_CN"
    one, many = "{n} person ahead", "{n} people ahead"
    assert [ntr("en", one, many, n) for n in (1, 0, 6)] == ["1 person ahead", "0 people ahead", "6 people ahead"]
    assert [ntr("zh_CN", one, many, n) for n in (1, 6)] == ["前面 1 人", "前面 6 人"]
    choose_language("en")
    assert n_(one, many, 1) == "1 person ahead"
    text = "{ticket} is being served at window {window}."
    assert tr("zh_CN", text, ticket="B031", window="3") == "B031 正在 3 号窗口办理。"
    assert tr("zh_CN", text, context="call", ticket="B031", window="3") == "B031 正在 3 号窗口办理，不能再叫。"
    assert tr("en", text, context="call", ticket="B031", window="3") == "B031 is being served at window 3."


def test_an_explicit_language_is_the_same_from_many_threads() -> None:
    wrong: list[str] = []

    def speak(lang: str, expected: str) -> None:
        wrong.extend(text for _n in range(200) if (text := tr(lang, "Waiting", context="state")) != expected)

    spoken = [("en", "Waiting"), ("zh_CN", "等候")] * 4
    threads = [threading.Thread(target=speak, args=pair) for pair in spoken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_system_language() -> None:
    spoken = {"en_GB.UTF-8": "en", "zh_CN.UTF-8": "zh_CN", "zh_TW.UTF-8": "zh_CN", "zh": "zh_CN", "de_DE.UTF-8": "en"}
    spoken |= {"C.UTF-8": "", "POSIX": ""}
    assert {lang: system_language({"LANG": lang}) for lang in spoken} == spoken
    assert system_language({}) == ""
    for name in ("LC_ALL", "LC_MESSAGES"):
        assert system_language({"LANG": "zh_CN.UTF-8", name: "en_US.UTF-8"}) == "en"
    assert system_language({"LANG": "en_US.UTF-8", "LC_ALL": ""}) == "en"


CHINESE = resource_path("locale", "zh_CN", "LC_MESSAGES", "queuedesk.mo").read_bytes()


def test_every_text_is_what_gettext_reads_and_what_is_in_no_catalogue_stays_english():
    known, found = gettext.GNUTranslations(io.BytesIO(CHINESE)), CompiledCatalogue(CHINESE)

    def said(catalogue: gettext.NullTranslations | CompiledCatalogue, key: str | tuple[str, int]) -> str:
        id, counted = (key[0], ("", 3)) if isinstance(key, tuple) else (key, ())
        context, has_context, text = id.rpartition("\4")
        read = getattr(catalogue, f"{'n' if counted else ''}{'p' if has_context else ''}gettext")
        return str(read(*[context] * bool(has_context), text, *counted))

    wrong = [key for key in vars(known)["_catalog"] if said(found, key) != said(known, key)]
    assert wrong == []
    assert len(vars(known)["_catalog"]) > 1000
    assert (found.gettext("Zebra"), found.pgettext("state", "Zebra")) == ("Zebra", "Zebra")
    assert [found.ngettext("a zebra", "zebras", n) for n in (0, 1, 2)] == ["zebras", "a zebra", "zebras"]
    assert found.npgettext("state", "a zebra", "zebras", 1) == "a zebra"


@pytest.mark.parametrize("content", [b"", b"\xde\x12\x04\x95 ", b"msgid", bytes(len(CHINESE)), CHINESE[:-100]])
def test_what_is_not_a_whole_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        CompiledCatalogue(content)
