# SPDX-License-Identifier: Apache-2.0
"""Service values beside sites: by hand, by function, with version, year and currency; never part of a loss."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

import greenrisk.resource.wetland
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.environment.service_values import SERVICES, ServiceValues
from greenrisk.resource.wetland.insurable import Insurable
from greenrisk.resource.wetland.service_context import (
    SERVICES_OF,
    ServiceValueSpec,
    read_service_values,
    service_group,
    site_service_values,
)
from greenrisk.resource.wetland.sites import FUNCTIONS, SITE_CLASSES, Sites

XIE = ServiceValueSpec(version="xie2015", year=2010, currency="CNY")


def sites(*functions: tuple[str, ...]) -> Sites:
    """Igapo forests of 2 ha each, with these functions."""
    n, nan = len(functions), np.nan
    return Sites(
        ids=np.array([f"I{i}" for i in range(n)]),
        name=np.array(["Forest"] * n),
        site_class=np.full(n, SITE_CLASSES.index("igapo_forest")),
        functions=np.array([[word in words for word in FUNCTIONS] for words in functions]),
        lon=np.full(n, -60.0),
        lat=np.full(n, -3.0),
        area=np.full(n, 2.0),
        river_km=np.zeros(n),
        limit=np.full(n, 1000.0),
        water_limit=np.zeros(n),
        people_served=np.zeros(n),
        unit_cost=np.full(n, nan),
        recovery_years=np.full(n, nan),
    )


def read(spec: ServiceValueSpec) -> tuple[tuple[ServiceValues, dict[str, str]] | None, Sources]:
    sources = Sources(Path(), lambda path: ".".join(map(str, path)), Ledger())
    return read_service_values(spec, ("service_values",), sources), sources


def found(spec: ServiceValueSpec) -> tuple[ServiceValues, dict[str, str]]:
    values, sources = read(spec)
    sources.raise_if_any()
    assert values is not None
    return values


def insured(value: float, n: int) -> Insurable:
    zero = np.zeros(n)
    return Insurable(zero, zero, zero, np.full(n, value), zero)


def test_only_services_of_the_functions_of_a_site_count() -> None:
    values, ecosystems = found(XIE)
    yearly = site_service_values(sites(("flood_storage",), ("climate", "soil"), ()), values, ecosystems)
    # Row wetland: 24.23; 1.90 + 3.60 + 2.31; none. 2 ha at 3,406.50 CNY.
    assert yearly.tolist() == pytest.approx([24.23 * 6813.0, 7.81 * 6813.0, 0.0])


def test_a_table_of_whole_hectares_counts_whole() -> None:
    values, ecosystems = found(ServiceValueSpec(version="degroot2012", year=2007, currency="Int$"))
    yearly = site_service_values(sites(("soil",), ()), values, ecosystems)
    assert yearly.tolist() == [2 * 25682.0] * 2


def test_each_service_belongs_to_one_function_save_raw_material_which_no_site_sells() -> None:
    listed = [service for services in SERVICES_OF.values() for service in services]
    assert sorted([*listed, "raw_material"]) == sorted(SERVICES)
    assert set(SERVICES_OF) == set(FUNCTIONS)


def test_the_group_bears_version_year_currency_and_why() -> None:
    values, ecosystems = found(XIE)
    book = sites(("flood_storage",), ("flood_storage",))
    group = service_group(book, values, ecosystems, insured(24.23 * 3406.5, 2))
    assert group.attrs["version"] == "xie2015"
    assert group.attrs["year"] == 2010
    assert group.attrs["currency"] == "CNY"
    assert group.attrs["status"] == "illustrative"
    assert "min(restoration + interim loss, limit)" in group.attrs["why"]
    assert group["value"].attrs["units"] == "CNY/year"
    assert group["times"].values.tolist() == pytest.approx([2.0])  # 2 ha beside the services of 1 ha


def test_another_currency_is_set_beside_and_not_divided() -> None:
    values, ecosystems = found(ServiceValueSpec(version="costanza2014", year=2007, currency="USD"))
    group = service_group(sites(("soil",)), values, ecosystems, insured(1.0, 1))
    assert np.isnan(group["times"].values).all()
    assert group["value"].attrs["units"] == "USD/year"


def test_version_year_and_currency_must_be_said() -> None:
    with pytest.raises(ValidationError) as error:
        ServiceValueSpec.model_validate({})
    assert {fault["loc"] for fault in error.value.errors()} == {("version",), ("year",), ("currency",)}


def test_a_version_that_is_not_held_is_a_fault_at_the_scenario() -> None:
    values, sources = read(XIE.model_copy(update={"version": "xie2003"}))
    assert values is None
    with pytest.raises(GreenRiskError, match="Known: `costanza2014`, `degroot2012`, `xie2015`") as error:
        sources.raise_if_any()
    assert error.value.faults[0].where == "service_values"


def test_a_version_without_classes_names_those_that_lack(tmp_path: Path) -> None:
    table = tmp_path / "classes.csv"
    table.write_text("site_class,version,ecosystem,status\nreserve,xie2015,wetland,user\n", encoding="utf-8")
    sources = Sources(tmp_path, lambda path: ".".join(map(str, path)), Ledger())
    assert read_service_values(XIE.model_copy(update={"classes": table.name}), ("s",), sources) is None
    with pytest.raises(GreenRiskError, match="no row of version xie2015 for floodplain_lake, igapo_forest"):
        sources.raise_if_any()


def test_no_module_of_loss_limit_or_premium_imports_service_values() -> None:
    """Losses cannot be made from service values: what computes them does not know of any."""
    folder = Path(str(greenrisk.resource.wetland.__file__)).parent
    for name in ("restoration_cost", "interim_loss", "water_source", "site_loss", "insurable", "settlement"):
        path = folder / f"{name}.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            assert "service" not in module, f"{name} imports {module}"
