"""Addresses of self-assessment."""

from django.urls import path

from assessments.views import (
    station_assign,
    station_autosave,
    station_carry,
    station_criterion,
    station_evidence,
    station_receipt,
    station_submission,
    station_tasks,
)

urlpatterns = [
    path("phieu/<uuid:pk>/", station_tasks.assessment, name="assessment"),
    path("phieu/<uuid:pk>/tieu-chi/<code:code>/", station_criterion.criterion, name="criterion"),
    path(
        "phieu/<uuid:pk>/tieu-chi/<code:code>/luu/",
        station_autosave.criterion_autosave,
        name="criterion_autosave",
    ),
    path(
        "phieu/<uuid:pk>/tieu-chi/<code:code>/mang-sang/",
        station_carry.carry_criterion,
        name="carry_criterion",
    ),
    path("phieu/<uuid:pk>/mang-sang/", station_carry.carry_all, name="carry_all"),
    path("phieu/<uuid:pk>/giao-viec/", station_assign.assign_criteria, name="assign_criteria"),
    path(
        "phieu/<uuid:pk>/minh-chung/<uuid:attachment_pk>/go/",
        station_criterion.evidence_remove,
        name="evidence_remove",
    ),
    path("phieu/<uuid:pk>/kiem-tra/", station_submission.check, name="check"),
    path("phieu/<uuid:pk>/nop/", station_submission.hand_in, name="submit"),
    path("phieu/<uuid:pk>/bien-nhan/", station_receipt.receipt, name="receipt"),
    path("phieu/<uuid:pk>/rut/", station_submission.take_back, name="withdraw"),
    path("minh-chung/<uuid:pk>/tep/", station_evidence.evidence_file, name="evidence_file"),
]
