"""What customers say of their visits: why ratings are low, comments in their own words."""
