# SPDX-License-Identifier: Apache-2.0
"""The environmental credit of an enterprise, as a colour.

References
----------
企业环境信用评价办法（试行） (Measures for assessing the environmental credit of enterprises, trial), 环发〔2013〕150号.
"""

from __future__ import annotations

from typing import Final

COLOURS: Final = ("green", "blue", "yellow", "red")
"""From trustworthy to bad: 绿 环保诚信, 蓝 环保良好, 黄 环保警示, 红 环保不良."""

COLOURS_ZH: Final = ("绿", "蓝", "黄", "红")
"""The colours' Chinese names, in the order of :data:`COLOURS`."""

NOT_ASSESSED: Final = -1
"""Code of an enterprise without a colour; an assessed one has its index into :data:`COLOURS`."""
