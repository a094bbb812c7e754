"""Staff sheets: a month of each person, disputes, training."""
