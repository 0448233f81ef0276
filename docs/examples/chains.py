#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chains of a grid's point from Python by ctypes: overlaps and energies of three replicas."""
import ctypes
import os
import sys

lib = ctypes.CDLL(os.environ.get("POLYHEBB_LIBRARY", "libpolyhebb.so.1"))
lib.ph_status_text.restype = lib.ph_report_text.restype = ctypes.c_char_p
lib.ph_report_new.restype = ctypes.c_void_p
lib.ph_report_text.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
report = ctypes.c_void_p(lib.ph_report_new())


def must(status):
    if status:
        sys.exit((lib.ph_report_text(report, 0) or lib.ph_status_text(status)).decode())


TEXT = b"""
network: {neurons: 900, patterns: 2, dilution: 0.5}
noise: 0.3
dynamics: {start: hierarchical, sweeps: 1}
"""
K, R = 2, 3
grid, chain = ctypes.c_void_p(), ctypes.c_void_p()
must(lib.ph_grid_new(ctypes.byref(grid), TEXT, ctypes.c_size_t(0), None, report))
must(lib.ph_chain_new(ctypes.byref(chain), grid, ctypes.c_size_t(0), 0, 0, R, report))
must(lib.ph_chain_sweep(chain, ctypes.c_uint64(100), report))
overlaps, energies = (ctypes.c_double * (R * K))(), (ctypes.c_double * R)()
lib.ph_chain_overlaps(chain, overlaps)
lib.ph_chain_energies(chain, energies)
for r in range(R):
    print(*(f"{m:.3f}" for m in overlaps[r * K:(r + 1) * K]), f"{energies[r]:.4f}")
lib.ph_chain_delete(chain)
lib.ph_grid_delete(grid)
lib.ph_report_delete(report)
