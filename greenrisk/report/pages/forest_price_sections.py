# SPDX-License-Identifier: Apache-2.0
"""Sections on the price: policy, own experience, premium file, other terms, who pays by which rule, rates by county."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.report.charts.terms import experience_chart, terms_chart
from greenrisk.report.pages.section import (
    Part,
    Section,
    Shown,
    dataset_table,
    last_first,
    spread,
    times_words,
)
from greenrisk.report.table import Column, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    FOREST_TYPES,
    PAYERS,
    listed,
    money,
    named,
    percent,
    significant,
    span,
    whole,
)

Groups = Mapping[str, xr.Dataset]

ALL = "all"


def policy_section(groups: Groups) -> Section:
    """Return the section of ``/policy``: the terms that the premium is for."""
    policy = groups[""]
    told = dict(zip(policy["item"].values.astype(str), policy["words"].values.astype(str), strict=True))
    rows = [
        [words(label), words(text)]
        for label, text in zip(policy["label"].values, policy["words"].values, strict=True)
    ]
    return Section(
        "policy",
        "The policy",
        f"Insured against {told['perils']}; a mu for {told['sum_insured']}. The premium is for these terms alone.",
        (
            Part(
                "What the policy pays",
                table(
                    "What the policy pays",
                    [Column("Term", number=False), Column("Wording", number=False)],
                    rows,
                    heard=True,
                ),
            ),
        ),
    )


def experience_section(groups: Groups) -> Section:
    """Return own experience beside the model, and what weight it has."""
    data = groups[""]
    every = data.sel(peril=ALL)
    weight, ratio = float(every["credibility"]), float(every["ratio"])
    level = [float(every[f"posterior_{end}"]) for end in ("median", "low", "high")]
    status = str(data.attrs.get("status", ""))
    marked = " The table is synthetic: it shows the method." if status == "synthetic" else ""
    sentence = (
        f"Own years ({data.attrs.get('table', 'the table')}) cost {times_words(ratio)} what the model expected of "
        f"them. They weigh {percent(weight)}; the rest is the judgement of the cards. The level of all perils is now "
        f"{times_words(level[0])} the cards' ({span(level[1], level[2])}).{marked}"
    )
    perils = dataset_table(
        data,
        "peril",
        [
            Shown("peril", "Peril", "peril"),
            Shown("years", "Years known", "count"),
            Shown("expected", "Expected by the model"),
            Shown("ultimate", "Own cost, developed"),
            Shown("ratio", "Own over expected", unit="times"),
            Shown("ratio_low", "90 % of what these years leave open", high="ratio_high", unit="times"),
            Shown("credibility", "Weight of own years", "share"),
            Shown("prior_low", "Level before, 90 %", high="prior_high", unit="times the cards'"),
            Shown("posterior_median", "Level now", unit="times the cards'"),
            Shown("posterior_low", "Level now, 90 %", high="posterior_high", unit="times the cards'"),
        ],
        "Own experience against the model by peril",
        totals=1,
    )
    yearly = data
    for name in ("paid_by_year", "incurred_by_year", "ultimate_by_year", "expected_by_year"):
        yearly = yearly.assign({name: data[name].sel(peril=ALL, drop=True)})
    by_year = dataset_table(
        yearly.drop_dims("peril"),
        "year",
        [
            Shown("year", "Year", "words"),
            Shown("insured_area", "Insured area", "count", unit="mu"),
            Shown("premium", "Premium"),
            Shown("paid_by_year", "Paid"),
            Shown("incurred_by_year", "Paid and outstanding"),
            Shown("to_ultimate", "Development to come", unit="times"),
            Shown("ultimate_by_year", "Developed"),
            Shown("expected_by_year", "Expected by the model"),
            Shown("loss_ratio", "Loss ratio", "share"),
        ],
        "Own years, all perils",
    )
    parts = (
        Part("", chart=experience_chart(data)),
        Part("What the own years say of each peril", perils, str(data.attrs.get("note", ""))),
        Part("Year by year", by_year),
    )
    return Section("experience", "Own experience", sentence, parts)


def premium_file_section(groups: Groups) -> Section:
    """Return the premium by the groups that the user chose."""
    data = groups[""]
    pure, gross = (data["amount"].sel(row=row, drop=True) for row in ("pure_premium", "gross_premium"))
    owner = data["subsidy"].sel(payer="owner", drop=True) if "owner" in data["payer"].values else 0 * gross
    flat = last_first(
        data.drop_vars(["amount", "subsidy"]).assign(pure=pure, gross=gross, owner=owner), "group"
    )
    by = [name.strip() for name in str(data.attrs.get("group_by", "")).split(",") if name.strip()]
    heads = {
        "county": "County",
        "forest_type": "Forest",
        "species_group": "Species",
        "age_class": "Age",
        "peril": "Peril",
    }
    styles = {"forest_type": "forest", "peril": "peril"}
    parts = flat.isel(group=slice(None, -1))
    rates = parts["gross_per_mu"].values.astype(float)
    known = np.isfinite(rates)
    sentence = (
        f"{flat.sizes['group'] - 1} groups by {listed(heads.get(n, n).lower() for n in by)}"
        + (
            f", from {significant(rates[known].min())} to {significant(rates[known].max())} CNY per mu"
            if known.any()
            else ""
        )
        + ". Every row holds the whole build-up; the full file is tables/premium_file.csv and results.xlsx."
    )
    keys = [Shown(name, heads.get(name, name), styles.get(name, "words")) for name in by]
    amounts = dataset_table(
        flat,
        "group",
        [
            *keys,
            Shown("insured_area", "Insured area", "count", unit="mu"),
            Shown("claims", "Claims", unit="a year"),
            Shown("pure", "Pure premium ± simulation", "charged", error="pure_standard_error"),
            Shown("pure_low", "Knowledge, 90 %", high="pure_high"),
            Shown("gross", "Gross premium", "charged"),
        ],
        "Premium file: amounts",
        totals=1,
    )
    rates_table = dataset_table(
        flat,
        "group",
        [
            *keys,
            Shown("gross_per_mu", "Rate", "charged"),
            Shown("gross_per_mille", "Rate", "charged"),
            Shown("loss_ratio", "Expected loss ratio", "share"),
            Shown("owner_per_mu", "Owner pays", "charged"),
            Shown("owner_share", "of the premium", "share"),
            Shown("robust_per_mu", "Robust rate", "charged"),
        ],
        "Premium file: rates",
        totals=1,
    )
    note = (
        "Robust rate: the premium whose largest regret over the knowledge interval is least, a shortfall weighing "
        f"{significant(float(data.attrs.get('shortfall_weight', 1.0)), 2)} and an excess "
        f"{significant(float(data.attrs.get('excess_weight', 1.0)), 2)}. Each row has "
        "a regret of its own, so that rows at their robust rates do not add up to the total at its own. Areas are the "
        "same under every peril and do not add up over perils."
    )
    parts_shown = (
        Part("What each group costs", amounts),
        Part("What each group is charged, and what its owners pay", rates_table, note),
    )
    return Section("premium-file", "Premium file", sentence, parts_shown)


def with_policy_named(data: xr.Dataset) -> xr.Dataset:
    """Return terms whose first row, the policy as it is, is called so."""
    return data.assign_coords(
        alternative=["the policy as it is", *data["alternative"].values.astype(str)[1:]]
    )


def terms_section(groups: Groups) -> Section:
    """Return other terms beside the policy's."""
    data = with_policy_named(groups[""])
    names = [str(name) for name in data["alternative"].values]
    gross, owner = (data[name].values.astype(float) for name in ("gross_premium", "owner_cost"))
    least, mildest = int(np.argmin(gross)), int(np.argmin(owner))
    years = float(data.attrs.get("years", float("nan")))
    meet = (
        f"All sets meet the same events, of {whole(years)} simulated years; the headline, from its own, may differ by "
        "chance."
        if years == years
        else "All sets meet the same simulated events."
    )
    cheapest = (
        f"Of {len(names)} sets of terms, {names[least]} has the lowest premium ({money(gross[least], CHARGED_DIGITS)} "
        f"a year; {names[0]} {money(gross[0], CHARGED_DIGITS)})."
        if least
        else f"No other terms of those compared are cheaper than {names[0]} ({money(gross[0], CHARGED_DIGITS)} a year)."
    )
    sentence = (
        f"{cheapest} With {names[mildest]} owners bear least of their own: "
        f"{money(owner[mildest])} a year in premium and uncovered damage. {meet}"
    )
    price = dataset_table(
        data,
        "alternative",
        [
            Shown("alternative", "Terms", "words"),
            Shown(
                "gross_premium", "Gross premium ± simulation", "charged", error="gross_premium_standard_error"
            ),
            Shown(
                "gross_premium_difference",
                "Difference ± simulation",
                error="gross_premium_difference_standard_error",
            ),
            Shown("gross_per_mu", "Rate", "charged"),
            Shown("gross_per_mille", "Rate", "charged"),
            Shown("loss_ratio", "Expected loss ratio", "share"),
            Shown("years_above_premium", "Years that cost more than the premium", "share"),
            Shown("claims", "Claims", unit="a year"),
            Shown("paid_area", "Paid area"),
        ],
        "What the insurer sees",
    )
    owners = dataset_table(
        data,
        "alternative",
        [
            Shown("alternative", "Terms", "words"),
            Shown("owner_premium_per_mu", "Premium of the owner", "charged"),
            Shown("owner_cost_per_mu", "Premium and uncovered damage", "charged"),
            Shown("uncovered", "Uncovered damage ± simulation", error="uncovered_standard_error"),
            Shown("uncovered_worst_years", "Uncovered, mean of the worst 1 % of years"),
            Shown(
                "owner_worst_uncovered",
                "An owner's worst 1 % of years: uncovered share of the forest's value",
                "share",
            ),
            Shown("total_losses", "Stands lost whole", unit="a year"),
            Shown("total_losses_paid", "of them paid something", "share"),
            Shown("total_losses_recovered", "of their value paid", "share"),
        ],
        "What the forest owner sees",
    )
    parts = (
        Part("", chart=terms_chart(data)),
        Part("What the insurer sees", price),
        Part(
            "What the forest owner sees",
            owners,
            "The same random numbers under all terms: a difference is known much better than the premiums themselves.",
        ),
    )
    return Section("terms", "Other terms", sentence, parts)


def subsidy_section(groups: Groups) -> Section:
    """Return the subsidy rules in force."""
    data = spread(groups[""], "share", "payer", str)
    kinds = [str(kind) for kind in data["forest_type"].values]
    year = data.attrs.get("underwriting_year", "")
    payers = [str(payer) for payer in data["payer"].values]
    told = [
        f"{named(FOREST_TYPES, kind).lower()}: owners pay {percent(float(data['share_owner'].values[i]))}"
        for i, kind in enumerate(kinds)
        if "share_owner" in data
    ]
    unmet = [str(text) for text in data["unmet"].values if str(text)] if "unmet" in data else []
    table = dataset_table(
        data,
        "forest_type",
        [
            Shown("forest_type", "Forest", "forest"),
            *(Shown(f"share_{payer}", named(PAYERS, payer), "share") for payer in payers),
            Shown("from_year", "In force from", "words"),
            Shown("status", "Status", "status"),
            Shown("source", "Source", "words"),
        ],
        "Shares of the premium by payer",
    )
    sentence = f"Rules in force in {year}: {'; '.join(told)}." if told else f"Rules in force in {year}."
    return Section(
        "subsidy-rules", "Subsidy rules", sentence, (Part("Who pays which share", table),), tuple(unmet)
    )


def county_section(groups: Groups) -> Section:
    """Return the rates of the counties with what bringing them down from the province leaves open."""
    data = groups[""]
    share = data["downscaling_share"].values.astype(float)
    least, most = (percent(float(end)) for end in (np.nanmin(share), np.nanmax(share)))
    sentence = (
        "A province's rate does not say how a county differs from its neighbours. That alone makes "
        f"{least} to {most} of what is not known about a county's rate."
    )
    table = dataset_table(
        data,
        "county",
        [
            Shown("county", "County", "words"),
            Shown("rate", "Pure rate", "charged"),
            Shown("low", "Knowledge, 90 %", high="high"),
            Shown("low_alone", "the same without the spread between counties", high="high_alone"),
            Shown("downscaling_share", "Share of the spread between counties", "share"),
        ],
        "Pure rates by county",
    )
    note = (
        "The total of the counties is kept. How far a county may lie from its province is judged (see the ledger); a "
        "county worse for fire is taken to be worse for every peril."
    )
    return Section(
        "county-rates", "From province to county", sentence, (Part("Rates of counties", table, note),)
    )
