/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verbs.h"
#include "polyhebb_build.h"

/* Text as it stands: nothing in it is a request, an escape or a long dash. */
static void put(FILE *out, const char *text)
{
    for (bool begins = true; *text != '\0'; begins = *text++ == '\n') {
        if (begins && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '-' || *text == '\\')
            fputs(*text == '-' ? "\\-" : "\\e", out);
        else
            fputc(*text, out);
    }
}

static void put_line(FILE *out, const char *request, const char *text)
{
    fputs(request, out);
    put(out, text);
    fputc('\n', out);
}

static void put_option(FILE *out, const ph_option_t *option)
{
    fputs(".TP\n", out);
    if (option->letter != '\0')
        fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", out);
    put(out, option->name);
    fputs("\\fR", out);
    if (option->argument != NULL) {
        fputs("=\\fI", out);
        put(out, option->argument);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_line(out, "", option->help);
}

/* What --help has below the options, line by line as it is there. */
static int put_list(FILE *out, const ph_verb_t *verb)
{
    char *text = NULL;
    size_t size = 0;
    FILE *list = verb->list != NULL ? open_memstream(&text, &size) : NULL;
    if (verb->list == NULL)
        return PH_OK;
    if (list != NULL)
        verb->list(list);
    const bool whole = list != NULL && fclose(list) == 0;
    if (whole) {
        fputs(".SH VALUES\n.nf\n", out);
        put(out, text);
        fputs(".fi\n", out);
    }
    free(text);
    return whole ? PH_OK : PH_ERR_MEMORY;
}

static int put_page(FILE *out, const ph_verb_t *verb)
{
    const ph_option_t *option;
    char synopsis[PH_SYNOPSIS_SIZE], title[64];
    size_t length = (size_t)snprintf(title, sizeof(title), "polyhebb-%s", verb->name);
    for (size_t i = 0; i < length; i++)
        title[i] = (char)toupper((unsigned char)title[i]);
    fputs(".\\\" Made by polyhebb info \\-\\-manual from the row of the verb.\n", out);
    fprintf(out, ".TH %s 1 \"%s\" \"polyhebb %s\" \"User Commands\"\n.nh\n.ad l\n.SH NAME\n", title,
            PH_RELEASED, PH_VERSION);
    fprintf(out, "polyhebb\\-%s \\- ", verb->name);
    put_line(out, "", verb->help);
    for (size_t form = 0; ph_verb_synopsis(verb, form, synopsis); form++)
        put_line(out, form == 0 ? ".SH SYNOPSIS\n" : ".br\n", synopsis);
    put_line(out, ".SH DESCRIPTION\n", verb->about);
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; (option = ph_option(verb, i)) != NULL; i++)
        put_option(out, option);
    const int status = put_list(out, verb);
    fputs(".SH EXAMPLES\n", out);
    for (const ph_example_t *example = verb->examples; example->words != NULL; example++) {
        put_line(out, ".TP\npolyhebb ", example->words);
        put_line(out, "", example->what);
    }
    fputs(".SH SEE ALSO\n.BR polyhebb (1),\nwhich has the signals, the files and the exit status "
          "of all verbs.\n",
          out);
    return status;
}

int ph_manual_write(const char *verb, FILE *out, ph_report_t *report)
{
    char names[512] = "";
    for (size_t v = 0; PH_VERBS[v] != NULL; v++) {
        if (strcmp(PH_VERBS[v]->name, verb) == 0)
            return put_page(out, PH_VERBS[v]);
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
                 names[0] == '\0' ? "" : ", ", PH_VERBS[v]->name);
    }
    return ph_fail(report, PH_ERR_INPUT, "--manual %s: expected a verb, of %s", verb, names);
}
