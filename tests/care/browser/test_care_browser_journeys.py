"""What people do from end to end, in a real browser; the two that use the worker and signatures, on both databases."""

from __future__ import annotations

import re

from care.browser.axe import faults_of, overflow_of
from care.browser.browser_journeys import (
    MINUTES,
    agree,
    begin_session,
    fill_in_intake,
    make_plan,
    new_course,
    open_in_record,
    register,
    screen,
    sign_and_release,
)
from care.browser.conftest import Opener
from care.browser.visitors import Visitors, pass_second_step
from playwright.sync_api import Page, expect
from present import present

NECK = {"lamp": "Demo wrap", "place": "upper_trapezius:trapezius", "side": "left"}


def _text(page: Page) -> str:
    return page.locator("main").inner_text()


def test_a_foot_that_is_open_and_feels_nothing_is_refused_without_a_minute_anywhere(
    demo: Visitors, opened: Opener
) -> None:
    doctor = opened(demo, "clinician")
    vera = register(demo, doctor, "vera")
    phone = opened(demo, "vera", phone=True)
    agree(phone)
    fill_in_intake(
        doctor, present(vera.person_id), diagnosis="dpn", yes=("foot_ulcer", "loss_of_protective_sensation"), age="67"
    )
    screen(doctor, present(vera.person_id), lamp="Demo pads", place="foot_sole:plantar_nerves", side="right")

    verdict = _text(doctor)
    assert "foot" in verdict.lower()
    expect(doctor.locator(".reason").first).to_be_visible()
    expect(doctor.get_by_text("Where to go").first).to_be_visible()
    expect(doctor.get_by_text("How soon").first).to_be_visible()
    expect(doctor.get_by_role("button", name="Make the plan")).to_have_count(0)
    assert not MINUTES.search(verdict)
    doctor.get_by_role("link", name="Referral letter").click()
    expect(doctor.get_by_role("heading", level=1)).to_have_text("Referral letter")
    assert not MINUTES.search(_text(doctor))

    for path in ("today", "session", "course", "lamp", "plans/sheet"):
        phone.goto(f"/people/{vera.person_id}/{path}/")
        assert not MINUTES.search(_text(phone)), path
    phone.goto(f"/people/{vera.person_id}/session/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("There is no plan yet")
    expect(phone.get_by_role("button", name="Begin the session")).to_have_count(0)


def test_from_the_first_visit_to_a_session_on_a_phone(clinic: Visitors, opened: Opener) -> None:
    doctor = opened(clinic, "clinician")
    walt = register(clinic, doctor, "walt")
    phone = opened(clinic, "walt", phone=True)
    agree(phone)
    fill_in_intake(doctor, present(walt.person_id), diagnosis="myofascial_spasm")
    screen(doctor, present(walt.person_id), **NECK)
    make_plan(doctor)
    sign_and_release(doctor, clinic.accounts["clinician"].password)

    phone.clock.install()
    phone.goto("/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Today")
    begin_session(phone, present(walt.person_id))
    phone.get_by_role("button", name="Light on: start").click()
    expect(phone.get_by_role("button", name="Pause")).to_be_focused()
    before = phone.locator("[data-digits]").inner_text()
    phone.clock.run_for(60_000)
    assert _seconds(before) - _seconds(phone.locator("[data-digits]").inner_text()) in range(58, 64)
    phone.get_by_role("button", name="Pause").click()
    phone.clock.run_for(30_000)  # a pause gives no light
    phone.get_by_role("button", name="Go on").click()
    # A clock that races asks hundreds of times as often whether light may go on: more than one account may ask.
    phone.route("**/state/", lambda route: route.fulfill(json={"stop": False, "reasons": []}))
    phone.clock.run_for(1000 * _seconds(before))
    phone.unroute("**/state/")
    expect(phone.get_by_role("heading", name="Write down what was given")).to_be_focused()
    given = float(phone.locator('[data-minutes="0"]:visible').input_value())
    assert given == round(_seconds(before) / 60, 1)
    assert not overflow_of(phone)
    phone.get_by_role("button", name="Save the session").click()
    phone.get_by_label("Yes, the minutes are right").check()  # the phone's clock ran on, the server's did not
    phone.get_by_role("button", name="Save the session").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Session saved")
    phone.get_by_role("link", name="How does the skin look now?").click()
    phone.get_by_role("button", name="I looked: nothing seen or felt").click()
    expect(phone.get_by_text("Nothing is open about the skin.")).to_be_visible()

    phone.goto("/")
    phone.get_by_role("link", name="Fill in the diary").click()
    phone.get_by_role("group", name=re.compile("at the worst")).get_by_label("4", exact=True).check()
    phone.get_by_role("button", name="Save this day").click()
    expect(phone.get_by_role("status")).to_be_visible()
    open_in_record(phone, "Sessions")
    phone.get_by_role("link", name="Today's session").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Today’s session is written down")
    phone.get_by_role("link", name="All sessions").click()
    expect(phone.get_by_role("listitem").filter(has_text="Done").first).to_be_visible()


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return 60 * int(minutes) + int(seconds)


def test_a_checkpoint_is_proposed_by_the_software_and_decided_under_a_signature(
    clinic: Visitors, opened: Opener
) -> None:
    ada = clinic.accounts["ada"].person_id
    doctor = opened(clinic, "clinician")
    doctor.goto("/people/")
    doctor.locator(f'a[href="/people/{ada}/"]').first.click()
    doctor.get_by_role("link", name="Course and checkpoints").click()
    doctor.get_by_role("link", name=re.compile("^Week 6")).click()
    expect(doctor.get_by_role("heading", name=re.compile("Proposed:"))).to_be_visible()
    doctor.get_by_role("link", name="Decide", exact=True).click()
    proposed = doctor.get_by_label(re.compile(r"\(proposed\)"))
    other = doctor.locator('input[name="decision"]').filter(visible=True).last
    other.check()
    doctor.get_by_label("Your password").fill(clinic.accounts["clinician"].password)
    doctor.get_by_role("button", name="Sign the decision").click()
    expect(doctor.get_by_text("You decide otherwise than proposed. Write down why.").first).to_be_visible()
    proposed.check()
    doctor.get_by_label("Your password").fill(clinic.accounts["clinician"].password)
    doctor.get_by_role("button", name="Sign the decision").click()
    expect(doctor.get_by_role("heading", name="Decisions")).to_be_visible()
    expect(doctor.get_by_role("link", name="Decide again")).to_be_visible()

    phone = opened(clinic, "ada", phone=True)
    phone.goto("/")
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Course").click()
    phone.get_by_role("link", name=re.compile("^Week 6")).click()
    expect(phone.get_by_text(re.compile("decided:"))).to_be_visible()


def test_what_stops_a_patient_may_be_let_through_by_a_clinician_and_is_marked(demo: Visitors, opened: Opener) -> None:
    otto = new_course(demo, "otto")
    phone = opened(demo, "otto", phone=True)
    open_in_record(phone, "Beside the light")
    phone.get_by_label("What is it about?").select_option("medicine")
    phone.get_by_label("Which one?").fill("paracetamol")
    phone.get_by_label("What happened?").select_option("start")
    phone.get_by_label("On which day?").fill(phone.evaluate("() => new Date().toISOString().slice(0, 10)"))
    phone.locator("main form").get_by_role("button").last.click()
    expect(phone.get_by_role("cell", name=re.compile("paracetamol"))).to_be_visible()
    phone.goto("/")
    expect(phone.get_by_text("No session begins until this is settled.")).to_be_visible()
    expect(phone.get_by_text("paracetamol").first).to_be_visible()
    expect(phone.get_by_role("link", name="Begin", exact=True)).to_have_count(0)
    phone.goto(f"/people/{otto.person_id}/session/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("No session right now")
    expect(phone.get_by_text("paracetamol").first).to_be_visible()
    expect(phone.get_by_label("Your password")).to_have_count(0)

    doctor = opened(demo, "clinician")
    doctor.goto("/people/")
    doctor.locator(f'a[href="/people/{otto.person_id}/"]').first.click()
    doctor.get_by_role("link", name="Sessions", exact=True).click()
    doctor.get_by_role("link", name="Today's session").click()
    doctor.get_by_label("Everything on the list above was done").check()
    doctor.get_by_label("Why the session may begin all the same").fill(
        "Paracetamol does not take up light; seen today."
    )
    doctor.get_by_label("Your password").fill("not the password")
    doctor.get_by_role("button", name="Sign and begin").click()
    expect(doctor.get_by_text("nothing was signed").first).to_be_visible()
    doctor.get_by_label("Your password").fill(demo.accounts["clinician"].password)
    doctor.get_by_role("button", name="Sign and begin").click()
    expect(doctor.get_by_text("Let begin by Dr. Demo Doctor: Paracetamol does not take up light")).to_be_visible()


def test_a_blister_stops_the_course_until_a_clinician_has_looked(demo: Visitors, opened: Opener) -> None:
    erna = new_course(demo, "erna")
    phone = opened(demo, "erna", phone=True)
    phone.goto(f"/people/{erna.person_id}/effects/")
    expect(phone.get_by_text("Nobody watches this page live.")).to_be_visible()
    phone.get_by_text("Something else, or a warning sign").click()
    phone.get_by_label("Everything to choose from").select_option("blister")
    advice = phone.locator("#advice")
    expect(advice.get_by_text("Nothing is saved yet.")).to_be_visible()  # it came without a button
    assert not faults_of(phone)
    phone.get_by_role("group", name=re.compile("How bad")).get_by_role("radio").nth(1).check()
    phone.get_by_role("button", name="Save this report").click()
    expect(phone.get_by_text("Your sessions were put on hold when this was saved.")).to_be_visible()
    expect(phone.get_by_text("Nobody watches this live.")).to_be_visible()
    phone.goto(f"/people/{erna.person_id}/session/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("No session right now")
    expect(phone.get_by_role("button", name="Begin the session")).to_have_count(0)

    doctor = opened(demo, "clinician")
    doctor.goto("/people/")
    doctor.get_by_role("link", name=re.compile("Erna")).first.click()
    doctor.goto(f"/people/{erna.person_id}/session/")
    expect(doctor.get_by_role("button", name="Sign and begin")).to_have_count(0)  # a hold is lifted, never overridden
    doctor.goto(f"/people/{erna.person_id}/effects/all/")
    doctor.get_by_role("link", name=re.compile("^Blister")).click()
    doctor.get_by_role("link", name="Review", exact=True).click()
    doctor.get_by_label("Caused by the treatment? (WHO-UMC)").select_option("probable")
    doctor.get_by_label("Outcome so far").select_option("recovered")
    doctor.get_by_label("What was done").fill("Dressed; a fold under the wrap. Wrap refitted.")
    doctor.get_by_label("Lift the hold").check()
    doctor.get_by_label("Your password").fill(demo.accounts["clinician"].password)
    doctor.get_by_role("button", name="Sign the review").click()
    expect(doctor.get_by_text("Hold lifted")).to_be_visible()

    begin_session(phone, present(erna.person_id))


def test_on_the_narrowest_telephone_everything_of_a_record_is_a_tap_away(demo: Visitors, opened: Opener) -> None:
    narrow = {"viewport": {"width": 320, "height": 640}}
    phone = opened(demo, "ada", phone=True, **narrow)
    for name, heading in (("Consent", "What you agree to"), ("Helpers", "Helpers"), ("Forms and scores", "Forms and")):
        open_in_record(phone, name)
        expect(phone.get_by_role("heading", level=1)).to_contain_text(heading)
        assert not overflow_of(phone)
    phone.locator("details.menu > summary").click()
    assert not overflow_of(phone)
    assert not faults_of(phone)
    box = phone.locator(".menu-box").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    phone.get_by_role("link", name=re.compile("^Reminders")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Reminders")
    bar = phone.get_by_role("navigation", name="Main")
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")

    helper = opened(demo, "helper", phone=True, **narrow)
    helper.goto("/")
    helper.locator("details.menu > summary").click()
    helper.get_by_role("link", name="The record").click()
    expect(helper.locator("main").get_by_role("link", name=re.compile("^Care plan"))).to_be_visible()
    expect(helper.locator("main").get_by_role("link", name=re.compile("^Consent"))).to_have_count(0)
    assert not overflow_of(helper)


def test_a_password_alone_lets_no_member_of_staff_in(demo: Visitors, opened: Opener) -> None:
    page = opened(demo, None)
    account = demo.accounts["admin"]
    page.goto("/account/login/")
    page.get_by_label("Login name").fill(account.username)
    page.get_by_label("Password").first.fill(account.password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert not faults_of(page)
    page.goto("/people/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    pass_second_step(page, present(account.totp_secret))
