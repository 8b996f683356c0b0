# SPDX-License-Identifier: Apache-2.0
"""The late and sudden path on the issuer page: its section stands where the path is on, with the tables' numbers."""

from __future__ import annotations

import re

import pytest
import xarray as xr
from issuers_pages import page_of
from test_html import Page

from greenrisk.issuer.job import IssuersJob
from greenrisk.report.pages.issuers_production_section import production_section
from greenrisk.report.pages.issuers_view import View
from greenrisk.scenario.load import load
from tests.studied_issuers import SMALL, run_issuers


@pytest.fixture(scope="module")
def tree() -> xr.DataTree:
    job = load("issuers-late-sudden", SMALL).prepare()
    assert isinstance(job, IssuersJob)
    return run_issuers(job)


@pytest.mark.usefixtures("unpainted")
def test_the_section_stands_after_the_channels_with_the_values_of_every_plan(tree: xr.DataTree) -> None:
    html = page_of(tree)
    anchors = re.findall(r'<section id="([^"]+)">', html)
    assert anchors[anchors.index("channels") + 1] == "production"
    assert len(Page(html).ids) == len(set(Page(html).ids))
    section = production_section(View.of(tree))
    assert section is not None
    values = tree["production_npv"].to_dataset()
    table = next(part.table for part in section.parts if part.table is not None)
    for place, pair in enumerate(values["pair"].values):
        shown = sum(float(row[3 + place].value or 0.0) for row in table.rows)
        assert shown == pytest.approx(float(values["change"].sel(pair=pair).sum()), rel=1e-9)
    chart = section.parts[0].chart
    assert chart is not None
    assert "mwh" not in chart.title


@pytest.mark.usefixtures("unpainted")
def test_default_by_the_path_stands_beside_that_of_the_study(tree: xr.DataTree) -> None:
    section = production_section(View.of(tree))
    assert section is not None
    table = next(p.table for p in section.parts if p.table is not None and "path's own model" in p.heading)
    risk = tree["production_pd"].to_dataset().sel(term=26)
    for k, row in enumerate(table.rows):
        for place, pair in enumerate(risk["pair"].values):
            one = risk.isel(company=k).sel(pair=pair)
            assert row[2 + 2 * place].value == float(one["probability_late_sudden"])
            assert row[3 + 2 * place].value == float(one["study_probability_late_sudden"])
