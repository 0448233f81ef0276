/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_API_H
#define POLYHEBB_API_H

/** @file
 * What every public header needs: PH_API marks a function of the library that programs may call,
 * in C or C++. What is not marked is not exported.
 */

#if defined(__GNUC__)
#define PH_API __attribute__((visibility("default")))
#else
#define PH_API
#endif

#ifdef __cplusplus
#define PH_BEGIN_C extern "C" {
#define PH_END_C }
#else
#define PH_BEGIN_C
#define PH_END_C
#endif

#endif
