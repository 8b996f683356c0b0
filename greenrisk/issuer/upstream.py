# SPDX-License-Identifier: Apache-2.0
"""Finished runs of other studies that an issuer study draws from, through their run folders alone.

What lives here: which run, whether it is one, in what prices and of what status. What does not: what its losses do to
an issuer (:mod:`greenrisk.issuer.channels.liability_loss`).
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pydantic import Field

from greenrisk.core.errors import GreenRiskError, ScenarioError
from greenrisk.core.marked_yaml import KeyPath, parse_yaml
from greenrisk.core.sources import Sources
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.liability_loss import OWNER_LOSSES, OwnerLosses, owner_losses_from

ZONE: Final[KeyPath] = ("upstream", "zone")
"""Where a scenario names the run."""

TABLE: Final = "tables/owner_losses.csv"
"""The table of a zone's run folder that is drawn from."""


class UpstreamSpec(Spec):
    """Finished runs that the study draws from."""

    zone: str | None = None
    """Folder of a finished run of a zone (`greenrisk run zone-leping`), beside the scenario; with `--set`, in the
    working folder. Or a table of losses by simulated year and owner (`show table owner-losses`)."""

    price_index: float | None = Field(default=None, gt=0)
    """Prices of the study's year over those of the run's; empty: the losses stand as they are, which the ledger tells
    [unitless]."""


def read_zone_run(spec: UpstreamSpec, price_year: int, sources: Sources) -> OwnerLosses | None:
    """Return the losses of a zone's run by simulated year and owner, in prices of the study.

    Parameters
    ----------
    spec : UpstreamSpec
        What the user wrote.
    price_year : int
        Year of the study's prices.
    sources : Sources
        Finds, hashes and judges the files.

    Returns
    -------
    OwnerLosses or None
        None where faults were recorded.
    """
    if spec.zone is None:
        mend = "It draws from a zone's run: give `upstream: {zone: ...}`, the folder of a finished run of "
        sources.fault(("channels", "liability_loss"), "upstream.zone", f"{mend}`greenrisk run zone-leping`.")
        return None
    name = PurePosixPath(spec.zone.replace("\\", "/"))
    alone = name.suffix in (".csv", ".xlsx")
    table = str(name) if alone else str(name / TABLE)
    manifest: dict[str, Any] = {}
    if not alone:
        found = _manifest(str(name), sources)
        if found is None:
            return None
        manifest = found
    before = len(sources.faults)
    frame = sources.table(table, ZONE, OWNER_LOSSES)
    if frame is None:
        return None
    try:
        losses = owner_losses_from(frame, table)
    except GreenRiskError as error:
        sources.take(error)
        return None
    if len(sources.faults) > before:
        return None
    _tell(spec, manifest, price_year, losses, sources)
    return losses.scaled(1.0 if spec.price_index is None else spec.price_index)


def _manifest(folder: str, sources: Sources) -> dict[str, Any] | None:
    """Return the manifest of a zone's run folder; None where it is none, or has no losses by owner."""
    mend = (
        "No finished run is there. Make it by `greenrisk run zone-leping`, and name its folder: "
        "`--set upstream.zone=runs/zone-leping` as seen from where you are, or in a scenario file of your own as seen "
        "from that file."
    )
    path = sources.file(f"{folder}/manifest.json", ZONE, mend)
    if path is None:
        return None
    what = f"upstream.zone = {folder}"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        kind = manifest["settings"]["kind"]
    except (OSError, ValueError, KeyError, TypeError):
        sources.fault(ZONE, what, "Its manifest.json is not that of a run. Run the zone again.")
        return None
    if kind != "zone":
        sources.fault(ZONE, what, f"This is a run of kind `{kind}`. A run of kind `zone` is needed.")
        return None
    if not (path.parent / TABLE).is_file():
        sources.fault(ZONE, what, f"The run has no {TABLE}. Run the zone again.")
        return None
    return dict(manifest)


def _tell(
    spec: UpstreamSpec, manifest: dict[str, Any], price_year: int, losses: OwnerLosses, sources: Sources
) -> None:
    """Write to the ledger what the run is: its years and owners, its prices, its status."""
    ledger, subject = sources.ledger, "upstream: zone"
    years, owners = losses.uninsured.shape
    named = f"of the run {manifest['settings'].get('name')}" if manifest else "of a table alone"
    detail = f"Losses of {years:,} simulated years and {owners} owners {named}; drawn whole, owners together."
    ledger.add("read", subject, detail, years)
    theirs = _price_year(manifest)
    if spec.price_index is not None:
        detail = f"Losses were brought to prices of {price_year} by the factor {spec.price_index:g}."
        ledger.add("assumption", subject, detail, status="user")
    elif theirs != price_year:
        known = "of an unknown year" if theirs is None else f"of {theirs}"
        detail = f"Losses are in prices {known} and stand for {price_year} as they are; give `price_index`."
        ledger.add("assumption", subject, detail)
    made = [
        name.removeprefix("table ") for name in manifest.get("inputs_sha256", {}) if name.startswith("table ")
    ]
    synthetic = [name for name in made if sources.status_of(name) == "synthetic"]
    if synthetic:
        detail = f"The zone's run rests on synthetic tables: {', '.join(synthetic)}."
        ledger.add("assumption", subject, detail, len(synthetic), status="synthetic")


def _price_year(manifest: dict[str, Any]) -> int | None:
    """Return the year of the run's prices, which its scenario says; None where it is not known."""
    try:
        data = parse_yaml(str(manifest["scenario"]), Path("scenario"), ScenarioError).data
        return int(data["price_year"])
    except (GreenRiskError, KeyError, TypeError, ValueError):
        return None
