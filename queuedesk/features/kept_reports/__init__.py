"""Reports that are written when they are due, and the folder that keeps them."""
