"""Thanks and warnings: thanks to staff, alerts that somebody answers for."""
