"""Reading source tolerantly: notebooks, pasted fragments, prompts, magics, half-broken files."""

from __future__ import annotations

import ast
import io
import json
import re
import textwrap
import tokenize
import warnings
from dataclasses import dataclass

from cnngui.checker.source import limits

SKIPPED_CELLS = ("%%bash", "%%sh", "%%html", "%%javascript", "%%js", "%%latex", "%%writefile", "%%script",
    "%%markdown",
                 "%%svg", "%%cmd", "%%perl", "%%ruby", "%%R", "%%cython")  # fmt: skip
MAGIC = re.compile(r"^(\s*)([%!?].*|.*\?\??)$")
ASSIGNED_MAGIC = re.compile(r"^(\s*\w+\s*=\s*)[!%].*$")
PROMPT = re.compile(r"^\s*(>>> ?|\.\.\. ?|In \[\d*\]: ?)")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: its tree, its lines, and for a notebook the (cell, line) of every line.

    ``problem`` says in words why (a part of) it could not be read; ``tree`` is None if none of it could.
    """

    tree: ast.Module | None
    lines: tuple[str, ...]
    cells: tuple[tuple[int, int], ...] = ()
    problem: str = ""
    problem_line: int = 0

    def place(self, line: int) -> tuple[int | None, int]:
        """The notebook cell (None outside of notebooks) and the line in it."""
        if self.cells and 0 < line <= len(self.cells):
            return self.cells[line - 1]
        return None, line


def decode(data: bytes) -> str:
    """Bytes of a source file as text: by its mark or coding line, else UTF-8, else Latin-1."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return data.decode("latin-1")


def read(text: str, *, notebook: bool = False) -> Source:
    """Parse a script, a fragment or (``notebook``) the JSON of a notebook. Never raises."""
    cells: tuple[tuple[int, int], ...] = ()
    if notebook:
        try:
            text, cells = _notebook(text)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            return Source(None, (), problem=f"it is not a notebook: {str(error)[:100]}")
    if len(text) > limits.CHARACTERS:
        return Source(None, (), problem=f"it is longer than {limits.CHARACTERS:,} characters")
    text = text.replace("\x00", " ").replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    text = text.removeprefix("\ufeff")
    if not notebook and not isinstance(_try(text), ast.Module) and _pasted(text):
        text = _without_prompts(text)
    source = _parsed(text)
    return Source(source.tree, source.lines, cells, source.problem, source.problem_line)


def _notebook(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    lines: list[str] = []
    cells: list[tuple[int, int]] = []
    book = json.loads(text)
    parts = book.get("cells") or [
        cell for sheet in book.get("worksheets", []) for cell in sheet.get("cells", [])
    ]
    for number, cell in enumerate(parts, 1):
        if cell.get("cell_type") != "code":
            continue
        given = cell.get("source", cell.get("input", ""))
        body = (given if isinstance(given, str) else "".join(str(one) for one in given)).split("\n")
        if body and body[0].lstrip().startswith(SKIPPED_CELLS):
            continue
        lines.extend(_plain(line) for line in body)
        cells.extend((number, index) for index in range(1, len(body) + 1))
    return "\n".join(lines), tuple(cells)


def _plain(line: str) -> str:
    """A notebook line with its magic taken out, still one line."""
    found = MAGIC.match(line)
    if found and not line.lstrip().startswith("#"):
        return f"{found.group(1)}pass"
    assigned = ASSIGNED_MAGIC.match(line)
    return f"{assigned.group(1)}None" if assigned else line


def _pasted(text: str) -> bool:
    """Whether lines of an interactive session or the fences of a page are in it."""
    return any(PROMPT.match(line) or line.lstrip().startswith("```") for line in text.split("\n")[:400])


def _without_prompts(text: str) -> str:
    kept = []
    prompted = any(line.lstrip().startswith(">>>") for line in text.split("\n"))
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            kept.append("")
        elif PROMPT.match(line):
            kept.append(PROMPT.sub("", line, count=1))
        else:
            kept.append("" if prompted else line)
    return "\n".join(kept)


def _try(text: str) -> ast.Module | SyntaxError | str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, MemoryError, RecursionError) as error:
        return f"it cannot be parsed: {str(error)[:100] or type(error).__name__}"


def _parsed(text: str) -> Source:
    lines = tuple(text.split("\n"))
    first = _try(text)
    if isinstance(first, ast.Module):
        return Source(first, lines)
    dedented = textwrap.dedent(text)
    again = _try(dedented) if dedented != text else first
    if isinstance(again, ast.Module):
        return Source(again, lines)
    if isinstance(again, str):
        return Source(None, lines, problem=again)
    return _repaired(list(dedented.split("\n")), lines, again)


def _repaired(work: list[str], lines: tuple[str, ...], error: SyntaxError) -> Source:
    """Leave out the lines Python complains about, one after the other."""
    problem, where = error.msg, error.lineno or 0
    seen: set[int] = set()
    for _ in range(limits.REPAIRS):
        bad = min(max((error.lineno or 1) - 1, 0), len(work) - 1)
        while bad in seen and bad > 0:
            bad -= 1
        seen.add(bad)
        indent = len(work[bad]) - len(work[bad].lstrip())
        work[bad] = " " * indent + "pass" if error.msg != "unexpected indent" else ""
        result = _try("\n".join(work))
        if isinstance(result, ast.Module):
            return Source(result, lines, problem=f"could not be read: {problem}", problem_line=where)
        if isinstance(result, str):
            return Source(None, lines, problem=result)
        error = result
    return Source(None, lines, problem=f"it is not Python: line {where}: {problem}", problem_line=where)
