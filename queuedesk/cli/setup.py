"""The commands that make a hall and change how it is set up: what it uses, its calendar, its ready sentences, the
design of its tickets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.cli import command_table, talk
from queuedesk.cli.job import (
    CommandJob,
    Document,
    handler_for_function,
    read_and_check_setup_file,
    read_json,
    write_readable_json_file,
)
from queuedesk.core import features
from queuedesk.core.network.roles import CONSOLE, ReadScope
from queuedesk.core.setup import field_kinds, presets
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.setup.hall import TEXTS
from queuedesk.core.setup.presets import preset_with_facts_as_suggestions as as_suggestions
from queuedesk.i18n import _, list_text, n_, name_in_language
from queuedesk.i18n.moments import wording_in_current_language

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup


def register_commands(commands: command_table.CommandList) -> None:
    _add_feature_switch_commands(commands)
    _add_sentence_commands(commands)
    _add_set_up_commands(commands)
    _add_ticket_design_commands(commands)


def _add_feature_switch_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("features")
    group.add_command("list", _("show all"), _list_features, reads=ReadScope.HALL)
    for way, text in (("on", _("use them from now on")), ("off", _("leave them out; what they hold stays"))):
        group.add_command(way, text, _switch_features, way=way).add_argument(
            "names", type=command_table.parse_code, nargs="+", metavar="NAME"
        )


def _list_features(job: CommandJob) -> int:
    rows = _feature_documents(job.setup())
    wide = max((len(row["name"]) for row in rows), default=0)
    lines = []
    for row in rows:
        state = _("on", context="feature") if row["on"] else _("off", context="feature")
        needs = _("needs: {names}", names=_feature_titles(row["needs"])) if row["needs"] else ""
        parts = (row["name"].ljust(wide), state.ljust(3), row["title"], row["about"], needs)
        lines.append("  ".join(filter(None, parts)))
    return job.print_answer({"features": rows}, "\n".join(lines))


def _feature_documents(setup: Setup) -> list[Document]:
    """Return every feature of this program, then what the hall chose in another."""
    rows: list[Document] = [
        {
            "name": one.name,
            "title": wording_in_current_language(one.title),
            "about": wording_in_current_language(one.about),
            "on": setup.has_feature(one.name),
            "needs": list(one.needs),
            "where": wording_in_current_language(one.where),
        }
        for one in features.choosable_features()
    ]
    about = _("not in this program; it stays chosen")
    others = features.chosen_but_missing_features(setup.hall)
    return rows + [{"name": one, "title": one, "about": about, "on": True, "needs": [], "where": ""} for one in others]


def _feature_titles(names: Iterable[str]) -> str:
    return list_text(
        [
            name if (one := features.feature_by_name(name)) is None else wording_in_current_language(one.title)
            for name in names
        ]
    )


def _switch_features(job: CommandJob) -> int:
    from queuedesk.desk import setting_up

    names, way = job.args.names, job.args.way
    document = setting_up.choose_features(job.desk(), job.new_change_ask(), **{way: names})
    asked = _feature_titles(name for name in document[way] if name in names)
    others = _feature_titles(name for name in document[way] if name not in names)
    lines = []
    if way == "on":
        lines += [_("On from now on: {names}", names=asked)] if asked else []
        lines += [_("On as well, since it is needed: {names}", names=others)] if others else []
    else:
        lines += [_("Off from now on: {names}", names=asked)] if asked else []
        lines += [_("Off as well, since it needs what is off: {names}", names=others)] if others else []
        lines += [_("Nothing that is stored is lost: it is there again when it is switched on.")] if lines else []
    return job.print_answer(document, "\n".join(lines) or _("Nothing changed."))


def _add_sentence_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("sentence")
    group.add_command("list", _("show all"), _list_sentences, reads=ReadScope.HALL).add_argument(
        "kind", choices=hall_sentences.LISTS, nargs="?", metavar="KIND"
    )
    adding = _parser_with_sentence_kind(
        group.add_command(
            "add", _("add one"), handler_for_function("setting_up.add_sentence", _sentences_text, text_en="en")
        )
    )
    _add_text_arguments(adding)
    setting = _parser_with_sentence_kind(
        group.add_command(
            "set",
            _("change one"),
            handler_for_function("setting_up.set_sentence", _sentences_text, number="n", text_en="en"),
        )
    )
    setting.add_argument("n", type=command_table.parse_whole_number, metavar="N")
    _add_text_arguments(setting)
    removing = _parser_with_sentence_kind(
        group.add_command(
            "remove",
            _("take one away"),
            handler_for_function("setting_up.remove_sentence", _sentences_text, number="n"),
        )
    )
    removing.add_argument("n", type=command_table.parse_whole_number, metavar="N")
    _parser_with_sentence_kind(
        group.add_command(
            "usual",
            _("go back to the usual ones"),
            handler_for_function("setting_up.restore_default_sentences", _sentences_text),
        )
    )


def _parser_with_sentence_kind(parser: command_table.CommandParser) -> command_table.CommandParser:
    parser.add_argument("kind", choices=hall_sentences.LISTS, metavar="KIND", help=", ".join(hall_sentences.LISTS))
    return parser


def _add_text_arguments(parser: command_table.CommandParser) -> None:
    parser.add_argument("text", type=command_table.parse_nonempty_text, metavar="TEXT")
    parser.add_argument("--en", metavar="TEXT", help=_("the same in English"))


def _list_sentences(job: CommandJob) -> int:
    from queuedesk.desk import setting_up

    setup = job.setup()
    kinds = [job.args.kind] if job.args.kind else hall_sentences.LISTS
    lists = [setting_up.sentence_list(setup, kind) for kind in kinds]
    return job.print_answer({"lists": lists}, "\n".join(map(_sentences_text, lists)))


def _sentences_text(document: Document) -> str:
    """Return a list as lines: what it is for, then each sentence by its number in both languages."""
    word = wording_in_current_language(
        field_kinds.fields_of_row_class(hall_sentences.Sentences)[document["kind"]].title
    )
    head = _("{list} (the usual ones)", list=word) if document["usual"] else word
    rows = enumerate(document["sentences"], start=1)
    lines = ("  ".join(part for part in (str(n), one["text"], one["text_en"]) if part) for n, one in rows)
    return "\n".join((head, *lines))


# The noun of a command, and the part of the set-up that it changes.
PARTS = {
    "service": "services",
    "window": "windows",
    "staff": "staff",
    "class": "classes",
    "notice": "notices",
    "target": "targets",
}
NUMBERED = ("notices", "targets")
SUGGEST = "suggest"


def _add_set_up_commands(commands: command_table.CommandList) -> None:
    init = commands.add_command("init", _create_and_print_hall)
    init.add_argument(
        "--preset",
        type=command_table.parse_nonempty_text,
        required=True,
        metavar="|".join(presets.PRESETS),
        help=_("what kind of hall"),
    )
    init.add_argument("--name", type=command_table.parse_nonempty_text, metavar="TEXT", help=_("its name"))
    init.add_argument(
        "--languages",
        type=command_table.parse_hall_languages,
        default=(),
        metavar="LANG[,LANG]",
        help=_("its languages, the first one first: zh_CN, en; both without it"),
    )
    init.add_argument("--all-hours", action="store_true", help=_("tickets at all hours of all days"))
    init.add_argument(
        "--facts",
        choices=(presets.KEEP, SUGGEST, presets.DROP),
        default=presets.KEEP,
        help=_(
            "what the preset says of papers, fees, steps and items: shown to customers, only suggested, or left out"
        ),
    )
    init.add_argument(
        "--features",
        type=command_table.parse_nonempty_text,
        metavar="NAME[,NAME]",
        help=_("what it uses, as features list names it; without it what its kind usually does"),
    )
    for noun, part in PARTS.items():
        group = commands.add_group(noun)
        add_row_commands(group, part)
        add_list_command(group, part)
        if part == "notices":
            talk._add_notice_commands(group)
        elif part == "services":
            _add_suggestion_commands(group)
    hall = commands.add_group("hall")
    hall.add_command("show", _("show it"), _print_own_hall_row, reads=ReadScope.HALL)
    hall.add_command("set", _("change it"), _change_and_print_hall_row).add_argument(
        "pairs", type=command_table.parse_key_value, nargs="+", metavar="key=value"
    )
    settings = commands.add_group("settings")
    settings.add_command("list", _("show all"), _print_all_settings, reads=ReadScope.HALL)
    settings.add_command("get", _("show one"), _print_setting, reads=ReadScope.HALL).add_argument(
        "key", type=command_table.parse_nonempty_text, metavar="KEY"
    )
    change = settings.add_command("set", _("change one"), _change_and_print_setting)
    change.add_argument("key", type=command_table.parse_nonempty_text, metavar="KEY")
    change.add_argument("value", metavar="VALUE")
    setup = commands.add_group("setup")
    setup.add_command("export", _("write it"), _export_setup, reads=ReadScope.WORK).add_argument(
        "file", type=command_table.parse_path, metavar="F.json"
    )
    setup.add_command("import", _("import it; nothing is removed"), _import_set_up).add_argument(
        "file", type=command_table.parse_path, metavar="F.json"
    )


def add_list_command(group: command_table.CommandGroup, part: str) -> None:
    group.add_command(
        "list",
        _("show all"),
        _print_set_up_rows,
        part=part,
        reads=ReadScope.WORK if part == "staff" else ReadScope.HALL,
    )


def add_row_commands(group: command_table.CommandGroup, part: str) -> None:
    adding = group.add_command("add", _("add one"), _add_set_up_row, part=part)
    changing = group.add_command("set", _("change one"), _change_and_print_setup_row, part=part)
    removing = group.add_command("remove", _("take one away"), _remove_set_up_row, part=part)
    if part not in NUMBERED:
        adding.add_argument("code", type=command_table.parse_code, metavar="CODE")
    for parser in (changing, removing):
        parser.add_argument("code", type=command_table.parse_code, metavar="CODE" if part not in NUMBERED else "N")
    for parser in (adding, changing):
        parser.add_argument("pairs", type=command_table.parse_key_value, nargs="+", metavar="key=value")
    if part == "services":
        changing.add_argument(
            "--keep", action="store_true", help=_("with another name: keep what the preset says of it")
        )
    removing.add_argument("--yes", action="store_true", help=_("really"))


def _add_suggestion_commands(group: command_table.CommandGroup) -> None:
    group.add_command(
        "suggested",
        _("show what the preset suggests and customers do not see"),
        _list_suggestions,
        reads=ReadScope.HALL,
    )
    words = {presets.KEEP: _("show suggestions to customers from now on"), presets.DROP: _("take suggestions away")}
    for answer, help_text in words.items():
        parser = group.add_command(answer, help_text, _decide_suggestions, answer=answer)
        parser.add_argument("services", type=command_table.parse_code, nargs="*", metavar="CODE")
        parser.add_argument("--all", action="store_true", help=_("of all services"))
        parser.add_argument("--facts", type=command_table.parse_nonempty_text, metavar="FACT,…", help=_("only these"))


def _create_and_print_hall(job: CommandJob) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.desk import setting_up
    from queuedesk.desk.change import Ask
    from queuedesk.desk.setting_up import system_timezone
    from queuedesk.i18n.names import hall_code_from_name
    from queuedesk.paths import resource_path

    args = job.args
    if args.preset not in presets.PRESETS:
        raise RuleError("unknown_preset", preset=args.preset)
    preset = read_json(resource_path("presets", f"{args.preset}.json"))
    if args.facts != presets.KEEP:
        preset = as_suggestions(preset) if args.facts == SUGGEST else presets.preset_without_facts(preset)
    document = setting_up.setup_document_for_new_hall(
        preset,
        code=job.hall_code or (hall_code_from_name(args.name) if args.name else None),
        name=args.name,
        timezone=system_timezone(),
        lang=getattr(args, "lang", None),
        languages=args.languages,
        all_hours=args.all_hours,
    )
    if args.features is not None:
        named = [name.strip() for name in args.features.split(",") if name.strip()]
        document = {
            **document,
            "hall": {**document["hall"], "features": list(features.feature_choice_for_new_hall(named))},
        }
    ask = Ask(CONSOLE, job.now(), getattr(args, "id", None), job.canonical_command())
    return _create_hall_and_print(job, document, ask)


def _create_hall_and_print(job: CommandJob, document: Document, ask: Any) -> int:
    from queuedesk.desk import looking, setting_up

    target = job.hall_file_or_address_for_owner()
    job.ensure_hall_folder(target)
    desk = setting_up.create_hall(target, document, ask)
    setup = looking.setup_of_hall(desk)
    desk.db.dispose()
    return _print_created_hall(job, setup)


def _print_created_hall(job: CommandJob, setup: Setup) -> int:
    made = {
        "hall": setup.hall.code,
        "name": setup.hall.name,
        "timezone": setup.hall.timezone,
        "database": job.hall_place_to_show(),
        "services": len(setup.services),
        "windows": len(setup.windows),
        "staff": len(setup.staff),
    }
    from queuedesk.store.engine.address import short_server_address

    path = (
        short_server_address(job.hall_place_to_show())
        if isinstance(job.hall_file_or_address(), str)
        else job.hall_place_to_show()
    )
    lines = [_("{name} is ready in {path}.", name=name_in_language(setup.hall.name, setup.hall.name_en), path=path)]
    if (
        job.hall_file_or_address_for_owner() != job.hall_file_or_address()
    ):  # this PC itself works in another hall beside it
        command = f"queuedesk --hall {setup.hall.code} host code --for manager"
        lines.append(_("Let a PC into it by a code: {command}", command=command))
    return job.print_answer(made, "\n".join(lines))


def _print_set_up_rows(job: CommandJob) -> int:
    from queuedesk.core.setup.file import rows_of_part
    from queuedesk.desk import looking

    setup, part = job.setup(), job.args.part
    if part == "windows":
        rows = looking.window_rows(job.desk(), job.now())
        return job.print_answer({part: rows}, "\n".join(command_table.window_status_text(row) for row in rows))
    if part == "services":
        rows = looking.service_rows(setup)
    elif part == "staff":
        rows = looking.staff_rows(setup)
    elif part == "classes":
        rows = [
            {"code": c.code, "name": c.name, "name_en": c.name_en, "credit_minutes": c.credit_minutes}
            for c in setup.classes.values()
        ]
    else:
        rows = [{"code": str(i), **row} for i, row in enumerate(rows_of_part(setup.document, part), start=1)]
    names = {row.get("code"): row.get("name_en") or "" for row in rows_of_part(setup.document, part)}
    texts = [
        command_table.list_row_line({**row, "name_en": names.get(row["code"], "")} if "name" in row else row)
        for row in rows
    ]
    return job.print_answer({part: rows}, "\n".join(texts) or _("None."))


def _add_set_up_row(job: CommandJob) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk import setting_up

    part = job.args.part
    row = field_kinds.row_from_typed_pairs(part, ROWS[part], job.args.pairs)
    if part not in NUMBERED:
        row = {"code": job.args.code, **row}
    document = setting_up.add_setup_row(job.desk(), job.new_change_ask(), part, row)
    return job.print_answer(document, command_table.list_row_line(document))


def _change_and_print_setup_row(job: CommandJob) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk import setting_up
    from queuedesk.i18n.names import service_rename_side_effects

    part, pairs = job.args.part, job.args.pairs
    if part == "staff" and any(key == "pin" for key, _value in pairs):
        return _set_pin(job)
    row = typed = field_kinds.row_from_typed_pairs(part, ROWS[part], pairs)
    before = job.setup()
    if part == "services" and job.args.keep:
        from queuedesk.core.setup.file import rows_of_part
        from queuedesk.core.setup.rows import hall_languages

        was = next((one for one in rows_of_part(before.document, part) if one["code"] == job.args.code), {})
        row = setting_up.row_of_only_renamed_service(was, row, hall_languages(before)[0])
    document = setting_up.change_row_fields(job.desk(), job.new_change_ask(), part, job.args.code, row)
    told = {key: document[key] for key in dict.fromkeys(("code", "name", "name_en", *typed)) if key in document}
    lines = [command_table.list_row_line(told)]
    if part == "services":
        lines += service_rename_side_effects(before, job.args.code, document, row)
    return job.print_answer(document, "\n".join(lines))


def _set_pin(job: CommandJob) -> int:
    """Give a person a PIN, or take it away. It stands alone: a PIN is kept outside the set-up, and is a change of its
    own."""
    from queuedesk.desk.queue import opening

    if len(job.args.pairs) > 1:
        raise command_table.UsageError(_("Set the PIN by itself, without other fields."))
    typed = job.args.pairs[0][1].strip()
    if typed == "?":
        typed = job.ask_hidden_input(_("New PIN: ")) or ""
        if not typed:
            raise command_table.UsageError(_("No PIN was typed."))
    document = opening.set_pin(job.desk(), job.new_change_ask(), job.args.code, typed or None)
    who = job.args.code
    return job.print_answer(
        document, _("{staff} has a PIN now.", staff=who) if document["pin"] else _("{staff} has no PIN now.", staff=who)
    )


def _remove_set_up_row(job: CommandJob) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.desk import setting_up
    from queuedesk.i18n.names import service_rename_side_effects

    part, its_code, before = job.args.part, job.args.code, job.setup()
    if not job.args.yes:
        raise RuleError("needs_yes", kind=part, code=its_code)
    document = setting_up.remove_setup_row(job.desk(), job.new_change_ask(), part, its_code)
    lines = [_("{code} is removed.", code=its_code)]
    if part == "services":
        lines += service_rename_side_effects(before, its_code, None)
    return job.print_answer(document, "\n".join(lines))


def _print_own_hall_row(job: CommandJob) -> int:
    return _print_hall_row(job, _hall_row(job))


def _change_and_print_hall_row(job: CommandJob) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk import setting_up

    setting_up.change_hall(
        job.desk(), job.new_change_ask(), field_kinds.row_from_typed_pairs("hall", ROWS["hall"], job.args.pairs)
    )
    return _print_hall_row(job, _hall_row(job))


def _hall_row(job: CommandJob) -> Document:
    from queuedesk.core.setup.rows import field_and_choice_languages
    from queuedesk.core.setup.time_of_day import clock_text

    setup = job.setup()
    hall = setup.hall
    return {
        "code": hall.code,
        "name": hall.name,
        "name_en": hall.name_en,
        "phone": hall.phone,
        "report_owner": hall.report_owner,
        "timezone": hall.timezone,
        "opens": clock_text(hall.opens).zfill(5),
        "closes": clock_text(hall.closes).zfill(5),
        "words": {"window": hall.words.window, "ticket": hall.words.ticket},
        "languages": list(field_and_choice_languages(setup)),
        "country": hall.country,
        "seen_by": list(hall.seen_by),
        "led_by": list(hall.led_by),
        "region": hall.region,
        "district": hall.district,
        "features": None if hall.features is None else list(hall.features),
    }


def _print_hall_row(job: CommandJob, row: Document) -> int:
    words = ",".join(f"{what}:{word}" for what, word in row["words"].items())
    lists = ("languages", "seen_by", "led_by")
    shown = {**row, "words": words, **{key: ",".join(row[key]) for key in lists}}
    shown["features"] = "" if row["features"] is None else ",".join(row["features"]) or command_table.NONE
    return job.print_answer(row, "\n".join(f"{key}  {value}" for key, value in shown.items()))


def _print_all_settings(job: CommandJob) -> int:
    settings = dict(job.setup().settings)
    return job.print_answer({"settings": settings}, "\n".join(f"{key}  {value}" for key, value in settings.items()))


def _print_setting(job: CommandJob) -> int:
    from queuedesk.core.errors import RuleError

    settings, key = job.setup().settings, job.args.key
    if key not in settings:
        raise RuleError("unknown_setting", key=key)
    return job.print_answer({"key": key, "value": settings[key]}, str(settings[key]))


def _change_and_print_setting(job: CommandJob) -> int:
    from queuedesk.core.imports import half_width_text
    from queuedesk.desk import setting_up

    document = setting_up.change_setting(
        job.desk(), job.new_change_ask(), job.args.key, half_width_text(job.args.value).strip()
    )
    return job.print_answer(document, f"{document['key']}  {document['value']}")


def _export_setup(job: CommandJob) -> int:
    document = dict(job.setup().document)
    document.setdefault("staff", [])
    document.setdefault("classes", [])
    write_readable_json_file(job.args.file, document)
    return job.print_answer({"file": str(job.args.file)}, str(job.args.file))


def _import_set_up(job: CommandJob) -> int:
    """Take a set-up file into the hall; where there is no hall yet it makes one."""
    from queuedesk.core.errors import OutsideError
    from queuedesk.desk import setting_up
    from queuedesk.desk.change import Ask

    document = read_and_check_setup_file(job.args.file)
    try:
        desk = job.desk()
    except OutsideError as error:
        if error.code != "database_missing":
            raise
        named = setting_up.setup_document_for_new_hall(document, code=job.hall_code)
        return _create_hall_and_print(
            job, named, Ask(CONSOLE, job.now(), getattr(job.args, "id", None), job.canonical_command())
        )
    counts = setting_up.import_setup(desk, job.new_change_ask(), document)
    if "hall" in counts:  # with the id of the command that made the hall
        return _print_created_hall(job, job.setup())
    said = [
        n_("{n} service", "{n} services", counts["services"]),
        n_("{n} window", "{n} windows", counts["windows"]),
        n_("{n} person", "{n} people", counts["staff"]),
    ]
    return job.print_answer(counts, "  ".join(said))


def _list_suggestions(job: CommandJob) -> int:
    from queuedesk.core.setup.file import rows_of_part
    from queuedesk.i18n.suggestion_words import suggested_fact_content, suggested_fact_title

    found, lines = [], []
    for row in rows_of_part(job.setup().document, "services"):
        facts = presets.undecided_suggestions_by_fact(row)
        if not facts:
            continue
        found.append({"code": row["code"], "suggested": facts})
        lines.append(f"{row['code']}  {name_in_language(str(row.get('name') or ''), row.get('name_en'))}")
        lines += [
            f"  {suggested_fact_title(fact)}: {suggested_fact_content(fact, fields)}".replace("\n", "\n    ")
            for fact, fields in facts.items()
        ]
    return job.print_answer({"services": found}, "\n".join(lines) or _("None."))


def _decide_suggestions(job: CommandJob) -> int:
    from queuedesk.desk import setting_up
    from queuedesk.i18n.suggestion_words import suggested_fact_titles_text

    args = job.args
    if bool(args.services) == args.all:
        raise command_table.UsageError(_("Name services, or use --all."))
    facts = [one.strip() for one in (args.facts or "").split(",") if one.strip()]
    codes = args.services or list(job.setup().services)
    answers = {code: presets.same_answer_by_fact(args.answer, facts) for code in codes}
    document = setting_up.decide_suggestions(job.desk(), job.new_change_ask(), answers)
    lines = [f"{row['code']}  {suggested_fact_titles_text(row['facts'])}" for row in document["services"]]
    return job.print_answer(document, "\n".join(lines) or _("Nothing is suggested there."))


ENDINGS = (".png", ".pdf")
WIDTHS = (576, 384)


def _add_ticket_design_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("ticket-design")
    group.add_command("show", _("show how it is set up"), _show_ticket_design, reads=ReadScope.HALL)
    group.add_command("set", _("change it"), _change_ticket_design).add_argument(
        "pairs", type=command_table.parse_key_value, nargs="+", metavar="key=value"
    )
    preview = group.add_command("preview", _("draw a sample ticket"), _save_sample_ticket, reads=ReadScope.HALL)
    preview.add_argument(
        "--out", type=command_table.parse_path, metavar="F.png", required=True, help=_("a .png or .pdf")
    )
    preview.add_argument(
        "--width",
        type=command_table.parse_whole_number,
        choices=WIDTHS,
        default=WIDTHS[0],
        help=_("dots of the printer"),
    )
    group.add_command("print", _("print a sample ticket"), _print_sample_ticket, reads=ReadScope.HALL)


def _show_ticket_design(job: CommandJob) -> int:
    document = _ticket_design_document(job)
    shown = {**document, "hidden": ",".join(document["hidden"]), "languages": ",".join(document["languages"])}
    shown["logo"] = _("there is one", context="logo") if document["logo"] else ""
    return job.print_answer(document, "\n".join(f"{key}  {value}".rstrip() for key, value in shown.items()))


def _change_ticket_design(job: CommandJob) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk import setting_up

    row = field_kinds.row_from_typed_pairs("ticket", ROWS["ticket"], job.args.pairs)
    if row.get("logo"):
        from queuedesk.printing.slip_contents import logo_file_as_setup_text

        row["logo"] = logo_file_as_setup_text(Path(row["logo"]))
    setting_up.change_single_row_part(job.desk(), job.new_change_ask(), "ticket", row)
    return _show_ticket_design(job)


def _save_sample_ticket(job: CommandJob) -> int:
    out: Path = job.args.out
    if out.suffix.lower() not in ENDINGS:
        raise command_table.UsageError(_("The file has to end in .png or .pdf."))
    file = job.services.paper(job.desk(), job.now).save_sample_ticket(out, job.args.width)
    return job.print_answer({"file": str(file)}, str(file))


def _print_sample_ticket(job: CommandJob) -> int:
    from queuedesk.cli.this_pc import answer_printed_or_raise

    return answer_printed_or_raise(job, job.services.paper(job.desk(), job.now).print_sample_ticket(), {})


def _ticket_design_document(job: CommandJob) -> Document:
    design = job.setup().ticket_design
    return {
        "hidden": sorted(design.hidden),
        **{key: getattr(design, key) for key in TEXTS},
        "number": design.number,
        "languages": list(design.languages),
        "logo": bool(design.logo),
    }
