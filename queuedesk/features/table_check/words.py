"""An audited table in words: each finding as one sentence that a manager understands, figures as they stand in
reports, and how the table was read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from queuedesk.core.figures.satisfaction import Rate
from queuedesk.core.imports import COMMA, POINT, half_width_text
from queuedesk.features.table_check.rules import audit as audits
from queuedesk.features.table_check.rules.reading import HUNDRED, ONE, ColumnReading, absolute_month_number
from queuedesk.i18n import moments, names
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.value_refusals import digit_separator_word, shortened_cell_text, value_text

MOST_NAMED = 8
FEWEST_IN_RANGE = 3
MINUS = "−"
_IMPOSSIBLE = {
    "month": mark("{rows}: this is no month, so the row counts nowhere."),
    "twice": mark("{rows}: this month is there more than once."),
    "torn": mark("{rows}: more cells than the header has, so no figure of the row can be trusted."),
    "satisfied": mark("{rows}: the number of satisfied is no whole number from 0 up, so there is no rate."),
    "dissatisfied": mark("{rows}: the number of dissatisfied is no whole number from 0 up, so there is no rate."),
    "stated": mark("{rows}: what is stated is no percentage from 0 to 100."),
    "total": mark("{rows}: satisfied and dissatisfied together are not the stated total."),
    "nobody": mark("{rows}: a percentage is stated, but nobody answered."),
}
_MISSING = {
    "month": mark("{rows}: the month is missing, so the row counts nowhere."),
    "satisfied": mark("{rows}: the number of satisfied is missing, so there is no rate."),
    "dissatisfied": mark("{rows}: the number of dissatisfied is missing, so there is no rate."),
    "stated": mark("{rows}: no percentage is stated."),
}
_SHORT = {
    audits.WRONG: mark("Wrong percentages"),
    audits.SLIP: mark("The slip behind it"),
    audits.COPIED: mark("A copied column"),
    audits.CLAIM: mark("A claim that does not hold"),
    audits.MEAN: mark("A mean of percentages"),
    audits.IMPOSSIBLE: mark("Impossible values"),
    audits.MISSING: mark("Missing values"),
}


def finding_title(kind: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _SHORT[kind])


def finding_text(finding: audits.TableFinding, lang: str | None = None) -> str:
    """Return a finding as one sentence."""
    lang = lang or current_language()
    rows = months_text(finding.rows, lang)
    if finding.kind == audits.WRONG:
        return _wrong_percentages_text(finding, lang)
    if finding.kind == audits.SLIP:
        return tr(
            lang,
            "{rows}: what is stated is 1 − dissatisfied ÷ satisfied; a satisfaction rate is satisfied ÷ (satisfied + dissatisfied).",
            rows=rows,
        )
    if finding.kind == audits.COPIED:
        return _carried_over_counts_sentence(finding, lang)
    if finding.kind == audits.CLAIM:
        return _refuted_claim_text(finding, lang)
    if finding.kind == audits.MEAN:
        return tr(
            lang,
            "{headline} % is the mean of the monthly percentages; all {n} answers together give {pooled} %.",
            headline=f"{finding.details['headline']:f}",
            n=f"{finding.details['n']:,}",
            pooled=percentage_text(finding.details["pooled"]),
        )
    known = _IMPOSSIBLE if finding.kind == audits.IMPOSSIBLE else _MISSING
    return tr(lang, known[finding.details["what"]], rows=rows)


def _wrong_percentages_text(finding: audits.TableFinding, lang: str) -> str:
    shares: Sequence[audits.AuditedMonthRow] = finding.details["shares"]
    n, of = finding.details["n"], finding.details["of"]
    said = [_share_among_percents_text(shares, lang)] if shares else []
    if n:
        said.insert(0, _worst_percentage_sentence(finding.details["worst"], n, of, lang))
    return ("" if lang == "zh_CN" else " ").join(said)


def _share_among_percents_text(shares: Sequence[audits.AuditedMonthRow], lang: str) -> str:
    """Return which values are shares of 1 among percentages, and what they mean."""
    first = shares[0]
    meant = first.percent_if_typed_as_share
    return ntr(
        lang,
        "{month} states {stated}, a share of 1 among percentages: it should read {meant}.",
        "{rows} state shares of 1 among percentages: {stated} of {month} should read {meant}.",
        len(shares),
        month=first.month,
        rows=months_text(tuple(row.month for row in shares), lang),
        stated=stated_figure(first),
        meant="" if meant is None else f"{meant.value:f}",
    )


def _worst_percentage_sentence(worst: audits.AuditedMonthRow, n: int, of: int, lang: str) -> str:
    told: dict[str, Any] = {
        "of": of,
        "month": worst.month,
        "stated": stated_figure(worst),
        "true": percentage_text(worst.true_percent),
    }
    if n == of > 1:
        return tr(
            lang,
            "None of the {of} stated percentages is what the counts give; furthest off is {month}: {stated} stated, {true} true.",
            **told,
        )
    return ntr(
        lang,
        "{n} of {of} stated percentages is not what the counts give: {month} states {stated}, true is {true}.",
        "{n} of {of} stated percentages are not what the counts give; furthest off is {month}: {stated} stated, {true} true.",
        n,
        **told,
    )


def _carried_over_counts_sentence(finding: audits.TableFinding, lang: str) -> str:
    spans = [tr(lang, "{first} to {last}", first=a, last=b, context="months") for a, b in finding.details["spans"]]
    where = moments.list_text(spans, lang)
    if finding.details["column"] == "satisfied":
        return tr(
            lang,
            "The numbers of satisfied are the same in the same order in {spans}; separate surveys do not give that, so one looks carried over.",
            spans=where,
        )
    return tr(
        lang,
        "The numbers of dissatisfied are the same in the same order in {spans}; separate surveys do not give that, so one looks carried over.",
        spans=where,
    )


def _refuted_claim_text(finding: audits.TableFinding, lang: str) -> str:
    below: Sequence[audits.AuditedMonthRow] = finding.details["below"]
    months = [f"{row.month} ({percentage_text(row.true_percent)})" for row in below[:MOST_NAMED]]
    return ntr(
        lang,
        "That every month is above {claim} % does not hold for {n} of {of} months: {months}.",
        "That every month is above {claim} % does not hold for {n} of {of} months: {months}.",
        len(below),
        claim=f"{finding.details['claim']:f}",
        of=finding.details["of"],
        months=_first_names_and_rest(months, len(below), lang),
    )


def months_text(rows: Sequence[str], lang: str | None = None) -> str:
    """Return the first months, three or more in a row as a range, and how many more there are."""
    lang = lang or current_language()
    runs: list[list[str]] = []
    for row in rows:
        if runs and _is_next_month(runs[-1][-1], row):
            runs[-1].append(row)
        else:
            runs.append([row])
    named: list[str] = []
    for run in runs:
        is_long = len(run) >= FEWEST_IN_RANGE
        named += [tr(lang, "{first} to {last}", first=run[0], last=run[-1], context="months")] if is_long else run
    return _first_names_and_rest(named[:MOST_NAMED], len(named), lang)


def _is_next_month(before: str, row: str) -> bool:
    one, two = absolute_month_number(before), absolute_month_number(row)
    return one is not None and two is not None and two == one + 1


def _first_names_and_rest(named: list[str], count: int, lang: str) -> str:
    rest = count - len(named)
    return moments.list_text([*named, *([ntr(lang, "{n} more", "{n} more", rest)] if rest > 0 else [])], lang)


def percentage_text(value: Fraction | None, decimals: int = 2) -> str:
    """Return a percentage with its decimals; "—" where there is none."""
    if value is None:
        return names.UNKNOWN
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}".replace("-", MINUS)


def stated_figure(row: audits.AuditedMonthRow) -> str:
    """Return a row's stated figure with the decimals given there."""
    return names.UNKNOWN if row.percent is None else f"{row.percent.value:f}".replace("-", MINUS)


def stated_minus_true_text(row: audits.AuditedMonthRow) -> str:
    """Return stated minus true in percentage points with its sign, "0" where rounding explains it."""
    if row.stated_minus_true_percent is None:
        return names.UNKNOWN
    if not row.is_wrong:
        return "0"
    text = percentage_text(row.stated_minus_true_percent)
    return text if text.startswith(MINUS) else f"+{text}"


def rate_interval_text(found: Rate) -> str:
    """Return "93.53–97.35"."""
    if found.low is None or found.high is None:
        return names.UNKNOWN
    return moments.figure_range(f"{100 * found.low:.2f}", f"{100 * found.high:.2f}")


def pooled_rate_text(found: Rate, lang: str | None = None) -> str:
    """Return the rate of all answers together with its interval, and why it says nothing about those who did not
    answer."""
    lang = lang or current_language()
    if found.rate is None:
        return tr(lang, "No row has counts that can be used.")
    return tr(
        lang,
        "All {n} answers together: {rate} %, 95 % interval {interval} %.",
        n=f"{found.n:,}",
        rate=f"{100 * found.rate:.2f}",
        interval=rate_interval_text(found),
    )


def open_questions_text(lang: str | None = None) -> str:
    """Return the questions that a table of answers leaves open."""
    return tr(
        lang or current_language(),
        "The table does not say how many customers were served, so the share that answered is unknown.",
    )


def findings_summary(audit: audits.TableAudit, lang: str | None = None) -> str:
    """Return the number of findings, or that nothing could be checked."""
    lang = lang or current_language()
    if not audit.findings and not audit.pooled.n:
        return pooled_rate_text(audit.pooled, lang)
    if not audit.findings:
        return tr(lang, "Nothing to object to: every stated percentage is what the counts give.")
    return ntr(lang, "{n} finding", "{n} findings", len(audit.findings))


def reading_texts(found: audits.TableAudit, lang: str | None = None) -> list[str]:
    """Return how the table was read where that had to be decided, a sentence for columns that are alike."""
    return [
        *(column_reading_text(one, lang) for one in found.told),
        *(summed_columns_text(one, lang) for one in found.added),
    ]


def column_reading_text(told: ColumnReading, lang: str | None = None) -> str:
    """Return how columns were read, by one of their cells."""
    lang = lang or current_language()
    value = value_text(told.value, is_count=told.is_count)
    details = {"columns": moments.list_text(told.columns, lang), "text": shortened_cell_text(told.text), "value": value}
    if told.is_share and told.decimal == COMMA:
        return tr(lang, "{columns}: read {text} as {value}, a share of 1; the comma is the decimal sign.", **details)
    if told.is_share:
        return tr(lang, "{columns}: read {text} as {value}, a share of 1.", **details)
    if told.thousands:
        sign = digit_separator_word(told.thousands, lang)
        return tr(lang, "{columns}: read {text} as {value}; the {sign} separates thousands.", sign=sign, **details)
    sign = digit_separator_word(told.decimal, lang)
    return tr(lang, "{columns}: read {text} as {value}; the {sign} is the decimal sign.", sign=sign, **details)


def summed_columns_text(added: audits.SummedLevelColumns, lang: str | None = None) -> str:
    """Return which columns were added up."""
    lang = lang or current_language()
    columns = moments.list_text(added.columns, lang)
    if added.is_satisfied:
        return tr(lang, "Counted as satisfied: {columns}.", columns=columns)
    return tr(lang, "Counted as dissatisfied: {columns}.", columns=columns)


def reading_choice_text(said: str, text: str, lang: str | None = None) -> str:
    """Return what is meant by a choice about the cell `text`."""
    lang = lang or current_language()
    if said == str(ONE):
        return tr(lang, "a share of 1")
    if said == str(HUNDRED):
        return tr(lang, "already in percent")
    sign = COMMA if COMMA in half_width_text(text) else POINT  # A cell with both has one reading only.
    word = digit_separator_word(sign, lang)
    if said == sign:
        return tr(lang, "the {sign} is the decimal sign", sign=word)
    return tr(lang, "the {sign} separates thousands", sign=word)
