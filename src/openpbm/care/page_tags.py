"""What templates write dozens of times a page: a sign, the address of a page, that of a file, the fields of a form.

`url` and `static` give what Django's tags of the same name give, which find it again each time.
"""

from __future__ import annotations

import functools
from typing import Any

from django.forms.renderers import get_default_renderer
from django.template import Library
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parsed_url
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from openpbm.care.addresses import address

__all__ = ["register"]

register = Library()


@functools.cache
def _file_address(path: str) -> str:
    return StaticNode.handle_simple(path)


@functools.cache
def _sign(name: str) -> SafeString:
    sheet = _file_address("care/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sheet, name
    )


class _Icon(Node):
    child_nodelists = ()

    def __init__(self, name: FilterExpression) -> None:
        self._name = name

    def render(self, context: Context) -> SafeString:
        return _sign(self._name.resolve(context))


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """A sign out of the sheet by its name: {% icon "alert" %}."""
    _, name = token.split_contents()
    return _Icon(parser.compile_filter(name))


def _written(template: str, **context: Any) -> SafeString:
    # Jinja has escaped what it was given.
    return mark_safe(get_default_renderer().render(f"page/{template}.html", context | {"alert": _sign("alert")}))


@register.simple_tag
def form_fields(form: Any, fields: Any = None) -> SafeString:
    """The fields of a form, or those of them, under what is wrong with it: {% form_fields place place.where %}."""
    return _written("form_fields", form=form, fields=fields)


@register.simple_tag
def field(field: Any) -> SafeString:
    """One field with its label, its hint and what is wrong with it: {% field form.date %}."""
    return _written("field", field=field)


@register.simple_tag
def field_errors(field: Any) -> SafeString:
    """What is wrong with a field."""
    return _written("field_errors", field=field)


class _Static(StaticNode):
    @classmethod
    def handle_simple(cls, path: str) -> str:
        return _file_address(path)


register.tag("static", _Static.handle_token)


class _Url(URLNode):
    def render(self, context: Context) -> str:
        values = {name: value.resolve(context) for name, value in self.kwargs.items()}
        try:
            found = address(self.view_name.resolve(context), *(one.resolve(context) for one in self.args), **values)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar is None:
            return conditional_escape(found) if context.autoescape else found
        context[self.asvar] = found
        return ""


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """The address of a page, as Django's tag of this name writes it."""
    parsed: Any = parsed_url(parser, token)
    return _Url(parsed.view_name, parsed.args, parsed.kwargs, parsed.asvar)
