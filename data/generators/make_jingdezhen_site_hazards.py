# SPDX-License-Identifier: Apache-2.0
"""Makes data/jingdezhen_issuers_hazards_synthetic.csv: SYNTHETIC flood curves at the sites of the synthetic issuers.

No curve in it is that of a real place. Each site gets a flood that begins to hurt at a return period of 10 to 100
years; damage shares and days are judged.

Usage: python data/generators/make_jingdezhen_site_hazards.py [FOLDER]

Only the standard library, so that the bytes do not depend on the release of a numeric package.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from pathlib import Path

SEED = 20261124
PERIODS = (10, 20, 50, 100, 200, 500)
DAYS_AT_HALF = 120.0  # days without production where half of the site is damaged
HERE = Path(__file__).parents[1]


def main(folder: Path) -> None:
    """Write the table for the sites in ``folder``."""
    rng = random.Random(SEED)
    with (folder / "jingdezhen_issuers_sites_synthetic.csv").open(encoding="utf-8", newline="") as file:
        sites = list(csv.DictReader(file))
    with (folder / "jingdezhen_issuers_hazards_synthetic.csv").open(
        "w", encoding="utf-8", newline=""
    ) as file:
        rows = csv.writer(file, lineterminator="\n")
        header = (
            "issuer",
            "site",
            "peril",
            "return_period_years",
            "damage_share",
            "downtime_days",
            "status",
            "source",
        )
        rows.writerow(header)
        for site in sites:
            begins = 10 ** rng.uniform(1.0, 2.0)  # return period at which water reaches the site
            steepness = rng.uniform(0.04, 0.14)  # damage share for each doubling of the period beyond it
            for period in PERIODS:
                share = min(0.6, steepness * max(0.0, math.log2(period / begins)))
                days = DAYS_AT_HALF * share / 0.5
                rows.writerow(
                    (
                        site["issuer"], site["site"], "flood", period, f"{share:.4f}", f"{days:.1f}", "synthetic",
                        "data/generators/make_jingdezhen_site_hazards.py",
                    )
                )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
