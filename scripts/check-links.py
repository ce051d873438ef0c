#!/usr/bin/env python3
"""Checks that every relative link in the documents leads to a file, and every link to a heading to a heading."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def main():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.split()
    documents = [ROOT / name for name in listed if (ROOT / name).exists()]
    problems = [f"{document.relative_to(ROOT)}: {problem}" for document in documents for problem in broken(document)]
    print("\n".join(problems) or f"links of {len(documents)} documents: all lead somewhere")
    sys.exit(1 if problems else 0)


def broken(document):
    for target in LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists():
            yield f"no such file: {target}"
        elif heading and heading not in headings(file):
            yield f"no such heading: {target}"


def headings(document):
    """Anchors as GitHub makes them: lower case, punctuation dropped, blanks to hyphens."""
    titles = re.findall(r"^#+ +(.*)$", FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


if __name__ == "__main__":
    main()
