"""WF-10: texts come back as they were typed, or are refused with a sentence; never cut."""

import unicodedata

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.forms.answers import NOTE_LIMIT
from assessments.models import Assessment
from tests import cast
from tests.assessments.station import text_of, url, version
from tests.assessments.test_station_autosave import autosave

VISIBLE = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


def stored_note(assessment: Assessment, code: str = "C03") -> str:
    return assessment.results.get(criterion__code=code).note


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=VISIBLE)
def test_wf_10_a_text_survives_the_round_trip(
    assessment: Assessment, people: cast.People, client: Client, typed: str
) -> None:
    client.force_login(people.officer)
    assert autosave(client, assessment, "C03", note=typed).status_code == 200
    assert stored_note(assessment) == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "Phường Hòa Bình 👮\u200d♀️ \u202eđảo\u202c",
        "  khoảng trắng hai đầu  ",
        "\nDòng đầu trống\n\n\tThụt vào",
        "<script>alert(1)</script> {{ 7*7 }} </textarea>",
        unicodedata.normalize("NFD", "Đồng chí đã ký"),
        "x" * NOTE_LIMIT,
    ],
)
def test_wf_10_un_01_what_the_page_shows_again_is_what_was_typed(
    assessment: Assessment, people: cast.People, sign_in, typed: str
) -> None:
    client = sign_in(people.officer)
    autosave(client, assessment, "C03", note=typed)
    expected = unicodedata.normalize("NFC", typed)
    assert stored_note(assessment) == expected
    form = client.get(url("criterion", assessment, "C03")).context["form"]
    # Sent back as the page shows it (a browser turns line ends into CR LF): nothing changed.
    shown = form.head["note"].value().replace("\n", "\r\n")
    autosave(client, assessment, "C03", note=shown)
    assert version(assessment, "C03") == 1


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1b[31m", "a\x07", "a\x85b", "x" * 1_000_000])
def test_wf_10_what_cannot_be_stored_is_refused_whole_and_given_back(
    assessment: Assessment, people: cast.People, sign_in, bad: str
) -> None:
    client = sign_in(people.officer)
    answer = text_of(autosave(client, assessment, "C03", note=bad, explanation="Vẫn lưu"))
    assert "Có ô chưa hợp lệ" in answer
    stored = assessment.results.get(criterion__code="C03")
    assert (stored.note, stored.explanation) == ("", "Vẫn lưu")
    plain = client.post(
        url("criterion", assessment, "C03"),
        {"version": stored.version, "note": bad, "explanation": "Vẫn lưu"},
    )
    assert plain.status_code == 400
    assert plain.context["form"].head["note"].value() == bad
    assert stored_note(assessment) == ""


def test_wf_10_long_texts_everywhere_at_once(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    long = "Đồng chí " * 5_000
    for code in ("C01", "C02", "C03"):
        assert autosave(client, assessment, code, note=long).status_code == 200
    assert {stored_note(assessment, code) for code in ("C01", "C02", "C03")} == {long}
    assert client.get(url("check", assessment)).status_code == 200
