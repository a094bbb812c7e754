"""The window round every station: its frame, look, menu, locks and work off the GUI thread."""
