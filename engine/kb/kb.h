/* kb: the knowledge base, what the packs say once names are resolved and layers found.
 *
 * Takes a model (pack stage) and a language; gives arrays of questions, conclusions, rules and
 * remedies that refer to each other by index; owns them (one arena). Immutable after kb_new, shared
 * by threads. Texts are those of the language asked for, else the pack's own. */
#ifndef ENTENTE_KB_H
#define ENTENTE_KB_H

#include "lang/lang.h"
#include "pack/pack.h"

#define NONE UINT32_MAX /* no index */

enum conclusion_kind { CONCLUSION_FINDING, CONCLUSION_DIAGNOSIS, CONCLUSION_STRENGTH };
enum level { LEVEL_NONE, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_COUNT };

struct choice {
    struct text id, label;
};

struct question {
    struct text id;
    enum answer_kind kind;
    bool about_partnership;
    bool in_short_form;
    bool best_low;
    uint32_t dimension;      /* or NONE */
    double lo, hi;           /* scale (whole numbers) and number */
    struct choice *choices;  /* one_of, many_of: code c is choices[c - 1] */
    struct text *choice_ids; /* the same ids, for struct name */
    uint32_t choice_count;   /* scale: points, hi - lo + 1; yesno: 2 */
    unsigned effort;
    const struct node *ask_if; /* normal form, or NULL; reads answers only */
    struct text text, help, unit;
    struct text ends[2];
    struct place place;
};

struct conclusion {
    struct text id;
    enum conclusion_kind kind;
    bool about_partnership;
    double threshold; /* holds_from */
    enum level level; /* LEVEL_NONE: strengths, findings, statements about the answers */
    const struct node *high_when, *low_when; /* normal form, or NULL; scope: about */
    const struct node *needs;                /* normal form, partnership scope, or NULL */
    uint32_t layer;
    uint32_t *rules; /* that conclude it, by id */
    uint32_t rule_count;
    struct text label, summary;
    struct text *source;
    uint32_t source_count;
    struct place place;
};

struct rule {
    struct text id;
    const struct node *when;    /* normal form */
    const struct node *written; /* as written, for people */
    bool each_partnership;
    uint32_t conclusion;
    double certainty;  /* in [-1, 1], not 0 */
    struct text group; /* empty: none */
    struct text because;
    struct text *source;
    uint32_t source_count;
    struct place place;
};

struct remedy_step {
    struct text who, what;
};

struct remedy {
    struct text id, title, sign, horizon;
    uint32_t *treats; /* conclusions */
    uint32_t treat_count;
    const struct node *when; /* normal form, partnership scope, or NULL */
    struct remedy_step *steps;
    uint32_t step_count;
    unsigned effort, impact; /* 1..3 */
    struct place place;
};

struct dimension {
    struct text id, label;
};

struct kb {
    struct arena *arena;
    struct text title;    /* of the last pack named */
    struct text name;     /* "core 1.0.0"; several packs: "core 1.0.0 + health 1.2.0" */
    struct text language; /* of the texts */
    uint64_t digest;      /* of the bytes of the pack files read (not texts, not tests) */
    uint64_t texts_digest; /* of the text catalogues read */
    struct question *questions;
    uint32_t question_count;
    struct conclusion *conclusions; /* in the order of the packs */
    uint32_t conclusion_count;
    struct rule *rules; /* by id (bytes): the order in which evidence combines */
    uint32_t rule_count;
    struct remedy *remedies;
    uint32_t remedy_count;
    struct dimension *dimensions;
    uint32_t dimension_count;
    uint32_t *question_order; /* questions such that ask_if reads only earlier ones */
    uint32_t layer_count;
    struct pattern_set patterns;
    struct idmap ids;   /* of questions and conclusions: kb_question, kb_conclusion */
    struct names names; /* over this kb */
    struct names_of names_of;
    struct model *model; /* for tests (kept by `entente test`) */
};

struct kb_options {
    const char *const *packs; /* folders or names of installed packs */
    size_t pack_count;
    struct text language; /* empty: the pack's own */
    bool with_tests;      /* reads tests.yaml too */
    bool all_texts;       /* reads and checks every text catalogue, not only the language's */
};

/* NULL and problems where it does not load; warnings may stand beside a kb. */
struct kb *kb_new(const struct kb_options *options, struct problems *problems);
void kb_free(struct kb *kb);

uint32_t kb_question(const struct kb *kb, struct text id);   /* or NONE */
uint32_t kb_conclusion(const struct kb *kb, struct text id); /* or NONE */

const char *level_name(enum level l); /* "low", "medium", "high"; NULL for none */
const char *conclusion_kind_name(enum conclusion_kind k); /* "finding", "diagnosis", "strength" */
const char *answer_kind_name(enum answer_kind k);

#endif
