"""Every test of the texts begins in Chinese and leaves no language behind."""

from collections.abc import Iterator

import pytest

from queuedesk import i18n


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    before = i18n.current()
    i18n.use("zh_CN")
    yield
    i18n.use(before)
