# SPDX-License-Identifier: Apache-2.0
"""What the future may bring: climate and policy pathways by year and region, and a user's own shocks.

A table is read as it is (:mod:`greenrisk.pathways.iamc`), its variables get one name and one unit each
(:mod:`greenrisk.pathways.variables`), what a study needs is looked for before any work
(:mod:`greenrisk.pathways.coverage`), and :mod:`greenrisk.pathways.pathway` makes one pathway of each scenario.
"""
