"""The set-up's frame: its rows, drafts, refusals and saving."""
