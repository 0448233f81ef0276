/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two patterns of one's own, stored and recalled in memory: their overlaps, sweep by sweep. */
#include <polyhebb/polyhebb.h>
#include <stdio.h>

enum { NEURONS = 1000, PATTERNS = 2, REPLICAS = 32 };

int main(void)
{
    static const char *const settings[] = {"noise=0.5", "dynamics.start=archetype", "seed=1"};
    static int8_t entries[NEURONS][PATTERNS];
    static double m[REPLICAS][PATTERNS];
    double mean[PATTERNS] = {0};
    ph_chain_t *chain;
    ph_report_t *report = ph_report_new();
    for (int i = 0; i < NEURONS; i++) { /* orthogonal, the second half blank */
        entries[i][0] = 1;
        entries[i][1] = i % 2 == 0 ? 0 : i % 4 == 1 ? 1 : -1;
    }
    int status = ph_chain_new_with_patterns(&chain, NEURONS, PATTERNS, &entries[0][0], NULL, 3,
                                            settings, REPLICAS, report);
    for (int t = 0; t < 200 && status == PH_OK; t++) {
        status = ph_chain_sweep(chain, 1, report);
        ph_chain_overlaps(chain, &m[0][0]);
        for (int r = 0; r < REPLICAS && t >= 100; r++)
            for (int mu = 0; mu < PATTERNS; mu++)
                mean[mu] += m[r][mu] / (100 * REPLICAS);
    }
    printf("%.3f %.3f\n", mean[0], mean[1]); /* m = tanh(m/T) = 0.958, and 0 */
    for (size_t i = 0; i < ph_report_count(report); i++)
        fprintf(stderr, "%s\n", ph_report_text(report, i));
    ph_chain_delete(chain);
    ph_report_delete(report);
    return status;
}
