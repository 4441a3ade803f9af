"""The path of a newcomer on their own, walked with taps alone; screens, taps and visible words are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

__all__ = ["SIZES", "Walk", "walk_to_course"]

#: Windows in which the one button must be in sight: a small and a common telephone, a tablet, a desktop.
SIZES = ((360, 640), (390, 844), (768, 1024), (1440, 900))
#: What the plan's job may take on a busy machine [ms].
PLAN_WITHIN = 90_000
# Words somebody sees without opening anything: no closed details, nothing clipped away, of a select what is chosen.
_WORDS = """() => {
  const shown = (element) => {
    if (element.closest('details:not([open]) > :not(summary)')) return false;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && box.bottom > 0 && style.visibility !== 'hidden';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!['SCRIPT', 'STYLE', 'OPTION', 'OPTGROUP', 'TITLE', 'TEMPLATE'].includes(parent.tagName) && shown(parent))
      words.push(...walker.currentNode.textContent.split(/\\s+/));
  }
  for (const select of document.querySelectorAll('select'))
    if (shown(select)) words.push(...select.selectedOptions[0].textContent.split(/\\s+/));
  return words.filter((word) => /[\\p{L}\\p{N}]/u.test(word));
}"""
# The middle of the button lies in the window, and nothing lies over it.
_IN_SIGHT = """(button) => {
  const box = button.getBoundingClientRect();
  const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
  return inside && button.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
}"""


@dataclass
class Walk:
    """What was counted. words : of each screen, by its heading; unseen : where the one button was not in sight"""

    page: Page
    taps: int = 0
    words: dict[str, int] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)

    @property
    def screens(self) -> int:
        """How many screens were met."""
        return len(self.words)

    def screen(self, heading: str, *, button: str = ".path-bar button") -> None:
        """A new screen with that heading: count its words, and look for its button in every window."""
        page = self.page
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        self.words[heading] = len(page.evaluate(_WORDS))
        if not button:
            return
        expect(page.locator(button)).to_have_count(1)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if not page.locator(button).evaluate(_IN_SIGHT):
                self.unseen.append(f"{heading} at {width} x {height}")
        page.set_viewport_size({"width": 390, "height": 844})

    def tap(self, selector: str) -> None:
        """One tap."""
        self.taps += 1
        self.page.locator(selector).click()

    def type(self, label: str, text: str) -> None:
        """One tap into a field, and its text."""
        self.taps += 1
        self.page.get_by_label(re.compile(f"^{re.escape(label)}( \\(required\\))?$")).fill(text)

    def choose(self, label: str, value: str) -> None:
        """Two taps: open the list, and choose."""
        self.taps += 2
        self.page.get_by_label(label).select_option(value)

    def next(self) -> None:
        """The one button; on a list it answers no line that was never on the screen."""
        self.taps += 1
        self.page.locator(".path-bar button").click()

    def read_to_the_end(self) -> None:
        """Scroll through a list. Pressed before its end, the button only goes on down."""
        button, heading = self.page.locator(".path-bar button"), self.page.get_by_role("heading", level=1).inner_text()
        if button.inner_text() == "Read on":
            button.click()
            self.page.wait_for_function("scrollY > 0")
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
            self.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(button).to_have_text("No to the rest")


def walk_to_course(page: Page, login: str, password: str, *, diagnosis: str = "rls_primary") -> Walk:
    """From the page of signing up to a released plan, with a common panel at both calves and no to every question."""
    walk = Walk(page)
    page.goto("/account/signup/")
    walk.screen("Make an account")
    walk.type("Login name", login)
    walk.type("Password", password)
    walk.type("Password (again)", password)
    walk.next()
    walk.screen("Welcome")
    walk.tap("#id_keep_record")
    walk.tap("#id_light")
    walk.next()
    walk.screen("Can you do this alone?")
    walk.next()
    walk.screen("What should the light help?")
    walk.choose("What should the light help?", diagnosis)
    walk.type("Which doctor confirmed it?", "neurologist")
    walk.next()
    walk.screen("Where on the body?")
    walk.tap('.spot[data-site="posterior_calf"][data-side="left"]')
    walk.tap('.spot[data-site="posterior_calf"][data-side="right"]')
    walk.next()
    walk.screen("Which lamp do you have?")
    walk.tap(".path-lamp input[value=panel_660_850]")
    walk.next()
    _about(walk)
    _questions(walk)
    walk.screen("Your medicines")
    walk.tap("#id_none_taken")
    walk.next()
    _plan(walk, password)
    return walk


def _about(walk: Walk) -> None:
    walk.screen("About you")
    walk.type("Age", "62")
    walk.type("Height", "5 ft 7")
    walk.type("Weight", "150 lb")
    walk.page.locator('input[name="sex"][value="female"] + label').click()
    walk.tap('.swatch input[value="2"]')
    walk.taps += 1
    walk.next()


def _questions(walk: Walk) -> None:
    walk.screen("Any of these now?")
    walk.read_to_the_end()
    walk.next()
    walk.screen("Noticed any of these?")
    walk.read_to_the_end()
    walk.next()
    walk.screen("Cancer, skin and light")
    for name in walk.page.locator("input[type=radio][value=no]").evaluate_all("all => all.map((one) => one.name)"):
        walk.tap(f'input[name="{name}"][value="no"] + label')
    walk.read_to_the_end()
    walk.next()
    walk.screen("Your health")
    walk.read_to_the_end()
    walk.next()


def _plan(walk: Walk, password: str) -> None:
    # Nothing is tapped here: the plan shows by itself.
    walk.screen("Your plan is being made", button="")
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("Your plan", timeout=PLAN_WITHIN)
    walk.screen("Your plan")
    # Pressed too soon, the card stays, and says at its signature what is missing.
    walk.page.locator(".path-bar button").click()
    expect(walk.page.locator(".field-wrong")).to_be_in_viewport()
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("Your plan")
    walk.tap("#id_password")
    walk.page.locator("#id_password").fill(password)
    walk.next()
    expect(walk.page.get_by_text("Your course is set. Light begins on")).to_be_visible()
