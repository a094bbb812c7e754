"""Inspections: score sheets, mystery visits, putting right."""
