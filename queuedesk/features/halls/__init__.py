"""Several halls: compared fairly, one set-up for all."""
