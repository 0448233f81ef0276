/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/completion.h"

#include <string.h>

#include "cli/verbs.h"

static bool takes_file(const ph_option_t *option)
{
    return option->type == PH_OPTION_FILE || option->type == PH_OPTION_PREFIX;
}

/* Kinds of files that stand on a verb's command line. */
static unsigned verb_files(const ph_verb_t *verb)
{
    unsigned files = 0;
    for (size_t f = 0; f < PH_FORMS_MAX; f++)
        for (size_t k = 0; k < PH_OPERANDS_MAX && verb->forms[f][k].word != NULL; k++)
            files |= verb->forms[f][k].files;
    return files;
}

static const unsigned HDF5_FILES =
    PH_FILES_RUN | PH_FILES_THEORY | PH_FILES_PHASE | PH_FILES_COMPARISON | PH_FILES_ATTRACTORS;

/* Endings that files of these kinds have, the first on its own; none where any will do. */
static size_t endings_of(unsigned files, const char *endings[3])
{
    size_t count = 0;
    if ((files & ~((unsigned)PH_FILES_GRID | HDF5_FILES)) != 0)
        return 0;
    if ((files & PH_FILES_GRID) != 0) {
        endings[count++] = "yaml";
        endings[count++] = "yml";
    }
    if ((files & HDF5_FILES) != 0)
        endings[count++] = "h5";
    return count;
}

/* The one word that may stand in place of a file ("info samplers"); NULL. */
static const char *verb_word(const ph_verb_t *verb)
{
    const ph_operand_t *first = &verb->forms[0][0];
    return first->word != NULL && first->files == 0 ? first->word : NULL;
}

/* Text inside quotes of the shell: a quote becomes `instead`, `special` bytes get a backslash. */
static void put(FILE *out, const char *text, const char *instead, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs(instead, out);
        else
            fprintf(out, "%s%c", strchr(special, *text) != NULL ? "\\" : "", *text);
    }
}

static void put_names(FILE *out, const ph_option_t *option)
{
    fprintf(out, " --%s", option->name);
    if (option->letter != '\0')
        fprintf(out, " -%c", option->letter);
}

/* The options of a verb, or those of one kind of value: "options=' ...'". */
static void bash_list(FILE *out, const ph_verb_t *verb, const char *name,
                      bool (*is)(const ph_option_t *))
{
    const ph_option_t *option;
    fprintf(out, " %s='", name);
    for (size_t i = 0; (option = ph_option(verb, i)) != NULL; i++)
        if (is == NULL || is(option))
            put_names(out, option);
    fputs(" '", out);
}

static bool takes_other(const ph_option_t *option)
{
    return option->argument != NULL && !takes_file(option);
}

static void bash(FILE *out)
{
    fputs("_polyhebb()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local options='' filed='' valued='' endings='' words='' ending\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W '",
          out);
    for (size_t v = 0; PH_VERBS[v] != NULL; v++)
        fprintf(out, "%s ", PH_VERBS[v]->name);
    fputs("help' -- \"$cur\")\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
    for (size_t v = 0; PH_VERBS[v] != NULL; v++) {
        const char *endings[3], *word = verb_word(PH_VERBS[v]);
        const size_t count = endings_of(verb_files(PH_VERBS[v]), endings);
        fprintf(out, "    %s)", PH_VERBS[v]->name);
        bash_list(out, PH_VERBS[v], "options", NULL);
        bash_list(out, PH_VERBS[v], "filed", takes_file);
        bash_list(out, PH_VERBS[v], "valued", takes_other);
        fprintf(out, " words='%s' endings='", word != NULL ? word : "");
        for (size_t e = 0; e < count; e++)
            fprintf(out, " %s", endings[e]);
        fprintf(out, "%s' ;;\n", verb_files(PH_VERBS[v]) != 0 && count == 0 ? " *" : "");
    }
    fputs("    esac\n"
          "    [ \"$cur\" = = ] && cur=''\n"
          "    [ \"$prev\" = = ] && prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    if [[ $filed == *\" $prev \"* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
          "    elif [[ $valued == *\" $prev \"* ]]; then\n"
          "        return\n"
          "    elif [[ $cur == -* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
          "    else\n"
          "        mapfile -t COMPREPLY < <(\n"
          "            compgen -W \"$words\" -- \"$cur\"\n"
          "            [ -z \"$endings\" ] || compgen -d -- \"$cur\"\n"
          "            set -f\n"
          "            for ending in $endings; do compgen -f -X \"!*.$ending\" -- \"$cur\"; done)\n"
          "    fi\n"
          "}\ncomplete -o filenames -F _polyhebb polyhebb\n",
          out);
}

static void zsh_option(FILE *out, const ph_option_t *option)
{
    const bool any = option->type == PH_OPTION_TEXTS || option->repeatable;
    const bool valued = option->argument != NULL;
    fputs(" \\\n            ", out);
    if (option->letter != '\0' && any)
        fprintf(out, "'*'{-%c%s,--%s%s}'[", option->letter, valued ? "+" : "", option->name,
                valued ? "=" : "");
    else if (option->letter != '\0')
        fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name, option->letter,
                valued ? "+" : "", option->name, valued ? "=" : "");
    else
        fprintf(out, "'%s--%s%s[", any ? "*" : "", option->name, valued ? "=" : "");
    put(out, option->help, "'\\''", "[]\\");
    fputc(']', out);
    if (valued) {
        fputc(':', out);
        put(out, option->argument, "'\\''", ":");
        fprintf(out, ":%s", takes_file(option) ? "_files" : "");
    }
    fputc('\'', out);
}

static void zsh(FILE *out)
{
    fputs("#compdef polyhebb\n_polyhebb()\n{\n    local curcontext=$curcontext state line\n"
          "    local -a verbs\n    _arguments -C '1:verb:->verb' '*::argument:->rest'\n"
          "    case $state in\n    verb)\n        verbs=(\n",
          out);
    for (size_t v = 0; PH_VERBS[v] != NULL; v++) {
        fprintf(out, "            '%s:", PH_VERBS[v]->name);
        put(out, PH_VERBS[v]->help, "'\\''", "");
        fputs("'\n", out);
    }
    fputs("        )\n        _describe verb verbs ;;\n    rest)\n        case $words[1] in\n",
          out);
    for (size_t v = 0; PH_VERBS[v] != NULL; v++) {
        const ph_option_t *option;
        const char *endings[3], *word = verb_word(PH_VERBS[v]);
        const size_t count = endings_of(verb_files(PH_VERBS[v]), endings);
        fprintf(out, "        %s) _arguments -s -S", PH_VERBS[v]->name);
        for (size_t i = 0; (option = ph_option(PH_VERBS[v], i)) != NULL; i++)
            zsh_option(out, option);
        if (word != NULL)
            fprintf(out, " \\\n            '*:word:(%s)'", word);
        else if (verb_files(PH_VERBS[v]) != 0) {
            fputs(" \\\n            '*:file:_files", out);
            for (size_t e = 0; e < count; e++)
                fprintf(out, "%s%s", e == 0 ? " -g \"*.(" : "|", endings[e]);
            fputs(count > 0 ? ")\"'" : "'", out);
        }
        fputs(" ;;\n", out);
    }
    fputs("        esac ;;\n    esac\n}\n_polyhebb \"$@\"\n", out);
}

static void fish_verb(FILE *out, const ph_verb_t *verb)
{
    const ph_option_t *option;
    const char *endings[3], *word = verb_word(verb);
    const size_t count = endings_of(verb_files(verb), endings);
    fprintf(out, "complete -c polyhebb -n __fish_use_subcommand -f -a %s -d '", verb->name);
    put(out, verb->help, "\\'", "");
    fputs("'\n", out);
    for (size_t i = 0; (option = ph_option(verb, i)) != NULL; i++) {
        fprintf(out, "complete -c polyhebb -n '__fish_seen_subcommand_from %s' -l %s", verb->name,
                option->name);
        if (option->letter != '\0')
            fprintf(out, " -s %c", option->letter);
        if (option->argument != NULL)
            fputs(takes_file(option) ? " -r -F" : " -x", out);
        fputs(" -d '", out);
        put(out, option->help, "\\'", "");
        fputs("'\n", out);
    }
    if (word != NULL || verb_files(verb) == 0)
        fprintf(out, "complete -c polyhebb -n '__fish_seen_subcommand_from %s' -f%s%s\n",
                verb->name, word != NULL ? " -a " : "", word != NULL ? word : "");
    for (size_t e = 0; e < count; e++)
        fprintf(out,
                "complete -c polyhebb -n '__fish_seen_subcommand_from %s' -k -a "
                "'(__fish_complete_suffix .%s)'\n",
                verb->name, endings[e]);
}

static void fish(FILE *out)
{
    for (size_t v = 0; PH_VERBS[v] != NULL; v++)
        fish_verb(out, PH_VERBS[v]);
}

int ph_completion_write(const char *shell, FILE *out, ph_report_t *report)
{
    static const struct {
        const char *name;
        void (*write)(FILE *out);
    } SHELLS[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t k = 0; k < sizeof(SHELLS) / sizeof(SHELLS[0]); k++)
        if (strcmp(SHELLS[k].name, shell) == 0) {
            SHELLS[k].write(out);
            return PH_OK;
        }
    return ph_fail(report, PH_ERR_INPUT, "--completion %s: expected bash, zsh or fish", shell);
}
