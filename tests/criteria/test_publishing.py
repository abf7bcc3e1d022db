"""Publishing, mapping and comparing versions: what blocks, who wins, what is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, User
from assessments.actions import opening
from criteria.actions import drafting, mapping_sets, publishing
from criteria.actions.holding import DraftConflict, fingerprint
from criteria.actions.mapping_sets import Line
from criteria.comparison import Change, compare, words_changed
from criteria.models import CriteriaSet, Criterion, Group, Indicator, Programme, Relation
from criteria.readiness import gaps
from tests import cast

SignIn = Callable[[User], Client]


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def keep_everything(draft: CriteriaSet, by: User) -> None:
    mapping_sets.confirm_suggestions(
        draft,
        list(mapping_sets.suggestions(draft)),
        seen=mapping_sets.lines_seen(draft),
        by=by,
        now=cast.NOW,
    )


def name_it(draft: CriteriaSet, by: User) -> None:
    seen = fingerprint(draft, drafting.SET_FIELDS)
    drafting.save_facts(draft, {"short_name": "2024"}, seen=seen, by=by, now=cast.NOW)


@pytest.fixture
def ready(draft: CriteriaSet, people: cast.People) -> CriteriaSet:
    """The draft with its short name and a whole mapping."""
    name_it(draft, people.coordinator)
    keep_everything(draft, people.coordinator)
    return draft


def test_every_gap_is_listed_and_blocks(draft: CriteriaSet, people: cast.People) -> None:
    CriteriaSet.objects.filter(pk=draft.pk).update(stated_count=20)
    Group.objects.create(criteria_set=draft, code="9", name="Trống", position=9)
    draft.criteria.get(code="C03").indicators.all().delete()
    Indicator.objects.filter(criterion__criteria_set=draft, code="2b").update(at_most=None)
    Indicator.objects.filter(criterion__criteria_set=draft, code="2a").update(code="1a")
    draft.refresh_from_db()
    told = " ".join(gap.sentence for gap in gaps(draft))
    for expected in (
        "Chưa có tên ngắn",
        "Văn bản nêu 20 tiêu chí mà mới nhập 3",
        "Nhóm 9 chưa có tiêu chí nào",
        "Tiêu chí C03 chưa có chỉ số nào",
        "Chỉ số 2b: chưa có ngưỡng",
        "Mã chỉ số 1a được dùng nhiều lần",
        "Tiêu chí cũ C01 chưa được đối chiếu",
        "Tiêu chí mới C03 chưa được đối chiếu",
    ):
        assert expected in told, expected
    with pytest.raises(NotReady, match="chỗ cần bổ sung"):
        publishing.publish(draft, version=draft.version, by=people.coordinator, now=cast.NOW)
    draft.refresh_from_db()
    assert not draft.is_published


def test_publishing_in_the_browser_freezes_the_draft(
    ready: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    url = f"/bo-tieu-chi/{ready.code}/cong-bo/"
    assert "Sẵn sàng công bố" in words(client.get(url))
    unticked = client.post(url, {"version": ready.version})
    assert (unticked.status_code, "Cần đánh dấu xác nhận" in words(unticked)) == (400, True)
    assert client.post(url, {"version": ready.version, "confirm": "on"}).status_code == 302
    ready.refresh_from_db()
    assert (ready.is_published, ready.published_by) == (True, people.coordinator)
    assert AuditEntry.objects.get(event="criteria_set_published").details == {
        "criteria": 3,
        "replaces": "TC-3",
    }
    again = client.post(url, {"version": ready.version, "confirm": "on"})
    assert (again.status_code, "đã công bố" in words(again)) == (409, True)
    assert "Đã thay thế" in words(client.get("/bo-tieu-chi/"))


def test_what_changed_since_the_page_was_opened_is_not_published(
    ready: CriteriaSet, people: cast.People, mai: User
) -> None:
    seen = ready.version
    part = ready.criteria.all()[0]
    drafting.move_part(ready, part, up=False, by=mai, now=cast.NOW)
    with pytest.raises(DraftConflict, match="đã được sửa ở nơi khác"):
        publishing.publish(ready, version=seen, by=people.coordinator, now=cast.NOW)


@pytest.mark.django_db(transaction=True)
def test_two_publish_at_once_and_one_wins(
    ready: CriteriaSet, people: cast.People, mai: User
) -> None:
    barrier, ends = threading.Barrier(2), []

    def play(user: User) -> None:
        mine = CriteriaSet.objects.get(pk=ready.pk)
        barrier.wait()
        try:
            publishing.publish(mine, version=ready.version, by=user, now=cast.NOW)
            ends.append("published")
        except NotReady:
            ends.append("refused")
        finally:
            connection.close()

    players = [threading.Thread(target=play, args=(one,)) for one in (people.coordinator, mai)]
    for player in players:
        player.start()
    for player in players:
        player.join()
    assert sorted(ends) == ["published", "refused"]
    assert AuditEntry.objects.filter(event="criteria_set_published").count() == 1


def test_only_coordinators_publish(ready: CriteriaSet, people: cast.People) -> None:
    for user in (people.reviewer, people.leader, people.commander):
        with pytest.raises(NotAllowed):
            publishing.publish(ready, version=ready.version, by=user, now=cast.NOW)


def test_suggestions_are_written_only_when_confirmed(
    draft: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    Criterion.objects.filter(criteria_set=draft, code="C03").update(title="Nội dung khác")
    client = sign_in(people.coordinator)
    url = f"/bo-tieu-chi/{draft.code}/doi-chieu/"
    page = client.get(url)
    assert [str(one.former.code) for one in page.context["suggestions"]] == ["C01", "C02"]
    assert draft.correspondences.count() == 0
    first = page.context["suggestions"][0].former.pk
    sent = {"viec": "xac-nhan", "seen": page.context["seen"], "goi-y": [first]}
    assert client.post(url, sent).status_code == 302
    (line,) = draft.correspondences.all()
    assert (line.former.code, line.current.code, line.relation) == ("C01", "C01", "kept")
    assert client.post(url, {**sent, "goi-y": []}).status_code == 409


def test_a_mapping_line_by_line(
    draft: CriteriaSet, criteria_set: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    url = f"/bo-tieu-chi/{draft.code}/doi-chieu/"
    old = {one.code: one.pk for one in criteria_set.criteria.all()}
    new = {one.code: one.pk for one in draft.criteria.all()}
    wrong = client.post(url, {"viec": "them", "relation": "dropped", "current": new["C01"]})
    assert wrong.status_code == 400
    sent = {"viec": "them", "relation": "split", "former": old["C01"], "current": new["C01"]}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 409
    page = words(client.get(url))
    assert "tách thì phải thành ít nhất hai tiêu chí mới" in page
    assert client.post(url, {**sent, "current": new["C02"]}).status_code == 302
    assert "tách thì phải" not in words(client.get(url))
    foreign = cast.make_criteria_set("TC-XA").criteria.all()[0].pk
    assert client.post(url, {**sent, "former": foreign}).status_code == 400
    line = draft.correspondences.all()[0]
    assert client.post(url, {"viec": "xoa", "dong": line.pk}).status_code == 302
    assert draft.correspondences.count() == 1


def test_the_comparison_marks_words_thresholds_and_parts(
    draft: CriteriaSet, criteria_set: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    Criterion.objects.filter(criteria_set=draft, code="C02").update(title="Trực ban, cháy rừng")
    Indicator.objects.filter(criterion__criteria_set=draft, code="3a").update(at_least=90)
    first = draft.criteria.get(code="C01")
    seen = fingerprint(first, drafting.CRITERION_FIELDS)
    drafting.delete_part(draft, first, seen=seen, by=people.coordinator, now=cast.NOW)
    found = compare(criteria_set, draft)
    assert found.counts(found.criteria) == {"same": 0, "changed": 2, "added": 0, "removed": 1}
    page = words(sign_in(people.officer).get(f"/bo-tieu-chi/{draft.code}/so-sanh/?voi=TC-3"))
    assert '<del><span class="visually-hidden">bỏ: </span>nổ</del>' in page
    assert '<ins><span class="visually-hidden">thêm: </span>rừng</ins>' in page
    assert "Từ" in page
    assert "90%" in page
    assert sign_in(people.officer).get("/bo-tieu-chi/TC-3/so-sanh/?voi=KHONG").status_code == 404


def test_the_mapping_pairs_criteria_whose_codes_changed(
    draft: CriteriaSet, criteria_set: CriteriaSet, people: cast.People
) -> None:
    Criterion.objects.filter(criteria_set=draft, code="C01").update(code="X1")
    by_code = compare(criteria_set, draft)
    assert (by_code.by_mapping, by_code.counts(by_code.criteria)["added"]) == (False, 1)
    line = Line(criteria_set.criteria.get(code="C01"), draft.criteria.get(code="X1"), Relation.KEPT)
    mapping_sets.add_line(draft, line, by=people.coordinator, now=cast.NOW)
    mapped = compare(criteria_set, draft)
    (renamed,) = [one for one in mapped.criteria if one.former == "C01"]
    assert (mapped.by_mapping, renamed.current, renamed.change) == (True, "X1", Change.CHANGED)


@given(st.text(max_size=60), st.text(max_size=60))
def test_marked_words_give_back_both_texts(former: str, current: str) -> None:
    pieces = words_changed(former, current)
    assert "".join(one.text for one in pieces if one.change != Change.ADDED) == former
    assert "".join(one.text for one in pieces if one.change != Change.REMOVED) == current


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(["drop", "add", "title", "threshold", "code"]), max_size=5))
def test_a_comparison_turned_round_counts_the_same(
    criteria_set: CriteriaSet, people: cast.People, acts: list[str]
) -> None:
    by = people.coordinator
    code = f"SAO-{CriteriaSet.objects.count()}"
    copy = drafting.create(
        code=code, name="Bản sao", province=None, source=criteria_set, by=by, now=cast.NOW
    )
    assert compare(criteria_set, copy).is_empty
    for number, act in enumerate(acts):
        criterion = copy.criteria.order_by("?").first()
        if act == "drop" and criterion is not None:
            seen = fingerprint(criterion, drafting.CRITERION_FIELDS)
            drafting.delete_part(copy, criterion, seen=seen, by=by, now=cast.NOW)
        elif act == "add":
            group = copy.groups.all()[0]
            values = {"code": f"N{number}", "title": "Mới", "group_id": group.pk}
            drafting.add_part(copy, Criterion, values, by=by, now=cast.NOW)
        elif criterion is not None and act == "title":
            copy.criteria.filter(pk=criterion.pk).update(title=f"Khác {number}")
        elif criterion is not None and act == "threshold":
            criterion.indicators.update(note=f"Khác {number}")
        elif criterion is not None:
            copy.criteria.filter(pk=criterion.pk).update(code=f"K{number}")
    there, back = compare(criteria_set, copy), compare(copy, criteria_set)
    for one, other in ((there.criteria, back.criteria), (there.groups, back.groups)):
        forth, turned = there.counts(one), back.counts(other)
        assert forth["added"] == turned["removed"]
        assert forth["removed"] == turned["added"]
        assert forth["changed"] == turned["changed"]
        assert forth["same"] == turned["same"]


def test_no_round_is_opened_on_a_draft(
    draft: CriteriaSet, programme: Programme, people: cast.People
) -> None:
    programme.criteria_set = draft
    programme.save()
    with pytest.raises(NotReady, match="chưa có bộ tiêu chí đã công bố"):
        opening.open_round(programme, 2024, by=people.coordinator, now=cast.NOW)
