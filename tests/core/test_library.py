# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from greenrisk.core.library import find, library_root, names


def test_the_shelves_lie_below_one_root() -> None:
    for shelf in ("models", "scenarios", "data"):
        assert (library_root() / shelf).is_dir()


def test_every_listed_name_is_found_with_and_without_its_ending() -> None:
    for shelf in ("models", "scenarios", "data"):
        assert names(shelf), shelf
        for name in names(shelf):
            path = find(shelf, name)
            assert path is not None
            assert find(shelf, path.name) == path


def test_a_name_never_leads_out_of_its_shelf() -> None:
    assert find("models", "../scenarios/forest-jingdezhen") is None
    assert find("models", "") is None
    assert find("models", "..") is None
    assert find("models", "forest-jingdezhen") is None


def test_only_tables_are_names_of_the_data_shelf() -> None:
    assert find("data", "datapackage.json") is None
    assert "datapackage" not in names("data")
    assert "schema" not in names("scenarios")
