"""Forums: customers invited to talk, and what they said."""
