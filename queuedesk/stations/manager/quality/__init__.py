"""What customers say and what is done about it: the pages of Quality in the manager's station."""
