# SPDX-License-Identifier: Apache-2.0
"""From a name or a path to a validated, frozen scenario."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path

from pydantic import BaseModel

from greenrisk.core.errors import Fault, ScenarioError
from greenrisk.core.explain import validate
from greenrisk.core.fields import kind_of, models_below, models_in
from greenrisk.core.library import find, names
from greenrisk.core.marked_yaml import MarkedYaml, did_you_mean, one_line, read_yaml
from greenrisk.scenario.overrides import Override, apply, read_overrides
from greenrisk.scenario.registry import STUDIES, resolve
from greenrisk.scenario.schema import Scenario, spec_of

Overrides = Mapping[str, object] | Sequence[str | Override]


def load(reference: str | os.PathLike[str], overrides: Overrides = ()) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    reference : str or path
        Path of a YAML file, or the name of a scenario of the library.
    overrides : mapping or sequence
        Values to set over the file's: ``{"years": 1000}`` or ``["terms.deductible.share=0.2"]``. Texts are
        read as YAML, as on the command line.

    Returns
    -------
    Scenario
        Validated and frozen.

    Raises
    ------
    ScenarioError
        With every fault: unknown name, unreadable YAML, unknown keys, values out of range.
    """
    path = locate(reference)
    marked = apply(read_yaml(path), read_overrides(overrides))
    kind = _kind(marked)
    try:
        spec = validate(spec_of(kind), marked, ScenarioError)
    except ScenarioError as error:
        hint = _scoped(kind, error.hint)
        raise ScenarioError([*error.faults, *_of_tables(kind, marked, path)], hint) from None
    return Scenario(spec, path, marked)


def _scoped(kind: str, hint: str) -> str:
    """Return a hint that names a kind below a scenario so that ``greenrisk show kind`` finds it among all studies.

    A kind that another study has too is shown by the field that holds it: ``covers.excess_of_loss``.
    """
    found = re.search(r"show kind (\w+)`", hint)
    if found is None or found[1] in STUDIES:
        return hint
    own = _holders(kind, found[1])
    for study in takewhile(lambda name: name != kind, STUDIES):
        others = _holders(study, found[1])
        if others and not set(others) & set(own) and own:
            return hint.replace(f"kind {found[1]}`", f"kind {next(iter(own.values()))}.{found[1]}`")
    return hint


def _holders(study: str, kind: str) -> dict[type[BaseModel], str]:
    """Return the specs of a kind in a study, and the field that holds each."""
    return {
        below: name
        for model in models_below(spec_of(study))
        for name, info in model.model_fields.items()
        for below in models_in(info.annotation)
        if kind in kind_of(below)
    }


def _of_tables(kind: str, marked: MarkedYaml, path: Path) -> list[Fault]:
    """Return what is wrong with the tables of a scenario at fault, so that one message tells both."""
    if not STUDIES[kind].tables_at_fault:
        return []
    from greenrisk.core.ledger import Ledger
    from greenrisk.core.sources import Sources

    sources = Sources(path.parent, marked.where, Ledger())
    resolve(STUDIES[kind].tables_at_fault)(marked.data, sources)
    # Where a table lies may hang on what is at fault, or on options of the command.
    return [fault for fault in sources.faults if not fault.where.startswith(str(marked.path))]


def locate(reference: str | os.PathLike[str]) -> Path:
    """Return the file of a scenario: a path, or a name of the library.

    Raises
    ------
    ScenarioError
        Where there is none, with the closest name.
    """
    text = os.fspath(reference)
    path = Path(reference)
    if path.exists() and (path.suffix or path.name != text):
        return path
    if (found := find("scenarios", text)) is not None:
        return found
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml") or path.name != text:
        close = _near(path)
        mend = close or " Check the path; a relative path starts at the working folder."
        raise ScenarioError(Fault(text, "no such file", f"There is no file of this name.{mend}"))
    known = names("scenarios")
    close = did_you_mean(text, known)
    raise ScenarioError(
        Fault(text, "no such scenario", f"Neither a file nor a name of the library.{close}"),
        "`greenrisk list scenarios` lists them.",
    )


def _near(path: Path) -> str:
    """Return a proposal: the closest scenario file in the folder of a path that leads nowhere."""
    if not path.parent.is_dir():
        return ""
    there = [
        str(path.parent / file.name) for file in path.parent.iterdir() if file.suffix in (".yaml", ".yml")
    ]
    return did_you_mean(str(path), there)


def _kind(marked: MarkedYaml) -> str:
    """Return the scenario's kind, or raise one fault that lists the known ones."""
    kind = marked.data.get("kind")
    if isinstance(kind, str) and kind in STUDIES:
        return kind
    listed = f"Known kinds: {', '.join(f'`{known}`' for known in STUDIES)}."
    if "kind" in marked.data:
        close = did_you_mean(str(kind), list(STUDIES))
        fault = Fault(marked.where(("kind",)), f"kind = {one_line(kind)}", f"Unknown kind.{close} {listed}")
    else:
        fault = Fault(marked.where(), "kind", f"This key is missing: which study to run. {listed}")
    raise ScenarioError(fault, "`greenrisk list kinds` tells them.")
