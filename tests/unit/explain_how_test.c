/* explain_how: the proof for people, whole, in both languages; and as JSON. */
#include "unit/explain_pack.h"

#include <jansson.h>

struct asking {
    const char *conclusion;
    const char *language; /* NULL: JSON */
    struct buffer out;
};

static void look(struct world *w, const struct infer *in, const struct tile *t, void *ctx)
{
    struct asking *a = ctx;
    struct case_view v;
    explain_case(&w->arena, in, t, 0, 0, &v);
    uint32_t c = world_conclusion(w, a->conclusion);
    if (a->language)
        explain_how(&w->arena, &v, c, text_from_c(a->language), &a->out);
    else
        explain_how_json(&w->arena, &v, c, &a->out);
}

static void how(struct world *w, struct asking *a, const char *conclusion, const char *language)
{
    *a = (struct asking){.conclusion = conclusion, .language = language};
    buffer_init(&a->out);
    world_run(w, look, a);
}

static void test_print(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "V2", false);
    world_partner(&w, "a");
    world_respondent(&w, "load_balanced=1 risk_shared=dk trust=2 suspicion=dk charter=no");
    world_respondent(&w, "load_balanced=1 risk_shared=dk trust=2 suspicion=dk charter=no");
    const char *ids[] = {"imbalance", "rigidity", "short_termism"};
    const char *langs[] = {"fr", "en", NULL};
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 1; k++) {
            struct asking a;
            how(&w, &a, ids[i], langs[k]);
            printf("%.*s\n", (int)a.out.size, a.out.at);
            buffer_deinit(&a.out);
        }
    world_close(&w);
}

TEST_MAIN(1, cmocka_unit_test(test_print))
