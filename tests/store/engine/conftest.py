"""The later program, for all tests of this folder."""

from tests.store.engine.later import become_later  # noqa: F401
