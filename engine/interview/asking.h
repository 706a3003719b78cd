/* asking: private to interview. The inside of an interview, and what its parts share.
 *
 *     answers   [row][question], facts behind the last row
 *     asked     cells in the order they were asked; `at` is the one to be asked now, or the end
 *     base      the open case of one, traced: what is settled, what it hangs on
 *     what      the same case many times over, each with one cell answered */
#ifndef ENTENTE_ASKING_H
#define ENTENTE_ASKING_H

#include "interview/interview.h"

enum { VALUES_TRIED = 12 };

enum mark {
    MARK_LEFT = 1, /* may still have to be asked: the bound */
    MARK_OPEN = 2, /* something that is not settled hangs on it */
    MARK_ONE = 4   /* the one conclusion asked about does */
};

struct row {
    uint32_t partner;
};

struct trial {
    uint32_t cell;
};

struct interview {
    const struct kb *kb;
    struct arena arena;
    struct arena scratch; /* reasons */
    struct text title;
    bool short_form, all;
    enum choosing choosing;
    uint32_t only;
    struct text *partners;
    uint32_t partner_count;
    struct row *rows; /* partner by partner */
    uint32_t row_count;
    uint32_t *first_row; /* [partner_count + 1] */
    bool *is_put;
    struct put put;
    struct answer *answers; /* [cell] */
    uint8_t *given;         /* [cell] */
    uint32_t cell_count;
    uint32_t *asked, asked_count, at;

    struct program *base_program, *what_program;
    struct infer *base, *what;
    struct cases *base_block, *what_block;
    struct tile tile; /* of base */
    bool *target;     /* [conclusion] */

    /* what is known of the answers as they stand */
    bool fresh, failed;
    bool needs_aside; /* while marking: what only serves to have enough answers is not followed */
    uint32_t next;    /* cell */
    uint32_t left;
    uint8_t *marks;          /* [cell] */
    enum settled *settled;   /* [conclusion] */
    uint8_t *seen;           /* [conclusion][partner + 1], of a marking */
    bool *possibly, *surely; /* [conclusion][conclusion]: causes, of present targets only */
    uint32_t *present, present_count;
    bool *taken;            /* [present] */
    struct interval *lower; /* [conclusion]: what the lower certainty may come to, of the present */
    struct trial *trials;   /* choose.c: [BLOCK_CASES] */
    double *score;          /* [cell] */
    uint32_t *tries;        /* [cell]: values tried */
    double before;          /* how open everything is now */
    struct problems *problems;
};

/* cells */
static inline uint32_t cell_of(const struct interview *iv, uint32_t question, uint32_t row)
{
    return (row == NONE ? iv->row_count : row) * iv->kb->question_count + question;
}

static inline uint32_t cell_question(const struct interview *iv, uint32_t cell)
{
    return cell % iv->kb->question_count;
}

static inline uint32_t cell_row(const struct interview *iv, uint32_t cell)
{
    uint32_t row = cell / iv->kb->question_count;
    return row == iv->row_count ? NONE : row;
}

/* It belongs to the form, is about the right thing, and whoever answers here may be asked. */
bool cell_is_asked_here(const struct interview *iv, uint32_t cell);
/* No ask_if, or one that may still hold; *surely: it does. Of base. */
bool cell_applies(const struct interview *iv, uint32_t cell, bool *surely);

/* Something on which its ask_if hangs is still to be asked, with this mark where it is not 0. */
bool gate_is_open(const struct interview *iv, uint32_t cell, uint8_t mark);

/* settle.c: after base ran: settled, present; then marks. */
void settle_all(struct interview *iv);
/* hang.c: marks the cells that something not settled reads. */
void hang_clear(struct interview *iv, uint8_t mark);
void hang_conclusion(struct interview *iv, uint8_t mark, uint32_t conclusion, uint32_t partner);
void hang_condition(struct interview *iv, uint8_t mark, const struct node *n, uint32_t partner);
/* A rule that has premises, not negated, and those of them that may be present for the partner. */
void hang_premises(struct interview *iv, uint8_t mark, uint32_t rule, const struct node *n,
                   uint32_t partner);
void hang_start(struct interview *iv); /* before a new mark: forgets what was seen */

/* choose.c: the next cell among those marked MARK_OPEN; NONE where there is none. */
uint32_t choose_next(struct interview *iv);
uint32_t choose_relevant(struct interview *iv); /* the first that may be asked */
uint32_t choose_in_order(struct interview *iv); /* all: the first cell without an answer */
/* The values tried of a question. */
uint32_t values_of(const struct question *q, struct answer *out);

/* sheetwriter.c: begins a respondent of a sheet, up to the answers; one without a name has no key.
 */
void sheet_partner_write(struct text partner, struct buffer *out);

/* laying.c: false: memory, said. */
bool base_start(struct interview *iv);
void base_set(struct interview *iv, uint32_t cell);
bool base_run(struct interview *iv);
/* Cases into `what`, BLOCK_CASES at most, each the case as it stands with one more answer. */
bool what_start(struct interview *iv);
/* cell NONE: the case as it stands. */
bool what_add(struct interview *iv, uint32_t cell, const struct answer *a);
/* each(ctx, index of the case, tile, case of the tile) in order. */
bool what_run(struct interview *iv,
              void (*each)(void *ctx, uint32_t index, const struct tile *t, uint32_t tile_case),
              void *ctx);

/* A conclusion for a partner of the case, NONE: the case; of base, or of a tile of `what`. */
struct interval base_certainty(const struct interview *iv, uint32_t conclusion, uint32_t partner);
enum verdict base_verdict(const struct interview *iv, uint32_t conclusion, uint32_t partner);

#endif
