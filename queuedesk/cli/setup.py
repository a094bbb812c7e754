"""The commands that make a hall and change how it is set up: what it uses, its calendar, its ready sentences, the
design of its tickets.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.cli import talk
from queuedesk.cli.command_table import (
    NONE,
    CommandList,
    Commands,
    Parser,
    UsageError,
    code,
    languages,
    number,
    pair,
    path,
    plain,
    row_text,
    window_text,
)
from queuedesk.cli.job import Document, Job, calls, read_json, read_setup_file, write_json
from queuedesk.core.features import away, choice_with, choices, feature
from queuedesk.core.network.roles import CONSOLE, ReadScope
from queuedesk.core.setup.field_kinds import fields_of, typed_row
from queuedesk.core.setup.hall import TEXTS
from queuedesk.core.setup.presets import DROP, KEEP, PRESETS, same_answer, suggestions_of, without_facts
from queuedesk.core.setup.presets import facts_as_suggestions as as_suggestions
from queuedesk.core.setup.sentences import LISTS, Sentences
from queuedesk.i18n import _, listing, n_, named
from queuedesk.i18n.moments import said

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup


def add(commands: CommandList) -> None:
    _add_features(commands)
    _add_sentences(commands)
    _add_set_up(commands)
    _add_ticket_design(commands)


def _add_features(commands: CommandList) -> None:
    group = commands.add_group("features")
    group.add("list", _("show all"), _list_features, reads=ReadScope.HALL)
    for way, text in (("on", _("use them from now on")), ("off", _("leave them out; what they hold stays"))):
        group.add(way, text, _switch, way=way).add_argument("names", type=code, nargs="+", metavar="NAME")


def _list_features(job: Job) -> int:
    rows = _rows_of_features(job.setup())
    wide = max((len(row["name"]) for row in rows), default=0)
    lines = []
    for row in rows:
        state = _("on", context="feature") if row["on"] else _("off", context="feature")
        needs = _("needs: {names}", names=_feature_titles(row["needs"])) if row["needs"] else ""
        parts = (row["name"].ljust(wide), state.ljust(3), row["title"], row["about"], needs)
        lines.append("  ".join(filter(None, parts)))
    return job.answer({"features": rows}, "\n".join(lines))


def _rows_of_features(setup: Setup) -> list[Document]:
    """Return every feature of this program, then what the hall chose in another."""
    rows: list[Document] = [
        {
            "name": one.name,
            "title": said(one.title),
            "about": said(one.about),
            "on": setup.uses(one.name),
            "needs": list(one.needs),
            "where": said(one.where),
        }
        for one in choices()
    ]
    about = _("not in this program; it stays chosen")
    others = away(setup.hall)
    return rows + [{"name": one, "title": one, "about": about, "on": True, "needs": [], "where": ""} for one in others]


def _feature_titles(names: Iterable[str]) -> str:
    return listing([name if (one := feature(name)) is None else said(one.title) for name in names])


def _switch(job: Job) -> int:
    from queuedesk.desk.setup import setting_up

    names, way = job.args.names, job.args.way
    document = setting_up.choose_features(job.desk(), job.ask(), **{way: names})
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
    return job.answer(document, "\n".join(lines) or _("Nothing changed."))


def _add_sentences(commands: CommandList) -> None:
    group = commands.add_group("sentence")
    group.add("list", _("show all"), _list_sentences, reads=ReadScope.HALL).add_argument(
        "kind", choices=LISTS, nargs="?", metavar="KIND"
    )
    adding = _of_kind(
        group.add("add", _("add one"), calls("setup.setting_up.add_sentence", _sentences_text, text_en="en"))
    )
    _with_texts(adding)
    setting = _of_kind(
        group.add(
            "set", _("change one"), calls("setup.setting_up.set_sentence", _sentences_text, number="n", text_en="en")
        )
    )
    setting.add_argument("n", type=number, metavar="N")
    _with_texts(setting)
    removing = _of_kind(
        group.add("remove", _("take one away"), calls("setup.setting_up.remove_sentence", _sentences_text, number="n"))
    )
    removing.add_argument("n", type=number, metavar="N")
    _of_kind(
        group.add("usual", _("go back to the usual ones"), calls("setup.setting_up.usual_sentences", _sentences_text))
    )


def _of_kind(parser: Parser) -> Parser:
    parser.add_argument("kind", choices=LISTS, metavar="KIND", help=", ".join(LISTS))
    return parser


def _with_texts(parser: Parser) -> None:
    parser.add_argument("text", type=plain, metavar="TEXT")
    parser.add_argument("--en", metavar="TEXT", help=_("the same in English"))


def _list_sentences(job: Job) -> int:
    from queuedesk.desk.setup import setting_up

    setup = job.setup()
    kinds = [job.args.kind] if job.args.kind else LISTS
    lists = [setting_up.sentence_list(setup, kind) for kind in kinds]
    return job.answer({"lists": lists}, "\n".join(map(_sentences_text, lists)))


def _sentences_text(document: Document) -> str:
    """Return a list as lines: what it is for, then each sentence by its number in both languages."""
    word = said(fields_of(Sentences)[document["kind"]].title)
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


def _add_set_up(commands: CommandList) -> None:
    init = commands.add("init", _init)
    init.add_argument("--preset", type=plain, required=True, metavar="|".join(PRESETS), help=_("what kind of hall"))
    init.add_argument("--name", type=plain, metavar="TEXT", help=_("its name"))
    init.add_argument(
        "--languages",
        type=languages,
        default=(),
        metavar="LANG[,LANG]",
        help=_("its languages, the first one first: zh_CN, en; both without it"),
    )
    init.add_argument("--all-hours", action="store_true", help=_("tickets at all hours of all days"))
    init.add_argument(
        "--facts",
        choices=(KEEP, SUGGEST, DROP),
        default=KEEP,
        help=_(
            "what the preset says of papers, fees, steps and items: shown to customers, only suggested, or left out"
        ),
    )
    init.add_argument(
        "--features",
        type=plain,
        metavar="NAME[,NAME]",
        help=_("what it uses, as features list names it; without it what its kind usually does"),
    )
    for noun, part in PARTS.items():
        group = commands.add_group(noun)
        add_rows(group, part)
        add_list(group, part)
        if part == "notices":
            talk._add_notices(group)
        elif part == "services":
            _add_suggestions(group)
    hall = commands.add_group("hall")
    hall.add("show", _("show it"), _hall_show, reads=ReadScope.HALL)
    hall.add("set", _("change it"), _hall_set).add_argument("pairs", type=pair, nargs="+", metavar="key=value")
    settings = commands.add_group("settings")
    settings.add("list", _("show all"), _settings_list, reads=ReadScope.HALL)
    settings.add("get", _("show one"), _settings_get, reads=ReadScope.HALL).add_argument(
        "key", type=plain, metavar="KEY"
    )
    change = settings.add("set", _("change one"), _settings_set)
    change.add_argument("key", type=plain, metavar="KEY")
    change.add_argument("value", metavar="VALUE")
    setup = commands.add_group("setup")
    setup.add("export", _("write it"), _export, reads=ReadScope.WORK).add_argument("file", type=path, metavar="F.json")
    setup.add("import", _("import it; nothing is removed"), _import_set_up).add_argument(
        "file", type=path, metavar="F.json"
    )


def add_list(group: Commands, part: str) -> None:
    group.add("list", _("show all"), _list_rows, part=part, reads=ReadScope.WORK if part == "staff" else ReadScope.HALL)


def add_rows(group: Commands, part: str) -> None:
    adding = group.add("add", _("add one"), _add_row, part=part)
    changing = group.add("set", _("change one"), _set_row, part=part)
    removing = group.add("remove", _("take one away"), _remove_row, part=part)
    if part not in NUMBERED:
        adding.add_argument("code", type=code, metavar="CODE")
    for parser in (changing, removing):
        parser.add_argument("code", type=code, metavar="CODE" if part not in NUMBERED else "N")
    for parser in (adding, changing):
        parser.add_argument("pairs", type=pair, nargs="+", metavar="key=value")
    if part == "services":
        changing.add_argument(
            "--keep", action="store_true", help=_("with another name: keep what the preset says of it")
        )
    removing.add_argument("--yes", action="store_true", help=_("really"))


def _add_suggestions(group: Commands) -> None:
    group.add(
        "suggested",
        _("show what the preset suggests and customers do not see"),
        _list_suggestions,
        reads=ReadScope.HALL,
    )
    words = {KEEP: _("show suggestions to customers from now on"), DROP: _("take suggestions away")}
    for answer, help_text in words.items():
        parser = group.add(answer, help_text, _decide, answer=answer)
        parser.add_argument("services", type=code, nargs="*", metavar="CODE")
        parser.add_argument("--all", action="store_true", help=_("of all services"))
        parser.add_argument("--facts", type=plain, metavar="FACT,…", help=_("only these"))


def _init(job: Job) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.desk.change import Ask
    from queuedesk.desk.setup import setting_up
    from queuedesk.desk.setup.setting_up import system_timezone
    from queuedesk.i18n.names import code_of
    from queuedesk.paths import resource

    args = job.args
    if args.preset not in PRESETS:
        raise RuleError("unknown_preset", preset=args.preset)
    preset = read_json(resource("presets", f"{args.preset}.json"))
    if args.facts != KEEP:
        preset = as_suggestions(preset) if args.facts == SUGGEST else without_facts(preset)
    document = setting_up.prepared(
        preset,
        code=job.hall_code or (code_of(args.name) if args.name else None),
        name=args.name,
        timezone=system_timezone(),
        lang=getattr(args, "lang", None),
        languages=args.languages,
        all_hours=args.all_hours,
    )
    if args.features is not None:
        named = [name.strip() for name in args.features.split(",") if name.strip()]
        document = {**document, "hall": {**document["hall"], "features": list(choice_with(named))}}
    ask = Ask(CONSOLE, job.now(), getattr(args, "id", None), job.words())
    return _make_hall(job, document, ask)


def _make_hall(job: Job, document: Document, ask: Any) -> int:
    from queuedesk.core.errors import OutsideError
    from queuedesk.desk import looking
    from queuedesk.desk.setup import setting_up

    target = job.owners_target()
    if isinstance(target, Path) and job.named_target() is None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(target)) from error
    desk = setting_up.create_hall(target, document, ask)
    setup = looking.setup_of(desk)
    desk.db.dispose()
    return _answer_with_hall(job, setup)


def _answer_with_hall(job: Job, setup: Setup) -> int:
    made = {
        "hall": setup.hall.code,
        "name": setup.hall.name,
        "timezone": setup.hall.timezone,
        "database": job.place(),
        "services": len(setup.services),
        "windows": len(setup.windows),
        "staff": len(setup.staff),
    }
    from queuedesk.store.engine.address import short_address

    path = short_address(job.place()) if isinstance(job.target(), str) else job.place()
    lines = [_("{name} is ready in {path}.", name=named(setup.hall.name, setup.hall.name_en), path=path)]
    if job.owners_target() != job.target():  # this PC itself works in another hall beside it
        command = f"queuedesk --hall {setup.hall.code} host code --for manager"
        lines.append(_("Let a PC into it by a code: {command}", command=command))
    return job.answer(made, "\n".join(lines))


def _list_rows(job: Job) -> int:
    from queuedesk.core.setup.file import rows_of
    from queuedesk.desk import looking

    setup, part = job.setup(), job.args.part
    if part == "windows":
        rows = looking.window_rows(job.desk(), job.now())
        return job.answer({part: rows}, "\n".join(window_text(row) for row in rows))
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
        rows = [{"code": str(i), **row} for i, row in enumerate(rows_of(setup.document, part), start=1)]
    names = {row.get("code"): row.get("name_en") or "" for row in rows_of(setup.document, part)}
    texts = [row_text({**row, "name_en": names.get(row["code"], "")} if "name" in row else row) for row in rows]
    return job.answer({part: rows}, "\n".join(texts) or _("None."))


def _add_row(job: Job) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk.setup import setting_up

    part = job.args.part
    row = typed_row(part, ROWS[part], job.args.pairs)
    if part not in NUMBERED:
        row = {"code": job.args.code, **row}
    document = setting_up.add_row(job.desk(), job.ask(), part, row)
    return job.answer(document, row_text(document))


def _set_row(job: Job) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk.setup import setting_up
    from queuedesk.i18n.names import left_behind

    part, pairs = job.args.part, job.args.pairs
    if part == "staff" and any(key == "pin" for key, _value in pairs):
        return _set_pin(job)
    row = typed = typed_row(part, ROWS[part], pairs)
    before = job.setup()
    if part == "services" and job.args.keep:
        from queuedesk.core.setup.file import rows_of
        from queuedesk.core.setup.rows import languages

        was = next((one for one in rows_of(before.document, part) if one["code"] == job.args.code), {})
        row = setting_up.renamed_service_row(was, row, languages(before)[0])
    document = setting_up.set_row(job.desk(), job.ask(), part, job.args.code, row)
    told = {key: document[key] for key in dict.fromkeys(("code", "name", "name_en", *typed)) if key in document}
    lines = [row_text(told)]
    if part == "services":
        lines += left_behind(before, job.args.code, document, row)
    return job.answer(document, "\n".join(lines))


def _set_pin(job: Job) -> int:
    """Give a person a PIN, or take it away. It stands alone: a PIN is kept outside the set-up, and is a change of its
    own."""
    from queuedesk.desk.queue import sign_in_and_pins

    if len(job.args.pairs) > 1:
        raise UsageError(_("Set the PIN by itself, without other fields."))
    typed = job.args.pairs[0][1].strip()
    if typed == "?":
        typed = job.secret(_("New PIN: ")) or ""
        if not typed:
            raise UsageError(_("No PIN was typed."))
    document = sign_in_and_pins.set_pin(job.desk(), job.ask(), job.args.code, typed or None)
    who = job.args.code
    return job.answer(
        document, _("{staff} has a PIN now.", staff=who) if document["pin"] else _("{staff} has no PIN now.", staff=who)
    )


def _remove_row(job: Job) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.desk.setup import setting_up
    from queuedesk.i18n.names import left_behind

    part, its_code, before = job.args.part, job.args.code, job.setup()
    if not job.args.yes:
        raise RuleError("needs_yes", kind=part, code=its_code)
    document = setting_up.remove_row(job.desk(), job.ask(), part, its_code)
    lines = [_("{code} is removed.", code=its_code)]
    if part == "services":
        lines += left_behind(before, its_code, None)
    return job.answer(document, "\n".join(lines))


def _hall_show(job: Job) -> int:
    return _hall_answer(job, _hall_row(job))


def _hall_set(job: Job) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk.setup import setting_up

    setting_up.change_hall(job.desk(), job.ask(), typed_row("hall", ROWS["hall"], job.args.pairs))
    return _hall_answer(job, _hall_row(job))


def _hall_row(job: Job) -> Document:
    from queuedesk.core.setup.rows import offered_languages
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
        "languages": list(offered_languages(setup)),
        "country": hall.country,
        "seen_by": list(hall.seen_by),
        "led_by": list(hall.led_by),
        "region": hall.region,
        "district": hall.district,
        "features": None if hall.features is None else list(hall.features),
    }


def _hall_answer(job: Job, row: Document) -> int:
    words = ",".join(f"{what}:{word}" for what, word in row["words"].items())
    lists = ("languages", "seen_by", "led_by")
    shown = {**row, "words": words, **{key: ",".join(row[key]) for key in lists}}
    shown["features"] = "" if row["features"] is None else ",".join(row["features"]) or NONE
    return job.answer(row, "\n".join(f"{key}  {value}" for key, value in shown.items()))


def _settings_list(job: Job) -> int:
    settings = dict(job.setup().settings)
    return job.answer({"settings": settings}, "\n".join(f"{key}  {value}" for key, value in settings.items()))


def _settings_get(job: Job) -> int:
    from queuedesk.core.errors import RuleError

    settings, key = job.setup().settings, job.args.key
    if key not in settings:
        raise RuleError("unknown_setting", key=key)
    return job.answer({"key": key, "value": settings[key]}, str(settings[key]))


def _settings_set(job: Job) -> int:
    from queuedesk.core.imports.half_width import half_width
    from queuedesk.desk.setup import setting_up

    document = setting_up.change_setting(job.desk(), job.ask(), job.args.key, half_width(job.args.value).strip())
    return job.answer(document, f"{document['key']}  {document['value']}")


def _export(job: Job) -> int:
    document = dict(job.setup().document)
    document.setdefault("staff", [])
    document.setdefault("classes", [])
    write_json(job.args.file, document)
    return job.answer({"file": str(job.args.file)}, str(job.args.file))


def _import_set_up(job: Job) -> int:
    """Take a set-up file into the hall; where there is no hall yet it makes one."""
    from queuedesk.core.errors import OutsideError
    from queuedesk.desk.change import Ask
    from queuedesk.desk.setup import setting_up

    document = read_setup_file(job.args.file)
    try:
        desk = job.desk()
    except OutsideError as error:
        if error.code != "database_missing":
            raise
        named = setting_up.prepared(document, code=job.hall_code)
        return _make_hall(job, named, Ask(CONSOLE, job.now(), getattr(job.args, "id", None), job.words()))
    counts = setting_up.import_setup(desk, job.ask(), document)
    if "hall" in counts:  # with the id of the command that made the hall
        return _answer_with_hall(job, job.setup())
    said = [
        n_("{n} service", "{n} services", counts["services"]),
        n_("{n} window", "{n} windows", counts["windows"]),
        n_("{n} person", "{n} people", counts["staff"]),
    ]
    return job.answer(counts, "  ".join(said))


def _list_suggestions(job: Job) -> int:
    from queuedesk.core.setup.file import rows_of
    from queuedesk.i18n.suggestion_words import fact_text, fact_title

    found, lines = [], []
    for row in rows_of(job.setup().document, "services"):
        facts = suggestions_of(row)
        if not facts:
            continue
        found.append({"code": row["code"], "suggested": facts})
        lines.append(f"{row['code']}  {named(str(row.get('name') or ''), row.get('name_en'))}")
        lines += [
            f"  {fact_title(fact)}: {fact_text(fact, fields)}".replace("\n", "\n    ") for fact, fields in facts.items()
        ]
    return job.answer({"services": found}, "\n".join(lines) or _("None."))


def _decide(job: Job) -> int:
    from queuedesk.desk.setup import setting_up
    from queuedesk.i18n.suggestion_words import facts_text

    args = job.args
    if bool(args.services) == args.all:
        raise UsageError(_("Name services, or use --all."))
    facts = [one.strip() for one in (args.facts or "").split(",") if one.strip()]
    codes = args.services or list(job.setup().services)
    answers = {code: same_answer(args.answer, facts) for code in codes}
    document = setting_up.decide_suggestions(job.desk(), job.ask(), answers)
    lines = [f"{row['code']}  {facts_text(row['facts'])}" for row in document["services"]]
    return job.answer(document, "\n".join(lines) or _("Nothing is suggested there."))


ENDINGS = (".png", ".pdf")
WIDTHS = (576, 384)


def _add_ticket_design(commands: CommandList) -> None:
    group = commands.add_group("ticket-design")
    group.add("show", _("show how it is set up"), _show, reads=ReadScope.HALL)
    group.add("set", _("change it"), _set_design).add_argument("pairs", type=pair, nargs="+", metavar="key=value")
    preview = group.add("preview", _("draw a sample ticket"), _preview, reads=ReadScope.HALL)
    preview.add_argument("--out", type=path, metavar="F.png", required=True, help=_("a .png or .pdf"))
    preview.add_argument("--width", type=int, choices=WIDTHS, default=WIDTHS[0], help=_("dots of the printer"))
    group.add("print", _("print a sample ticket"), _print, reads=ReadScope.HALL)


def _show(job: Job) -> int:
    document = _design_document(job)
    shown = {**document, "hidden": ",".join(document["hidden"]), "languages": ",".join(document["languages"])}
    shown["logo"] = _("there is one", context="logo") if document["logo"] else ""
    return job.answer(document, "\n".join(f"{key}  {value}".rstrip() for key, value in shown.items()))


def _set_design(job: Job) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk.setup import setting_up

    row = typed_row("ticket", ROWS["ticket"], job.args.pairs)
    if row.get("logo"):
        from queuedesk.printing.slip_contents import logo_text

        row["logo"] = logo_text(Path(row["logo"]))
    setting_up.change_part(job.desk(), job.ask(), "ticket", row)
    return _show(job)


def _preview(job: Job) -> int:
    out: Path = job.args.out
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .png or .pdf."))
    file = job.services.paper(job.desk(), job.now).save_sample(out, job.args.width)
    return job.answer({"file": str(file)}, str(file))


def _print(job: Job) -> int:
    from queuedesk.cli.this_pc import printed

    return printed(job, job.services.paper(job.desk(), job.now).print_sample(), {})


def _design_document(job: Job) -> Document:
    design = job.setup().ticket_design
    return {
        "hidden": sorted(design.hidden),
        **{key: getattr(design, key) for key in TEXTS},
        "number": design.number,
        "languages": list(design.languages),
        "logo": bool(design.logo),
    }
