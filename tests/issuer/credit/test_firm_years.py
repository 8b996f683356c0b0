# SPDX-License-Identifier: Apache-2.0
"""Ten firms of the American data set: scores by hand, no fit, mixed-up columns refused."""

from pathlib import Path

import pytest

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.issuer.credit.firm_years import BANKRUPTCY_SAMPLE, firm_year_scores, own_layout
from greenrisk.issuer.credit.logit import LogitRefused, fit_logit

NAME = "shared/data/issuer/issuers/american_bankruptcy_sample130.csv"
PLACES = (Path(__file__).parents[4] / NAME, Path("/work") / NAME)
HEAD = "company_name,status_label,year," + ",".join(f"X{k}" for k in range(1, 19))
ROW = "C,alive,1999,511.267,833.107,18.373,89.031,336.018,35.163,128.348,372.7519,1024.333,740.998,180.447"
ROW += ",70.658,191.226,163.816,201.026,1024.333,401.483,935.302"


@pytest.fixture(scope="module")
def sample():
    where = next((at for at in PLACES if at.exists()), None)
    if where is None:
        pytest.skip(f"../{NAME} is not here")
    return read_table(where, BANKRUPTCY_SAMPLE, Ledger())


def one(tmp_path, row):
    path = tmp_path / "years.csv"
    path.write_text(f"{HEAD}\n{row}\n")
    return read_table(path, BANKRUPTCY_SAMPLE, Ledger())


def test_the_scores_of_one_year_are_the_printed_sums(tmp_path):
    found = firm_year_scores(one(tmp_path, ROW)).iloc[0]
    ca, cl, re, ebit, mv, tl, sales, ta = (
        511.267,
        163.816,
        201.026,
        70.658,
        372.7519,
        401.483,
        1024.333,
        740.998,
    )
    x1, x2, x3, x5, book = (ca - cl) / ta, re / ta, ebit / ta, sales / ta, (ta - tl) / tl
    assert found["Z"] == pytest.approx(1.2 * x1 + 1.4 * x2 + 3.3 * x3 + 0.6 * mv / tl + x5, rel=1e-12)
    assert found["EM"] == pytest.approx(3.25 + 6.56 * x1 + 3.26 * x2 + 6.72 * x3 + 1.05 * book, rel=1e-12)
    assert (found["Z_zone"], found["EM_zone"]) == ("safe", "safe")


def test_mixed_up_columns_are_refused_with_row_and_identity(tmp_path):
    with pytest.raises(TableError) as error:
        firm_year_scores(one(tmp_path, ROW.replace("70.658", "60.658")), name="years.csv")
    (fault,) = error.value.faults
    assert (fault.where, fault.what) == ("years.csv:2", "X4 - X3 = X12 misses by 10")


def test_every_year_of_the_supplied_sample_is_scored_and_nothing_is_fitted(sample):
    ledger = Ledger()
    found = firm_year_scores(sample, ledger=ledger)
    assert len(found) == len(sample) == 130
    assert found[["Z", "Z_private", "Z_nonmanufacturing", "EM"]].notna().all(axis=None)
    (entry,) = ledger
    assert entry.detail.startswith("10 firms, 1 failed")
    assert not [column for column in found if "probab" in column or "auc" in column.lower()]


def test_the_supplied_sample_is_refused_by_the_logit(sample):
    own = own_layout(sample)
    assert own.groupby("firm")["failed"].sum().sum() == 1
    with pytest.raises(LogitRefused) as error:
        fit_logit(own, ["ebit_to_assets"])
    assert [fault.what for fault in error.value.faults] == ["10 firms", "1 failed firm"]
