/* example: one partnership, asked in a program, diagnosed through the library.
 *
 *     cc example.c -lentente -o example && ./example [PACK [LANGUAGE]]
 *
 * PACK is the folder of a rule pack, or the name of an installed one (core where none is given);
 * LANGUAGE is that of the texts (the pack's own where none is given). */
#include <entente/entente.h>
#include <stdio.h>
#include <string.h>

enum { ID_SIZE = 65 }; /* ids have 64 bytes at most */

static bool print(void *file, const char *at, size_t size)
{
    return fwrite(at, 1, size, file) == size;
}

static void say(struct entente_text t)
{
    print(stdout, t.at, t.size);
}

static bool is(struct entente_text t, const char *what)
{
    return t.size == strlen(what) && memcmp(t.at, what, t.size) == 0;
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

/* What is present, who sees it, and how the first diagnosis follows. */
static bool diagnoses(const struct entente_result *r, struct entente_problems *problems)
{
    char first[ID_SIZE] = "";
    for (size_t i = 0; i < entente_result_count(r); i++) {
        struct entente_conclusion c = entente_result_at(r, i);
        if (c.verdict != ENTENTE_PRESENT || !is(c.kind, "diagnosis"))
            continue;
        char id[ID_SIZE];
        snprintf(id, sizeof id, "%.*s", (int)c.id.size, c.id.at);
        say(c.label);
        printf(" (%s): %.4f\n", id, c.certainty.lo);
        for (size_t p = 0; p < entente_result_partner_count(r); p++) {
            double at_partner = entente_result_of_partner(r, id, p).lo;
            printf(at_partner > 0 ? "    seen at " : "    not seen at ");
            say(entente_result_partner(r, p));
            printf(": %.4f\n", at_partner);
        }
        if (first[0] == '\0')
            snprintf(first, sizeof first, "%s", id);
    }
    printf("\n");
    return first[0] == '\0' || entente_result_how(r, first, false, print, stdout, problems);
}

static void plan(const struct entente_result *r)
{
    printf("\n");
    for (size_t i = 0; i < entente_result_remedy_count(r); i++) {
        printf("%zu. ", i + 1);
        say(entente_result_remedy(r, i).title);
        printf("\n");
    }
}

int main(int count, char **arguments)
{
    const char *packs[] = {count > 1 ? arguments[1] : "core"};
    struct entente_load load = {
        .packs = packs, .pack_count = 1, .language = count > 2 ? arguments[2] : NULL};
    struct entente_problems *problems = entente_problems_new();
    struct entente_kb *kb = problems ? entente_kb_load(&load, problems) : NULL;
    struct entente_case *c =
        kb ? entente_case_new(kb, "an example", ENTENTE_FORM_GIVEN, problems) : NULL;
    struct entente_result *r = c && answer(c, problems) ? entente_case_infer(c, problems) : NULL;
    bool ok = r && diagnoses(r, problems);
    if (ok)
        plan(r);
    else if (problems)
        entente_problems_print(problems, false, print, stderr);
    int code = ok ? 0 : problems ? entente_problems_exit(problems) : 5;
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(problems);
    return code;
}
