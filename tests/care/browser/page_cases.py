"""Which pages are looked at, and as whom: one or more cases for every route with a page."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASES", "WITHOUT_PAGE", "Case", "cases_of"]


@dataclass(frozen=True, slots=True)
class Case:
    """A page as one visitor sees it. visitor : None is a stranger; person : whose page it is, "" for nobody's."""

    route: str
    path: str
    visitor: str | None
    name: str


#: Route -> "visitor", "visitor:person", each with more behind it: `?query`, or `/word` in place of the last segment.
CASES: dict[str, tuple[str, ...]] = {
    "account_change_password": ("ada",),
    "account_login": ("stranger",),
    "account_logout": ("ada",),
    "account_reauthenticate": ("clinician",),
    "account_signup": ("stranger",),
    "account_inactive": ("stranger",),
    "checkpoints:after": ("ada:ada", "clinician:pia"),
    "checkpoints:next_course": ("clinician:ada",),
    "checkpoints:team_member": ("ada:ada", "clinician:ada"),
    "checkpoints:pause": ("clinician:ada",),
    "checkpoints:calendar": ("ada:ada",),
    "checkpoints:case_report": ("clinician:ada", "clinician:gia"),
    "checkpoints:decide": ("clinician:ada",),
    "checkpoints:export": ("ada:ada",),
    "checkpoints:my_course": ("ada:ada", "ida:ida", "clinician:ben"),
    "checkpoints:progress": ("ada:ada", "ida:ida"),
    "checkpoints:report_page": ("clinician:gia",),
    "checkpoints:show": ("ada:ada", "clinician:ada"),
    "devices:catalogue": ("stranger",),
    "devices:cleaning": ("clinician", "hugo"),
    "devices:commission": ("clinician:ben",),
    "devices:import": ("clinician:ben",),
    "devices:lamp": ("clinician:ben", "clinician:ada", "clinician:finn", "hugo:hugo"),
    "devices:list": ("clinician", "hugo", "ida"),
    "devices:measure": ("clinician:ben",),
    "devices:new": ("clinician", "clinician?own=1", "clinician?own=1&class=small_panel", "clinician?file=1"),
    "devices:passport": ("clinician:ben",),
    "devices:spectrum": ("clinician:ben",),
    "events:list": ("cleo:cleo", "clinician:finn", "ida:ida"),
    "events:report": ("ada:ada", "clinician:ada", "hugo:hugo"),
    "events:review": ("clinician:cleo",),
    "events:show": ("cleo:cleo", "clinician:finn"),
    "home:account": ("ada", "helper"),
    "home:choose_password": ("stranger",),
    "home:confirm_address": ("ada",),
    "home:forgotten_password": ("stranger",),
    "home:front": ("stranger", "ada"),
    "home:my_record": ("ada:ada", "hugo:hugo", "helper:ada"),
    "home:path": ("hugo:hugo/able", "hugo:hugo/complaint", "hugo:hugo/place", "hugo:hugo/lamp"),
    "home:record": ("clinician:ada", "clinician:cleo", "clinician:ida"),
    "home:start": ("ada", "helper"),
    "home:today": ("ada:ada", "cleo:cleo", "ned:ned", "hugo:hugo", "helper:ada"),
    "home:worklist": ("clinician", "other"),
    "jobs:job": ("clinician:gia",),
    "jobs:reminders": ("ada",),
    "learn:arrow": ("stranger",),
    "learn:benefits": ("stranger",),
    "learn:buying": ("stranger",),
    "learn:claims": ("stranger",),
    "learn:clinic": ("stranger",),
    "learn:compare": ("stranger",),
    "learn:cost": ("stranger",),
    "learn:how": ("stranger", "clinician"),
    "learn:index": ("stranger", "ada"),
    "learn:one_session": ("stranger", "ada?lamp=light&light_opens_no_stores=on"),
    "learn:question": ("stranger",),
    "learn:side_effects": ("stranger",),
    "mfa_activate_totp": ("hugo",),
    "mfa_deactivate_totp": ("clinician",),
    "mfa_generate_recovery_codes": ("clinician",),
    "mfa_index": ("ada", "clinician"),
    "mfa_reauthenticate": ("clinician",),
    "mfa_view_recovery_codes": ("clinician",),
    "n_of_1:draw": ("clinician:ada",),
    "n_of_1:guess": ("lea:lea",),
    "n_of_1:keeper_sheet": ("admin:lea",),
    "n_of_1:kept": ("admin",),
    "n_of_1:open": ("clinician:lea",),
    "n_of_1:sheet": ("lea:lea",),
    "n_of_1:show": ("lea:lea", "clinician:lea", "ada:ada"),
    "n_of_1:stop": ("clinician:lea",),
    "people:appointments": ("clinician",),
    "people:book": ("clinician:gia", "gia:gia"),
    "people:colleagues": ("clinician",),
    "people:confirm_clinician": ("clinician",),
    "checkpoints:care_plan": ("ada:ada", "clinician:ada"),
    "people:consent": ("ada:ada", "clinician:ada", "hugo:hugo"),
    "people:consent_sheet": ("clinician:ada",),
    "people:details": ("ada:ada", "clinician:ada"),
    "people:erase": ("admin:ada",),
    "people:erasure": ("ada:ada", "clinician:ada", "hugo:hugo"),
    "people:erasures": ("admin",),
    "people:helpers": ("ada:ada", "clinician:ada"),
    "people:intake": ("ada:ada", "clinician:dan"),
    "people:intake_step": (
        "ada:ada/about", "ada:ada/complaint", "ada:ada/medicines", "ada:ada/treatments", "ada:ada/iron",
        "ada:ada/workup",
        "ada:ada/cannot-wait", "clinician:dan/cannot-wait", "ada:ada/doctor-first", "ada:ada/skin",
        "ada:ada/nerves", "ada:ada/heart",
        "ada:ada/health", "ada:ada/illnesses",
        "ada:ada/complaint-in-detail", "ada:ada/done-so-far",
    ),
    "people:lifestyle": ("ned:ned", "clinician:eva"),
    "people:new": ("clinician",),
    "people:ready": ("hugo:hugo",),
    "checkpoints:stage": ("clinician:ada",),
    "people:timeline": ("ada:ada", "clinician:eva"),
    "people:welcome": ("helper",),
    "plans:another": ("clinician:ada",),
    "plans:compare": ("clinician:gia", "clinician:ada"),
    "plans:lift_hold": ("clinician:cleo",),
    "plans:linear": ("clinician:ada?minutes=8",),
    "plans:release": ("clinician:gia", "hugo:hugo"),
    "plans:release_rule": ("clinician:ada?rule=none",),
    "plans:report": ("ada:ada",),
    "plans:sheet": ("ada:ada",),
    "plans:workbench": ("clinician:ada", "clinician:ben", "hugo:hugo"),
    "scales:days": ("ada:ada",),
    "scales:diary": ("ada:ada", "cleo:cleo"),
    "scales:fill": ("ada:ada", "clinician:ada"),
    "scales:list": ("ada:ada", "clinician:finn"),
    "scales:score": ("ada:ada",),
    "scales:spasms": ("mia:mia", "cleo:cleo"),
    "screening:new": ("clinician:ada", "hugo:hugo"),
    "screening:referral": ("clinician:dan", "clinician:ida"),
    "screening:release": ("clinician:finn?rule=loss_of_protective_sensation",),
    "screening:request": ("hugo:hugo",),
    "screening:show": ("clinician:dan", "clinician:eva", "clinician:ada", "hugo:hugo"),
    "home:offline": ("stranger",),
    "sessions:correct": ("ada:ada",),
    "sessions:guide": ("ada:ada", "cleo:cleo", "ida:ida", "clinician:finn"),
    "sessions:list": ("ada:ada", "clinician:finn"),
    "sessions:my_lamp": ("ada:ada", "ben:ben"),
    "sessions:record": ("ada:ada",),
    "sessions:run": ("gia:gia",),
    "sessions:skin": ("ada:ada", "hugo:hugo"),
    "home:audit": ("auditor",),
    "accounts:staff": ("admin",),
}  # fmt: skip

#: Routes that answer a GET with no page of their own.
WITHOUT_PAGE = {
    "checkpoints:calendar_file": "a calendar",
    "checkpoints:doctor_pdf": "a PDF",
    "checkpoints:feed": "a calendar",
    "checkpoints:judge": "takes a POST",
    "checkpoints:report_json": "JSON",
    "devices:export": "a CSV file",
    "devices:retire": "takes a POST",
    "favicon": "leads to a picture",
    "healthz": "plain text",
    "home:end_other_sign_ins": "takes a POST",
    "home:end_sign_in": "takes a POST",
    "home:send_address_link": "takes a POST",
    "home:set_letters": "takes a POST",
    "home:add_push_device": "takes a POST",
    "home:end_push_device": "takes a POST",
    "jobs:mark": "takes a POST",
    "jobs:progress": "a part of the job's page",
    "mfa_authenticate": "the second step of signing in, looked at there",
    "mfa_download_recovery_codes": "a text file",
    "n_of_1:file": "JSON",
    "people:appointment_state": "takes a POST",
    "people:consent_scan": "a file",
    "people:end_help": "takes a POST",
    "checkpoints:goal": "takes a POST",
    "people:helper_password": "takes a POST",
    "people:password": "takes a POST, whose answer is looked at by itself",
    "plans:order": "takes a POST",
    "screening:referral_pdf": "a PDF",
    "home:service_worker": "a script",
    "sessions:arrived": "takes what a phone has kept, and answers with JSON",
    "sessions:state": "JSON for the page of the timer",
    "accounts:change_member": "takes a POST",
    "accounts:end_member": "takes a POST",
    "accounts:first_password": "takes a POST",
}


def cases_of(route: str, paths: dict[str, list[str]]) -> list[Case]:
    """The cases of a route; `paths`: person -> paths, all of them looked at."""
    found = []
    for said in CASES.get(route, ()):
        who, _, query = said.partition("?")
        who, _, last = who.partition("/")
        visitor, _, person = who.partition(":")
        there = paths[person] if person else next(iter(paths.values()))
        if last:  # a page of several has its name at the end; the address without one leads on
            there = [max(there, key=len)]
        for path in there:
            whole = f"{path.rstrip('/').rpartition('/')[0]}/{last}/" if last else path
            whole += f"?{query}" if query else ""
            found.append(Case(route, whole, None if visitor == "stranger" else visitor, f"{route} as {said}"))
    return found
