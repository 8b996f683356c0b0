# SPDX-License-Identifier: Apache-2.0
"""The index page: an insurer's first screen, what the index misses, nothing told that the record does not say."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from cover_pages import RUNS, anchors, fires, html_of, nile, page_of, section, without
from test_html import LIMIT, Page

from greenrisk.report.pages.basis_section import misses, misses_sentence, worth_sentence
from greenrisk.report.pages.index_answer_words import judgement
from greenrisk.report.pages.index_price_sections import calibration_sentence
from greenrisk.report.pages.index_treatment_section import treatments_note, treatments_sentence
from greenrisk.report.pages.index_words import amount, chance, fold, plain
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import money, percent, significant

SECTIONS = {
    "record": ("series",),
    "treatments": ("treatments", "changes"),
    "payout": ("payout_function",),
    "premium": ("families",),
    "test": ("backtest",),
    "losses": ("curves",),
    "checks": ("checks/second_method", "checks"),
}
"""Section and the groups without which it is left out."""


@pytest.fixture(scope="module", params=list(RUNS))
def html(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    return html_of(request.param, tmp_path_factory)


@pytest.fixture(scope="module")
def on_nile(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return nile(tmp_path_factory)


@pytest.fixture(scope="module")
def on_fires(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return fires(tmp_path_factory)


def group(tree: xr.DataTree, name: str) -> xr.Dataset:
    return tree[name].to_dataset()


def test_the_page_asks_for_nothing_from_the_network_and_stays_small(html: str) -> None:
    page = Page(html)
    assert [a for a in page.addresses if not a.startswith(("#", "data:"))] == []
    assert re.findall(r"url\((?!#)[^)]*\)", html) == []
    assert len(html.encode()) < LIMIT


def test_every_link_leads_to_a_place_that_stands_once(html: str) -> None:
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)


def test_no_number_that_does_not_exist_and_no_internal_name_reaches_a_reader(html: str) -> None:
    words = " ".join(section(html, a) for a in anchors(html) if a not in ("inputs", "ledger", "run"))
    assert not {"nan", "None", "NaN", "inf", "True", "False"} & set(re.findall(r"[\w.]+", words))
    files = set(re.findall(r"\b(?:manaus|fires)_\w+", words))
    assert {w for w in re.findall(r"\b[A-Za-z]+_\w+", words) if w not in files} == set()
    assert "`" not in words


def test_premium_and_rate_on_line_stand_first_with_both_errors(
    on_nile: xr.DataTree, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = section(html_of("nile", tmp_path_factory), "answer")
    premium = group(on_nile, "premium")
    gross = float(premium["amount"].sel(row="gross_premium", segment="all"))
    assert f"Gross premium a year {money(gross, 4)}".replace("\u00a0", " ") in told
    # the cover pays 10 million at most
    assert f"can pay {significant(100 * gross / 1e7)} %" in told
    assert told.count("simulation,") == 4
    assert told.count("knowledge ") >= 4


def test_a_run_without_a_loss_says_that_basis_risk_is_not_known(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    html = html_of("nile", tmp_path_factory)
    told = section(html, "answer")
    assert "Nobody recorded what a buyer of this cover lost: its basis risk is not known." in told
    assert "What the index misses is not known" in told
    assert "To the buyer" not in told
    assert "is refused" in section(html, "basis")


def test_the_note_of_a_series_is_a_notice(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name, note in (
        ("nile", "whether the river or the gauge changed then, the series does not say"),
        ("manaus", "A deseasonalised anomaly of each month: no gauge height, and no season is left in it."),
    ):
        html = html_of(name, tmp_path_factory)
        notice = re.search(r'<div class="notice">(.*?)</div>', html, re.DOTALL)
        assert notice is not None
        assert note in " ".join(notice[1].split())


def test_missed_years_are_those_of_the_largest_losses_that_were_not_paid(on_fires: xr.DataTree) -> None:
    pairs = group(on_fires, "basis_pairs")
    loss, paid, year = (pairs[name].values for name in ("loss", "payout", "year"))
    worst = np.argsort(-loss)[: int((paid > 0).sum())]
    missed = sorted(int(y) for y in year[worst][paid[worst] == 0])
    found = misses(on_fires)
    assert found is not None
    assert (found.worst, found.missed, list(found.which)) == (worst.size, len(missed), missed)
    assert f"missed {len(missed)} of the {worst.size} worst of {loss.size} years" in misses_sentence(on_fires)


def test_what_the_cover_is_worth_is_the_difference_of_the_arrangements(on_fires: xr.DataTree) -> None:
    sure = group(on_fires, "buyer")["certainty_equivalent"]
    gains = {
        name: float(sure.sel(arrangement=name)) - float(sure.sel(arrangement="none"))
        for name in ("index_quoted", "index", "indemnity")
    }
    said = {name: f"{money(abs(gain))} {'more' if gain >= 0 else 'less'}" for name, gain in gains.items()}
    told = worth_sentence(on_fires)
    assert f"quoted premium is worth {said['index_quoted']} a year than no cover" in told
    assert f"the index is worth {said['index']} and full indemnity {said['indemnity']}" in told


def test_an_optimised_trigger_shows_the_corrected_value_beside_the_one_in_sample(
    on_fires: xr.DataTree, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = group(on_fires, "calibration").isel(figure=0)
    inside, corrected = float(first["in_sample"]), float(first["corrected"])
    assert inside > corrected
    html = html_of("fires", tmp_path_factory)
    for where in ("answer", "premium"):
        told = section(html, where)
        assert money(abs(inside)).replace("\u00a0", " ") in told
        assert money(abs(corrected)).replace("\u00a0", " ") in told
    sentence = calibration_sentence(group(on_fires, "calibration"))
    assert sentence.index(money(abs(corrected))) < sentence.index(money(abs(inside)))


def test_treatments_stand_side_by_side_and_a_refused_one_says_so(on_nile: xr.DataTree) -> None:
    treatments = group(on_nile, "treatments")
    charged = treatments["pure_premium_law"].fillna(treatments["pure_premium_burn"])
    stand = charged.values[treatments["refused"].values.astype(str) == ""]
    told = treatments_sentence(treatments)
    assert fold(stand.max() / stand.min()) in told
    assert treatments["refused"].sel(treatment="linear").item()
    note = treatments_note(treatments)
    assert (
        f"Straight line taken out: refused by the tests, would give {money(float(charged.sel(treatment='linear')))}"
        in note
    )
    assert note.startswith("Used here: years before the step moved")


def test_one_treatment_that_pays_nothing_is_told_as_nothing() -> None:
    treatments = xr.Dataset(
        {
            "pure_premium_burn": ("treatment", [0.0, 4e5]),
            "refused": ("treatment", ["", ""]),
            "chosen": ("treatment", [1, 0]),
        },
        coords={"treatment": ["none", "linear"]},
    )
    assert "from nothing: CNY\u00a00 to 400,000" in treatments_sentence(treatments)


def test_shares_of_record_and_judgement_are_those_of_the_variance(on_fires: xr.DataTree) -> None:
    share = group(on_fires, "variance")["share"]
    found = judgement(on_fires, Metrics(group(on_fires, "metrics")), [])
    assert f"{percent(float(share.sel(status='record')))} comes from the length of the record" in str(
        found["sentence"]
    )


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("anchor", SECTIONS)
def test_a_group_that_is_absent_leaves_its_section_out(on_nile: xr.DataTree, anchor: str) -> None:
    assert anchor in anchors(page_of(on_nile))
    gone = [name for name in SECTIONS[anchor] if name in {n.path.strip("/") for n in on_nile.subtree}]
    page = page_of(without(on_nile, *gone))
    assert anchor not in anchors(page)
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.usefixtures("unpainted")
def test_a_buyer_without_an_index_worth_telling_is_not_told_a_number(on_fires: xr.DataTree) -> None:
    basis = group(on_fires, "basis").copy(deep=True)
    basis["value"].loc[{"measure": "index_gain_quoted"}] = np.nan
    tree = without(on_fires, "basis")
    tree["basis"] = xr.DataTree(basis)
    assert worth_sentence(tree) == (
        "What the cover is worth to the buyer cannot be told: a year would leave less than nothing"
    )


@pytest.mark.parametrize(
    ("worst", "share", "words"),
    [
        (0, np.nan, "None of 13 years was paid: what the index misses cannot be told"),
        (1, 1.0, "The index missed the worst of 13 years: nothing was paid"),
        (3, 0.0, "The index missed none of the 3 worst of 13 years: each was paid something"),
        (3, 2 / 3, "The index missed 2 of the 3 worst of 13 years: nothing was paid"),
    ],
)
def test_misses_in_words(worst: int, share: float, words: str) -> None:
    basis = xr.Dataset(
        {name: ("measure", [share]) for name in ("value", "low", "high")},
        coords={"measure": ["false_negatives"]},
        attrs={"matched_years": worst, "years": 13, "simulated": 0},
    )
    assert misses_sentence(xr.DataTree.from_dict({"/basis": basis})) == words


@pytest.mark.parametrize(
    ("ratio", "words"), [(4.05, "fourfold"), (1.79, "1.8-fold"), (20.3, "20-fold"), (2.0, "twofold")]
)
def test_ratios_in_words(ratio: float, words: str) -> None:
    assert fold(ratio) == words


def test_small_words() -> None:
    assert chance(0.0002) == "under 0.001"
    assert chance(0.0451) == "0.045"
    assert amount(5.0, "years") == "5\u00a0years"
    assert amount(float("nan"), "CNY/year") == "\u2013"
    assert (
        plain("A line across it makes a trend of it. Choose `step` or `auto`.")
        == "A line across it makes a trend of it."
    )
    assert plain("Falls by -2.5 1e8 m3/year") == "Falls by \u22122.5 \u00d710\u2078 m\u00b3 a year"
