"""Why ratings are low: reasons and answers as shares with intervals, and what customers said in their own words."""
