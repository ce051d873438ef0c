#!/usr/bin/env python3
"""Finds folders of a module that use each other's types in a circle.

    scripts/check-folders.py [--quiet] [MODULE…]

Inside a module no two folders may need one another, not even by way of others: what lies below must be understood without
what lies above. A folder uses another one where its files name a type that is declared there. Types are found by their
declarations; members that an extension in another folder adds are not followed. Prints what each folder uses, without --quiet;
status 1 and the references that close a circle, if there is one.
"""
import collections
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DECLARATION = re.compile(
    r"^\s*(?:(?:public|package|internal|private|fileprivate|final|indirect|open|@\w+(?:\([^)]*\))?)\s+)*"
    r"(?:struct|class|enum|protocol|actor|typealias)\s+(\w+)", re.M)
PRIVATE = re.compile(r"^\s*(?:private|fileprivate)\b")
NESTED = re.compile(r"^\s+")


def code(path):
    """The source without comments and texts."""
    with open(path) as file:
        text = file.read()
    text = re.sub(r'"""(?:.|\n)*?"""', '""', text)
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"/\*(?:.|\n)*?\*/", "", text)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def declared(text):
    """Types of the top level that other files can see."""
    for match in DECLARATION.finditer(text):
        line = text[text.rfind("\n", 0, match.start(1)) + 1:match.start(1)]
        if not NESTED.match(line) and not PRIVATE.match(line):
            yield match.group(1)


def references(module):
    """For each folder, the folders that it uses, with the type and the file of each reference."""
    sources = {}
    for folder, _, files in os.walk(module):
        name = os.path.relpath(folder, module)
        for file in files:
            if file.endswith(".swift") and name != ".":
                sources[os.path.join(folder, file)] = (name, code(os.path.join(folder, file)))
    home = {}
    for name, text in sources.values():
        for type_name in declared(text):
            home[type_name] = name
    used = collections.defaultdict(lambda: collections.defaultdict(set))
    for path, (name, text) in sources.items():
        for word in set(re.findall(r"\b[A-Z]\w*\b", text)):
            if word in home and home[word] != name:
                used[name][home[word]].add((word, os.path.basename(path)))
    return used


def circles(used):
    """Sets of folders that reach one another (strongly connected components of more than one)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in used.get(node, {}):
            if other not in index:
                visit(other)
            low[node] = min(low[node], low[other]) if other in stack else low[node]
        if low[node] == index[node]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == node:
                    break
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(used):
        if node not in index:
            visit(node)
    return found


def main():
    is_quiet = "--quiet" in sys.argv
    chosen = [name for name in sys.argv[1:] if name != "--quiet"]
    modules = chosen or sorted(name for name in os.listdir(os.path.join(ROOT, "Sources")) if not name.startswith("C")
                               or name == "CatalogStore")
    wrong = 0
    for name in modules:
        used = references(os.path.join(ROOT, "Sources", name))
        found = circles(used)
        for folder in sorted(used) if not is_quiet else ():
            print(f"{name}/{folder} uses {', '.join(sorted(used[folder]))}")
        for group in found:
            wrong += 1
            print(f"{name}: a circle of {', '.join(group)}")
            for folder in group:
                for other in group:
                    for type_name, file in sorted(used[folder].get(other, ())):
                        print(f"  {folder}/{file} uses {type_name} of {other}")
    print(f"folders: {wrong} circles" if wrong else "folders: no circles")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
