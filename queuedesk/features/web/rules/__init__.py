"""The web's rules: links to visits, and what the web leaves in the log and beside it."""
