"""What appointments add to a hall."""

from queuedesk.core.features import AddedFrontDeskPart, AddedPage, Feature, Wording

FEATURE = Feature(
    name="appointments",
    title=Wording("Appointments", context="feature"),
    about=Wording("Book a time; late-comers give way", context="feature"),
    where=Wording("front desk, kiosk, manager", context="feature"),
    pages_at=(
        AddedPage(
            key="booked",
            icon="calendar",
            name=Wording("Appointments"),
            page="features.appointments.pages.manager:booked_page",
            after="quality",
        ),
    ),
    front_desk=AddedFrontDeskPart(
        key="appointments",
        name=Wording("Appointments"),
        part="features.appointments.pages.guide:AppointmentsPart",
        code="QA1",
        scanned="features.appointments.pages.controller:take_code",
    ),
    rules=("appointment_early_minutes", "appointment_grace_minutes", "contact_days"),
    commands={
        "features.appointments.commands": {
            "appointment": Wording("appointments of customers"),
            "print-appointment": Wording("print the slip of an appointment"),
        },
    },
    words="features.appointments.words:WORDS",
    chores=("features.appointments.verbs:free_due",),
    moved="features.appointments.words:moved",
    demo="features.appointments.demo:AppointmentsPart",
)
