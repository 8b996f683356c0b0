# SPDX-License-Identifier: Apache-2.0
"""What the SYNTHETIC issuers of Jingdezhen are made from: sectors, sizes, special cases. All of it is invented.

Read by make_jingdezhen_issuers.py. Only the kinds of trade are the city's own: porcelain, fine chemicals at Leping,
cement, coal power, helicopters, water, tourism, city investment. Ratios are judged by the authors from what such
companies are like; no company's statement was used.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sector:
    """Ratios of a sector; flows are per million yuan of revenue."""

    code: str
    name: str
    costs: tuple[float, float, float]  # variable, fixed, depreciation over revenue
    turnover: float  # revenue over assets
    debt: float  # debt over assets
    other: float  # other liabilities over assets
    short: float  # share of the debt that is short
    rate: float  # interest on debt
    tax: float
    current: float  # current assets over assets
    cash: float  # cash over current assets
    scopes: tuple[float, float, float]  # t CO2e
    free: float  # free allocation over scope 1
    uses: tuple[float, float, float]  # m3, MWh, GJ
    air: dict[str, float]  # kg
    water: dict[str, float]  # kg
    box: tuple[float, float, float, float]  # west, east, south, north of its sites [degree]


CITY = (117.15, 117.28, 29.22, 29.34)
FULIANG = (117.18, 117.50, 29.34, 29.60)
LEPING = (117.06, 117.20, 28.90, 29.02)

SECTORS = (
    Sector(
        "CER", "ceramics", (0.58, 0.22, 0.06), 0.70, 0.35, 0.12, 0.5, 0.045, 0.15, 0.42, 0.25, (160, 60, 220), 0.0,
        (900, 110, 2600), {"SO2": 120, "NOx": 260, "soot (烟尘)": 80}, {"CODcr": 35, "NH3-N": 3, "SS": 60}, CITY,
    ),
    Sector(
        "CHE", "chemicals", (0.70, 0.12, 0.06), 0.80, 0.45, 0.14, 0.5, 0.047, 0.25, 0.40, 0.22, (250, 140, 600), 0.0,
        (4000, 250, 3000), {"SO2": 150, "NOx": 200, "soot (烟尘)": 50}, {"CODcr": 160, "NH3-N": 18, "SS": 80}, LEPING,
    ),
    Sector(
        "CEM", "cement", (0.66, 0.10, 0.09), 0.60, 0.40, 0.12, 0.4, 0.043, 0.25, 0.32, 0.30, (2100, 180, 150), 0.92,
        (600, 260, 11000), {"SO2": 90, "NOx": 900, "general dust (一般性粉尘)": 150}, {"CODcr": 4, "SS": 10}, LEPING,
    ),
    Sector(
        "CPW", "coal power", (0.72, 0.09, 0.10), 0.45, 0.62, 0.10, 0.35, 0.040, 0.25, 0.18, 0.30, (1950, 5, 260), 0.95,
        (4500, 5, 20000), {"SO2": 300, "NOx": 420, "soot (烟尘)": 60}, {"CODcr": 12, "SS": 20}, LEPING,
    ),
    Sector(
        "HEL", "helicopters", (0.66, 0.18, 0.04), 0.55, 0.30, 0.18, 0.5, 0.038, 0.15, 0.62, 0.28, (6, 15, 90), 0.0,
        (120, 25, 80), {"NOx": 3, "soot (烟尘)": 1}, {"CODcr": 2, "petroleum": 0.2}, CITY,
    ),
    Sector(
        "WAT", "water", (0.35, 0.25, 0.18), 0.16, 0.50, 0.12, 0.2, 0.041, 0.25, 0.15, 0.45, (8, 160, 30), 0.0,
        (300, 280, 20), {"NOx": 1}, {"CODcr": 2500, "NH3-N": 150, "SS": 800, "total P": 25}, CITY,
    ),
    Sector(
        "TOU", "tourism", (0.35, 0.38, 0.12), 0.22, 0.45, 0.10, 0.35, 0.050, 0.25, 0.25, 0.35, (12, 40, 60), 0.0,
        (1800, 70, 90), {"NOx": 2}, {"CODcr": 40, "NH3-N": 5}, FULIANG,
    ),
    Sector(
        # Grants of the city stand in the operating profit (Chinese accounting), so that it covers the interest.
        "CIV", "city investment", (0.50, 0.12, 0.08), 0.06, 0.45, 0.10, 0.3, 0.038, 0.25, 0.52, 0.12, (5, 12, 70), 0.0,
        (200, 20, 60), {"NOx": 2}, {"CODcr": 3}, CITY,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One issuer: what makes it different from its sector."""

    number: int
    name: str
    revenue: float  # of the last year [million CNY]
    colour: str
    listed: float = 0.0  # market value over book equity; 0 where it is not listed
    volatility: float = 0.0  # of its shares
    owner: str = ""  # of plants in the zone of Leping
    debt: float = 1.0  # factor on the sector's debt
    cost: float = 1.0  # factor on the sector's fixed cost
    other: float = 1.0  # factor on the sector's other liabilities
    mix: tuple[tuple[str, float], ...] = ()  # shares of other sectors
    capacity: tuple[
        tuple[str, float, float, float, int], ...
    ] = ()  # technology, MW, use, t/MWh, last plan year


ISSUERS: dict[str, tuple[Plan, ...]] = {
    "CER": (
        Plan(1, "Daily-use Porcelain", 1850, "blue", 1.6, 0.34),
        Plan(2, "Art Porcelain", 420, "green"),
        Plan(3, "Tiles", 960, "yellow", debt=1.4),
        Plan(4, "Technical Ceramics", 640, "green", cost=0.9, mix=(("helicopters", 0.1),)),
        Plan(5, "Sanitary Ware", 510, "red", debt=1.6, cost=1.1),
    ),
    "CHE": (
        Plan(1, "Chlor-alkali and Vinyl", 0, "green", 1.8, 0.38, owner="Synthetic Owner A"),
        Plan(2, "Pesticide Intermediates", 0, "yellow", owner="Synthetic Owner C"),
        Plan(3, "Pharmaceutical Chemicals", 0, "blue", owner="Synthetic Owner H", cost=0.9),
        Plan(4, "Dyes", 0, "blue", owner="Synthetic Owner P", debt=1.3),
        # Negative equity: more debt than it has assets for.
        Plan(5, "Old Fertiliser Works", 0, "red", owner="Synthetic Owner Q", debt=1.9, other=1.8, cost=1.2),
    ),
    "CEM": (
        Plan(1, "Leping Cement", 1400, "blue", 0.9, 0.36),
        Plan(2, "Fuliang Cement", 520, "yellow", debt=1.3),
        Plan(3, "Grinding Station", 260, "blue", cost=0.8),
    ),
    "CPW": (
        Plan(
            1, "Heat and Power One", 0, "blue", 0.8, 0.30, capacity=(("CoalCap", 1320, 0.50, 0.82, 2030),)
        ),
        Plan(
            2, "Heat and Power Two", 0, "blue", debt=1.05,
            capacity=(("CoalCap", 600, 0.48, 0.88, 2030), ("RenewablesCap", 180, 0.16, 0.0, 2030)),
        ),
        # Its plan ends early, in 2026.
        Plan(3, "Industrial Park Power", 0, "yellow", debt=1.15, capacity=(("CoalCap", 270, 0.55, 0.95, 2026),)),
        # Its plan has one year only.
        Plan(4, "Kiln Gas and Coal Power", 0, "yellow", debt=1.2, capacity=(("CoalCap", 60, 0.60, 1.02, 2024),)),
    ),
    "HEL": (
        Plan(1, "Helicopter Works", 5200, "green", 2.6, 0.40),
        Plan(2, "Rotor Blades", 480, "green"),
        Plan(3, "Flying Services", 150, "blue", debt=1.8, cost=1.2),
    ),
    "WAT": (
        Plan(1, "City Water", 430, "green", 1.1, 0.28),
        Plan(2, "Sewage Works", 220, "blue", debt=1.2),
        Plan(3, "Reservoir Supply", 90, "green", debt=0.6),
    ),
    "TOU": (
        Plan(1, "Kiln Park Tourism", 610, "green", 1.4, 0.42, mix=(("ceramics", 0.15),)),
        Plan(2, "Tea Valley Hotels", 140, "blue", debt=1.2),
        # EBITDA below 0: its fixed cost is more than its contribution.
        Plan(3, "Film Village", 75, "yellow", debt=1.4, cost=1.9),
    ),
    "CIV": (
        Plan(1, "City Construction Investment", 2100, "blue", mix=(("tourism", 0.2), ("water", 0.1))),
        Plan(2, "Porcelain Capital State Assets", 1250, "blue", debt=1.1, mix=(("ceramics", 0.25),)),
        Plan(3, "High-tech Zone Development", 540, "yellow", debt=1.25),
        Plan(4, "County Transport Investment", 310, "yellow", debt=1.35, cost=1.1),
    ),
}  # fmt: skip

YEARS = (2022, 2023, 2024)
GROWTH, GROWTH_SPREAD = 0.035, 0.04  # of revenue by year
SPREAD = 0.08  # of ratios between issuers, standard deviation of the logarithm
COST_SPREAD = 0.015  # of costs between years
TARIFF_CNY_PER_MWH = 420.0
PLAN_FROM = 2024
BELOW_STANDARD = {"green": 0.55, "blue": 0.35, "yellow": 0.1, "red": 0.0}
INSURED = {"green": 0.8, "blue": 0.7, "yellow": 0.5, "red": 0.3}
