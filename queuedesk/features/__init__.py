"""What a hall may use or leave out, each in a folder of its own; the core imports none of them."""

FEATURES = (
    "kiosk",
    "appointments",
    "lobby",
    "order",
    "windows_needed",
    "what_if",
    "paper_days",
    "low_ratings",
    "inspections",
    "morning",
    "thanks",
    "forums",
    "quality_month",
    "staff",
    "projects",
    "why_come",
    "wording",
    "indicators",
    "channels",
    "table_check",
    "packs",
    "halls",
    "equipment",
    "cards",
    "notes",
    "signs",
    "lost_property",
    "web",
    "open_figures",
    "small_bar",
    "one_number",
    "corrections",
    "calendar",
    "setup_file",
    "health",
    "rollout",
    "directory",
    "update",
    "demo_hall",
    "figure_files",
    "kept_reports",
    "replay",
)
"""Every feature by the name of its folder, in the order in which a person sees them."""
IN_LOG = ["directory", "lost_property", "web"]
"""Those whose folders say what their events hold and leave behind: they are loaded wherever a log is read."""
WITH_STATION = {"lobby": "lobby", "plate": "signs", "line": "signs", "kiosk": "kiosk"}
"""The stations that features bring along, and whose each is: these are asked for wherever stations are listed."""
AT_START = ["update"]
"""Those that each start of the program asks first, as another process may take its place."""
