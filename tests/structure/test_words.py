"""The project keeps to the statute's and the field's words: some words are never said of people or of what is done."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from docs.source import ROOT, Module, modules, pages

SINGULAR = ("user", "client", "target", "hit", "score", "payload")
WORDS = {*SINGULAR, *(f"{word}s" for word in SINGULAR)}
PHRASES = re.compile(
    rf"\b(?:{'|'.join(SINGULAR)}|audit[ _-]?log|approval[ _-]?flag|alien[ _-]?list)s?\b", re.IGNORECASE
)

# Where such a word stands all the same, and why it may.
ALLOWED = {
    "docs/glossary.md": "says which words are not used",
    "CONTRIBUTING.md": "says which words are not used",
    "src/comity/crypto/sign.py": "RFC 7515 calls by that name what a JWS signs",
    "src/comity/store/database.py": "a key that Django's settings demand",
}


def _names(module: Module) -> Iterator[tuple[int, str]]:
    """Every name the module itself gives: of functions, classes, parameters, variables and fields."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def _prose(module: Module) -> Iterator[tuple[int, str]]:
    """Every comment and every text of the module."""
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], token.string


@pytest.mark.parametrize("name", ["hit_count", "targetPerson", "Client", "old_score"])
def test_a_name_with_such_a_word_is_found(name: str) -> None:
    assert _words(name) & WORDS


@pytest.mark.parametrize("name", ["white_space", "underscore", "recipient", "targeted"])
def test_a_name_that_only_contains_its_letters_is_not(name: str) -> None:
    assert not _words(name) & WORDS


def test_no_name_in_the_code_is_such_a_word() -> None:
    assert [
        f"{module.where}:{line} {name}"
        for module in modules()
        for line, name in _names(module)
        if _words(name) & WORDS and module.where not in ALLOWED
    ] == []


def test_no_comment_and_no_text_in_the_code_says_such_a_word() -> None:
    assert [
        f"{module.where}:{line}"
        for module in modules()
        for line, text in _prose(module)
        if PHRASES.search(text) and module.where not in ALLOWED
    ] == []


def test_no_page_says_such_a_word() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in pages()}

    assert [
        f"{name}:{number}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if PHRASES.search(line) and name not in ALLOWED
    ] == []


def test_every_exception_is_still_needed() -> None:
    assert [name for name in ALLOWED if not PHRASES.search((ROOT / name).read_text("utf-8"))] == []
