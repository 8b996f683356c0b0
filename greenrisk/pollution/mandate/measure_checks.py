# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the measures of prevention that a scenario names, before anything is computed."""

from __future__ import annotations

from greenrisk.core.marked_yaml import KeyPath, did_you_mean, key_text
from greenrisk.core.sources import Sources
from greenrisk.pollution.inventory import CONTROLS
from greenrisk.pollution.mandate.mandate_spec import MandateSpec


def plants_of_measures(spec: MandateSpec) -> dict[KeyPath, str]:
    """Return the plants that the measures name, by the key of the scenario."""
    return {
        ("mandate", "measures", number, "plants", place): plant
        for number, measure in enumerate(spec.measures)
        for place, plant in enumerate(measure.plants)
    }


def check_controls(spec: MandateSpec, sources: Sources) -> None:
    """Record the controls of measures that the official grade does not score.

    Parameters
    ----------
    spec : MandateSpec
        With the measures.
    sources : Sources
        Takes the faults.
    """
    for number, measure in enumerate(spec.measures):
        for place, control in enumerate(measure.controls):
            if control not in CONTROLS:
                path: KeyPath = ("mandate", "measures", number, "controls", place)
                mend = f"Unknown control.{did_you_mean(control, CONTROLS)} Controls: {', '.join(CONTROLS)}."
                sources.fault(path, f"{key_text(path)} = {control}", mend)
