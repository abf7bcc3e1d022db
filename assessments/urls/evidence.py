"""Addresses of evidence: adding, previews, revisions, reuse."""

from django.urls import path

from assessments.views import (
    evidence_add,
    evidence_library,
    evidence_page,
    evidence_preview,
    evidence_revise,
)

urlpatterns = [
    path(
        "phieu/<uuid:pk>/tieu-chi/<code:code>/minh-chung/",
        evidence_add.evidence_add,
        name="evidence_add",
    ),
    path(
        "phieu/<uuid:pk>/tieu-chi/<code:code>/kho-minh-chung/",
        evidence_library.evidence_library,
        name="evidence_library",
    ),
    path(
        "phieu/<uuid:pk>/minh-chung/<uuid:attachment_pk>/sua/",
        evidence_revise.evidence_edit,
        name="evidence_edit",
    ),
    path(
        "phieu/<uuid:pk>/minh-chung/<uuid:attachment_pk>/thay/",
        evidence_revise.evidence_replace,
        name="evidence_replace",
    ),
    path("minh-chung/<uuid:pk>/", evidence_page.evidence_page, name="evidence_page"),
    path(
        "minh-chung/<uuid:pk>/xem-truoc/",
        evidence_preview.evidence_preview,
        name="evidence_preview",
    ),
    path("minh-chung/<uuid:pk>/hinh/", evidence_preview.evidence_picture, name="evidence_picture"),
]
