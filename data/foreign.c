/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/foreign.h"

#include <string.h>

static bool begins(const unsigned char *head, size_t size, const char *bytes, size_t length)
{
    return size >= length && memcmp(head, bytes, length) == 0;
}

static bool is_gzip(const unsigned char *head, size_t size)
{
    return begins(head, size, "\x1f\x8b", 2);
}

static bool is_picture(const unsigned char *head, size_t size)
{
    return begins(head, size, "\x89PNG", 4) || begins(head, size, "\xff\xd8\xff", 3) ||
           begins(head, size, "GIF8", 4) || begins(head, size, "II*\0", 4) ||
           begins(head, size, "MM\0*", 4);
}

static bool is_numpy(const unsigned char *head, size_t size)
{
    return begins(head, size, "\x93NUMPY", 6);
}

const ph_format_t PH_FORMAT_GZIP = {
    .word = "compressed (gzip)", .way = "unpack it: gunzip -k", .is = is_gzip};
const ph_format_t PH_FORMAT_PICTURE = {.word = "an image of PNG, JPEG, GIF or TIFF",
                                       .way = "make it grey PGM: pngtopnm, jpegtopnm, ppmtopgm",
                                       .is = is_picture};
const ph_format_t PH_FORMAT_NUMPY = {
    .word = "an array of numpy", .way = "numpy.savetxt writes text, h5py HDF5", .is = is_numpy};
