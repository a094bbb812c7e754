"""Why people come: what they come for, and where else they could go."""
