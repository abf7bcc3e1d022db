"""Two versions side by side."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import PortalRequest, signed_in
from criteria.comparison import compare
from criteria.models import CriteriaSet
from criteria.views.page import SetPage


@signed_in
@require_safe
def comparison(request: PortalRequest, code: str) -> HttpResponse:
    """What this version says otherwise than the one named by `voi`."""
    page = SetPage(request, code)
    visible = CriteriaSet.objects.visible_to(request.user)
    others = list(visible.exclude(pk=page.set.pk).order_by("code"))
    asked = request.GET.get("voi", "")
    other = get_object_or_404(visible, code=asked) if asked else page.set.replaces
    found = compare(other, page.set) if other else None
    context = {
        "page": page,
        "others": others,
        "other": other,
        "found": found,
        "counts": [
            (label, found.counts(parts))
            for label, parts in (
                ("Nhóm", found.groups),
                ("Tiêu chí", found.criteria),
                ("Chỉ số", found.indicators),
            )
        ]
        if found
        else [],
    }
    return render(request, "criteria/comparison.html", context)
