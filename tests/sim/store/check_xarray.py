#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run and theory files read by others: check_xarray.py SAMPLE_FILES

Proves that xarray (engines netcdf4 and h5netcdf), h5py and ncdump read the files written by the
program SAMPLE_FILES with names, labels and values: without axes, with a textual axis, a zipped
axis, ragged patterns and varying records, points not run.
"""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import xarray as xr

ENGINES = ("netcdf4", "h5netcdf")


def value(point, sample, replica, record, component):
    """The rule of sample.h."""
    return ((37 * point + 11 * sample + 7 * replica + 3 * record + component) % 128) / 128


def expected(point, samples, replicas, records, components):
    """magnetization of one point, (sample, replica, record, pattern)."""
    grid = np.indices((samples, replicas, records, components))
    return value(point, *grid)


def check_common(path, data, kind):
    assert data.attrs["Conventions"] == "CF-1.8", data.attrs
    assert data.attrs["polyhebb_kind"] == kind, data.attrs
    assert data.attrs.get("fields") == ("overlaps" if kind == "run" else None), data.attrs
    assert int(data.attrs["format_version"]) == 1
    assert len(data.attrs["grid_digest"]) == 32
    for name, array in data.variables.items():
        assert array.attrs.get("long_name"), (path, name)
        if array.dtype.kind in "fi":
            assert array.attrs.get("units"), (path, name)
    assert not [d for d in data.dims if d.startswith("phony")], (path, data.dims)


def check_plain(data):
    assert dict(data.sizes) == {"sample": 1, "replica": 1, "record": 11, "pattern": 3,
                                "moment": 68, "byte": 8}, data.sizes
    assert data["record"].attrs["units"] == "sweeps"
    assert list(data["record"].values) == list(range(0, 21, 2))
    np.testing.assert_array_equal(data["magnetization"], expected(0, 1, 1, 11, 3))
    assert data["status"].dims == () and int(data["status"]) == 2
    np.testing.assert_allclose(data["magnetization_mean"],
                               data["magnetization"].mean("record"), rtol=1e-6)
    np.testing.assert_allclose(data["magnetization_variance"],
                               data["magnetization"].astype("f8").var("record", ddof=1), rtol=1e-6)


def check_textual(data):
    assert data["magnetization"].dims == ("noise", "sampler", "sample", "replica", "record",
                                          "pattern")
    assert list(data["sampler"].values) == ["glauber", "metropolis"]
    assert list(data["noise"].values) == [0.1, 0.2, 0.5]
    one = data.sel(noise=0.2, sampler="metropolis")
    np.testing.assert_array_equal(one["magnetization"], expected(3, 2, 3, 21, 3))
    assert one["magnetization"].dtype == np.float32 and one["energy"].dtype == np.float64
    np.testing.assert_array_equal(one["energy"], expected(3, 2, 3, 21, 4)[..., 3])
    assert list(data["sign"].values) == [1, -1]
    np.testing.assert_array_equal(
        one["loss"], expected(3, 2, 3, 21, 10)[..., 4:].reshape(2, 3, 21, 3, 2))
    late = data.isel(noise=-1, sampler=-1)
    assert int(late["status"]) == 0 and np.isnan(late["magnetization"]).all()
    assert np.isnan(late["magnetization_mean"]).all() and (late["sweeps_done"] == 0).all()
    assert (data["status"].values.ravel() == [2, 2, 2, 2, 2, 0]).all()
    assert (one["sweeps_done"] == 24).all()


def check_zipped(data):
    assert data["magnetization"].dims == ("noise", "sample", "replica", "record", "pattern")
    assert "start" in data.coords, data.coords
    assert data["start"].dims == ("noise",)
    assert list(data["start"].values) == ["random", "archetype", "parallel"]
    np.testing.assert_array_equal(data["magnetization"].sel(noise=0.2),
                                  expected(1, 2, 3, 21, 3))


def check_ragged(data):
    assert data["magnetization"].dims == ("neurons", "patterns", "sweeps", "sample", "replica",
                                          "record", "pattern")
    assert list(data["patterns"].values) == [2, 4] and data["patterns"].dtype == np.int64
    assert "time" in data["magnetization"].coords, data["magnetization"].coords
    few = data.sel(neurons=60, patterns=2, sweeps=10)
    np.testing.assert_array_equal(few["magnetization"][:, :, :6, :2], expected(0, 2, 3, 6, 2))
    assert np.isnan(few["magnetization"][:, :, 6:]).all()
    assert np.isnan(few["magnetization"][..., 2:]).all()
    assert list(few["time"].values[:6]) == [0, 2, 4, 6, 8, 10]
    assert np.isnan(few["time"].values[6:]).all()
    more = data.sel(neurons=90, patterns=4, sweeps=10)
    np.testing.assert_array_equal(more["magnetization"][:, :, :6], expected(6, 2, 3, 6, 4))
    assert (more["last_state"].values[0, 1] == (31 * np.arange(12) + 1 + 6) % 256).all()
    assert data["states"].dims[3:] == ("sample", "replica", "state_time", "spin_byte")
    assert list(data["state_time"].values) == [0, 8, 16]
    assert data["state_time"].attrs["units"] == "sweeps"
    kept = more["states"].sel(state_time=8, sample=1, replica=2)
    assert (kept.values == (31 * np.arange(12) + 5 + 1 + 6) % 256).all()
    there = more["sweeps_done"] >= 4 + more["state_time"]
    assert there.isel(sample=0, replica=0).values.tolist() == [True, True, False]
    assert (more["states"].where(~there, 0) == 0).all()


def check_theory(data, name):
    states = data["magnetization"].values.ravel()
    np.testing.assert_array_equal(states, np.arange(states.size) / 8)
    paths = data["flow_magnetization_sample"]
    assert paths.dims[-3:] == ("sample", "record", "pattern")
    np.testing.assert_array_equal(paths.values.ravel(), 2 + np.arange(paths.size) / 8)
    assert ("time" in data.coords) == (name == "ragged")
    assert ("flow_loss" in data) == (name in ("textual", "ragged"))
    assert "threshold_relative" not in data
    assert data["magnetization_sample"].dims[-2:] == ("sample", "pattern")
    assert data["converged"].values.ravel()[0] == 0
    assert np.isnan(data["stability"].values.ravel()[0])


def check_h5py(path):
    with h5py.File(path) as file:
        text = file["provenance/grid"][()].decode()
        assert "neurons" in text
        facts = file["provenance"].attrs
        for fact in ("version", "revision", "compiler", "flags", "libraries", "host", "created",
                     "grid_digest", "seed"):
            assert fact in facts, fact
        assert facts["seed"].dtype == np.uint64
        for name, array in file.items():
            if not isinstance(array, h5py.Dataset):
                continue
            assert array.ndim == 0 or array.fletcher32 or array.dtype.kind == "O", name
            assert h5py.h5ds.is_scale(array.id) or all(len(dim) == 1 for dim in array.dims), name
            if array.chunks and array.nbytes > 1 << 20:
                size = np.prod(array.chunks) * array.dtype.itemsize
                assert 65536 <= size <= 524288, (name, array.chunks)


def check_ncdump(path):
    text = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True,
                          text=True).stdout
    for needed in ("dimensions:", "pattern = ", "magnetization(", "CF-1.8", "group: provenance"):
        assert needed in text, (path, needed, text)
    subprocess.run(["ncdump", path], check=True, stdout=subprocess.DEVNULL)


def check_file(folder, name, kind):
    path = os.path.join(folder, f"{name}-{kind}.h5")
    for engine in ENGINES:
        with xr.open_dataset(path, engine=engine) as data:
            check_common(path, data, kind)
            if kind == "run":
                globals()["check_" + name](data)
            else:
                check_theory(data, name)
    check_h5py(path)
    check_ncdump(path)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        assert len(os.listdir(folder)) == 8, os.listdir(folder)
        for name in ("plain", "textual", "zipped", "ragged"):
            for kind in ("run", "theory"):
                check_file(folder, name, kind)
    print("8 files read by xarray (netcdf4, h5netcdf), h5py and ncdump")


if __name__ == "__main__":
    main()
