"""The kinds of hall that the program brings a set-up for: resources/presets has a file for each."""

PRESETS = ("power", "bank", "clinic", "government")
