"""The keys of talking, the same at every staff station."""

HELP_KEY, MESSAGE_KEY = "Alt+H", "Alt+N"
