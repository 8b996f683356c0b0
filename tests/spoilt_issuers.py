# SPDX-License-Identifier: Apache-2.0
"""A folder with a small valid scenario of issuers, for tests of messages to spoil."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from greenrisk.cli.main import cli
from greenrisk.core.library import library_root

WHO = ("JDZ-CER-1", "JDZ-CHE-1", "JDZ-CPW-1")
"""Three of the shipped synthetic issuers: ceramics, chemicals, coal power."""

FILES = {
    "issuers": "",
    "statements": "statements_",
    "emissions": "emissions_",
    "pollutants": "pollutants_",
    "uses": "uses_",
    "shares": "shares_",
    "sites": "sites_",
    "plans": "plans_",
    "hazards": "hazards_",
}
"""Tables of the folder, each with its part of the shipped file's name."""

HEAD = "model,scenario,region,variable,unit,2020,2030,2060"
PATHS = """\
IAM 1.0,Base,World,Price|Carbon,US$2010/t CO2,0,10,10
IAM 1.0,Late,World,Price|Carbon,US$2010/t CO2,0,10,210
IAM 2.0,Late,World,Price|Carbon,US$2010/t CO2,0,10,210
IAM 1.0,Base,World,gsat_median,K,1.2,1.5,2.4
IAM 1.0,Late,World,gsat_median,K,1.2,1.5,1.9
NiGEM v1[IAM 1.0],Base,World,Gross Domestic Product (GDP)(physical),"% difference,  2017 PPP ; US$ Bn",0,-2,-10
NiGEM v1[IAM 1.0],Late,World,Gross Domestic Product (GDP)(physical),"% difference,  2017 PPP ; US$ Bn",0,-2,-8
NiGEM v1[IAM 1.0],Late,World,Gross Domestic Product (GDP)(transition),"% difference,  2017 PPP ; US$ Bn",0,-1,-4
NiGEM v2[IAM 2.0],Late,World,Gross Domestic Product (GDP)(transition),"% difference,  2017 PPP ; US$ Bn",0,-1,-4
"""
"""Two models of one variable each, the one with the deviations of its own macro model."""

SCENARIO = """\
kind: issuers
name: small
title: Three issuers under a late transition
base_year: 2024
price_year: 2024
currency: CNY
statements:
  issuers: issuers.csv
  statements: statements.csv
  emissions: emissions.csv
  pollutants: pollutants.csv
  uses: uses.csv
  shares: shares.csv
  sites: sites.csv
  plans: plans.csv
pathways:
  tables: [paths.csv]
  baseline: base
  scenarios:
    - {name: base, model: IAM 1.0, scenario: Base}
    - {name: late, model: IAM 1.0, scenario: Late}
channels:
  carbon: {scopes: [scope_1]}
  environment_tax: {}
  penalty_shutdown:
    penalties:
      - {fine_million_per_day: 0.1, days: 30, start: 2027, colours: [red], scenarios: [late]}
  physical_damage: {hazards: hazards.csv}
knowledge: {draws: 2, tornado: false}
"""
"""The tables' keys begin on line 8, the pathways on line 16, the channels on line 22."""


class Spoilt:
    """A folder with a small valid scenario of issuers, for a test to spoil.

    Parameters
    ----------
    folder : Path
        The working folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenario = SCENARIO
        data = library_root() / "data"
        for name, part in FILES.items():
            head, *rows = (data / f"jingdezhen_issuers_{part}synthetic.csv").read_text("utf-8").splitlines()
            self.write(f"{name}.csv", "\n".join([head, *(row for row in rows if row.startswith(WHO))]))
        self.write("paths.csv", f"{HEAD}\n{PATHS}")

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """Return a file of the folder."""
        return (self.folder / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text of a table, or of the scenario (``scenario.yaml``), that must stand there once."""
        text = self.scenario if name == "scenario.yaml" else self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        if name == "scenario.yaml":
            self.scenario = text.replace(old, new)
        else:
            self.write(name, text.replace(old, new))

    def refusal(self) -> str:
        """Run the scenario by the command line, check that nothing is left behind, and return the whole message."""
        self.write("scenario.yaml", self.scenario)
        before = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        done = CliRunner().invoke(cli, ["run", "scenario.yaml", "--out", "out", "--workers", "1"])
        assert done.exit_code == 2, done.output
        assert "Traceback" not in done.output
        after = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        assert after == before, "something half-written was left behind"
        return done.stderr
