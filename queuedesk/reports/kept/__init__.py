"""Reports that write themselves, and what was kept of them."""
