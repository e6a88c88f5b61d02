"""Run the examples of the README, the documentation and the docstrings as tests."""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.myst import ClearNamespaceParser, DocTestDirectiveParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.parsers.rest import SkipParser as DocstringSkipParser
from sybil.sybil import SybilCollection

ROOT = Path(__file__).parent
FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE

pages = [
    PythonCodeBlockParser(doctest_optionflags=FLAGS),
    DocTestDirectiveParser(optionflags=FLAGS),
    ClearNamespaceParser(),
    SkipParser(),
]

pytest_collect_file = SybilCollection(
    [
        Sybil(parsers=pages, path=str(ROOT), pattern="README.md"),
        Sybil(parsers=pages, path=str(ROOT / "docs"), pattern="**/*.md", excludes=["_build/**"]),
        Sybil(
            parsers=[DocTestParser(optionflags=FLAGS), DocstringSkipParser()],
            path=str(ROOT / "src"),
            pattern="**/*.py",
            document_types={".py": PythonDocStringDocument},
        ),
    ]
).pytest()
