"""What is said when a hall that several PCs share can't be had: its server, its codes, its PCs."""

from queuedesk.i18n.catalogue import mark

SHARED = {
    "server_missing": mark(
        "The part of QueueDesk that shares a hall is not installed; please install queuedesk[host]."
    ),
    "server_failed": mark("The hall's own server did not do what it should ({why})."),
    # the gate
    "address_taken": mark("Another program already listens at {address}; please choose another port with --listen."),
    "address_unknown": mark("This PC has no address {address}; please choose one of its own with --listen."),
    # moving over
    "hall_moved": mark("This hall has moved to {to}; its file stays as it was and can only be looked at."),
    "hall_there": mark("That server already has another hall {hall}; nothing was moved."),
    "move_incomplete": mark(
        "Not everything arrived on the server ({table}); nothing was moved, the hall goes on in its file."
    ),
}
