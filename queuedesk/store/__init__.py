"""The hall's database: functions take an open transaction and never commit."""

from queuedesk.store.spared import spare

spare()
