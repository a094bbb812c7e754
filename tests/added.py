"""What features add, as tests/core/added.py has it for the core's tests too."""

from tests.core.added import ADDED_VERBS, added_refusals, added_tables, is_added, own_kinds, own_verbs

__all__ = ["ADDED_VERBS", "added_refusals", "added_tables", "is_added", "own_kinds", "own_verbs"]
