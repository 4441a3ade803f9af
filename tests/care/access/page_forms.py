"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["Forms"]

_TYPED = {"text", "search", "hidden", "email", "tel", "password", "number", "date", "time", "url", ""}


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and the fields with what stands in them."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self.path, self.open, self.select = path, False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = said.get("method", "").lower() == "post"
            if self.open:
                self.found.append((said.get("action") or self.path, {}, set()))
        elif self.open and said.get("name") and tag in ("input", "textarea"):
            self._field(said["name"], "" if tag == "textarea" else said.get("type", ""), said)
        elif self.open and tag == "select":
            self.select = said.get("name", "")
        elif self.open and tag == "option" and self.select and said.get("value"):
            self.found[-1][1].setdefault(self.select, said["value"])

    def _field(self, name: str, kind: str, said: dict[str, str]) -> None:
        _, values, typed = self.found[-1]
        if kind in ("radio", "checkbox"):
            values.setdefault(name, said.get("value", "on"))
        elif kind in _TYPED:
            values.setdefault(name, said.get("value", "") or "1")
            typed.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False
        elif tag == "select":
            self.select = ""
