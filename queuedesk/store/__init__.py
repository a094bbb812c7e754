"""The hall's database: functions take an open transaction and never commit."""
