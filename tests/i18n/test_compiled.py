"""What is found in the bytes of a compiled catalogue is what gettext itself reads there."""

import gettext
import io
import struct

import pytest

from queuedesk.i18n.catalogue import Compiled
from queuedesk.paths import resource

CHINESE = resource("locale", "zh_CN", "LC_MESSAGES", "queuedesk.mo").read_bytes()


def read_by_gettext(content: bytes) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(content))


def test_every_text_is_what_gettext_reads() -> None:
    known, found = read_by_gettext(CHINESE), Compiled(CHINESE)

    wrong = []
    for key in vars(known)["_catalog"]:
        id, counted = (key[0], True) if isinstance(key, tuple) else (key, False)
        context, has_context, text = id.rpartition("\4")
        if counted and has_context:
            is_same = found.npgettext(context, text, "", 3) == known.npgettext(context, text, "", 3)
        elif counted:
            is_same = found.ngettext(text, "", 3) == known.ngettext(text, "", 3)
        elif has_context:
            is_same = found.pgettext(context, text) == known.pgettext(context, text)
        else:
            is_same = found.gettext(text) == known.gettext(text)
        wrong += [] if is_same else [key]

    assert wrong == []
    assert len(vars(known)["_catalog"]) > 1000


def test_what_is_in_no_catalogue_stays_english() -> None:
    found = Compiled(CHINESE)

    assert (found.gettext("Zebra"), found.pgettext("state", "Zebra")) == ("Zebra", "Zebra")
    assert [found.ngettext("a zebra", "zebras", n) for n in (0, 1, 2)] == ["zebras", "a zebra", "zebras"]
    assert found.npgettext("state", "a zebra", "zebras", 1) == "a zebra"


@pytest.mark.parametrize("content", [b"", b"\xde\x12\x04\x95 ", b"msgid", bytes(len(CHINESE)), CHINESE[:-100]])
def test_what_is_not_a_whole_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        Compiled(content)
