/* example: one partnership, asked in a program, diagnosed through the library.
 *
 *     cc example.c -lentente -o example && ./example [PACK]
 *
 * PACK is the folder of a rule pack, or the name of an installed one (core where none is given). */
#include <entente/entente.h>
#include <stdio.h>

static bool print(void *file, const char *at, size_t size)
{
    return fwrite(at, 1, size, file) == size;
}

/* Who speaks for whom, and what they say. */
static bool answer(struct entente_case *c, struct entente_problems *problems)
{
    static const struct {
        const char *partner, *load_balanced, *trust;
    } said[] = {{"maker", "4", "4"}, {"supplier", "1", "2"}, {"supplier", "2", "dk"}};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        int who = entente_case_respondent(c, said[i].partner, problems);
        if (who < 0 ||
            !entente_case_answer(c, who, "load_balanced", said[i].load_balanced, problems) ||
            !entente_case_answer(c, who, "trust", said[i].trust, problems))
            return false;
    }
    return entente_case_fact(c, "age_months", "18", problems);
}

static void show(const struct entente_result *r)
{
    for (size_t i = 0; i < entente_result_count(r); i++) {
        struct entente_conclusion c = entente_result_at(r, i);
        if (c.verdict == ENTENTE_PRESENT)
            printf("%.*s: %.4f\n", (int)c.id.size, c.id.at, c.certainty.lo);
    }
    for (size_t i = 0; i < entente_result_remedy_count(r); i++) {
        struct entente_remedy remedy = entente_result_remedy(r, i);
        printf("%zu. %.*s\n", i + 1, (int)remedy.title.size, remedy.title.at);
    }
}

int main(int count, char **arguments)
{
    const char *packs[] = {count > 1 ? arguments[1] : "core"};
    struct entente_load load = {.packs = packs, .pack_count = 1};
    struct entente_problems *problems = entente_problems_new();
    struct entente_kb *kb = problems ? entente_kb_load(&load, problems) : NULL;
    struct entente_case *c =
        kb ? entente_case_new(kb, "an example", ENTENTE_FORM_GIVEN, problems) : NULL;
    struct entente_result *r = c && answer(c, problems) ? entente_case_infer(c, problems) : NULL;
    if (r)
        show(r);
    else if (problems)
        entente_problems_print(problems, false, print, stderr);
    int code = r ? 0 : problems ? entente_problems_exit(problems) : 5;
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(problems);
    return code;
}
