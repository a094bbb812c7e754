"""A new version of the program, proven on a copy of the hall before it takes over, and the way back."""
