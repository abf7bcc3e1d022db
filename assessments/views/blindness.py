"""Whoever may still review a file a second time does not see what was found the first time."""

from django.urls import reverse

from accounts.access import NotAllowed
from accounts.models import User
from assessments.actions.second_review import blind_task
from assessments.models import Assessment

STILL_BLIND = (
    "Phiếu này có tiêu chí đang chờ thẩm định lần hai mà đồng chí có thể thực hiện, nên đồng chí "
    "chưa xem được kết quả lần một. Phiếu mở lại khi các tiêu chí đó đã được thẩm định lần hai."
)


def require_sighted(assessment: Assessment, user: User) -> None:
    """May see what was found in the file.

    Raises:
        NotAllowed: may still give a verdict of it a second time; leads to that blind review.
    """
    task = blind_task(assessment, user)
    if task is not None:
        blind_page = reverse("second_review", args=[task.pk])
        raise NotAllowed(STILL_BLIND, instead=("Mở thẩm định lần hai", blind_page))
