"""What appointments add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="appointments",
    title=Wording("Appointments", context="feature"),
    about=Wording("Book a time; late-comers give way", context="feature"),
    where=Wording("front desk, kiosk, manager", context="feature"),
    pages=("booked",),
    rules=("appointment_early_minutes", "appointment_grace_minutes", "contact_days"),
    events=("book", "unbook"),
)
