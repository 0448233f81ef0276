/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "cli/cli.h"
#include "cli/encode_facts.h"
#include "cli/output.h"
#include "cli/shape.h"
#include "data/save.h"
#include "params/given.h"

typedef struct {
    ph_texts_t paths;
    const char *output, *dataset, *labels;
    size_t shape[2], input_shape[2]; /* rows and columns; 0: not given */
    ph_encoding_t encoding;          /* least and greatest are equal where they are not given */
    double threshold;                /* 0: not given */
    bool centre, average;
    uint64_t take;
    const char *classes;
} arguments_t;

static int set_output_shape(void *arguments, const char *text, ph_report_t *report)
{
    return ph_cli_shape(((arguments_t *)arguments)->shape, "shape", text, report);
}

static int set_input_shape(void *arguments, const char *text, ph_report_t *report)
{
    return ph_cli_shape(((arguments_t *)arguments)->input_shape, "input-shape", text, report);
}

static int set_range(void *arguments, const char *text, ph_report_t *report)
{
    ph_encoding_t *encoding = &((arguments_t *)arguments)->encoding;
    char *end;
    encoding->least = strtod(text, &end);
    if (end != text && *end == ':') {
        const char *second = end + 1;
        encoding->greatest = strtod(second, &end);
        if (end != second && *end == '\0' && isfinite(encoding->greatest - encoding->least) &&
            encoding->least < encoding->greatest)
            return PH_OK;
    }
    return ph_fail(report, PH_ERR_INPUT,
                   "--range %s: expected the values of black and white, like 0:255", text);
}

static int check(const void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    if (a->centre && a->threshold > 0.0)
        return ph_fail(report, PH_ERR_INPUT,
                       "--threshold is one for all pixels, with --centre each has its own: "
                       "expected one of them");
    if (a->labels == NULL && (a->classes != NULL || a->take > 0 || a->average))
        return ph_fail(report, PH_ERR_INPUT,
                       "--average, --classes and --take go by labels, expected --labels with them");
    return PH_OK;
}

/* One of --classes: a number, or the name of a folder. */
static bool read_class(const ph_images_t *images, const char *text, size_t length, int64_t *label)
{
    char number[32], *end = NULL;
    for (size_t k = 0; k < images->names_count; k++)
        if (strlen(images->names[k]) == length && memcmp(images->names[k], text, length) == 0) {
            *label = (int64_t)k + 1;
            return true;
        }
    if (images->names_count > 0 || length >= sizeof(number))
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    const char *digits = number + (number[0] == '-');
    errno = 0;
    *label = strtoll(number, &end, 10);
    return digits[0] >= '0' && digits[0] <= '9' && errno == 0 && *end == '\0';
}

static int fail_class(const arguments_t *a, const ph_images_t *images, const char *text,
                      size_t length, ph_report_t *report)
{
    char list[256] = "", label[PH_LABEL_SIZE], quote[PH_QUOTE_SIZE];
    size_t used = 0;
    if (images->names_count == 0)
        return ph_fail(report, PH_ERR_INPUT,
                       "--classes %s: expected labels with commas between them, like 3,5,8",
                       a->classes);
    for (size_t k = 0; k < images->names_count && used < sizeof(list); k++)
        used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", k > 0 ? ", " : "",
                                 ph_images_label(images, (int64_t)k + 1, label));
    return ph_fail(report, PH_ERR_INPUT, "--classes %s: there is no label '%s', expected of %s",
                   a->classes, ph_quote(text, length, quote), list);
}

/* "3,5,8" of --classes, or names. */
static int read_classes(const arguments_t *a, const ph_images_t *images, ph_numbers_t *wanted,
                        ph_report_t *report)
{
    size_t commas = 0;
    if (a->classes == NULL)
        return PH_OK;
    for (const char *c = a->classes; *c != '\0'; c++)
        commas += *c == ',';
    wanted->values = malloc((commas + 1) * sizeof(*wanted->values));
    if (wanted->values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for --classes");
    for (const char *at = a->classes;; at++) {
        const size_t length = strcspn(at, ",");
        if (!read_class(images, at, length, &wanted->values[wanted->count++]))
            return fail_class(a, images, at, length, report);
        at += length;
        if (*at == '\0')
            return PH_OK;
    }
}

/* From a file of their own, where the images came without. */
static int load_labels(const arguments_t *a, ph_images_t *images, ph_report_t *report)
{
    const ph_table_source_t source = {.path = a->labels, .most = images->count};
    int status = PH_OK;
    if (a->labels != NULL && images->labels.count == 0)
        status = ph_numbers_load(&images->labels, &source, report);
    if (status != PH_OK || a->labels == NULL || images->labels.count == images->count)
        return status;
    return ph_fail(report, PH_ERR_INPUT, "%zu labels of %zu images, expected one for each",
                   images->labels.count, images->count);
}

/* All images with their labels. */
static int load(const arguments_t *a, ph_images_t *images, ph_report_t *report)
{
    int status = PH_OK;
    for (size_t k = 0; k < a->paths.count && status == PH_OK; k++) {
        const ph_images_source_t source = {.path = a->paths.texts[k],
                                           .dataset = a->dataset,
                                           .labels = a->labels,
                                           .rows = a->input_shape[0],
                                           .columns = a->input_shape[1],
                                           .most = PH_IMAGES_MAX};
        status = ph_images_load(images, &source, report);
    }
    return status == PH_OK ? load_labels(a, images, report) : status;
}

/* The shape asked for, and what is of all images: their range, the means of pixels. */
static int prepare(const arguments_t *a, ph_images_t *images, ph_encoding_t *encoding,
                   double **means, ph_report_t *report)
{
    int status = PH_OK;
    encoding->threshold = a->threshold > 0.0 ? a->threshold : 0.5;
    if (encoding->least == encoding->greatest)
        ph_images_range(images, &encoding->least, &encoding->greatest);
    if (a->shape[0] > 0)
        status = ph_images_resample(images, a->shape[0], a->shape[1], report);
    if (status != PH_OK || !a->centre)
        return status;
    encoding->means = *means = ph_images_means(images);
    return *means != NULL ? PH_OK
                          : ph_fail(report, PH_ERR_MEMORY, "no memory for the means of pixels");
}

/* Leaves out the images that are not asked for, or puts means in their place. */
static int choose(const arguments_t *a, ph_images_t *images, ph_classes_t *classes,
                  ph_report_t *report)
{
    ph_numbers_t wanted = {0, NULL};
    int status = read_classes(a, images, &wanted, report);
    if (status == PH_OK && a->labels != NULL)
        status = ph_images_classify(images, &wanted, (size_t)a->take, classes, report);
    ph_numbers_free(&wanted);
    if (status == PH_OK && a->average)
        status = ph_images_average(images, classes, report);
    return status;
}

/* What a grid takes. */
static int check_size(const ph_images_t *images, const ph_classes_t *classes, ph_report_t *report)
{
    const size_t neurons = images->rows * images->columns;
    const bool examples = images->labels.count > 0;
    if (images->count > PH_GIVEN_MAX / neurons)
        return ph_fail(report, PH_ERR_LIMIT,
                       "%zu images of %zu pixels, but a grid holds at most %d entries: fewer "
                       "pixels (--shape)%s",
                       images->count, neurons, PH_GIVEN_MAX,
                       examples ? ", fewer images (--take, --classes)" : "");
    const size_t patterns = examples ? classes->count : images->count;
    return patterns <= PH_MAX_PATTERNS
               ? PH_OK
               : ph_fail(report, PH_ERR_LIMIT, "%zu %s, but a network has at most %d patterns",
                         patterns, examples ? "labels" : "images", PH_MAX_PATTERNS);
}

/* Nothing is printed where nothing can be written. */
static int print_and_write(const char *path, const ph_encode_facts_t *facts,
                           const ph_saved_t *saved, ph_report_t *report)
{
    static const ph_output_kind_t KIND = {"a file that 'polyhebb encode' wrote",
                                          "give another output with -o, or remove it",
                                          ph_save_wrote};
    ph_output_t output;
    const size_t length = strlen(path);
    int status = ph_output_open(&output, path, &KIND, report);
    if (status == PH_OK)
        status = ph_encode_print(facts, saved->table, saved->labels, report);
    if (status == PH_OK && length > 3 && strcmp(path + length - 3, ".h5") == 0)
        status = ph_save_hdf5(saved, fileno(output.stream), path, report);
    else if (status == PH_OK)
        ph_save_text(saved, output.stream);
    if (status == PH_OK)
        return ph_output_commit(&output, 0, report);
    ph_output_close(&output);
    return status;
}

/* The names of the labels that are kept, by their new numbers. */
static int name_labels(ph_saved_t *saved, const ph_images_t *images, const ph_classes_t *classes,
                       ph_report_t *report)
{
    if (images->names_count == 0)
        return PH_OK;
    saved->names = malloc(classes->count * sizeof(*saved->names));
    if (saved->names == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the names of labels");
    for (size_t k = 0; k < classes->count; k++)
        saved->names[k] = images->names[classes->labels[k] - 1];
    saved->names_count = classes->count;
    return PH_OK;
}

static int encode(const arguments_t *a, const ph_encoding_t *encoding, const ph_images_t *images,
                  const ph_classes_t *classes, ph_report_t *report)
{
    ph_table_t table = {0};
    int status = check_size(images, classes, report);
    if (status == PH_OK)
        status = ph_images_encode(images, encoding, &table, report);
    const ph_encode_facts_t facts = {encoding, images->rows, images->columns,
                                     classes,  a->average,   images};
    ph_saved_t saved = {.table = &table,
                        .labels = images->labels.count > 0 ? &images->labels : NULL,
                        .rows = images->rows,
                        .columns = images->columns};
    if (status == PH_OK)
        status = name_labels(&saved, images, classes, report);
    if (status == PH_OK)
        status = print_and_write(a->output, &facts, &saved, report);
    free(saved.names);
    ph_table_free(&table);
    return status;
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    ph_images_t images = {0};
    ph_classes_t classes = {0};
    ph_encoding_t encoding = a->encoding;
    double *means = NULL;
    int status = load(a, &images, report);
    if (status == PH_OK)
        status = prepare(a, &images, &encoding, &means, report);
    if (status == PH_OK)
        status = choose(a, &images, &classes, report);
    if (status == PH_OK)
        status = encode(a, &encoding, &images, &classes, report);
    free(means);
    ph_classes_free(&classes);
    ph_images_free(&images);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"average", 'a', NULL, "patterns instead of examples: the mean of the images of each label",
     .type = PH_OPTION_FLAG, AT(average)},
    {"centre", 'c', NULL, "each pixel's threshold is its mean over all images, also those left out",
     .type = PH_OPTION_FLAG, AT(centre)},
    {"classes", '\0', "LIST",
     "only images of these labels, 3,5,8 or names of folders, counted in this order",
     .type = PH_OPTION_TEXT, AT(classes)},
    {"dataset", 'd', "NAME", "of HDF5: which of its datasets the images are (default /images)",
     .type = PH_OPTION_TEXT, AT(dataset)},
    {"dead-zone", 'z', "WIDTH", "blank (0) up to this far from the threshold",
     .type = PH_OPTION_REAL, AT(encoding.dead_zone), .maximum = 1},
    {"input-shape", '\0', "RxC",
     "shape of images whose file says none (text); another than the file says is an error",
     .set = set_input_shape},
    {"invert", 'i', NULL, "dark is +1", .type = PH_OPTION_FLAG, AT(encoding.invert)},
    {"labels", 'l', "WHERE",
     "the images are examples with labels: in a file of IDX or text; of text with images in its "
     "column, first or last; of HDF5 in a dataset; folders: each folder in the IMAGE is a label",
     .type = PH_OPTION_TEXT, AT(labels)},
    {"output", 'o', "FILE", "the file to write, HDF5 where it ends in .h5, else text (required)",
     .type = PH_OPTION_FILE, AT(output), .required = true},
    {"range", '\0', "LOW:HIGH",
     "the values of black and white (default: the least and greatest there are)", .set = set_range},
    {"shape", 's', "RxC", "give images this shape, by the means of areas", .set = set_output_shape},
    {"take", '\0', "M", "only the first M images of each label", .type = PH_OPTION_NUMBER, AT(take),
     .minimum = 1, .maximum = UINT32_MAX},
    {"threshold", 't', "SHARE", "+1 from this share of the range on (default 0.5)",
     .type = PH_OPTION_REAL, AT(threshold), .maximum = 1},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"encode digits.csv -o digits.txt --labels last --input-shape 8x8",
     "images of labels, from a table"},
    {.words = NULL}};

const ph_verb_t PH_VERB_ENCODE = {
    .name = "encode",
    .help = "images to patterns or examples of a network",
    .about =
        "Makes patterns of images, one of each, or with --labels examples, in a file that grids "
        "read (network.patterns.file, network.data.file). An IMAGE is a file of PGM, PBM or IDX, "
        "or of HDF5, or of text with an image a row, or a folder of PGM and PBM, or with --labels "
        "folders a "
        "folder of such folders. Bright pixels are "
        "+1, dark "
        "ones -1; SHARE and WIDTH are shares of the range of all values. Says how diluted, biased "
        "and alike the patterns are, and what of the theory holds for such.",
    .forms = {{{"IMAGE", PH_FILES_IMAGE, PH_OPERAND_MANY, offsetof(arguments_t, paths)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .check = check,
    .examples = EXAMPLES,
    .act = act,
};
