/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/tex.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* What stands for itself neither in text nor in formulas. `math`: its command is one of formulas.
 */
typedef struct {
    const char *sign, *tex;
    int math;
} sign_t;

static const sign_t SIGNS[] = {
    {"&", "\\&", 0},
    {"%", "\\%", 0},
    {"$", "\\$", 0},
    {"#", "\\#", 0},
    {"_", "\\_", 0},
    {"{", "\\{", 0},
    {"}", "\\}", 0},
    {"~", "\\textasciitilde{}", 0},
    {"^", "\\textasciicircum{}", 0},
    {"\\", "\\textbackslash{}", 0},
    {"<", "<", 1},
    {">", ">", 1},
    {"|", "|", 1},
    {"−", "-", 1},
    {"±", "\\pm", 1},
    {"×", "\\times", 1},
    {"·", "\\cdot", 1},
    {"≤", "\\le", 1},
    {"≥", "\\ge", 1},
    {"≈", "\\approx", 1},
    {"∞", "\\infty", 1},
    {"→", "\\to", 1},
    {"↑", "\\uparrow", 1},
    {"↓", "\\downarrow", 1},
    {"√", "\\surd", 1},
    {"α", "\\alpha", 1},
    {"β", "\\beta", 1},
    {"γ", "\\gamma", 1},
    {"δ", "\\delta", 1},
    {"ε", "\\varepsilon", 1},
    {"ζ", "\\zeta", 1},
    {"η", "\\eta", 1},
    {"θ", "\\theta", 1},
    {"κ", "\\kappa", 1},
    {"λ", "\\lambda", 1},
    {"μ", "\\mu", 1},
    {"µ", "\\mu", 1}, /* the unit's prefix */
    {"ν", "\\nu", 1},
    {"ξ", "\\xi", 1},
    {"π", "\\pi", 1},
    {"ρ", "\\rho", 1},
    {"σ", "\\sigma", 1},
    {"τ", "\\tau", 1},
    {"φ", "\\varphi", 1},
    {"χ", "\\chi", 1},
    {"ψ", "\\psi", 1},
    {"ω", "\\omega", 1},
    {"Γ", "\\Gamma", 1},
    {"Δ", "\\Delta", 1},
    {"Θ", "\\Theta", 1},
    {"Λ", "\\Lambda", 1},
    {"Σ", "\\Sigma", 1},
    {"Φ", "\\Phi", 1},
    {"Ω", "\\Omega", 1},
};

/* A text that grows by whole pieces; what does not fit is left out, and all behind it. */
typedef struct {
    char *text;
    size_t used, size;
} out_t;

static out_t begin(char *text, size_t size)
{
    text[0] = '\0';
    return (out_t){text, 0, size};
}

static void put(out_t *self, const char *piece, size_t length)
{
    if (self->used + length >= self->size) {
        self->size = 0;
        return;
    }
    memcpy(self->text + self->used, piece, length);
    self->used += length;
    self->text[self->used] = '\0';
}

/* Bytes of the character at `at`. */
static size_t length_of(const char *at)
{
    size_t length = 1;
    while (((unsigned char)at[length] & 0xc0) == 0x80)
        length++;
    return length;
}

static const sign_t *sign_at(const char *at, size_t length)
{
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++)
        if (strlen(SIGNS[i].sign) == length && memcmp(SIGNS[i].sign, at, length) == 0)
            return &SIGNS[i];
    return NULL;
}

/* One character of text; its bytes. */
static size_t put_word(out_t *self, const char *at)
{
    char piece[64];
    const size_t length = length_of(at);
    const sign_t *sign = sign_at(at, length);
    if (*at == '-' && isdigit((unsigned char)at[1]) &&
        (self->used == 0 || self->text[self->used - 1] == ' ')) {
        put(self, "$-$", 3); /* a number below zero */
    } else if (sign == NULL) {
        put(self, at, length);
    } else {
        snprintf(piece, sizeof(piece), sign->math ? "$%s$" : "%s", sign->tex);
        put(self, piece, strlen(piece));
    }
    return length;
}

/* One character of a formula. */
static size_t put_math(out_t *self, const char *at, const char *end)
{
    const size_t length = length_of(at);
    const sign_t *sign = sign_at(at, length);
    char piece[64];
    if (sign != NULL && sign->math) {
        /* a command ends before a letter that follows */
        snprintf(piece, sizeof(piece), "%s%s", sign->tex,
                 sign->tex[0] == '\\' && at + length < end && isalpha((unsigned char)at[length])
                     ? " "
                     : "");
        put(self, piece, strlen(piece));
    } else if (sign != NULL && *at != '^' && *at != '_') {
        put(self, sign->tex, strlen(sign->tex));
    } else {
        put(self, at, length);
    }
    return length;
}

void ph_tex_words(const char *text, char *out, size_t size)
{
    out_t self = begin(out, size);
    while (*text != '\0')
        text += put_word(&self, text);
}

void ph_tex_label(const char *text, char *out, size_t size)
{
    static const char ITALIC[] = "{/:Italic ";
    enum { SYMBOL_SIZE = 128 };
    out_t self = begin(out, size);
    while (*text != '\0') {
        const char *end = strncmp(text, ITALIC, sizeof(ITALIC) - 1) == 0 ? strchr(text, '}') : NULL;
        if (end == NULL) {
            text += put_word(&self, text);
            continue;
        }
        char symbol[SYMBOL_SIZE];
        out_t formula = begin(symbol, sizeof(symbol));
        put(&formula, "$", 1);
        for (text += sizeof(ITALIC) - 1; text < end;)
            text += put_math(&formula, text, end);
        put(&formula, "$", 1);
        if (formula.size > 0)
            put(&self, symbol, formula.used);
        text = end + 1;
    }
}

/* Where a definition's formula ends: before its first word of two letters or more. */
static const char *formula_end(const char *text)
{
    const char *end = text;
    while (*end != '\0' && !(isalpha((unsigned char)end[0]) && isalpha((unsigned char)end[1])))
        end++;
    while (end > text && end[-1] == ' ')
        end--;
    return text + strcspn(text, "<") < end ? end : text;
}

void ph_tex_definition(const char *text, char *out, size_t size)
{
    out_t self = begin(out, size);
    const char *end = formula_end(text);
    if (end > text)
        put(&self, "$", 1);
    for (const char *at = text; at < end;) {
        if (*at == '<')
            put(&self, "\\langle ", 8);
        else if (*at == '>')
            put(&self, "\\rangle ", 8);
        else if (*at == 'm')
            put(&self, "m_\\mu ", 6);
        if (strchr("<>m", *at) != NULL)
            at++;
        else
            at += put_math(&self, at, end);
    }
    if (end > text)
        put(&self, "$", 1);
    while (*end != '\0')
        end += put_word(&self, end);
}
