"""Using a screen without a finger on it: arrows, digits, Enter, and one or two switches."""
