"""Sentences for trouble with a shared hall: its server, its codes, its PCs."""

from queuedesk.i18n.catalogue import mark

SHARED = {
    "server_missing": mark(
        "The part of QueueDesk that shares a hall is not installed; please install queuedesk[host]."
    ),
    "server_failed": mark("The hall's own server did not do what it should ({why})."),
    # the gate
    "address_taken": mark("Another program already listens at {address}; please choose another port with --listen."),
    "address_unknown": mark("This PC has no address {address}; please choose one of its own with --listen."),
    # joining
    "bad_address": mark("{address} is no address of a PC; it looks like 192.168.1.5 or 192.168.1.5:7432."),
    "not_a_code": mark("{code} is no join code; it has eight letters and figures, such as 7KMX-2PRD."),
    "code_needed": mark("This PC has joined no hall yet; please type the code that the main PC shows too."),
    "bad_code": mark("That is not the code the main PC shows; please look again. Tries left: {left}."),
    "code_spent": mark(
        "That code can't be used any more: a code is for one PC, ten minutes and five tries. Please let the main PC show a new one."
    ),
    "host_unreachable": mark(
        "The main PC does not answer at {address}; please check the address, the network and that it shares the hall."
    ),
    "not_a_host": mark("What answers at {address} is no main PC of a hall; please check the address."),
    "host_not_proven": mark(
        "What answers at {address} does not know the code and may be somebody else's; nothing was told to it. Please ask who looks after the network."
    ),
    "not_shared": mark("This hall is not shared yet; please share it first at its main PC."),
    "hall_beside": mark("This PC only looks on at hall {hall}; please do that at a PC of that hall."),
    "unknown_pc": mark("No PC called {pc} is let in to this hall; queuedesk pcs list shows them all."),
    "own_pc": mark("A PC can't take away its own credential; please do it at the main PC or another manager's."),
    "host_running": mark("This PC shares a hall already; queuedesk host status says which."),
    "host_not_running": mark("This PC shares no hall at the moment; queuedesk host begins it."),
    "main_pc": mark(
        "This PC shares a hall itself; please stop that first, in the set-up under Several PCs or with queuedesk host stop."
    ),
    "not_main_pc": mark("This PC works in a hall that another PC shares; please do that at the main PC."),
    # moving over
    "hall_moved": mark("This hall has moved to {to}; its file stays as it was and can only be looked at."),
    "hall_there": mark("That server already has another hall {hall}; nothing was moved."),
    "nul_in_text": mark(
        "In hall {hall}, row {row} of {table} holds the character NUL, which no database server can keep; nothing was changed."
    ),
    "move_incomplete": mark(
        "Not everything arrived on the server ({table}); nothing was moved, the hall goes on in its file."
    ),
}
