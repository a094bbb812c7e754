"""The counter's hall and page, for its small bar."""

from tests.stations.counter.conftest import context, counter, hall, look, page  # noqa: F401
