"""Loads libxmdb.so into one Python module's SQLite and compares answers: check-extension-host.py MODULE LIBRARY.

Exit status: 0 all right, 1 a wrong answer, 77 the module is not there or cannot load extensions.
"""

import importlib
import sys
import threading

ANSWERS = [
    ("SELECT xm_separation(0, 0, 0, 1)", 3600.0),
    ("SELECT xm_separation(NULL, 0, 0, 1)", None),
    ("SELECT xm_healpix(0, 90, 0)", 5),
    ("SELECT round(xm_match_probability(0.5, 0.3, 0.4, 1e4, 2e4, 3e4), 10)", 0.9881522136),
    ("SELECT json_extract(xm_move(10, 0, 3600000, 0, 2000, 2000), '$[0]')", 10.0),
    ("SELECT count(DISTINCT name) > 15 FROM pragma_function_list WHERE name LIKE 'xm\\_%' ESCAPE '\\'", 1),
]
ERRORS = [
    ("SELECT xm_separation(0, 0, 'abc', 0)", "xm_separation: argument 3 (ra2) is 'abc'; expected degrees"),
    ("SELECT xm_open('/nowhere')", "xm_open: /nowhere: there is no xmdb database here"),
    ("SELECT * FROM sly", "unsafe use of xm_open()"),
]


def connect(module, library):
    """A private connection with the extension loaded."""
    if module.__name__ == "apsw":
        connection = module.Connection(":memory:")
        connection.enable_load_extension(True)
    else:
        # A connection belongs to one thread here too; closing it from another is allowed.
        connection = module.connect(":memory:", check_same_thread=False)
        connection.enable_load_extension(True)
    connection.load_extension(library)
    return connection


def value(connection, sql):
    return connection.cursor().execute(sql).fetchone()[0]


def check(connection):
    for sql, expected in ANSWERS:
        found = value(connection, sql)
        assert found == expected, f"{sql} gives {found!r}, expected {expected!r}"
    connection.cursor().execute("CREATE VIEW sly AS SELECT xm_open('/tmp')")
    for sql, expected in ERRORS:
        try:
            found = f"the answer {value(connection, sql)!r}"
        except Exception as error:  # every module has its own class
            found = str(error)
        assert expected in found, f"{sql} says {found!r}, expected {expected!r}"


def check_reopening(module, library):
    """Opening, using and closing again, also with a statement half done."""
    for _ in range(50):
        connection = connect(module, library)
        cursor = connection.cursor()
        cursor.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT xm_separation(0, 0, i, 0) FROM n")
        for _ in range(3):
            cursor.fetchone()
        if module.__name__ == "apsw":
            connection.close(True)
        else:
            connection.close()


def check_threads(module, library):
    failures = []

    def work():
        try:
            connection = connect(module, library)
            for _ in range(20):
                total = value(connection, "SELECT sum(xm_separation(0, 0, 0, value)) FROM json_each('[1, 2, 3]')")
                assert total == 21600.0, f"a thread got {total!r}"
            connection.close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


def main():
    name, library = sys.argv[1:]
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        sys.exit(skip(error))
    library_version = module.sqlite_lib_version() if name == "apsw" else module.sqlite_version
    try:
        connection = connect(module, library)
    except AttributeError:
        sys.exit(skip("this build cannot load extensions"))
    try:
        check(connection)
        connection.close()
        check_reopening(module, library)
        check_threads(module, library)
    except AssertionError as error:
        print(f"wrong: {error}")
        sys.exit(1)
    print(f"ok, SQLite {library_version}")


def skip(why):
    print(f"skipped: {why}")
    return 77


main()
