"""Drafting in the browser: who may, what is refused, and two coordinators at one draft."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, User
from criteria.actions import drafting
from criteria.actions.drafting import CRITERION_FIELDS, SET_FIELDS
from criteria.actions.holding import DraftConflict, fingerprint
from criteria.comparison import compare
from criteria.models import CriteriaSet, Criterion, Group, Indicator
from tests import cast

SignIn = Callable[[User], Client]


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def part_url(found: Any, kind: str, end: str = "") -> str:
    owner = found.owning_set()
    return f"/bo-tieu-chi/{owner.code}/{kind}/{found.pk}/{end}"


def typed(client: Client, url: str, **changed: Any) -> dict[str, Any]:
    """What the form on a page holds, with some fields typed anew."""
    form = client.get(url).context["form"]
    held = {field.name: field.value() for field in form}
    held = {name: value for name, value in held.items() if value not in (None, False)}
    return {**held, **changed}


def test_a_copy_says_the_same_and_is_to_replace_its_source(
    draft: CriteriaSet, criteria_set: CriteriaSet, people: cast.People
) -> None:
    assert compare(criteria_set, draft).is_empty
    assert (draft.replaces, draft.is_published, draft.drafted_by) == (
        criteria_set,
        False,
        people.coordinator,
    )
    assert AuditEntry.objects.get(event="criteria_set_drafted").details == {"copied_from": "TC-3"}


def test_an_empty_draft_is_filled_in_the_browser(
    people: cast.People, criteria_set: CriteriaSet, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    made = client.post("/bo-tieu-chi-moi/", {"code": "TC-2024", "name": "Bộ 2024"})
    assert made.headers["Location"] == "/bo-tieu-chi/TC-2024/soan/"
    draft = CriteriaSet.objects.get(code="TC-2024")
    base = "/bo-tieu-chi/TC-2024/them"
    assert client.post(f"{base}/nhom/", {"code": "1", "name": "Trật tự"}).status_code == 302
    group = draft.groups.get()
    sent = {"group_id": group.pk, "code": "C06", "title": "Trụ sở"}
    assert client.post(f"{base}/tieu-chi/", sent).status_code == 302
    criterion = draft.criteria.get()
    assert (criterion.position, criterion.ward_alone) == (1, False)
    sent = {
        "trong": criterion.pk,
        "code": "6a",
        "title": "Diện tích",
        "kind": "ratio",
        "at_least": "99,5",
    }
    assert client.post(f"{base}/chi-so/", sent).status_code == 302
    assert Indicator.objects.get(criterion=criterion).at_least == Decimal("99.50")
    page = words(client.get("/bo-tieu-chi/TC-2024/soan/"))
    assert "1 tiêu chí" in page
    assert "Từ 99,50% trở lên" in page


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"kind": "count"}, "at_least", "Cần nhập tối thiểu hoặc tối đa."),
        ({"kind": "ratio", "at_least": "130"}, "at_least", "không được quá 100"),
        ({"kind": "count", "at_least": "5", "at_most": "4"}, "at_least", "Lớn hơn “Tối đa” (4)."),
        ({"kind": "count", "at_least": "-1"}, "at_least", "Không được âm."),
        ({"kind": "count", "at_least": "1e300"}, "at_least", "Số quá lớn."),
        ({"kind": "yes_no", "at_most": "1"}, "at_most", "kiểu “Có/Không” không có ngưỡng"),
        ({"kind": "title"}, "level", "Cần chọn mức xếp loại phải đạt."),
        ({"kind": "count", "at_most": "0", "may_exceed": "on"}, "may_exceed", "Chỉ chỉ số kiểu"),
        ({"kind": "yes_no", "level": "party-rating:good"}, "level", "Chỉ kiểu xếp loại"),
        ({"kind": "yes_no", "code": "mã có dấu"}, "code", "Mã không hợp lệ."),
        ({"kind": "yes_no", "title": "a\x00b"}, "title", "ký tự"),
    ],
)
def test_an_indicator_follows_the_rules_of_packs(
    draft: CriteriaSet,
    people: cast.People,
    sign_in: SignIn,
    sent: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    criterion = draft.criteria.all()[0]
    body = {"trong": criterion.pk, "code": "9z", "title": "Chỉ số", **sent}
    answer = sign_in(people.coordinator).post(f"/bo-tieu-chi/{draft.code}/them/chi-so/", body)
    assert answer.status_code == 400
    assert any(sentence in one for one in answer.context["form"].errors[field])
    assert criterion.indicators.count() == 1


def test_codes_are_used_once_in_the_whole_set(draft: CriteriaSet, people: cast.People) -> None:
    first = draft.criteria.all()[0]
    for kind, values, parent in (
        (Group, {"code": "2", "name": "Nhóm"}, None),
        (Criterion, {"code": "C03", "title": "Khác", "group_id": first.group_id}, None),
        (Indicator, {"code": "3a", "title": "Khác", "kind": "yes_no"}, first),
    ):
        with pytest.raises(NotReady, match="đã được dùng"):
            drafting.add_part(
                draft, kind, values, parent=parent, by=people.coordinator, now=cast.NOW
            )


def test_a_new_criterion_takes_its_place_in_its_group(
    draft: CriteriaSet, people: cast.People
) -> None:
    group = draft.groups.get(code="1")
    values = {"code": "C99", "title": "Thêm", "group_id": group.pk}
    drafting.add_part(draft, Criterion, values, by=people.coordinator, now=cast.NOW)
    assert list(draft.criteria.values_list("code", "position")) == [
        ("C01", 1),
        ("C99", 2),
        ("C02", 3),
        ("C03", 4),
    ]


def test_parts_move_up_and_down_without_script(
    draft: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    third = draft.criteria.get(code="C03")
    url = part_url(third, "tieu-chi", "chuyen/")
    assert client.post(url, {"huong": "len"}).status_code == 302
    assert [one.code for one in draft.criteria.all()] == ["C01", "C03", "C02"]
    client.post(url, {"huong": "len"})
    assert [one.code for one in draft.criteria.all()] == ["C01", "C03", "C02"]
    client.post(part_url(draft.groups.get(code="2"), "nhom", "chuyen/"), {"huong": "len"})
    assert [one.code for one in draft.criteria.all()] == ["C03", "C02", "C01"]
    assert client.post(url, {"huong": "ngang"}).status_code == 400


def test_a_group_is_deleted_with_all_that_stands_under_it(
    draft: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    url = part_url(draft.groups.get(code="2"), "nhom", "xoa/")
    asked = client.get(url)
    assert "Xóa luôn 2 mục bên trong" in words(asked)
    client.post(url, {"seen": asked.context["seen"]})
    assert [one.code for one in draft.criteria.all()] == ["C01"]
    assert draft.groups.count() == 1


def test_two_coordinators_at_one_criterion_see_both_versions(
    draft: CriteriaSet, people: cast.People, mai: User, sign_in: SignIn
) -> None:
    criterion = draft.criteria.get(code="C02")
    url = part_url(criterion, "tieu-chi")
    mine = typed(sign_in(people.coordinator), url, title="Bản của Dũng")
    theirs = typed(sign_in(mai), url, title="Bản của Mai")
    assert sign_in(mai).post(url, theirs).status_code == 302
    answer = sign_in(people.coordinator).post(url, mine)
    assert answer.status_code == 409
    page = words(answer)
    assert "Bản của Dũng" in page
    assert "Bản của Mai" in page
    criterion.refresh_from_db()
    assert criterion.title == "Bản của Mai"
    again = {field.name: field.value() for field in answer.context["form"]}
    again = {name: value for name, value in again.items() if value not in (None, False)}
    assert sign_in(people.coordinator).post(url, again).status_code == 302
    criterion.refresh_from_db()
    assert criterion.title == "Bản của Dũng"


def test_two_coordinators_at_two_criteria_do_not_disturb_each_other(
    draft: CriteriaSet, people: cast.People, mai: User, sign_in: SignIn
) -> None:
    first, second = (part_url(one, "tieu-chi") for one in draft.criteria.all()[:2])
    mine = typed(sign_in(people.coordinator), first, title="Một")
    theirs = typed(sign_in(mai), second, title="Hai")
    assert sign_in(mai).post(second, theirs).status_code == 302
    assert sign_in(people.coordinator).post(first, mine).status_code == 302
    assert [one.title for one in draft.criteria.all()[:2]] == ["Một", "Hai"]


def test_facts_changed_elsewhere_are_not_written_over(
    draft: CriteriaSet, people: cast.People, mai: User, sign_in: SignIn
) -> None:
    url = f"/bo-tieu-chi/{draft.code}/thong-tin/"
    mine = typed(sign_in(people.coordinator), url, short_name="Của Dũng", stated_count="3")
    sign_in(mai).post(url, typed(sign_in(mai), url, short_name="Của Mai"))
    answer = sign_in(people.coordinator).post(url, mine)
    assert answer.status_code == 409
    assert {"Của Dũng", "Của Mai"} <= {
        text for line in answer.context["lines"] for text in (line.mine, line.theirs)
    }
    draft.refresh_from_db()
    assert draft.short_name == "Của Mai"


def test_what_was_deleted_meanwhile_is_told(draft: CriteriaSet, people: cast.People) -> None:
    criterion = draft.criteria.get(code="C01")
    stale = Criterion.objects.get(pk=criterion.pk)
    seen = fingerprint(criterion, CRITERION_FIELDS)
    drafting.delete_part(draft, criterion, seen=seen, by=people.coordinator, now=cast.NOW)
    with pytest.raises(NotReady, match="vừa được người khác xóa"):
        drafting.save_part(
            draft, stale, {"code": "C01"}, seen=seen, by=people.coordinator, now=cast.NOW
        )


def test_a_changed_part_is_not_deleted_unseen(draft: CriteriaSet, people: cast.People) -> None:
    criterion = draft.criteria.get(code="C01")
    with pytest.raises(DraftConflict):
        drafting.delete_part(draft, criterion, seen="cũ", by=people.coordinator, now=cast.NOW)
    assert draft.criteria.count() == 3


def test_a_province_drafts_its_own_set_and_nobody_elses(
    criteria_set: CriteriaSet, people: cast.People, places: cast.Places, mai: User, sign_in: SignIn
) -> None:
    own = drafting.create(
        code="TV",
        name="Của tỉnh",
        province=places.province,
        source=criteria_set,
        by=people.coordinator,
        now=cast.NOW,
    )
    with pytest.raises(NotAllowed):
        drafting.save_facts(own, {}, seen=fingerprint(own, SET_FIELDS), by=mai, now=cast.NOW)
    with pytest.raises(NotAllowed):
        drafting.create(
            code="X", name="X", province=places.province, source=None, by=mai, now=cast.NOW
        )
    for page in ("", "soan/", "thong-tin/", "cong-bo/", "doi-chieu/", "them/nhom/"):
        assert sign_in(mai).get(f"/bo-tieu-chi/TV/{page}").status_code == 404
        assert sign_in(people.coordinator).get(f"/bo-tieu-chi/TV/{page}").status_code == 200
    assert sign_in(people.officer).get("/bo-tieu-chi/TV/").status_code == 200
    assert sign_in(people.officer).get("/bo-tieu-chi/TV/soan/").status_code == 403


def test_a_published_set_has_no_form_anywhere(
    criteria_set: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    criterion = criteria_set.criteria.all()[0]
    page = words(client.get("/bo-tieu-chi/TC-3/"))
    assert "Lập phiên bản mới" in page
    assert "Soạn bản nháp" not in page
    for url in (
        "/bo-tieu-chi/TC-3/soan/",
        "/bo-tieu-chi/TC-3/thong-tin/",
        "/bo-tieu-chi/TC-3/doi-chieu/",
        "/bo-tieu-chi/TC-3/cong-bo/",
        "/bo-tieu-chi/TC-3/them/nhom/",
        part_url(criterion, "tieu-chi"),
        part_url(criterion, "tieu-chi", "xoa/"),
    ):
        assert client.get(url).headers["Location"] == "/bo-tieu-chi/TC-3/"
    sent = {"code": "C01", "title": "Khác", "group_id": criterion.group_id, "seen": "x"}
    answer = client.post(part_url(criterion, "tieu-chi"), sent)
    assert answer.status_code == 409
    assert "Bộ tiêu chí đã công bố" in words(answer)
    assert (
        client.post(part_url(criterion, "tieu-chi", "chuyen/"), {"huong": "len"}).status_code == 409
    )
    assert client.post(part_url(criterion, "tieu-chi", "xoa/")).status_code == 409


def test_the_list_tells_states_and_how_much_is_entered(
    draft: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    CriteriaSet.objects.filter(pk=draft.pk).update(stated_count=20)
    client = sign_in(people.coordinator)
    with CaptureQueriesContext(connection) as few:
        page = words(client.get("/bo-tieu-chi/"))
    assert "3/20 tiêu chí đã nhập" in page
    assert "Bản nháp" in page
    assert "Đã công bố" in page
    assert "Lập bản nháp" in page
    for number in range(5):
        CriteriaSet.objects.create(code=f"THEM-{number}", name="Thêm")
    with CaptureQueriesContext(connection) as many:
        client.get("/bo-tieu-chi/")
    assert len(many) == len(few)
    assert "Lập bản nháp" not in words(sign_in(people.officer).get("/bo-tieu-chi/"))


def test_the_draft_page_asks_a_fixed_number_of_queries(
    draft: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    with CaptureQueriesContext(connection) as few:
        client.get(f"/bo-tieu-chi/{draft.code}/soan/")
    group = draft.groups.all()[0]
    for number in range(30):
        values = {"code": f"X{number}", "title": "Thêm", "group_id": group.pk}
        Criterion.objects.create(criteria_set=draft, position=50 + number, **values)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/bo-tieu-chi/{draft.code}/soan/")
    assert len(many) == len(few)
