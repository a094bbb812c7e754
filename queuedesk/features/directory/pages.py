"""The set-up's page of sign-in by a directory: how it is asked, who has an account, and trying it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.directory import verbs
from queuedesk.features.directory.rules import NAME, USUAL_DAYS
from queuedesk.features.directory.words import directory_answer_text
from queuedesk.i18n import _, date_long, name_in_language, role_word, time_hm
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.setup_frame.draft import (
    DIRECTORY,
    SetUpController,
    part_name_for_narrow_list,
    part_word,
)
from queuedesk.stations.window.style import Look

CERTIFICATE = "certificate"


def _typed_or_stored_certificate(typed: str, stored: str) -> str:
    """Return the text of the file that was named, the stored one where its place was left as it is."""
    if typed == _word_if_certificate_stored(stored):
        return stored
    return verbs.certificate_text(Path(typed)) if typed else ""


def _word_if_certificate_stored(stored: str) -> str:
    return _("stored", context="certificate") if stored else ""


def _settings_form(now: Document) -> records.RecordFormSpec:
    def new_optional_form_input(key: str, label: str, hint: str) -> records.FormInput:
        return records.prefilled_input_spec(key, label, str(now.get(key, "")), hint=hint, needed=False)

    days = records.prefilled_input_spec(
        "days",
        _("Days without it"),
        str(now.get("days", USUAL_DAYS)),
        kind=records.NUMBER,
        hint=_("how long a PC knows people while the directory is away; 0 to 30"),
    )
    stored = _word_if_certificate_stored(str(now.get(CERTIFICATE, "")))
    return records.RecordFormSpec(
        title=lambda: _("Which directory?"),
        effect=lambda: _(
            "People with an account then sign in with its password; without a directory they need a PIN. Passwords go "
            "over TLS only."
        ),
        rows=(
            (
                new_optional_form_input("address", _("Address"), _("such as ldaps://dc1.example.com; empty: none")),
                new_optional_form_input("form", _("Form of names"), _("{sign}@example.com, or a DN", sign=NAME)),
            ),
            (
                new_optional_form_input("base", _("Search below"), _("a DN; empty: no search")),
                new_optional_form_input(
                    "filter", _("Filter"), _("such as {example}", example=f"(sAMAccountName={NAME})")
                ),
            ),
            (
                records.prefilled_input_spec(
                    CERTIFICATE, _("Certificate"), stored, hint=_("a PEM file; empty: as this PC trusts"), needed=False
                ),
                days,
            ),
        ),
    )


def _ask_settings(page: records.RecordPage[Document], _row: None) -> None:
    context = page.context

    def open_settings_dialog(now: Document) -> None:
        dialog = records.RecordDialog(page.host_widget, context, _settings_form(now))
        stored = str(now.get(CERTIFICATE, ""))

        def save_settings(typed: dict[str, Any]) -> None:
            desk, ask = context.desk, context.new_ask()

            def store_settings() -> Document:
                if not typed["address"]:
                    return verbs.remove_directory_setting(desk, ask)
                certificate = _typed_or_stored_certificate(typed[CERTIFICATE], stored)
                return verbs.set_ldap_directory(desk, ask, **{**typed, CERTIFICATE: certificate})

            page.controller.start_unless_busy(
                "directory", store_settings, partial(_close_and_say, page, _("Saved; it takes effect at once"))
            )

        dialog.wanted.connect(save_settings)
        page.open_question(dialog)

    page.controller.start_unless_busy(
        "directory", partial(verbs.directory_settings, context.desk), open_settings_dialog
    )


def _close_and_say(page: records.RecordPage[Document], sentence: str, _done: object) -> None:
    page.close_question()
    page.controller.refresh(anew=True)
    page.said.emit(sentence, "check")


def _hide_typed_password(edit: object) -> None:
    if isinstance(edit, QLineEdit):
        edit.setEchoMode(QLineEdit.EchoMode.Password)


def _ask_test_login(page: records.RecordPage[Document], row: Document | None) -> None:
    context = page.context
    account = row["account"] if row is not None else ""
    form = records.RecordFormSpec(
        title=lambda: _("Try the directory"),
        effect=lambda: _("Nobody is signed in by this, and the password is stored nowhere."),
        rows=(
            (records.prefilled_input_spec("account", _("Account"), account),),
            (records.prefilled_input_spec("password", _("Password")),),
        ),
        focus="password" if account else "account",
        yes=lambda: _("Try it", context="directory"),
        no=lambda: _("Close", context="dialog"),
    )
    dialog = records.RecordDialog(page.host_widget, context, form)
    _hide_typed_password(dialog.fields["password"].edit)

    def show_directory_answer(found: Document) -> None:
        page.close_question()
        page.said.emit(directory_answer_text(found), "check" if found["answer"] == verbs.RIGHT else "warning")

    def try_account(typed: dict[str, Any]) -> None:
        page.controller.start_unless_busy(
            "directory", partial(verbs.try_directory, context.desk, context.new_ask(), **typed), show_directory_answer
        )

    dialog.wanted.connect(try_account)
    page.open_question(dialog)


def _ask_and_save_account(page: records.RecordPage[Document], row: Document) -> None:
    context, name = page.context, name_in_language(row["name"], row["name_en"])
    form = records.RecordFormSpec(
        title=lambda: _("Account of {name}", name=name),
        effect=lambda: _("The password of this account takes the place of a PIN at sign-in. Empty: a PIN is needed."),
        rows=((records.prefilled_input_spec("account", _("Account"), row["account"] or row["code"], needed=False),),),
    )
    dialog = records.RecordDialog(page.host_widget, context, form)

    def save_account(typed: dict[str, Any]) -> None:
        work = partial(verbs.set_account, context.desk, context.new_ask(), row["code"], typed["account"] or "")
        page.controller.start_unless_busy(
            "directory", work, partial(_close_and_say, page, _("Saved; it takes effect at once"))
        )

    dialog.wanted.connect(save_account)
    page.open_question(dialog)


def _read_staff_accounts(desk: Desk, ask: Ask) -> list[Document]:
    address = verbs.directory_settings(desk)["address"]
    return [{**row, "directory": address} for row in verbs.staff_with_accounts(desk, ask.now)]


def _known_until_text(row: Document) -> str:
    if not row["until"]:
        return ""
    until = datetime.fromisoformat(row["until"])
    return f"{date_long(until.date())} {time_hm(until)}"


PEOPLE = records.RecordPageSpec[Document](
    title=lambda: part_name_for_narrow_list(DIRECTORY),
    name=lambda: part_word(DIRECTORY),
    icon="person",
    read=_read_staff_accounts,
    depends=lambda context: (context.feed.setup.staff, context.feed.business_date),
    key=lambda row: row["code"],
    empty=lambda: (_("Nobody yet"),),
    columns=lambda _context: [
        TableColumn(
            title=_("Name", context="person"),
            text=lambda row: name_in_language(row["name"], row["name_en"]),
            bold=True,
            gives=True,
            least=120,
        ),
        TableColumn(title=_("Role", context="field"), text=lambda row: role_word(row["role"])),
        TableColumn(title=_("Account"), text=lambda row: row["account"], grows=True, gives=True, least=120),
        TableColumn(title=_("Known here until"), text=_known_until_text, sample="26 November 2026 17:00"),
    ],
    acts=[
        records.RecordAct(
            text=lambda: _("Forget", context="directory"),
            tip=lambda: _("At this PC: this person needs the directory at the next sign-in"),
            verb="directory",
            icon="remove",
            call=verbs.forget_passwords,
            when=lambda row: bool(row["until"]),
        ),
        records.RecordAct(text=lambda: _("Account …"), verb="directory", icon="edit", asks=_ask_and_save_account),
        records.RecordAct(
            text=lambda: _("Try it …"),
            verb="directory",
            icon="search",
            asks=_ask_test_login,
            stands_alone=True,
            changes_hall=False,
        ),
        records.RecordAct(
            text=lambda: _("Directory …"),
            verb="directory",
            icon="gear",
            asks=_ask_settings,
            stands_alone=True,
            is_main=True,
        ),
    ],
)


class StaffDirectoryAccountsPage(records.RecordPage[Document]):
    """The staff with their accounts; the buttons set and try the directory."""

    def __init__(self, _look: Look, controller: SetUpController) -> None:
        super().__init__(controller.context, PEOPLE)
        self.controller.changed.connect(self._show_address)

    def _show_address(self) -> None:
        address = next((row["directory"] for row in self.controller.found or ()), "")
        self.head.set_subtitle(_("Asks {address}", address=address) if address else _("This hall asks no directory."))

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall."""
        self.controller.refresh()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Its own acts say what went wrong."""
