"""Lost property: what was found in the hall, who asked for what, and to whom it was given back."""
