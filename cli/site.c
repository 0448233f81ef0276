/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/site.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { LARGEST = 1 << 16 };

static const char FORM[] =
    "expected slurm: { sbatch: [\"--account=...\"], setup: [\"module load ...\"] }";

/* The file's name, to be freed; NULL where there is none to look for, or no memory. */
static char *site_path(void)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    const bool own = config != NULL && config[0] == '/';
    const char *base = own ? config : home;
    if (base == NULL)
        return NULL;
    const size_t size = strlen(base) + 48;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%s%s/polyhebb/site.yaml", base, own ? "" : "/.config");
    return path;
}

/* A list of texts of one line each as lines that begin with `head`. */
static int read_lines(struct fy_node *list, const char *path, const char *key, const char *head,
                      char **text, ph_report_t *report)
{
    size_t size = 0;
    void *place = NULL;
    FILE *out = open_memstream(text, &size);
    if (out == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", path);
    int status = list == NULL || fy_node_is_sequence(list)
                     ? PH_OK
                     : ph_fail(report, PH_ERR_INPUT, "%s: slurm.%s: %s", path, key, FORM);
    for (struct fy_node *item; status == PH_OK && list != NULL &&
                               (item = fy_node_sequence_iterate(list, &place)) != NULL;) {
        const char *line = fy_node_is_scalar(item) ? fy_node_get_scalar0(item) : NULL;
        if (line == NULL || strchr(line, '\n') != NULL)
            status = ph_fail(report, PH_ERR_INPUT, "%s: slurm.%s: an item is no line of text, %s",
                             path, key, FORM);
        else
            fprintf(out, "%s%s%s\n", head, head[0] != '\0' && line[0] != '-' ? "--" : "", line);
    }
    const bool written = fclose(out) == 0 && *text != NULL;
    return status != PH_OK || written
               ? status
               : ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", path);
}

/* A key that is not known is a misspelt one. */
static int check_keys(struct fy_node *map, const char *path, const char *const *known,
                      const char *where, ph_report_t *report)
{
    void *place = NULL;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(map, &place)) != NULL;) {
        const char *key = fy_node_get_scalar0(fy_node_pair_key(pair));
        size_t k = 0;
        while (known[k] != NULL && (key == NULL || strcmp(key, known[k]) != 0))
            k++;
        if (known[k] == NULL)
            return ph_fail(report, PH_ERR_INPUT, "%s: unknown key \"%s%s\", %s", path, where,
                           key != NULL ? key : "", FORM);
    }
    return PH_OK;
}

static int read_document(ph_site_t *self, struct fy_document *document, const char *path,
                         ph_report_t *report)
{
    static const char *const TOP[] = {"slurm", NULL}, *const KEYS[] = {"sbatch", "setup", NULL};
    struct fy_node *root = fy_document_root(document);
    if (root == NULL || !fy_node_is_mapping(root))
        return ph_fail(report, PH_ERR_INPUT, "%s: %s", path, FORM);
    int status = check_keys(root, path, TOP, "", report);
    struct fy_node *slurm = fy_node_mapping_lookup_by_string(root, "slurm", FY_NT);
    if (status == PH_OK && (slurm == NULL || !fy_node_is_mapping(slurm)))
        status = ph_fail(report, PH_ERR_INPUT, "%s: slurm: %s", path, FORM);
    if (status == PH_OK)
        status = check_keys(slurm, path, KEYS, "slurm.", report);
    if (status == PH_OK)
        status = read_lines(fy_node_mapping_lookup_by_string(slurm, "sbatch", FY_NT), path,
                            "sbatch", "#SBATCH ", &self->sbatch, report);
    if (status == PH_OK)
        status = read_lines(fy_node_mapping_lookup_by_string(slurm, "setup", FY_NT), path, "setup",
                            "", &self->setup, report);
    return status;
}

/* libfyaml's own lines, which know no name of the file. */
static void discard(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    (void)diag, (void)user, (void)text, (void)length;
}

/* NULL where the text is no YAML, or without memory. */
static struct fy_document *parse(const char *text, size_t size)
{
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = discard;
    struct fy_diag *diag = fy_diag_create(&quiet);
    const struct fy_parse_cfg config = {.flags = FYPCF_QUIET, .diag = diag};
    struct fy_document *document =
        diag != NULL ? fy_document_build_from_string(&config, text, size) : NULL;
    fy_diag_destroy(diag);
    return document;
}

int ph_site_read(ph_site_t *self, ph_report_t *report)
{
    *self = (ph_site_t){NULL, NULL};
    char *path = site_path();
    int status = PH_OK;
    if (path != NULL && access(path, F_OK) == 0) {
        char *bytes = NULL;
        size_t size = 0;
        status = ph_file_load(path, LARGEST, &bytes, &size, report);
        struct fy_document *document = status == PH_OK ? parse(bytes, size) : NULL;
        if (status == PH_OK)
            status = document != NULL
                         ? read_document(self, document, path, report)
                         : ph_fail(report, PH_ERR_INPUT, "%s: no YAML, %s", path, FORM);
        fy_document_destroy(document);
        free(bytes);
    }
    free(path);
    self->sbatch = self->sbatch != NULL ? self->sbatch : strdup("");
    self->setup = self->setup != NULL ? self->setup : strdup("");
    if (status == PH_OK && (self->sbatch == NULL || self->setup == NULL))
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the site's lines");
    return status;
}

void ph_site_free(ph_site_t *self)
{
    free(self->sbatch);
    free(self->setup);
    *self = (ph_site_t){NULL, NULL};
}
