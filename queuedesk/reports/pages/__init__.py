"""The pages of a report, part by part."""
