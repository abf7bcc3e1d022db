"""What every page about a criteria set starts from."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.access import PortalRequest
from criteria.actions.drafting import Part
from criteria.models import CriteriaSet, Criterion, Group, Indicator
from criteria.permissions import may_draft

Crumbs = list[tuple[str, str]]
KINDS: dict[str, type[Part]] = {
    "nhom": Group,
    "tieu-chi": Criterion,
    "chi-so": Indicator,
}
SLUGS: dict[type, str] = {model: slug for slug, model in KINDS.items()}


class SetPage:
    """One set as a person may see it; a page that edits takes drafts of one's own only."""

    def __init__(self, request: PortalRequest, code: str, *, to_edit: bool = False) -> None:
        self.request = request
        visible = CriteriaSet.objects.visible_to(request.user).select_related(
            "document", "province", "replaces", "drafted_by", "published_by"
        )
        self.set = get_object_or_404(visible, code=code)
        self.may_draft = may_draft(request.user, self.set.province)
        if to_edit and not self.may_draft:
            raise Http404

    @property
    def is_mine_to_edit(self) -> bool:
        """Whether this is a draft that the person may change."""
        return self.may_draft and not self.set.is_published

    def address(self, name: str) -> str:
        """Another page about the same set."""
        return reverse(name, args=[self.set.code])

    @property
    def crumbs(self) -> Crumbs:
        """From the list to this set."""
        return [
            ("Bộ tiêu chí", reverse("criteria_sets")),
            (self.set.label, self.address("criteria_set")),
        ]

    @property
    def draft_crumbs(self) -> Crumbs:
        """From the list to the draft of this set."""
        return [*self.crumbs, ("Bản nháp", self.address("criteria_draft"))]

    def part(self, kind: type[Part], pk: int) -> Part:
        """A part of this set."""
        if kind is Indicator:
            inside = Indicator.objects.select_related("criterion__criteria_set")
            return get_object_or_404(inside, pk=pk, criterion__criteria_set=self.set)
        if kind is Criterion:
            criteria = Criterion.objects.select_related("criteria_set", "group")
            return get_object_or_404(criteria, pk=pk, criteria_set=self.set)
        groups = Group.objects.select_related("criteria_set")
        return get_object_or_404(groups, pk=pk, criteria_set=self.set)
