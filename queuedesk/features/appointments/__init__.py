"""Appointments: book a time; late-comers give way."""

from queuedesk.core.features import Feature, FeatureFrontDeskPart, FeatureManagerPage, Wording

FEATURE = Feature(
    name="appointments",
    title=Wording("Appointments", context="feature"),
    about=Wording("Book a time; late-comers give way", context="feature"),
    where=Wording("front desk, kiosk, manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="booked",
            icon="calendar",
            name=Wording("Appointments"),
            page="features.appointments.pages.manager:make_appointments_page",
            after="quality",
        ),
    ),
    front_desk=FeatureFrontDeskPart(
        key="appointments",
        name=Wording("Appointments"),
        part="features.appointments.pages.guide:FrontDeskAppointments",
        code="QA1",
        scanned="features.appointments.pages.controller:handle_scanned_code",
    ),
    rules=("appointment_early_minutes", "appointment_grace_minutes", "contact_days"),
    commands={
        "features.appointments.commands": {
            "appointment": Wording("appointments of customers"),
            "print-appointment": Wording("print the slip of an appointment"),
        }
    },
    words="features.appointments.words:WORDS",
    chores=("features.appointments.verbs:unbook_overdue_and_delete_contacts",),
    moved="features.appointments.words:appointments_to_move_text",
    demo="features.appointments.demo:AppointmentsDemoPart",
)
