import json
import warnings

import pytest
from conftest import HYADES

import xmdb


def test_the_notebook_runs(monkeypatch):
    pytest.importorskip("astropy")
    folder = HYADES.parent / "notebook"
    monkeypatch.chdir(folder)
    names = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", xmdb.XMDBWarning)
        for cell in json.loads((folder / "hyades.ipynb").read_text())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    assert (len(names["both"]), len(names["as_given"]), len(names["matched"])) == (1113, 773, 1113)
    assert ["cannot be trusted" in str(warning.message) for warning in caught] == [True]
