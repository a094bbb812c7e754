"""Several PCs and backups."""
