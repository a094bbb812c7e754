"""Who is here: the page before a staff station, and what it does."""
