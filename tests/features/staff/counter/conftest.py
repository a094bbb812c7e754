"""The counter's hall and page, for what features open there."""

from tests.stations.counter.conftest import context, counter, hall, look, page  # noqa: F401
