"""Web pages and a JSON interface for the hall, served by a process of its own."""
