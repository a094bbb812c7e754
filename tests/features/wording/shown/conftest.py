"""The kiosk and the display of one hall, for words that are tried on some of its days."""

from tests.features.kiosk.conftest import hall, kiosk, make_kiosk  # noqa: F401
from tests.stations.display.conftest import display, make_display  # noqa: F401
