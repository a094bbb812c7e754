"""Figures compared, cited and corrected.

`comparing.py` compares two periods, cites figures and reads the tickets behind one. `correcting.py` corrects a ticket's
history by a new event.
"""
