;;; SPDX-License-Identifier: GPL-3.0-or-later
;;; guix build -f packaging/guix/polyhebb.scm
(define-module (polyhebb)
  #:use-module (guix packages)
  #:use-module (guix download)
  #:use-module (guix gexp)
  #:use-module (guix git-download)
  #:use-module ((guix licenses) #:prefix license:)
  #:use-module (guix build-system copy)
  #:use-module (guix build-system meson)
  #:use-module (gnu packages digest)
  #:use-module (gnu packages maths)
  #:use-module (gnu packages pkg-config)
  #:use-module (gnu packages serialization))

(define-public random123
  (package
    (name "random123")
    (version "1.14.0")
    (source (origin
              (method url-fetch)
              (uri (string-append "https://github.com/DEShawResearch/random123"
                                  "/archive/v" version ".tar.gz"))
              (sha256
               (base32 "0vljknjsg7wbwhhiqvif0m2pq6n5a0vcv5drlnr3105ias3gvypg"))))
    (build-system copy-build-system)
    (arguments '(#:install-plan '(("include" "include"))))
    (home-page "https://github.com/DEShawResearch/random123")
    (synopsis "Counter-based random number generators")
    (description "Random123 is a library of counter-based random number
generators, as header files.")
    (license license:bsd-3)))

(define-public polyhebb
  (package
    (name "polyhebb")
    (version "1.1.0")
    (source (local-file "../.." "polyhebb-checkout"
                        #:recursive? #t
                        #:select? (or (git-predicate (string-append (current-source-directory) "/../.."))
                                      (const #t))))
    (build-system meson-build-system)
    (arguments
     (list #:configure-flags #~'("-Dtests=disabled")
           #:tests? #f))
    (native-inputs (list pkg-config))
    (inputs (list gnuplot gsl hdf5 libfyaml random123 xxhash))
    (home-page "https://arxiv.org/abs/2308.04106")
    (synopsis "Monte Carlo and theory of multitasking Hebbian networks")
    (description "Polyhebb simulates associative memories with diluted patterns
that recall many patterns at once, over grids of parameters, solves their
mean-field theory on the same grid, and says how far the two are apart.")
    (license license:gpl3+)))

polyhebb
