"""The command line: parsing, printing, exit statuses; no rule of its own."""
