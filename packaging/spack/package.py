# SPDX-License-Identifier: GPL-3.0-or-later
import os

try:  # Spack 1.0 and later
    from spack_repo.builtin.build_systems.meson import MesonPackage
except ImportError:
    pass

from spack.package import *


class Polyhebb(MesonPackage):
    """Monte Carlo simulation and mean-field theory of multitasking Hebbian networks over grids of
    parameters, and a statistical comparison of the two."""

    homepage = "https://arxiv.org/abs/2308.04106"

    license("GPL-3.0-or-later")

    # No public address: the archive lies in the current folder (spack install --no-checksum), or
    # `spack develop --path FOLDER polyhebb@1.1.0`.
    manual_download = True
    url = f"file://{os.getcwd()}/polyhebb-1.1.0.tar.gz"
    version("1.1.0")

    variant("plots", default=True, description="gnuplot, for the figures")

    depends_on("c", type="build")
    depends_on("meson@1.0.1:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("random123", type="build")
    depends_on("gsl")
    depends_on("hdf5+hl")
    depends_on("libfyaml")
    depends_on("xxhash")
    depends_on("gnuplot", type="run", when="+plots")

    def meson_args(self):
        return ["-Dtests=disabled"]

    def setup_build_environment(self, env):
        # Header files alone, without a .pc file.
        env.prepend_path("C_INCLUDE_PATH", self.spec["random123"].prefix.include)
