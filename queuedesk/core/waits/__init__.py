"""How long somebody will wait: what past days teach, the range that may be promised, how good it was."""
