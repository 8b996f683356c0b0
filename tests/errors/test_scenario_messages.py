# SPDX-License-Identifier: Apache-2.0
"""What a user reads when the scenario file is at fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Refusal = Callable[..., str]
Edit = Callable[..., None]


def test_the_small_scenario_itself_is_valid(folder: Path) -> None:
    from click.testing import CliRunner

    from greenrisk.cli.main import cli

    result = CliRunner().invoke(cli, ["validate", "scenario.yaml"])
    # 10 + 6 + 8 + 9 ha are insured, 15 mu each, for 800 CNY/mu the first two and 500 CNY/mu the others.
    assert (result.exit_code, result.output) == (
        0,
        "small: valid, with 10 tables and cards.\n"
        "  4 stands, 39 ha, 495 mu insured, sum insured 319,500 CNY, in 1,000 ha of forest.\n"
        "  Mind: underwriting year 2027. The card wildfire-jiangxi is held good until 2026.\n",
    )


def test_missing_file(refusal: Refusal) -> None:
    assert refusal("run", "scenaro.yaml") == (
        "scenaro.yaml  no such file\n"
        "  There is no file of this name. Did you mean `scenario.yaml`?\n"
        "1 fault.\n"
    )


def test_unknown_name(refusal: Refusal) -> None:
    assert refusal("run", "forest-jingdezen") == (
        "forest-jingdezen  no such scenario\n"
        "  Neither a file nor a name of the library. Did you mean `forest-jingdezhen`?\n"
        "1 fault. `greenrisk list scenarios` lists them.\n"
    )


def test_a_folder_instead_of_a_file(refusal: Refusal, folder: Path) -> None:
    (folder / "study.d").mkdir()
    assert refusal("validate", "study.d") == (
        "study.d  a folder\n  Give the path of a YAML file.\n1 fault.\n"
    )


def test_not_yaml(refusal: Refusal, edit: Edit) -> None:
    edit("trigger: 0.1, share: 0.2}", "trigger: 0.1, share: 0.2")
    assert refusal() == (
        "scenario.yaml:15:8  expected ',' or '}', but got ':'\n"
        "  Not valid YAML. Is a bracket or brace of line 14 left open?\n"
        "1 fault.\n"
    )


def test_duplicate_key(refusal: Refusal, edit: Edit) -> None:
    edit("seed: 1\n", "seed: 1\nyears: 2000\n")
    assert refusal() == (
        "scenario.yaml:8:1  years\n  Duplicate key: it stands on line 6 already. Keep one.\n1 fault.\n"
    )


def test_alias_bomb(refusal: Refusal, folder: Path) -> None:
    # a5 would hold 10^6 values; with all before it they pass the 200,000 that a file may hold.
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 9):
        lines.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]")
    (folder / "scenario.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert refusal() == (
        "scenario.yaml:6:1  a5\n"
        "  Its aliases (`*name`) expand to too many values. Write the values out.\n"
        "1 fault.\n"
    )


def test_alias_of_itself(refusal: Refusal, edit: Edit) -> None:
    edit("seed: 1\n", "seed: &s [*s]\n")
    assert refusal() == (
        "scenario.yaml:7:1  seed\n"
        "  Its aliases (`*name`) expand to too many values. Write the values out.\n"
        "1 fault.\n"
    )


def test_python_tag(refusal: Refusal, edit: Edit) -> None:
    edit("seed: 1\n", "seed: !!python/object/apply:os.system [touch pwned]\n")
    assert refusal() == (
        "scenario.yaml:7:7  !!python/object/apply:os.system\n"
        "  Tags are not allowed: only text, numbers, true/false, lists and mappings.\n"
        "1 fault.\n"
    )


def test_binary_file(refusal: Refusal, folder: Path) -> None:
    (folder / "scenario.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert refusal() == (
        "scenario.yaml  a binary file\n  Must be a YAML file: plain text in UTF-8.\n1 fault.\n"
    )


def test_text_that_is_not_utf_8(refusal: Refusal, folder: Path) -> None:
    (folder / "scenario.yaml").write_bytes("kind: forest\ntitle: 景德镇\n".encode("gb18030"))
    assert refusal() == ("scenario.yaml:2  byte 0xbe\n  Not UTF-8 text. Save the file as UTF-8.\n1 fault.\n")


def test_empty_file(refusal: Refusal, folder: Path) -> None:
    (folder / "scenario.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert refusal() == ("scenario.yaml  an empty file\n  Must hold a mapping of keys to values.\n1 fault.\n")


def test_top_level_is_a_list(refusal: Refusal, folder: Path) -> None:
    (folder / "scenario.yaml").write_text("- kind: forest\n", encoding="utf-8")
    assert refusal() == (
        "scenario.yaml:1:1  [{kind: forest}]\n"
        "  The top level must be a mapping: lines of `key: value`.\n"
        "1 fault.\n"
    )


def test_file_too_large(refusal: Refusal, folder: Path) -> None:
    (folder / "scenario.yaml").write_text("# x\n" * 1_100_000, encoding="utf-8")
    assert refusal() == ("scenario.yaml  4.4 MB\n  Must be a YAML file of at most 4 MB.\n1 fault.\n")


def test_misspelt_key_is_one_fault_not_a_missing_and_an_unknown_one(refusal: Refusal, edit: Edit) -> None:
    edit("price_year: 2026", "prise_year: 2026")
    assert refusal() == (
        "scenario.yaml:5:1  prise_year = 2026\n"
        "  Unknown key for a forest. Did you mean `price_year`?  [>= 2000, <= 2100]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_misspelt_key_of_a_peril(refusal: Refusal, edit: Edit) -> None:
    edit("    size: fire-size-jiangxi\n", "    cap_hectare: 500\n")
    assert refusal() == (
        "scenario.yaml:12:5  perils[0].cap_hectare = 500\n"
        "  Unknown key for a wildfire. Did you mean `cap_ha`?  [ha, >= 100]\n"
        "1 fault. `greenrisk show kind wildfire` lists its keys.\n"
    )


def test_missing_key(refusal: Refusal, edit: Edit) -> None:
    edit("landscape: counties.csv\n", "")
    assert refusal() == (
        "scenario.yaml:1:1  landscape\n"
        "  This key is missing. Table of forest area by county (see `show table county-forest`): what burns"
        " besides the book.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_wrong_type(refusal: Refusal, edit: Edit) -> None:
    edit("share: 0.2", "share: a fifth")
    assert refusal() == (
        "scenario.yaml:14:46  terms.deductible.share = a fifth\n"
        "  Must be a number or empty.  [unitless]\n"
        "1 fault. `greenrisk show kind relative` lists its keys.\n"
    )


def test_number_in_quotes(refusal: Refusal, edit: Edit) -> None:
    edit("years: 1000", 'years: "1000"')
    assert refusal() == (
        "scenario.yaml:6:1  years = '1000'\n  Must be a number. Take the quotes away.\n1 fault.\n"
    )


def test_value_left_empty(refusal: Refusal, edit: Edit) -> None:
    edit("underwriting_year: 2027", "underwriting_year:")
    assert refusal() == (
        "scenario.yaml:4:1  underwriting_year =\n"
        "  No value is given. Must be a whole number.  [>= 2000, <= 2100]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_infinite_number(refusal: Refusal, edit: Edit) -> None:
    edit("    size: fire-size-jiangxi\n", "    cap_ha: .inf\n")
    assert refusal() == (
        "scenario.yaml:12:5  perils[0].cap_ha = inf\n"
        "  Must be a finite number.  [ha]\n"
        "1 fault. `greenrisk show kind wildfire` lists its keys.\n"
    )


def test_unknown_kind_of_scenario(refusal: Refusal, edit: Edit) -> None:
    edit("kind: forest\n", "kind: forrest\n")
    assert refusal() == (
        "scenario.yaml:1:1  kind = forrest\n"
        "  Unknown kind. Did you mean `forest`? Known kinds: `forest`, `zone`, `issuers`, `index`, `wetland`.\n"
        "1 fault. `greenrisk list kinds` tells them.\n"
    )


def test_unknown_kind_of_peril(refusal: Refusal, edit: Edit) -> None:
    edit("- kind: wildfire", "- kind: wild_fire")
    assert refusal() == (
        "scenario.yaml:11:5  perils[0] = {kind: wild_fire, size: fire-size-jiangxi}\n"
        "  Unknown kind. Did you mean `wildfire`?"
        " Known kinds: `wildfire`, `storm`, `snow_ice`, `drought`, `flood`, `pest`.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_out_of_range(refusal: Refusal, edit: Edit) -> None:
    edit("trigger: 0.1", "trigger: 10")
    assert refusal() == (
        "scenario.yaml:14:32  terms.deductible.trigger = 10\n"
        "  Must be >= 0 and <= 1. In per cent? Then write 0.1 for 10 %.  [unitless]\n"
        "1 fault. `greenrisk show kind relative` lists its keys.\n"
    )


@pytest.mark.parametrize("command", ["validate", "run"])
def test_zero_years(refusal: Refusal, command: str) -> None:
    assert refusal(command, "scenario.yaml", "--years", "0") == (
        "--years 0  years = 0\n"
        "  Must be >= 1.  [year]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_subsidy_shares_that_do_not_sum_to_one(refusal: Refusal, edit: Edit) -> None:
    edit("owner: 0.4", "owner: 0.3")
    assert refusal() == (
        "scenario.yaml:18:5  subsidy.rules[1]\n"
        "  The subsidy shares of commercial from 2022 sum to 0.9; they must sum to 1. What the others leave "
        "to the owner is 0.4.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_parts_of_a_rule_that_contradict_each_other(refusal: Refusal, edit: Edit) -> None:
    edit("trigger: 0.1, share: 0.2", "trigger: 0.1, share: 0.2, combine: min")
    assert refusal() == (
        "scenario.yaml:14:3  terms.deductible\n"
        "  Only a rule of kind `area` has `combine`.\n"
        "1 fault. `greenrisk show kind relative` lists its keys.\n"
    )


def test_setting_that_leads_nowhere(refusal: Refusal) -> None:
    sets = ("--set", "perils[2].cap_ha=500", "--set", "title.size=3", "--set", "years")
    assert refusal("run", "scenario.yaml", *sets[:4]) == (
        "--set perils[2].cap_ha=500  perils[2].cap_ha\n"
        "  `perils` has 1 item; the first is [0].\n"
        "--set title.size=3  title.size\n"
        "  `title` is no mapping, it has no key `size`.\n"
        "2 faults.\n"
    )
    assert refusal("run", "scenario.yaml", *sets[4:]) == (
        "--set years  years\n  Must be `key=value`, e.g. `--set terms.deductible.share=0.2`.\n1 fault.\n"
    )


def test_setting_of_an_unknown_key(refusal: Refusal) -> None:
    assert refusal("run", "scenario.yaml", "--set", "terms.waiting_day=5") == (
        "--set terms.waiting_day=5  terms.waiting_day = 5\n"
        "  Unknown key in `terms`. Did you mean `waiting_days`?  [day, >= 0, < 365]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_misspelt_key_beside_the_right_one(refusal: Refusal, edit: Edit) -> None:
    edit("trigger: 0.1", "trigger: 0.1, triger: 0.2")
    assert (
        "  Unknown key for a relative. Did you mean `trigger`? It stands there already.  [unitless"
        in refusal()
    )


def test_all_faults_are_told_at_once_in_the_order_of_the_file(refusal: Refusal, edit: Edit) -> None:
    edit("title: A small valid scenario", "titel: A small valid scenario")
    edit("seed: 1", "seed: -1")
    edit("share: 0.2", "share: 1.2")
    edit("owner: 0.4", "owner: 0.3")
    assert refusal() == (
        "scenario.yaml:3:1  titel = A small valid scenario\n"
        "  Unknown key for a forest. Did you mean `title`?\n"
        "scenario.yaml:7:1  seed = -1\n"
        "  Must be >= 0.\n"
        "scenario.yaml:14:46  terms.deductible.share = 1.2\n"
        "  Must be >= 0 and < 1.  [unitless]\n"
        "scenario.yaml:18:5  subsidy.rules[1]\n"
        "  The subsidy shares of commercial from 2022 sum to 0.9; they must sum to 1. What the others leave "
        "to the owner is 0.4.\n"
        "4 faults. `greenrisk show kind forest` lists its keys.\n"
    )


def test_faults_of_several_scenarios_are_told_together(refusal: Refusal, folder: Path, edit: Edit) -> None:
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    (folder / "other.yaml").write_text(text.replace("years: 1000", "years: 0"), encoding="utf-8")
    edit("seed: 1", "seed: x")
    assert refusal("run", "scenario.yaml", "other.yaml") == (
        "scenario.yaml:7:1  seed = x\n"
        "  Must be a whole number.\n"
        "other.yaml:6:1  years = 0\n"
        "  Must be >= 1.  [year]\n"
        "2 faults. `greenrisk show kind forest` lists its keys.\n"
    )


@pytest.mark.parametrize("written", ["30%", "30 %", "30\uff05"])
def test_a_share_with_a_sign_of_per_cent(refusal: Refusal, edit: Edit, written: str) -> None:
    edit("central: 0.3", f"central: {written}")
    assert refusal() == (
        f"scenario.yaml:18:48  subsidy.rules[1].central = {written}\n"
        f"  Must be a number. Write 0.3 for {written}.  [unitless]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_rate_in_per_cent_where_per_mille_is_wanted(refusal: Refusal, edit: Edit) -> None:
    edit("terms:\n", "rate_review: {current_rate_per_mille: 0.2%}\nterms:\n")
    assert "  Must be a number or empty. Write 2 for 0.2%.  [per mille]\n" in refusal()


def test_a_share_that_is_a_slip_and_not_in_per_cent(refusal: Refusal, edit: Edit) -> None:
    edit("trigger: 0.1", "trigger: 1.1")
    assert "  Must be >= 0 and <= 1.  [unitless]\n" in refusal()


def test_a_number_of_paths_that_makes_no_equal_groups(refusal: Refusal, edit: Edit) -> None:
    edit("terms:\n", "catastrophe_reserve: {capital_cny: 1, paths: 1001}\nterms:\n")
    assert refusal() == (
        "scenario.yaml:13:39  catastrophe_reserve.paths = 1001\n"
        "  Must be a multiple of 10.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


@pytest.mark.parametrize(
    ("line", "written", "wide", "sign", "where"),
    [
        ("seed: 1", "seed\uff1a1", "\uff1a", ":", "7:5"),
        ("share: 0.2}", "share: 0.2\uff5d", "\uff5d", "}", "14:56"),
    ],
)
def test_signs_of_a_chinese_keyboard(
    refusal: Refusal, edit: Edit, line: str, written: str, wide: str, sign: str, where: str
) -> None:
    edit(line, written)
    message = refusal()
    assert message.startswith(f"scenario.yaml:{where}  ")
    assert f"\n  Not valid YAML. The full-width `{wide}` is no sign of YAML: type `{sign}`.\n" in message


def test_full_width_signs_in_texts_and_comments_are_let_be(folder: Path, edit: Edit) -> None:
    from click.testing import CliRunner

    from greenrisk.cli.main import cli

    edit("title: A small valid scenario", "title: 林木保险\uff08试点\uff09\uff0c一年  # 备注\uff1a样例")
    assert CliRunner().invoke(cli, ["validate", "scenario.yaml"]).exit_code == 0
