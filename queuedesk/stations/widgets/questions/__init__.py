"""Questions, forms and keys."""
