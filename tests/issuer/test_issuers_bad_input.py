# SPDX-License-Identifier: Apache-2.0
"""Bad input of a scenario of issuers, by the command line: file, row or line, column, mend; all at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from spoilt_issuers import Spoilt

from greenrisk.core.library import find
from greenrisk.scenario.load import load

LATE = "{name: late, model: IAM 1.0, scenario: Late}"
PRICE = "IAM 1.0,Late,World,Price|Carbon,US$2010/t CO2,0,10,210"
LAST = "knowledge: {draws: 2"

Change = tuple[str, str, str]
"""File, old text, new text."""

YAML = "scenario.yaml"

CASES: dict[str, tuple[tuple[Change, ...], str]] = {
    "a baseline and a shock of two model families": (
        ((YAML, LATE, LATE.replace("IAM 1.0", "IAM 2.0")),),
        "scenario.yaml:21:20  Late (IAM 2.0) against Base (IAM 1.0)\n"
        "  Baseline and shock must be of one model family: `IAM 1.0` and `IAM 2.0` are two. Write model `IAM 1.0`.\n"
        "1 fault.",
    ),
    "a shock without levels against a baseline that has them": (
        ((YAML, LATE, "{name: late}"),),
        "scenario.yaml:21:7  scenario late\n"
        "  `base` has levels of `IAM 1.0`, and this scenario has none: give it a `model` too, or none to both.\n"
        "1 fault.",
    ),
    "levels and deviations of two model families": (
        ((YAML, LATE, LATE.replace("scenario", "macro_model: 'NiGEM v2[IAM 2.0]', scenario")),),
        "scenario.yaml:21:36  macro_model = NiGEM v2[IAM 2.0]\n"
        "  Levels and deviations must be of one model family: `IAM 1.0` and `IAM 2.0` are two. Of `IAM 1.0`: "
        "`NiGEM v1[IAM 1.0]`.\n"
        "1 fault.",
    ),
    "a scenario that starts after the data": (
        (("paths.csv", PRICE, PRICE.replace(",0,10", ",,10")),),
        "scenario.yaml:21:7  carbon_price for CN\n"
        "  The series holds 2030 to 2060; needed are 2025 to 2050. It stands in paths.csv:3. Set `hold: true` to hold "
        "its ends, or study 2030 to 2050. Give a table that holds it, or take out what consumes it.\n"
        "1 fault.",
    ),
    "a study that begins before its statements": (
        ((YAML, "base_year: 2024", "base_year: 2030"),),
        "scenario.yaml:16:1  pathways\n"
        "  `pathways.first_year`, 2025, must lie after `base_year`, 2030: the statement is the begin.\n"
        "1 fault. `greenrisk show kind issuers` lists its keys.",
    ),
    "a variable that no table holds": (
        (("paths.csv", "IAM 1.0,Late,World,gsat_median,K,1.2,1.5,1.9\n", ""),),
        "scenario.yaml:21:7  temperature for World\n"
        "  `IAM 1.0` holds no `temperature` for `Late`. Give a table that holds it, or take out what consumes it.\n"
        "1 fault.",
    ),
    "a discount rate below the growth": (
        ((YAML, LAST, f"statement_pass: ./own.yaml\n{LAST}"),),
        "scenario.yaml:29:1  card ./own.yaml: discount_rate = 0.07, terminal_growth = 0.2\n"
        "  What grows for ever as fast as it is discounted has no finite value. Narrow the ranges.  [1/year]\n"
        "1 fault.",
    ),
    "statements of one issuer in two currencies": (
        (("statements.csv", "JDZ-CER-1,2023,CNY", "JDZ-CER-1,2023,USD"),),
        "statements.csv:3  currency = USD\n"
        "  JDZ-CER-1 reports in CNY in row 2. Convert its statements to one currency.\n"
        "1 fault. `greenrisk show table issuer-statements` lists the columns of a statement.",
    ),
    "prices of two years": (
        ((YAML, "price_year: 2024", "price_year: 2023"),),
        "scenario.yaml:16:1  pathways\n"
        "  price_year = 2023, pathways.currency.price_year = 2024: money has prices of one year. Make them the same.\n"
        "1 fault. `greenrisk show kind issuers` lists its keys.",
    ),
    "a deviation in the place of a level": (
        (("paths.csv", PRICE, PRICE.replace("US$2010/t CO2", "% difference")),),
        "paths.csv:3  Price|Carbon in % difference\n"
        "  `carbon_price` is a level, but the unit says a deviation in percent. Apply the deviation to a level first, "
        "or name the variable after what it is.  [carbon_price]\n"
        "1 fault.",
    ),
    "a model of deviations named as one of levels": (
        ((YAML, LATE, LATE.replace("IAM 1.0", "'NiGEM v1[IAM 1.0]'")),),
        "scenario.yaml:21:20  model = NiGEM v1[IAM 1.0]\n"
        "  The tables hold deviations from a baseline of it alone, no level. Name it as `macro_model`.\n"
        "1 fault.",
    ),
    "physical damage twice, by site and in the deviations": (
        (
            (
                YAML,
                LATE,
                LATE.replace("scenario", "macro_model: 'NiGEM v1[IAM 1.0]', member: combined, scenario"),
            ),
        ),
        "scenario.yaml:21:70  member = combined\n"
        "  Physical damage by site is on, and this member holds physical damage too: it would count twice. Write "
        "`transition`, or switch the channel off.\n"
        "1 fault.",
    ),
    "statements that leave no issuer to run": (
        tuple(
            ("statements.csv", f"2024,CNY,{revenue},", "2024,CNY,0,")
            for revenue in ("1850.00", "970.00", "2428.27")
        ),
        "scenario.yaml:7:1  3 issuers, all refused\n"
        "  No issuer is left to run. The first, JDZ-CER-1 in issuers.csv:2: no revenue that can be used. Give it, or "
        "mend the figures it does not fit.\n"
        "1 fault.",
    ),
    "shares that do not sum to one": (
        (("shares.csv", "JDZ-CER-1,CN,ceramics,1.00", "JDZ-CER-1,CN,ceramics,0.90"),),
        "shares.csv:2  share\n"
        "  The shares of JDZ-CER-1 add up to 0.9. They must add up to 1.  [1]\n"
        "1 fault. `greenrisk show table issuer-statements` lists the columns of a statement.",
    ),
    "rating moves that do not sum to one, and a rating outside the matrix": (
        (
            (YAML, LAST, f"credit: {{transitions: moves.csv}}\n{LAST}"),
            ("moves.csv", "1,AAA,AA,0.0903", "1,AAA,Aa,0.0903"),
            ("moves.csv", "1,BBB,BBB,0.8556", "1,BBB,BBB,0.1556"),
        ),
        "moves.csv:3  to_rating = Aa\n"
        "  This rating has no row of its own. Did you mean `A`? Rows: AAA, AA, A, BBB, BB, B, CCC, D.\n"
        "moves.csv:29  BBB sums to 0.3001\n"
        "  The moves from a rating must sum to 1 within 0.005, NR included.  [1]\n"
        "2 faults. `greenrisk show table rating-transitions` lists its columns.",
    ),
    "own ratings outside the scale": (
        ((YAML, LAST, f"credit: {{own_ratings: ratings.csv}}\n{LAST}"),),
        "ratings.csv:3  rating = Baa9\n"
        "  The scale does not know this rating. Did you mean `Baa3`? `credit.rating_scale` takes own spellings.\n"
        "ratings.csv:4  issuer = JDZ-CPW-2\n"
        "  The table of issuers has no such issuer. Did you mean `JDZ-CPW-1`?\n"
        "2 faults. `greenrisk show table issuer-own-ratings` lists its columns.",
    ),
    "an issuer that stands twice": (
        (("issuers.csv", "JDZ-CHE-1,Synthetic", "JDZ-CER-1,Synthetic"),),
        "issuers.csv:2  issuer = JDZ-CER-1\n"
        "  Stands also in row 3. Each must be unique.\n"
        "issuers.csv:3  issuer = JDZ-CER-1\n"
        "  Stands also in row 2. Each must be unique.\n"
        "2 faults. `greenrisk show table issuers` lists its columns.",
    ),
    "an issuer under two identifiers": (
        (
            (
                "issuers.csv",
                "Synthetic Jingdezhen Chlor-alkali and Vinyl",
                "SYNTHETIC Jingdezhen Daily-use Porcelain Ltd",
            ),
        ),
        "issuers.csv:3  issuer = JDZ-CHE-1\n"
        "  The same issuer stands in row 2 as JDZ-CER-1: same name. Remove one, or name in `group` the issuer whose "
        "segment it is.\n"
        "1 fault. `greenrisk show table issuer-statements` lists the columns of a statement.",
    ),
    "no upstream run": (
        ((YAML, "  environment_tax: {}", "  environment_tax: {}\n  liability_loss: {}"),),
        "scenario.yaml:25:3  upstream.zone\n"
        "  It draws from a zone's run: give `upstream: {zone: ...}`, the folder of a finished run of `greenrisk run "
        "zone-leping`.\n"
        "1 fault.",
    ),
    "an upstream run that is not there": (
        (
            (YAML, "  environment_tax: {}", "  environment_tax: {}\n  liability_loss: {}"),
            (YAML, LAST, f"upstream: {{zone: runs/zone}}\n{LAST}"),
        ),
        "scenario.yaml:30:12  upstream.zone = runs/zone/manifest.json\n"
        "  No finished run is there. Make it by `greenrisk run zone-leping`, and name its folder: "
        "`--set upstream.zone=runs/zone-leping` as seen from where you are, or in a scenario file of your own as seen "
        "from that file.\n"
        "1 fault.",
    ),
    "a pollutant that the tax table does not hold": (
        (("pollutants.csv", "JDZ-CER-1-A1,air,SO2,", "JDZ-CER-1-A1,air,SO3,"),),
        "pollutants.csv:2  pollutant = SO3\n"
        "  The tax table has no such pollutant. Did you mean `SO2`?\n"
        "1 fault. `greenrisk show table env-tax-2018` lists its columns.",
    ),
    "two channels that move one driver": (
        ((YAML, "  environment_tax: {}", "  environment_tax: {}\n  demand: {}"),),
        "scenario.yaml:23:3  sales_volume is consumed by demand and carbon\n"
        "  Both would count it. One channel may say how much is sold: the production path, the scenario's demand, or "
        "the demand response of carbon cost (`demand_response: false` leaves the cost and switches the response off).\n"
        "1 fault.",
    ),
}


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spoilt:
    """Return a small valid scenario in the working folder, with a card, moves and ratings beside it."""
    monkeypatch.chdir(tmp_path)
    shipped = find("models", "issuer-statement-pass-judged")
    assert shipped is not None
    head, mark, rest = shipped.read_text(encoding="utf-8").partition("\n  terminal_growth:\n")
    for key, value in (("value", 0.2), ("low", 0.19), ("high", 0.21)):
        rest = re.sub(rf"(?m)^( +{key}:) .*$", rf"\1 {value}", rest, count=1)
    made = Spoilt(tmp_path)
    made.write("own.yaml", head.replace("name: issuer-statement-pass-judged", "name: own") + mark + rest)
    moves = find("data", "rating_transitions")
    assert moves is not None
    rows = moves.read_text(encoding="utf-8").splitlines()
    made.write("moves.csv", "\n".join([rows[0], *(row for row in rows if row.startswith("1,"))]))
    made.write("ratings.csv", "issuer,rating\nJDZ-CER-1,BBB\nJDZ-CHE-1,Baa9\nJDZ-CPW-2,A\n")
    return made


def test_the_scenario_of_these_tests_is_valid(spoilt: Spoilt) -> None:
    spoilt.write(YAML, spoilt.scenario)
    assert len(load(YAML).prepare().model.issuers) == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_its_place_and_its_mend_before_any_work(spoilt: Spoilt, case: str) -> None:
    changes, message = CASES[case]
    for change in changes:
        spoilt.change(*change)
    assert spoilt.refusal().rstrip() == message


def test_faults_of_every_kind_are_told_at_once(spoilt: Spoilt) -> None:
    for change in (
        (YAML, LATE, LATE.replace("IAM 1.0", "IAM 2.0")),
        (YAML, "  environment_tax: {}", "  environment_tax: {}\n  liability_loss: {}"),
        (
            YAML,
            "colours: [red], scenarios: [late]",
            "sectors: [ceramic], issuers: [JDZ-CHE-2], scenarios: [latest]",
        ),
        (
            YAML,
            LAST,
            "statement_pass: ./own.yaml\nupstream: {zone: runs/zone}\n"
            f"credit: {{transitions: moves.csv}}\n{LAST}",
        ),
        ("moves.csv", "1,AAA,AA,0.0903", "1,AAA,Aa,0.0903"),
        ("moves.csv", "1,BBB,BBB,0.8556", "1,BBB,BBB,0.1556"),
        ("paths.csv", PRICE, PRICE.replace("US$2010/t CO2", "% difference")),
        ("issuers.csv", "JDZ-CHE-1,Synthetic", "JDZ-CER-1,Synthetic"),
        ("statements.csv", "JDZ-CER-1,2023,CNY", "JDZ-CER-1,2023,USD"),
        ("shares.csv", "JDZ-CER-1,CN,ceramics,1.00", "JDZ-CER-1,CN,ceramics,0.90"),
        ("pollutants.csv", "JDZ-CER-1-A1,air,SO2,", "JDZ-CER-1-A1,air,SO3,"),
        ("hazards.csv", "JDZ-CER-1,JDZ-CER-1-S1,flood,20,", "JDZ-CER-1,JDZ-CER-1-S1,flood,10,"),
        ("uses.csv", "JDZ-CER-1,2024,1653894", "JDZ-CER-1,2024,much"),
    ):
        spoilt.change(*change)
    told = spoilt.refusal().rstrip().splitlines()
    assert told[-1].startswith("16 faults.")
    assert [line for line in told[:-1] if not line.startswith("  ")] == [
        "issuers.csv:2  issuer = JDZ-CER-1",
        "issuers.csv:3  issuer = JDZ-CER-1",
        "uses.csv:2  water_m3 = much",
        "statements.csv:3  currency = USD",
        "shares.csv:2  share",
        "pollutants.csv:2  pollutant = SO3",
        "scenario.yaml:31:12  upstream.zone = runs/zone/manifest.json",
        "hazards.csv:3  JDZ-CER-1-S1, flood: return_period_years = 10",
        "scenario.yaml:28:114  latest",
        "scenario.yaml:28:70  ceramic",
        "scenario.yaml:28:90  JDZ-CHE-2",
        "paths.csv:3  Price|Carbon in % difference",
        "scenario.yaml:21:20  Late (IAM 2.0) against Base (IAM 1.0)",
        "scenario.yaml:30:1  card ./own.yaml: discount_rate = 0.07, terminal_growth = 0.2",
        "moves.csv:3  to_rating = Aa",
        "moves.csv:29  BBB sums to 0.3001",
    ]


def test_what_no_table_holds_for_a_country_is_told_beside_the_faults_of_tables(spoilt: Spoilt) -> None:
    spoilt.change(
        "issuers.csv", "JDZ-CHE-1,Synthetic Jingdezhen Chlor-alkali and Vinyl,CN", "JDZ-CHE-1,Synthetic,US"
    )
    spoilt.change("statements.csv", "JDZ-CER-1,2023,CNY", "JDZ-CER-1,2023,CNYY")
    text = spoilt.read("paths.csv").replace(",World,Price", ",IAM 1.0|China,Price")
    spoilt.write("paths.csv", text)
    told = spoilt.refusal()
    assert "statements.csv:3  currency = CNYY\n" in told
    assert (
        "carbon_price for US\n  It is in no region of the table, which holds no World. There are: China."
        in told
    )


def test_keys_at_fault_are_told_at_once_with_their_lines(spoilt: Spoilt) -> None:
    spoilt.change(YAML, "price_year: 2024", "price_year: 2023")
    spoilt.change(YAML, "  environment_tax: {}", "  enviroment_tax: {}")
    spoilt.change(YAML, LAST, f"report_years: [2040, 2030]\n{LAST}")
    told = spoilt.refusal().splitlines()
    assert [line.split("  ")[0] for line in told if line.startswith(YAML)] == [
        "scenario.yaml:16:1",
        "scenario.yaml:24:3",
        "scenario.yaml:29:1",
    ]
