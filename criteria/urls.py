"""Addresses of criteria sets."""

from django.urls import path

from criteria.views import comparing, drafting, mapping, parts, publishing, reading

urlpatterns = [
    path("bo-tieu-chi/", reading.criteria_sets, name="criteria_sets"),
    path("bo-tieu-chi-moi/", drafting.new, name="criteria_set_new"),
    path("bo-tieu-chi/<code:code>/", reading.criteria_set, name="criteria_set"),
    path("bo-tieu-chi/<code:code>/so-sanh/", comparing.comparison, name="criteria_comparison"),
    path("bo-tieu-chi/<code:code>/soan/", drafting.draft, name="criteria_draft"),
    path("bo-tieu-chi/<code:code>/thong-tin/", drafting.facts, name="criteria_facts"),
    path("bo-tieu-chi/<code:code>/doi-chieu/", mapping.mapping, name="criteria_mapping"),
    path("bo-tieu-chi/<code:code>/cong-bo/", publishing.publication, name="criteria_publication"),
    path("bo-tieu-chi/<code:code>/them/<part:part>/", parts.add, name="criteria_part_add"),
    path("bo-tieu-chi/<code:code>/<part:part>/<int:part_pk>/", parts.edit, name="criteria_part"),
    path(
        "bo-tieu-chi/<code:code>/<part:part>/<int:part_pk>/chuyen/",
        parts.move,
        name="criteria_part_move",
    ),
    path(
        "bo-tieu-chi/<code:code>/<part:part>/<int:part_pk>/xoa/",
        parts.delete,
        name="criteria_part_delete",
    ),
]
