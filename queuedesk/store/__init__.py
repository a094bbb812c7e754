"""The hall's database: functions take an open transaction and never commit."""

from queuedesk.core.log.added_rules import load_rules

load_rules()
