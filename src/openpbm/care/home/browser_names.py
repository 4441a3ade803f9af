"""What people call the browser that a request comes from."""

from __future__ import annotations

__all__ = ["browser_name"]

# Each calls itself by the names of those before it too: the first that is found, in this order, is the one.
_BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS X", "Linux")
_CALLED = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Mac OS X": "Mac"}


def browser_name(user_agent: str) -> str:
    """The browser's name as people know it; what it calls itself is a line nobody reads."""
    known = [next((name for name in names if name in user_agent), "") for names in (_BROWSERS, _SYSTEMS)]
    words = [_CALLED.get(name, name) for name in known if name]
    return " on ".join(words) or "Another program"
