"""One unit to take along: what blocks it, what remains and its criteria, as a workbook."""

import uuid

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from criteria.scale import Outcome
from reports.rollup import Standing
from reports.rollup.path import Mending, Path
from reports.views.heat_table import WORDS
from reports.views.unit_now import UnitNow, load_now
from reports.workbook import MEDIA_TYPE, Sheet, Value, write_sheets


@allow(*READERS, *STATION)
@require_safe
def unit_workbook(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The unit in the round and on the day the address asks for, a tab for each list."""
    now = load_now(pk, request)
    unit, asked = now.unit, now.asked
    if asked.status != 200 or now.standing is None:
        raise Http404
    name = f"don-vi-{unit.code}-{asked.day:%Y-%m-%d}.xlsx"
    return HttpResponse(
        write_sheets(sheets_of(now, now.standing)),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def sheets_of(now: UnitNow, standing: Standing) -> list[Sheet]:
    """What is in the way, the path and the criteria, in the order of the page."""
    basis = now.sentence
    if now.round is not None and now.round.is_sample:
        basis += f" Kỳ {now.round.year} là dữ liệu mẫu, không phải số liệu thật."
    found = [_blockers(now, basis)]
    if now.path is not None:
        found.append(_path(now.path, basis))
    return [*found, _criteria(standing, basis)]


def _blockers(now: UnitNow, basis: str) -> Sheet:
    headings = (
        "Bên phải làm",
        "Mã",
        "Tiêu chí",
        "Vì sao",
        "Ai làm",
        "Từ ngày",
        "Đã chờ (ngày)",
        "Việc tiếp theo",
    )
    return Sheet(
        "Đang chặn",
        f"Điều gì đang chặn {now.unit.full_name}",
        basis,
        headings,
        [
            (
                str(waiting.party),
                one.criterion or "Phiếu",
                one.title,
                one.sentence,
                one.owner,
                one.since,
                one.days(now.waits_until),
                one.next_step,
            )
            for waiting in now.waiting
            for one in waiting.blockers
        ],
    )


def _path(path: Path, basis: str) -> Sheet:
    headings = (
        "Thứ tự",
        "Việc",
        "Ai làm",
        "Lần được khắc phục",
        "Trên số lần",
        "Thường (ngày)",
        "Trên số phiếu",
    )
    lines = [_mending(one) for one in path.mendings]
    if path.unanswered:
        what = f"Tự đánh giá {path.unanswered} tiêu chí chưa có kết quả"
        lines.append([what, "Công an phường", None, None, None, None])
    lines += [
        [
            step.name,
            step.who,
            None,
            None,
            step.stay.days if step.stay is not None else None,
            step.stay.files if step.stay is not None else None,
        ]
        for step in path.steps
    ]
    rows: list[list[Value]] = [[place, *line] for place, line in enumerate(lines, 1)]
    return Sheet("Đường ngắn nhất", "Đường ngắn nhất đến công nhận", basis, headings, rows)


def _mending(one: Mending) -> list[Value]:
    closing = one.closing
    share: list[Value] = [closing.closed, closing.of] if closing.is_known else [None, None]
    return [f"{one.blocker.criterion}. {one.blocker.title}", one.blocker.owner, *share, None, None]


def _criteria(standing: Standing, basis: str) -> Sheet:
    why = {one.criterion: one.sentence for one in standing.blockers}
    return Sheet(
        "Tiêu chí",
        "Kết quả từng tiêu chí",
        basis,
        ("Mã", "Tiêu chí", "Tự đánh giá", "Thẩm định", "Vì sao chưa đạt"),
        [
            (
                one.code,
                one.title,
                _word(standing.self_outcomes.get(one.code)),
                _word(standing.verified_outcomes.get(one.code)) if standing.is_concluded else None,
                why.get(one.code),
            )
            for one in standing.frame.criteria
        ],
    )


def _word(outcome: Outcome | None) -> str:
    return WORDS[outcome or Outcome.UNANSWERED][1]
