/* In: amounts, or one seed. Out: how many pairs of a pack and a case the engine and the oracle
 * agree on, how many completions stay within bounds; the last line is "N passed, N failed". The
 * one idea: a pack and its blocks follow from one seed, so one number reruns a difference. */
#include "oracle/twins.h"

#include "oracle/random_pack.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    uint64_t first = 1, packs = 100, pairs = 0;
    if (argc > 1) number_parse(text_from_c(argv[1]), &(double){0});
    first = argc > 1 ? (uint64_t)strtoull(argv[1], 0, 10) : 1;
    packs = argc > 2 ? (uint64_t)strtoull(argv[2], 0, 10) : 1;
    char folder[] = "/tmp/oracle-XXXXXX";
    mkdtemp(folder);
    unsigned bad = 0; uint64_t numbers = 0, inexact = 0;
    for (uint64_t seed = first; seed < first + packs; seed++) {
        struct random r;
        random_seed(&r, seed);
        if (!random_pack_write(&r, folder)) abort();
        struct problems *ps = problems_new();
        const char *names[] = {folder};
        struct kb_options options = {.packs = names, .pack_count = 1};
        struct kb *kb = kb_new(&options, ps);
        if (!kb) {
            struct buffer b; buffer_init(&b); problems_print(ps, false, &b); printf("seed %lu\n%.*s\n", seed, (int)b.size, b.at); buffer_deinit(&b);
            problems_free(ps); bad++; continue;
        }
        for (int k = 0; k < 2; k++) {
            bool q[64]; struct put put;
            random_put(&r, kb, q, &put);
            struct twins *t = twins_new(kb, &put, ps);
            if (!t) abort();
            for (int b = 0; b < 6; b++) {
                struct cases *c = cases_new(kb, &put);
                struct arena a; arena_init(&a, 0);
                enum random_shape shape = random_below(&r, 12) == 0 ? SHAPE_CROWD : random_below(&r, 4) == 0 ? SHAPE_SINGLE : SHAPE_PAIRS;
                uint32_t n = shape == SHAPE_CROWD ? 3 : random_between(&r, 1, 20);
                random_cases(&r, c, &a, shape, n);
                if (!twins_compare(t, c, 0, ps)) { printf("seed %lu put %d block %d case %u shape %d: %s\n", seed, k, b, t->case_index, shape, t->what); bad++; b = 99; }
                pairs += n;
                cases_free(c); arena_deinit(&a);
            }
            numbers += t->numbers; inexact += t->inexact;
            if (t->inexact) printf("seed %lu inexact %lu: %s\n", seed, t->inexact, t->inexact_what);
            twins_free(t);
        }
        kb_free(kb);
        problems_free(ps);
    }
    printf("%lu pairs %lu numbers %lu inexact %u bad\n", pairs, numbers, inexact, bad);
    return 0;
}
