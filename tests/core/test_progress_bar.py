"""The bar shows itself where it runs: a terminal, a notebook with ipywidgets, a notebook without."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from palaestra.core.progress_bar import reported


def test_what_was_asked_for_is_what_is_called() -> None:
    def own(done: float, total: float) -> None: ...

    for asked, given in ((own, own), (None, None), (False, None)):
        with reported("title", asked) as report:
            assert report is given


def test_a_notebook_without_ipywidgets_gets_a_line_that_is_written_over(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", SimpleNamespace())
    monkeypatch.setattr("palaestra.core.progress_bar.find_spec", lambda name: None)
    with reported("title", True) as report:
        assert report is not None
        report(1, 2)
        report(2, 2)
    err = capfd.readouterr().err
    assert "title" in err and "2/2" in err and "\r" in err
