"""One station as a process: opened, watched, closed."""
