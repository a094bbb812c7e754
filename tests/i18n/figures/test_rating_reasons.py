"""Every reason that a customer may touch has its words."""

import pytest

from queuedesk.core.setup.hall import REASON_TAGS
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.figures.rating_reasons import RATING_REASONS, rating_reason


def test_the_words_are_those_of_the_codes_in_their_order() -> None:
    assert tuple(RATING_REASONS) == REASON_TAGS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_reason_is_shown_as_its_code(lang: str) -> None:
    assert all(rating_reason(code, lang) != code for code in REASON_TAGS)
