"""Pages of the manager's side list that are made when they are first asked for, and what they ask of the view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from queuedesk.stations.appointments.desk import AppointmentDesk
from queuedesk.stations.manager.appointments_page import AppointmentsPage
from queuedesk.stations.manager.equipment_desk import EquipmentDesk
from queuedesk.stations.manager.equipment_page import EquipmentPage
from queuedesk.stations.manager.notices_page import NoticesPage
from queuedesk.stations.manager.set_up_draft import VOICE
from queuedesk.stations.manager.set_up_page import SetUpPage
from queuedesk.stations.manager.ticket_saving import TicketSaving
from queuedesk.stations.manager.tickets_page import TicketsPage

if TYPE_CHECKING:
    from queuedesk.stations.manager.view import ManagerView


def tickets(view: ManagerView) -> TicketsPage:
    page = TicketsPage(view.context.look, view.controller, TicketSaving(view.context, parent=view))
    page.print_wanted.connect(view.show_story)
    page.act_wanted.connect(view.act)
    page.noted.connect(view.stack.said)
    view.day_acts.corrected.connect(page.read_again)
    return page


def appointments(view: ManagerView) -> AppointmentsPage:
    return AppointmentsPage(view.context.look, AppointmentDesk(view.context, parent=view), view)


def notices(view: ManagerView) -> NoticesPage:
    page = NoticesPage(view.context.look)
    page.message_wanted.connect(view.talk.open_message)
    view.day_acts.serve(page)
    return page


def equipment(view: ManagerView) -> EquipmentPage:
    page = EquipmentPage(view.context.look, EquipmentDesk(view.context, parent=view), view)
    page.voice_wanted.connect(partial(view.ways.open_part, VOICE))
    return page


def set_up(view: ManagerView) -> SetUpPage:
    page = SetUpPage(view.context.look, view.set_up_desk, view)
    page.left.connect(view.open_page)
    return page
