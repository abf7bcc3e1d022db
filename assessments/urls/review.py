"""Addresses of the province's review."""

from django.urls import path

from assessments.views import (
    review_conclude,
    review_criterion,
    review_file,
    review_queue,
    review_taking,
)

urlpatterns = [
    path("tham-dinh/", review_queue.review_queue, name="review_queue"),
    path("tham-dinh/nhan-nhieu/", review_taking.review_claim_many, name="review_claim_many"),
    path("tham-dinh/giao/", review_taking.review_assign, name="review_assign"),
    path("tham-dinh/<uuid:pk>/", review_file.review, name="review"),
    path("tham-dinh/<uuid:pk>/nhan/", review_taking.review_claim, name="review_claim"),
    path("tham-dinh/<uuid:pk>/ve-hang-cho/", review_taking.review_release, name="review_release"),
    path("tham-dinh/<uuid:pk>/cong-nhan-nhieu/", review_file.review_accept, name="review_accept"),
    path(
        "tham-dinh/<uuid:pk>/tieu-chi/<code:code>/",
        review_criterion.review_criterion,
        name="review_criterion",
    ),
    path("tham-dinh/<uuid:pk>/ket-luan/", review_conclude.review_conclude, name="review_conclude"),
    path("tham-dinh/<uuid:pk>/ket-qua/", review_conclude.review_summary, name="review_summary"),
    path("tham-dinh/<uuid:pk>/tra-lai/", review_conclude.review_return, name="review_return"),
]
