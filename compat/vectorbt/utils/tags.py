"""Tags of metrics and subplots, and what is asked of them."""

from __future__ import annotations

import ast

from .template import RepEval


def match_tags(tags, in_tags) -> bool:
    """Whether one of `tags` is among `in_tags`, or is a true expression over them, as
    "trades and not open".
    """
    tags = [tags] if isinstance(tags, str) else tags
    in_tags = [in_tags] if isinstance(in_tags, str) else in_tags
    for tag in in_tags:
        if not tag.isidentifier():
            raise ValueError(f"the tag {tag!r} is no name")
    for tag in tags:
        if tag.isidentifier():
            found = tag in in_tags
        else:
            names = {node.id for node in ast.walk(ast.parse(tag)) if type(node) is ast.Name}
            found = RepEval(tag).eval({name: name in in_tags for name in names})
            if not isinstance(found, bool):
                raise TypeError(f"the expression of tags {tag!r} is neither true nor false")
        if found:
            return True
    return False
