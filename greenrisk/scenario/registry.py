# SPDX-License-Identifier: Apache-2.0
"""The studies: what each ``kind`` of scenario is made of. Built-in ones, and those of other packages.

Everything is named by dotted text and imported when needed. A package brings a study by an entry point in the
group ``greenrisk.studies`` that loads to a :class:`Study`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

ENTRY_POINT_GROUP = "greenrisk.studies"


@dataclass(frozen=True)
class Study:
    """One kind of scenario.

    Parameters
    ----------
    kind : str
        Value of the scenario's ``kind``.
    spec : str
        ``module:Class`` of the Spec.
    prepare : str
        ``module:function(spec, sources) -> Job``.
    page : str
        ``module:function`` of the report page.
    tables : tuple of str
        ``module:TABLE_SPEC`` of the tables a user brings.
    tables_at_fault : str
        ``module:function(data, sources)`` that records what is wrong with the tables of a scenario whose keys are at
        fault; empty: they are judged once the keys are in order.
    """

    kind: str
    spec: str
    prepare: str
    page: str
    tables: tuple[str, ...] = ()
    tables_at_fault: str = ""


FOREST = Study(
    kind="forest",
    spec="greenrisk.resource.forest:ForestScenario",
    prepare="greenrisk.resource.study:prepare",
    page="greenrisk.report.pages.forest:page",
    tables=(
        "greenrisk.resource.book:FOREST_BOOK",
        "greenrisk.resource.landscape:COUNTY_FOREST",
        "greenrisk.resource.fire_tables:FIRES_BY_CLASS",
        "greenrisk.resource.fire_tables:FIRE_TOTALS",
        "greenrisk.resource.burning_cost:PRODUCTS",
        "greenrisk.resource.nonfire:KNOWN_YEAR",
        "greenrisk.resource.experience_table:EXPERIENCE",
        "greenrisk.resource.development:TRIANGLE",
        "greenrisk.resource.misplaced:COUNTY_CENTRES",
        "greenrisk.resource.subsidies_in_force:SUBSIDY_RULES",
    ),
)


ZONE = Study(
    kind="zone",
    spec="greenrisk.pollution.zone:ZoneScenario",
    prepare="greenrisk.pollution.study:prepare",
    page="greenrisk.report.pages.zone:page",
    tables_at_fault="greenrisk.pollution.graded:faults_of_tables",
    tables=(
        "greenrisk.pollution.tables:ZONE_PLANTS",
        "greenrisk.pollution.tables:ZONE_OUTLETS",
        "greenrisk.pollution.tables:ZONE_SUBSTANCES",
        "greenrisk.pollution.tables:ZONE_PROCESSES",
        "greenrisk.pollution.tables:ZONE_EQUIPMENT",
        "greenrisk.pollution.tables:ZONE_VEHICLES",
        "greenrisk.pollution.tables:ZONE_HISTORY",
        "greenrisk.pollution.severity.own_claims:ZONE_CLAIMS",
        "greenrisk.pollution.severity.event_levels:EVENT_LEVEL_RULES",
        "greenrisk.pollution.severity.plausibility_tables:CHINA_ACCIDENTS",
        "greenrisk.pollution.severity.plausibility_tables:PLAUSIBILITY_ANCHORS",
        "greenrisk.pollution.severity.plausibility_tables:PHMSA_SEVERITY",
        "greenrisk.pollution.severity.plausibility_tables:RMP_OFFSITE_DAMAGE",
        "greenrisk.pollution.accidents.records:RMP_RATES",
        "greenrisk.pollution.accidents.records:RMP_WINDOWS",
        "greenrisk.pollution.accidents.records:LEAK_FREQUENCIES",
        "greenrisk.pollution.accidents.records:INDUSTRY_NAICS",
        "greenrisk.pollution.accidents.records:RELEASE_SOURCES",
        "greenrisk.pollution.substance_tables:SUBSTANCES",
        "greenrisk.pollution.substance_tables:MIXTURE_RULES",
        "greenrisk.pollution.substance_tables:MEDIA_RULES",
        "greenrisk.pollution.substance_tables:PLAUSIBLE_QUANTITIES",
        "greenrisk.pollution.grading.rule_tables:PROCESS_POINTS",
        "greenrisk.pollution.grading.rule_tables:CONTROL_POINTS_AIR",
        "greenrisk.pollution.grading.rule_tables:CONTROL_POINTS_WATER",
        "greenrisk.pollution.grading.rule_tables:EVENT_POINTS",
        "greenrisk.pollution.grading.rule_tables:M_CLASS_CUTS",
        "greenrisk.pollution.grading.rule_tables:AIR_RECEPTORS",
        "greenrisk.pollution.grading.rule_tables:WATER_RECEPTOR_LEVELS",
        "greenrisk.pollution.grading.rule_tables:GRADE_MATRIX",
        "greenrisk.pollution.grading.rule_tables:Q_BAND_CUTS",
        "greenrisk.pollution.grading.rule_tables:SPECIAL_RULE_VALUES",
        "greenrisk.pollution.grading.rule_tables:OUT_OF_SCOPE",
        "greenrisk.pollution.grading.rule_tables:ALPHA",
        "greenrisk.pollution.grading.rule_tables:HAZARD_LEVELS",
        "greenrisk.pollution.grading.rule_tables:MEASURE_COSTS",
        "greenrisk.pollution.liability.tariff_tables:ZONE_TARIFF",
        "greenrisk.pollution.liability.tariff_tables:EPL_TARIFFS_SEEN",
        "greenrisk.pollution.mandate.mandate_tables:CLAIMS_STAGES",
        "greenrisk.pollution.mandate.mandate_tables:FIRM_SIZES",
        "greenrisk.pollution.mandate.mandate_tables:NUMBERS",
        "greenrisk.pollution.damage.virtual_treatment:VIRTUAL_TREATMENT",
        "greenrisk.pollution.damage.idm_tables:IDM_GROUPS",
        "greenrisk.pollution.damage.idm_tables:IDM_MODIFIERS",
        "greenrisk.pollution.damage.idm_tables:IDM_POPULATIONS",
        "greenrisk.pollution.damage.idm_tables:IDM_CONSTANTS",
    ),
)


ISSUERS = Study(
    kind="issuers",
    spec="greenrisk.issuer.issuers:IssuersScenario",
    prepare="greenrisk.issuer.study:prepare",
    page="greenrisk.report.pages.issuers:page",
    tables=(
        "greenrisk.issuer.tables:ISSUERS",
        "greenrisk.issuer.tables:STATEMENTS",
        "greenrisk.issuer.tables:EMISSIONS",
        "greenrisk.issuer.tables:POLLUTANTS",
        "greenrisk.issuer.tables:USES",
        "greenrisk.issuer.tables:SHARES",
        "greenrisk.issuer.tables:SITES",
        "greenrisk.issuer.tables:PLANS",
        "greenrisk.issuer.channels.physical_damage:SITE_HAZARDS",
        "greenrisk.issuer.channels.liability_loss:OWNER_LOSSES",
        "greenrisk.issuer.production.tables:TECHNOLOGY_PATHS",
        "greenrisk.issuer.production.tables:PRODUCTION_FINANCES",
        "greenrisk.issuer.tables:CURRENCY_RATES",
        "greenrisk.issuer.tables:COUNTRY_SPELLINGS",
        "greenrisk.issuer.tables:PLAUSIBLE_RATIOS",
        "greenrisk.issuer.credit.tables:ALTMAN_SCORES",
        "greenrisk.issuer.credit.tables:ALTMAN_EM_RATINGS",
        "greenrisk.issuer.credit.tables:DAMODARAN_RATINGS",
        "greenrisk.issuer.credit.tables:RATING_SCALE",
        "greenrisk.issuer.credit.tables:RATING_TRANSITIONS",
        "greenrisk.issuer.credit.tables:FIRM_YEARS",
        "greenrisk.issuer.credit.tables:OWN_RATINGS",
        "greenrisk.issuer.credit.tables:ISSUER_CARBON_MEDIANS",
        "greenrisk.issuer.credit.firm_years:BANKRUPTCY_SAMPLE",
        "greenrisk.environment.pollutant_tax:ENVIRONMENT_TAX",
        "greenrisk.pathways.tables:PATHWAY_UNITS",
        "greenrisk.pathways.tables:PATHWAY_VARIABLES",
        "greenrisk.pathways.tables:PATHWAY_REGIONS",
        "greenrisk.pathways.tables:PATHWAY_FAMILIES",
        "greenrisk.pathways.tables:PATHWAY_PROXIES",
        "greenrisk.pathways.tables:DEFLATORS_AND_RATES",
    ),
)


INDEX = Study(
    kind="index",
    spec="greenrisk.resource.index_cover.index_study_spec:IndexScenario",
    prepare="greenrisk.resource.index_cover.index_study:prepare",
    page="greenrisk.report.pages.index:page",
    tables=("greenrisk.resource.index_cover.indices.wind_box:STORM_TRACKS",),
)


WETLAND = Study(
    kind="wetland",
    spec="greenrisk.resource.wetland.wetland_spec:WetlandScenario",
    prepare="greenrisk.resource.wetland.study:prepare",
    page="greenrisk.report.pages.wetland:page",
    tables=(
        "greenrisk.resource.wetland.sites:WETLAND_SITES",
        "greenrisk.resource.wetland.upstream:WETLAND_SPILLS",
        "greenrisk.resource.wetland.service_context:SERVICE_CLASSES",
        "greenrisk.resource.wetland.product_tables:PRODUCTS_SEEN",
        "greenrisk.resource.wetland.product_tables:PRODUCT_FIGURES",
        "greenrisk.environment.service_values:SERVICE_FACTORS",
        "greenrisk.environment.service_values:SERVICE_STANDARDS",
        "greenrisk.environment.service_values:SERVICE_UNIT_VALUES",
    ),
)


def resolve(dotted: str) -> Any:
    """Return the object that ``module:name`` names."""
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)


def collect(points: Iterable[EntryPoint]) -> dict[str, Study]:
    """Return the built-in studies and those of entry points; a built-in kind cannot be replaced."""
    studies = {study.kind: study for study in (FOREST, ZONE, ISSUERS, INDEX, WETLAND)}
    for point in points:
        study: Study = point.load()
        studies.setdefault(study.kind, study)
    return studies


@cache
def _found() -> dict[str, Study]:
    return collect(entry_points(group=ENTRY_POINT_GROUP))


class _Studies(Mapping[str, Study]):
    """Looks for the entry points on first use, not on import."""

    def __getitem__(self, kind: str) -> Study:
        return _found()[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(_found())

    def __len__(self) -> int:
        return len(_found())


STUDIES: Mapping[str, Study] = _Studies()
"""The registered studies by kind."""
