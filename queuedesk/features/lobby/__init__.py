"""Lobby board: who waits, alarms, what to do now."""
