-- SPDX-License-Identifier: GPL-3.0-or-later
-- For Lmod: copy the folder polyhebb into a folder of MODULEPATH, and say where polyhebb was installed.
local prefix = "/opt/polyhebb/1.1.0"

help("Monte Carlo and theory of multitasking Hebbian networks: man polyhebb")
whatis("Name: polyhebb")
whatis("Version: 1.1.0")
whatis("Description: Monte Carlo and theory of multitasking Hebbian networks")

-- The program finds its libraries by itself where they were found when it was built: no LD_LIBRARY_PATH. Modules that a
-- site's compiler or libraries need: depends_on("gcc", "gsl", "hdf5")

prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
prepend_path("CPATH", pathJoin(prefix, "include"))
-- meson's libdir differs between systems.
for _, libdir in ipairs({"lib64", "lib", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"}) do
    if isFile(pathJoin(prefix, libdir, "pkgconfig/polyhebb.pc")) then
        prepend_path("PKG_CONFIG_PATH", pathJoin(prefix, libdir, "pkgconfig"))
        prepend_path("LIBRARY_PATH", pathJoin(prefix, libdir))
    end
end
