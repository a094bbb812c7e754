"""The plate over a window: who is called there, what it serves, or when somebody is back and where else to go."""
