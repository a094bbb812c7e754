"""Every ticket, its history, corrections."""
