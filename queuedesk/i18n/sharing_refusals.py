"""What is said when a hall that several PCs share can't be had: its server, its codes, its PCs."""

from queuedesk.i18n.catalogue import mark

SHARED = {
    "server_missing": mark(
        "The part of QueueDesk that shares a hall is not installed; please install queuedesk[host]."
    ),
    "server_failed": mark("The hall's own server did not do what it should ({why})."),
}
