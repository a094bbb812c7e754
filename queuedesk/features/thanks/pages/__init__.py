"""The page of thanks and warnings, what reads and notes them beside the window, and what each person is told."""
