/* In: a diagnosis that is present. Out: the smallest sets of answer changes that clear it. Next:
 * the api. A set is first tried with its answers still to come: where even the lower bound over all
 * their values keeps the diagnosis present, no value of them clears it, so thousands of sets fall
 * at one case each and values are tried for the few that are left. */
#include "explain/neighbours.h"

#include "explain/reads.h"

#include <string.h>

/* NEIGHBOURS: as many whole evaluations may be spent before a search takes over; of a part of the
 * rules accordingly more. */
enum { EXACT_UP_TO = 3, SETS_SHOWN = 5, SETS_TRIED = 65536, NEIGHBOURS = 5000 };

struct set {
    uint32_t at[EXACT_UP_TO]; /* in the list of changes, ascending */
    uint32_t size;
};

struct clearing {
    const struct case_view *v;
    uint32_t conclusion;
    struct neighbours n;
    struct change *list; /* what may be changed */
    size_t list_count;
    struct set trying[BLOCK_CASES], *kept;
    uint32_t exact_up_to;
    size_t budget; /* of neighbours */
    uint32_t trying_count, kept_count;
    /* values of one set */
    struct change changes[BLOCK_CASES][EXACT_UP_TO], best[SEARCH_UP_TO];
    uint32_t best_distance;
    uint32_t size;
    const bool *wanted; /* [conclusion]: what it reads */
    bool ok;
};

static double threshold(const struct clearing *k)
{
    return kb_of(k->v)->conclusions[k->conclusion].threshold - 1e-9;
}

static struct interval certainty(const struct clearing *k, const struct infer *in,
                                 uint32_t tile_case)
{
    return infer_certainty(in, k->conclusion, SCOPE_PARTNERSHIP, tile_case);
}

/* --- which sets may
 * -------------------------------------------------------------------------------- */

static void keep_set(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                     uint32_t tile_case)
{
    struct clearing *k = ctx;
    (void)t;
    if (certainty(k, in, tile_case).lo < threshold(k))
        k->kept[k->kept_count++] = k->trying[index];
}

static bool flush_sets(struct clearing *k)
{
    bool ok = k->trying_count == 0 || neighbours_run(&k->n, keep_set, k);
    neighbours_clear(&k->n);
    k->trying_count = 0;
    return ok;
}

static bool try_set(struct clearing *k, const struct set *s)
{
    struct change open[EXACT_UP_TO];
    if (k->trying_count == BLOCK_CASES && !flush_sets(k))
        return false;
    for (uint32_t i = 0; i < s->size; i++)
        open[i] = k->list[s->at[i]];
    k->trying[k->trying_count++] = *s;
    k->budget -= k->budget > 0;
    return neighbours_add(&k->n, open, s->size, true);
}

/* All sets of `size`, in order. */
static bool try_sets(struct clearing *k, struct set *s, uint32_t size, size_t from)
{
    if (s->size == size)
        return try_set(k, s);
    for (size_t i = from; i < k->list_count && k->budget > 0; i++) {
        s->at[s->size++] = (uint32_t)i;
        bool ok = try_sets(k, s, size, i + 1);
        s->size--;
        if (!ok)
            return false;
    }
    return true;
}

/* --- which values do
 * ------------------------------------------------------------------------------ */

static void note_values(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                        uint32_t tile_case)
{
    struct clearing *k = ctx;
    uint32_t distance = 0;
    (void)t;
    if (certainty(k, in, tile_case).hi >= threshold(k))
        return;
    for (uint32_t i = 0; i < k->size; i++)
        distance += distance_of(k->v, &k->changes[index][i]);
    if (distance >= k->best_distance)
        return;
    k->best_distance = distance;
    memcpy(k->best, k->changes[index], k->size * sizeof *k->best);
}

static bool flush_values(struct clearing *k)
{
    bool ok = k->trying_count == 0 || neighbours_run(&k->n, note_values, k);
    neighbours_clear(&k->n);
    k->trying_count = 0;
    return ok;
}

static bool try_values(struct clearing *k, const struct set *s, struct change *so_far, uint32_t at)
{
    if (at == s->size || at == EXACT_UP_TO) {
        if (k->trying_count == BLOCK_CASES && !flush_values(k))
            return false;
        memcpy(k->changes[k->trying_count++], so_far, s->size * sizeof *so_far);
        k->budget -= k->budget > 0;
        return neighbours_add(&k->n, so_far, s->size, false);
    }
    so_far[at] = k->list[s->at[at]];
    for (uint32_t i = 0; other_value(k->v, &k->list[s->at[at]], i, &so_far[at].to); i++)
        if (!try_values(k, s, so_far, at + 1))
            return false;
    return true;
}

/* The nearest values of a set that clear it, into k->best. */
static bool find_values(struct clearing *k, const struct set *s, bool *found)
{
    struct change so_far[EXACT_UP_TO];
    k->best_distance = UINT32_MAX;
    k->size = s->size;
    bool ok = try_values(k, s, so_far, 0) && flush_values(k);
    *found = k->best_distance != UINT32_MAX;
    return ok;
}

/* --- saying it ---------------------------------------------------------------------------------
 */

static void put_remedies(struct clearing *k, enum tongue t, bool json, struct buffer *out)
{
    const struct kb *kb = kb_of(k->v);
    size_t n = 0;
    buffer_c(out, json ? "\"remedies\":[" : "");
    for (uint32_t i = 0; i < k->v->plan_count; i++) {
        const struct remedy *r = &kb->remedies[k->v->plan[i].remedy];
        bool treats = false;
        for (uint32_t c = 0; c < r->treat_count; c++)
            treats |= r->treats[c] == k->conclusion;
        if (!treats)
            continue;
        if (n == 0 && !json)
            buffer_text(out, phrase_text(t, PHRASE_WORKS_TOWARDS));
        buffer_c(out, n++ ? (json ? "," : ", ") : "");
        if (json)
            buffer_json(out, r->id);
        else {
            buffer_flowing(out, r->title);
            buffer_c(out, " (");
            buffer_text(out, r->id);
            buffer_byte(out, ')');
        }
    }
    buffer_c(out, json ? "]" : n ? "\n" : "");
}

static bool put_set(struct clearing *k, enum tongue t, bool json, size_t number, struct buffer *out,
                    struct problems *problems)
{
    if (json) {
        buffer_c(out, number ? ",{" : "{");
        put_changes_json(k->v, k->best, k->size, out);
    } else {
        buffer_c(out, "  ");
        buffer_unsigned(out, number + 1);
        buffer_c(out, ". ");
        put_changes(k->v, t, k->best, k->size, out);
        buffer_byte(out, '\n');
    }
    bool ok = put_consequences(k->v, t, k->best, k->size, k->conclusion, 5, json, out, problems);
    buffer_c(out, json ? "}" : "");
    return ok;
}

/* How sure it is that the sets that follow are the smallest, and what they leave. */
enum found { FOUND_EXACT, FOUND_BY_SEARCH, FOUND_OPEN, FOUND_NONE };

static void head(enum tongue t, bool json, enum found how, struct buffer *out)
{
    static const struct {
        const char *json;
        enum phrase phrase;
    } HEADS[] = {
        {"\"exact\":true,\"leaves\":\"absent\",\"sets\":[", PHRASE_CLEARED_BY},
        {"\"exact\":false,\"leaves\":\"absent\",\"sets\":[", PHRASE_CLEARED_BY_SEARCH},
        {"\"exact\":false,\"leaves\":\"undetermined\",\"sets\":[", PHRASE_OPENED_BY_SEARCH},
        {"\"exact\":false,\"leaves\":null,\"sets\":[", PHRASE_NOT_FOUND}};
    if (json) {
        buffer_c(out, HEADS[how].json);
        return;
    }
    buffer_text(out, phrase_text(t, HEADS[how].phrase));
    buffer_byte(out, '\n');
}

static bool clear_exactly(struct clearing *k, enum tongue t, bool json, size_t *shown,
                          struct buffer *out, struct problems *problems)
{
    for (uint32_t size = 1; size <= k->exact_up_to && *shown == 0 && k->budget > 0; size++) {
        struct set none = {.size = 0};
        k->kept_count = 0;
        if (!try_sets(k, &none, size, 0) || !flush_sets(k))
            return false;
        for (uint32_t i = 0; i < k->kept_count && *shown < SETS_SHOWN && k->budget > 0; i++) {
            bool found;
            if (!find_values(k, &k->kept[i], &found))
                return false;
            if (!found)
                continue;
            if (*shown == 0)
                head(t, json, FOUND_EXACT, out);
            if (!put_set(k, t, json, (*shown)++, out, problems))
                return false;
        }
    }
    return true;
}

/* First for what makes it absent, then for what leaves it open. */
static bool clear_searching(struct arena *a, struct clearing *k, enum tongue t, bool json,
                            struct buffer *out, struct problems *problems)
{
    for (int surely = 0; surely < 2; surely++) {
        if (!clear_by_search(a, &k->n, k->conclusion, k->wanted, surely, k->list, k->list_count,
                             k->best, &k->size))
            return false;
        if (k->size == 0)
            continue;
        head(t, json, surely ? FOUND_OPEN : FOUND_BY_SEARCH, out);
        return put_set(k, t, json, 0, out, problems);
    }
    if (!json && k->list_count == 0) {
        buffer_text(out, phrase_text(t, PHRASE_NOT_CLEARED));
        buffer_byte(out, '\n');
    } else
        head(t, json, FOUND_NONE, out);
    return true;
}

static void clear_all(struct arena *a, struct clearing *k, enum tongue t, bool json,
                      struct buffer *out, struct problems *problems)
{
    size_t shown = 0;
    k->ok = clear_exactly(k, t, json, &shown, out, problems) &&
            (shown > 0 || clear_searching(a, k, t, json, out, problems));
    buffer_c(out, json ? "]," : "");
    put_remedies(k, t, json, out);
}

bool explain_clear(struct arena *a, const struct case_view *v, uint32_t conclusion,
                   struct text language, bool json, struct buffer *out, struct problems *problems)
{
    enum tongue t = tongue_find(language);
    struct clearing *k = arena_alloc(a, sizeof *k);
    if (json) {
        buffer_c(out, "{\"id\":");
        buffer_json(out, kb_of(v)->conclusions[conclusion].id);
        buffer_byte(out, ',');
    }
    bool diagnosis = kb_of(v)->conclusions[conclusion].kind == CONCLUSION_DIAGNOSIS;
    if (!diagnosis || verdict_of(v, conclusion, NONE) != VERDICT_PRESENT) {
        if (json)
            buffer_c(out, "\"exact\":true,\"leaves\":null,\"sets\":[],\"remedies\":[]}");
        else {
            buffer_text(out,
                        phrase_text(t, diagnosis ? PHRASE_NOT_PRESENT : PHRASE_ONLY_DIAGNOSES));
            buffer_byte(out, '\n');
        }
        return true;
    }
    bool *wanted = conclusions_read(a, kb_of(v), conclusion);
    k->v = v; /* the rest is zero; too large to be copied over the stack */
    k->conclusion = conclusion;
    k->list_count = actionable(a, v, wanted, &k->list);
    k->wanted = wanted;
    size_t sets = k->list_count + 1;
    for (k->exact_up_to = 1; k->exact_up_to < EXACT_UP_TO; k->exact_up_to++) {
        size_t more = sets * (k->list_count + 1) / (k->exact_up_to + (size_t)1) + 1;
        if (more > SETS_TRIED)
            break;
        sets = more;
    }
    k->kept = arena_array(a, sets, sizeof *k->kept);
    size_t part = 1;
    for (uint32_t c = 0; c < kb_of(v)->conclusion_count; c++)
        part += wanted[c];
    k->budget = NEIGHBOURS * (size_t)kb_of(v)->conclusion_count / part;
    if (!neighbours_init(&k->n, v, wanted, problems))
        return false;
    clear_all(a, k, t, json, out, problems);
    neighbours_deinit(&k->n);
    buffer_c(out, json ? "}" : "");
    return k->ok;
}
