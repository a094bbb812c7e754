"""The counter's hall and page, for what an inspection asks of a clerk."""

from tests.stations.counter.conftest import context, hall, look, page  # noqa: F401
