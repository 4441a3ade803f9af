"""Finds code that looks into a sentence of ours instead of reading a value: what `tests/test_house.py` forbids."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

#: What holds a sentence for people wherever it stands: a variable, an attribute, or a key of a mapping.
SENTENCES = {"basis", "denominator", "html", "message", "page", "prose", "remedy", "sentence", "statement"}
#: The text of a noun is a sentence; a variable of that name may as well be the text of a file.
SENTENCES_OF_NOUNS = SENTENCES - {"page"} | {"text", "text_of"}
#: An error or a problem as text; `str` of anything else may be a number.
PROBLEMS = {"error", "exc", "fault", "finding", "mark", "problem", "reason", "refusal", "warning"}
RENDERS = ("render", "render_to_string")
#: Ways to look into a text. `strip` and `rstrip` only trim its ends, and `split()` without an argument folds blanks.
LOOKS = {
    *("count", "endswith", "find", "index", "partition", "removeprefix", "removesuffix", "replace", "rfind"),
    *("rindex", "rpartition", "rsplit", "split", "splitlines", "startswith", "translate"),
}
SAME_TEXT = {"casefold", "lower", "rstrip", "lstrip", "strip", "upper", "capitalize"}


def looks_into_prose(tree: ast.Module) -> Iterator[int]:
    """Numbers of the lines on which a sentence is searched, cut, replaced or compared with another sentence."""
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))]:
        nodes = list(_own_nodes(scope))
        sentences = _named_after_prose(nodes)
        for node in nodes:
            if _looks(node, sentences):
                assert isinstance(node, ast.expr)
                yield node.lineno


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions inside it, which are scopes of their own."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own_nodes(child)


def _named_after_prose(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Variables that hold prose under another name: `said = str(error)`."""
    names: frozenset[str] = frozenset()
    for node in nodes:
        if isinstance(node, ast.Assign) and _is_prose(node.value, names):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _looks(node: ast.AST, sentences: frozenset[str]) -> bool:
    if isinstance(node, ast.Compare):
        return _compares(node, sentences)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    of, name = node.func.value, node.func.attr
    if isinstance(of, ast.Name) and of.id == "re":
        return any(_is_prose(argument, sentences) for argument in node.args)
    if name == "split" and not node.args and not node.keywords:
        return False
    return name in LOOKS and _is_prose(of, sentences)


def _compares(node: ast.Compare, sentences: frozenset[str]) -> bool:
    """`"no trial" in basis`, `message == "not known"`; a comparison with "" asks only whether anything is said."""
    sides = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
        if isinstance(operator, ast.In | ast.NotIn) and _is_prose(right, sentences):
            return True
        pair = (left, right)
        if isinstance(operator, ast.Eq | ast.NotEq) and any(_is_prose(side, sentences) for side in pair):
            return not any(isinstance(side, ast.Constant) and side.value in ("", None) for side in pair)
    return False


def _is_prose(node: ast.expr, sentences: frozenset[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in SENTENCES or node.id in sentences
    if isinstance(node, ast.Attribute):
        return node.attr in SENTENCES_OF_NOUNS
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value in SENTENCES_OF_NOUNS
    return isinstance(node, ast.Call) and _gives_prose(node, sentences)


def _gives_prose(node: ast.Call, sentences: frozenset[str]) -> bool:
    if isinstance(node.func, ast.Attribute):
        name = node.func.attr
        if name in SAME_TEXT | LOOKS:
            return _is_prose(node.func.value, sentences)
        return name.startswith(RENDERS) or name == "format_message"
    if not isinstance(node.func, ast.Name):
        return False
    if node.func.id == "str" and node.args:
        return _last_name(node.args[0]) in PROBLEMS or _is_prose(node.args[0], sentences)
    return node.func.id.startswith(RENDERS) or node.func.id == "mark_safe"


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
