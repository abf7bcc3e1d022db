"""The sentences of the report, each from the frozen figures."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reports.pdf import words
from reports.pdf.tables import COUNTED_AS, is_whole, restated_level
from reports.rollup.numbers import number_text

Figures = Mapping[str, Any]

WEAKEST_SHOWN = 5

_COMMUNE = re.compile(r"(?<!thị )\bxã\b")

_COUNTED_SENTENCE = {
    "recognised": (
        "Số {unit} được tính là “đạt” trong báo cáo này là số {unit} đã có quyết định công nhận "
        "của Bộ Công an"
    ),
    "verified": (
        "Số {unit} được tính là “đạt” trong báo cáo này là số {unit} được tỉnh thẩm định, xác "
        "nhận đạt đủ tiêu chí"
    ),
    "self_assessed": (
        "Số {unit} được tính là “đạt” trong báo cáo này là số {unit} tự đánh giá đạt đủ tiêu chí, "
        "chưa qua thẩm định"
    ),
}


def counted_sentence(counts_as: str, unit_word: str) -> str:
    """State which of the three counts is taken as "đạt", and in which column it stands."""
    sentence = _COUNTED_SENTENCE[counts_as].format(unit=unit_word)
    return f"{sentence} (cột “{COUNTED_AS[counts_as]}”)."


def unit_word_of(figures: Figures) -> str:
    """Return "phường" when every unit is one, "đơn vị" when others take part as well."""
    names = [str(unit["name"]).lower() for unit in figures.get("units") or []]
    if not names:
        name = str(figures["programme"]["name"]).lower()
        return "phường" if "phường" in name and not _COMMUNE.search(name) else "đơn vị"
    return "phường" if all(name.startswith("phường") for name in names) else "đơn vị"


def sentences_of(text: str | None) -> list[str]:
    return [words.stopped(line) for line in words.lines_of(text)]


def criteria_set_name(criteria_set: Figures) -> str:
    name = str(criteria_set.get("name") or "")
    cited = words.short_citation(str(criteria_set.get("document_number") or ""))
    if name and cited:
        return f"{name} ban hành kèm theo {cited}"
    return name or cited


def late_unit(item: Figures) -> str:
    text = f"{words.joined_place(str(item['unit']))}: {words.lowered(str(item['status_label']))}"
    days = int(item.get("days_late") or 0)
    return f"{text}, quá hạn {words.counted(days)} ngày" if days > 0 else text


def duty_reports_sentence(found: Figures, year: int) -> str:
    """Say how many agencies have reported on their duties; empty in figures that do not tell."""
    if not found:
        return ""
    in_time, late = int(found["in_time"]), int(found["late"])
    last = words.as_date(found.get("last_day"))
    due = f" (hạn đến hết ngày {words.short_date(last)})" if last else ""
    parts = [
        f"{words.counted(in_time)} cơ quan {'đúng hạn' if last else 'đã gửi'}",
        f"{words.counted(late)} cơ quan gửi muộn" if late else "",
    ]
    told = ", ".join(part for part in parts if part)
    missing = int(found["overdue"]) + int(found["waiting"])
    ended = int(found["ended"])
    rest = f"; {words.counted(missing)} cơ quan chưa gửi" if missing else ""
    if ended:
        rest += f"; {words.counted(ended)} cơ quan không còn phải gửi do tỉnh đã sắp xếp trước hạn"
    return (
        f"Báo cáo thực hiện nhiệm vụ năm {year} của các cơ quan, đơn vị được phân công{due}: "
        f"{words.counted(in_time + late)}/{words.counted(int(found['agencies']))} đã gửi, gồm "
        f"{told}{rest}{':' if late or missing else '.'}"
    )


def duties_owed(found: Figures) -> list[str]:
    """Return the agencies that reported late, then those that did not report."""
    lines = []
    for state, text in (
        ("late", "gửi muộn {days} ngày"),
        ("overdue", "chưa gửi, quá hạn {days} ngày"),
        ("waiting", "chưa gửi, chưa đến hạn"),
    ):
        lines += [
            f"{one['agency']}: {text.format(days=words.counted(int(one['days'])))}"
            for one in found.get("reports") or []
            if one["state"] == state
        ]
    return lines


def restated_targets(rows: Sequence[Figures], unit_word: str) -> list[str]:
    """Say, once for each scope, how mergers have changed the units since the target was set."""
    notes: dict[str, str] = {}
    for row in rows:
        level = restated_level(row)
        if level:
            scope = str(row.get("scope_label") or "Toàn chương trình")
            notes[scope] = (
                f"{scope}: {number_text(row['of'])} {unit_word} khi phê duyệt nay là "
                f"{level.partition('/')[2]} {unit_word} do sắp xếp đơn vị hành chính; chỉ tiêu "
                "quy đổi, làm tròn lên, ghi sau chữ “nay”."
            )
    return list(notes.values())


def baseline_sentence(baseline: Figures) -> str:
    day = words.as_date(baseline.get("on"))
    if not day:
        return ""
    cited = words.short_citation(str(baseline.get("document") or ""))
    source = f" nêu tại {cited}" if cited else ""
    total = words.counted(int(baseline.get("total") or 0))
    return (
        f"Kết quả khảo sát ban đầu {words.legal_date(day)}{source}: {total} lượt nội dung chưa "
        "đạt. Khảo sát chỉ ghi nội dung chưa đạt; dấu “–” là nhóm không được khảo sát nêu, không "
        "phải là đạt."
    )


def weakest_criteria(criteria: Sequence[Figures], unit_word: str) -> list[str]:
    failing = sorted(
        (item for item in criteria if item["not_met"]), key=lambda item: -int(item["not_met"])
    )
    return [
        f"{item['code']} – {item['title']}: "
        f"{words.counted(int(item['not_met']))} {unit_word} chưa đạt"
        for item in failing[:WEAKEST_SHOWN]
    ]


def next_target(rows: Sequence[Figures], next_year: int, unit_word: str) -> str:
    for row in rows:
        if is_whole(row) and str(row["by"])[:4] == str(next_year):
            required, of = words.counted(int(row["required"])), words.counted(int(row["of"]))
            level = restated_level(row)
            restated = f" (nay quy đổi là {level})" if level else ""
            return (
                f"Chỉ tiêu lũy kế đến hết năm {next_year}: {required}/{of} {unit_word}{restated}."
            )
    return ""


def registered_unit(item: Figures) -> str:
    place = words.place_name(str(item["name"]), str(item.get("district") or ""))
    source = words.lowered(str(item.get("source_label") or ""))
    return f"{place} ({source})" if source else place


def registration_sentence(registrations: Figures, next_year: int, unit_word: str) -> str:
    listed = len(registrations.get("units") or [])
    assigned = registrations.get("assigned")
    given = ""
    if assigned is not None:
        given = f"Bộ Công an giao {words.counted(int(assigned))} {unit_word}; "
    if not listed:
        return f"{given}{'c' if given else 'C'}hưa có {unit_word} đăng ký năm {next_year}."
    opening = "danh sách" if given else "Danh sách"
    return (
        f"{given}{opening} đăng ký năm {next_year} gồm {words.counted(listed)} {unit_word}"
        f"{_by_source(registrations)}:"
    )


def _by_source(registrations: Figures) -> str:
    """The figures of the year apart from one another: a unit may be counted in two of them."""
    parts = []
    for one in registrations.get("sources") or []:
        told, known = one.get("told"), int(one["known"])
        figure = f"{words.lowered(str(one['label']))} {known}"
        if told is not None and int(told) != known:
            figure += f", văn bản nêu {told}"
        if known or told:
            parts.append(figure)
    return f" ({'; '.join(parts)})" if parts else ""
