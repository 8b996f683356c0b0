# SPDX-License-Identifier: Apache-2.0
"""As many invented issuers as a benchmark asks for: the generators of the set of Jingdezhen, run over and over.

Every issuer of the set is drawn anew under a number of its own, so that no two statements are alike; the special cases
(negative equity, earnings below zero, no market value) come as often as in the set.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import yaml

HERE = Path(__file__).parents[1]
STEM = "jingdezhen_issuers_"


def scaled_tables(number: int, folder: Path) -> None:
    """Write the tables of ``number`` issuers, and flood curves of their sites, into a folder."""
    sys.path.insert(0, str(HERE / "data" / "generators"))
    import make_jingdezhen_issuers as issuers
    import make_jingdezhen_site_hazards as hazards

    maker = issuers.Maker(HERE / "data" / "leping_plants_synthetic.csv")
    plans = [(sector, plan) for sector in issuers.SECTORS for plan in issuers.ISSUERS[sector.code]]
    sizes = {plan.owner: maker.sales(plan) for _, plan in plans if plan.owner}
    for turn in count(1):
        for sector, plan in plans[: number - (turn - 1) * len(plans)]:
            # A plant has one owner: beyond the first turn nobody owns one.
            own = {"owner": "", "revenue": sizes[plan.owner]} if plan.owner and turn > 1 else {}
            known = {"number": f"{plan.number}-{turn}", "name": f"{plan.name} {turn}"}
            maker.issuer(sector, replace(plan, **known, **own))
        if turn * len(plans) >= number:
            break
    for part, header in issuers.HEADERS.items():
        with (folder / f"{STEM}{part}synthetic.csv").open("w", encoding="utf-8", newline="") as file:
            status = [] if part == "plans_" else ["status"]
            writer = csv.DictWriter(file, [*header, *status], lineterminator="\n", restval="synthetic")
            writer.writeheader()
            writer.writerows(maker.rows[part])
    hazards.main(folder)


def scaled_scenario(folder: Path, **changes: object) -> Path:
    """Write the shipped scenario with the tables of a folder beside them; return its file."""
    given = yaml.safe_load((HERE / "scenarios" / "issuers-jingdezhen.yaml").read_text(encoding="utf-8"))
    given["statements"] = {
        key: f"{name}.csv" if str(name).startswith(STEM) else name
        for key, name in given["statements"].items()
    }
    given["channels"]["physical_damage"]["hazards"] = f"{STEM}hazards_synthetic.csv"
    path = folder / "issuers.yaml"
    path.write_text(yaml.safe_dump(given | changes, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
