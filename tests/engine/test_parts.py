# SPDX-License-Identifier: Apache-2.0
"""The file of a part: bit for bit, or refused."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from greenrisk.engine.parts import DamagedPart, decode, encode


def a_part() -> xr.Dataset:
    return xr.Dataset(
        {
            "loss": (("year", "layer"), np.array([[0.1, -0.0], [np.nan, np.inf]]), {"units": "CNY"}),
            "fires": ("year", np.array([3, 2**62])),
            "burnt": ("year", np.array([True, False])),
            "county": ("segment", np.array(["浮梁", ""], dtype=object)),
            "nothing": ("none", np.empty(0)),
            "scalar": ((), np.float64(0.1) * 3),
        },
        coords={"layer": ["ground_up", "gross"], "year": [7, 8]},
        attrs={"block": 3, "note": "三"},
    )


def test_a_part_comes_back_bit_for_bit() -> None:
    part = a_part()
    back = decode(encode(part))
    assert list(back.variables) == list(part.variables)
    assert set(back.coords) == {"layer", "year"}
    assert back.attrs == {"block": 3, "note": "三"}
    assert back["loss"].attrs == {"units": "CNY"}
    for name in ("loss", "fires", "burnt", "nothing", "scalar", "year"):
        assert back[name].dims == part[name].dims
        assert back[name].dtype == part[name].dtype
        assert back[name].values.tobytes() == part[name].values.tobytes()
    assert back["county"].values.tolist() == ["浮梁", ""]


def test_pandas_text_comes_back_as_text() -> None:
    part = xr.Dataset({"owner": ("stand", pd.Series(["村", "farm"], dtype="str").to_numpy())})
    assert decode(encode(part))["owner"].values.tolist() == ["村", "farm"]


def test_equal_parts_are_equal_files() -> None:
    assert encode(a_part()) == encode(decode(encode(a_part())))


def test_every_truncation_is_noticed() -> None:
    data = encode(a_part())
    for length in range(len(data)):
        with pytest.raises(DamagedPart):
            decode(data[:length])


def test_every_flipped_byte_is_noticed() -> None:
    data = encode(a_part())
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 0x01
        with pytest.raises(DamagedPart):
            decode(bytes(damaged))


def test_a_part_cannot_carry_python_objects() -> None:
    with pytest.raises(TypeError, match="'stands' of a part must hold numbers or text"):
        encode(xr.Dataset({"stands": ("x", np.array([{"a": 1}], dtype=object))}))


def test_a_part_with_a_pickle_inside_is_refused() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, head=np.array([{"a": 1}], dtype=object))
    data = buffer.getvalue()
    with pytest.raises(ValueError, match="allow_pickle=False"):
        decode(data + hashlib.sha256(data).digest())


def test_numpy_alone_reads_a_part() -> None:
    data = encode(a_part())
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        assert arrays["v1"].tolist() == [3, 2**62]
