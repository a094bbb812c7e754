"""The kiosk's hall and page, for where else it sends people."""

from tests.features.kiosk.conftest import hall, kiosk, make_kiosk  # noqa: F401
