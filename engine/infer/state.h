/* state: the registers of one thread, and the helpers every operation uses. Private to infer.
 *
 *     planes    [register][word][surely, maybe]      word: 64 subjects
 *     numbers   [register] -> lo, hi: columns of 64 * words doubles, or packed
 *     equals    [plane][word]
 *
 * Bits and entries behind the last subject of a tile are noise: whoever walks over bits masks them
 * with `live`. */
#ifndef ENTENTE_STATE_H
#define ENTENTE_STATE_H

#include "infer/infer.h"
#include "infer/kernels.h"

#ifdef ENTENTE_SEEDED_BUGS
extern int infer_seeded_bug;
enum seeded_bug {
    BUG_NONE,
#define BUG(name, what) BUG_##name,
#include "infer/bugs.def"
#undef BUG
};
#define SEEDED(name) (infer_seeded_bug == BUG_##name)
#else
#define SEEDED(name) false
#endif

/* A number of every subject. hi may be lo itself. Packed where there is `some`, as certainties are,
 * most of which are 0: only subjects with a bit in some[word] have an entry, in order, from
 * 64 * word on; the others are 0. */
struct column_pair {
    double *lo, *hi;
    const uint64_t *some;
};

/* One word of a number, for the kernels. */
static inline struct ends ends_of(struct column_pair v, uint32_t word)
{
    uint64_t some = v.some ? v.some[word] : ~UINT64_C(0);
    return (struct ends){v.lo + 64 * word, v.hi + 64 * word, some};
}

/* How many bits there are, where the processor may have no instruction for it. */
static inline uint32_t bits_in(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555;
    x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0F;
    return (uint32_t)(x * 0x0101010101010101 >> 56);
}

static inline struct interval number_at(struct column_pair v, uint32_t k)
{
    if (!v.some)
        return (struct interval){v.lo[k], v.hi[k]};
    uint64_t some = v.some[k / 64], at = UINT64_C(1) << (k % 64);
    if (!(some & at))
        return (struct interval){0, 0};
    uint32_t e = k / 64 * 64 + bits_in(some & (at - 1));
    return (struct interval){v.lo[e], v.hi[e]};
}

/* "Reaches" is >= threshold - 1e-9 (docs/semantics.md). */
#define CERTAINTY_REACH 1e-9

struct infer {
    const struct program *p;
    const struct kb *kb;
    const struct kernels *kernels;
    const struct cases *block;
    struct tile tile;
    bool single;        /* in this block partner, case and row are one, and all is closed */
    uint32_t words;     /* of this tile: words a plane */
    uint32_t capacity;  /* words there is memory for: those of the largest tile so far */
    uint32_t count[3];  /* subjects of the tile by scope; respondents: of the chunk */
    uint32_t chunk_row; /* block row of the chunk's first respondent */
    uint64_t *live[3];

    uint64_t *planes;
    struct column_pair *numbers; /* as they stand: may share */
    double *columns;             /* their own memory: [register][lo, hi][64 * words] */
    double *packed, *packed_next; /* packed columns, one behind another, made anew for each tile */
    uint64_t *some;               /* [register][word]: of packed ones */
    uint64_t *equals;
    uint8_t **codes; /* by slot */
    uint8_t *code_memory;
    uint32_t *case_of;  /* of a partner of the tile: case of the tile */
    struct fired *fired; /* room for the rules of any one conclusion */
    double *strengths;   /* theirs: [rule][lo, hi][64] */
    struct ends *parts;  /* of a rule */
    double withheld[2][64]; /* a certainty nothing can be said about, of everybody */
    double **grades;     /* by number register: lower ends by answer code, then upper ones */
    double *grade_memory;
    struct infer_counts counts;
    struct matcher *matcher;
};

static inline uint64_t *planes_at(const struct infer *in, uint32_t reg)
{
    return in->planes + (size_t)reg * 2 * in->words;
}

/* Nearly always one word: no call for two of them. */
static inline void copy_planes(const struct infer *in, uint32_t to, uint32_t from, uint32_t words)
{
    uint64_t *out = planes_at(in, to);
    const uint64_t *a = planes_at(in, from);
    for (uint32_t w = 0; w < 2 * words; w += 2) {
        out[w] = a[w];
        out[w + 1] = a[w + 1];
    }
}

static inline double *own_lo(const struct infer *in, uint32_t reg)
{
    return in->columns + (size_t)reg * 2 * 64 * in->words;
}

static inline double *own_hi(const struct infer *in, uint32_t reg)
{
    return own_lo(in, reg) + 64 * (size_t)in->words;
}

/* The register's own columns, to be written. */
static inline struct column_pair own(struct infer *in, uint32_t reg)
{
    in->numbers[reg] = (struct column_pair){own_lo(in, reg), own_hi(in, reg), NULL};
    return in->numbers[reg];
}

static inline uint32_t words_of(const struct infer *in, enum scope scope)
{
    return (in->count[scope] + 63) / 64;
}

static inline bool bit(const uint64_t *planes, uint32_t subject, int which)
{
    return planes[subject / 64 * 2 + (uint32_t)which] >> (subject % 64) & 1;
}

static inline void put_bits(uint64_t *planes, uint32_t subject, bool surely, bool maybe)
{
    uint64_t at = UINT64_C(1) << (subject % 64);
    uint64_t *w = planes + subject / 64 * 2;
    w[0] = surely ? w[0] | at : w[0] & ~at;
    w[1] = maybe ? w[1] | at : w[1] & ~at;
}

/* Rows of a subject: from, to. Respondents: their own. */
struct rows {
    uint32_t from, to;
};

static inline uint32_t partner_row(const struct infer *in, uint32_t partner)
{
    return in->block->respondent_from[in->tile.partner_from + partner];
}

static inline struct rows rows_of(const struct infer *in, enum scope scope, uint32_t subject)
{
    const struct cases *b = in->block;
    if (scope == SCOPE_PARTNER)
        return (struct rows){partner_row(in, subject), partner_row(in, subject + 1)};
    if (scope == SCOPE_RESPONDENT)
        return (struct rows){in->chunk_row + subject, in->chunk_row + subject + 1};
    uint32_t c = in->tile.case_from + subject;
    return (struct rows){b->respondent_from[b->partner_from[c]],
                         b->respondent_from[b->partner_from[c + 1]]};
}

/* Partners of a case of the tile, as partners of the tile. */
static inline struct rows partners_of(const struct infer *in, uint32_t tile_case)
{
    const struct cases *b = in->block;
    uint32_t c = in->tile.case_from + tile_case;
    return (struct rows){b->partner_from[c] - in->tile.partner_from,
                         b->partner_from[c + 1] - in->tile.partner_from};
}

static inline bool is_open(const struct infer *in, enum scope scope, uint32_t subject)
{
    if (!in->block->any_open)
        return false;
    uint32_t c = subject;
    if (scope == SCOPE_PARTNER)
        c = in->case_of[subject];
    return in->block->open[in->tile.case_from + c];
}

/* The same for any scope, respondents of the chunk too. */
static inline bool open_at(const struct infer *in, enum scope scope, uint32_t subject)
{
    if (scope != SCOPE_RESPONDENT || !in->block->any_open)
        return is_open(in, scope, subject);
    uint32_t p = 0;
    while (partner_row(in, p + 1) <= in->chunk_row + subject)
        p++;
    return is_open(in, SCOPE_PARTNER, p);
}

static inline bool is_value(uint8_t code)
{
    return code != CODE_BLANK && code < CODE_SKIPPED;
}

/* Which of 64 codes are answers. */
static inline uint64_t values_of(const struct infer *in, const uint8_t *code)
{
    const struct kernels *k = in->kernels;
    return ~(k->equal_bytes(code, CODE_BLANK) | k->equal_bytes(code, CODE_SKIPPED) |
             k->equal_bytes(code, CODE_UNSURE) | k->equal_bytes(code, CODE_NA));
}

/* What the respondents of a subject said to a question. */
struct gathered {
    uint32_t answered, to_come, declined, na;
    double sum, min, max; /* scale and number */
};
void gather(const struct infer *in, uint32_t question, struct rows rows, bool open,
            struct gathered *g);

/* The code a subject's respondents, or a case's partners, come to; CODE_BLANK unknown, CODE_NA.
 * applies: planes per partner, or NULL where every partner is asked. */
uint8_t majority(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject);
uint8_t majority_of_partners(const struct infer *in, uint32_t question, uint32_t tile_case,
                             const uint64_t *applies);

/* Nobody of the subject has answered, and somebody still may: it may turn out not to apply. */
bool may_be_na(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject);

/* The operations, by family. */
void run_consolidate(struct infer *in, const struct instr *i); /* CODES EQUALS APPLIES* */
void run_value(struct infer *in, const struct instr *i);       /* VALUE MEAN MIN MAX SPREAD GAP */
void run_fact(struct infer *in, const struct instr *i);        /* RESPONDENTS .. STRAIGHT_LINED */
bool prepare_grades(struct infer *in); /* false when memory is short */
void run_arithmetic(struct infer *in, const struct instr *i);  /* CONSTANT ADD .. GRADE, .. */
void run_compare(struct infer *in, const struct instr *i);     /* SET SCALE COMPARE* */
void run_about(struct infer *in, const struct instr *i);       /* INCLUDES ANSWERED .. DISAGREE */
void run_text(struct infer *in, const struct instr *i);        /* MATCHES TEXT_IS PARTNER_* */
void run_planes(struct infer *in, const struct instr *i);      /* AND OR ANY ALL INVERT BOUND .. */
void run_count(struct infer *in, const struct instr *i);       /* COUNT SHARE */
void run_conclude(struct infer *in, const struct instr *i);    /* CONCLUDE, its GROUPs and FIREs */
void run_code(struct infer *in, const struct instr *code, size_t count);

struct interval answered_share(const struct infer *in, enum scope scope, uint32_t subject);
struct interval straight_lined(const struct infer *in, enum scope scope, uint32_t subject);

struct matcher *matcher_new(const struct program *p);
void matcher_free(struct matcher *m);
void matcher_forget(struct matcher *m);
bool matcher_was_short(struct matcher *m); /* of memory since it was asked last */

#endif
