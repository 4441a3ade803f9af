"""Over the API a helper reads what their pages show; it gave them every screening, answer and proposal."""

from __future__ import annotations

from care.conftest import House, account_of, signed_in
from care.course_rows import write_course

from openpbm.care.audit.ledger import append
from openpbm.care.checkpoints.actions import propose
from openpbm.care.people.models import Intake


def test_a_helper_reads_the_newest_answers_and_plain_judgements(house: House) -> None:
    write_course(house.alice)
    propose(person=house.alice, week=2, by=None)
    for age in (52, 53):
        newest = house.alice.intakes.get(newer=None)
        row = Intake(person=house.alice, document={"person": {"age_years": age}}, supersedes=newest)
        append(row, by=house.clinician, action="intake", person_id=house.alice.pk)
    at, helper = f"/api/people/{house.alice.pk}", signed_in(house.helper)
    answers = helper.get(f"{at}/intakes").json()
    assert [row["content"]["document"]["person"]["age_years"] for row in answers] == [53]
    assert helper.get(f"{at}/intakes?offset=1").json() == []
    assert helper.get(f"{at}/screenings").status_code == 403
    judged = helper.get(f"{at}/checkpoints").json()
    assert set(judged[0]["content"]["judgement"]) >= {"statement", "advice"}
    assert "proposal" not in judged[0]["content"]["judgement"]
    own = signed_in(account_of(house.alice))
    assert len(own.get(f"{at}/intakes").json()) > 1
    assert own.get(f"{at}/screenings").status_code == 200
