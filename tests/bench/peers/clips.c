/* clips.c - CLIPS 6.30, embedded and driven through its C interface: a fact a row, (reset) a case.
   usage: clips row|case rules.clp names in.csv out.csv
   row: each row is a case (workload A); case: the rows of one case_id are (workload B), and the
   fact (ready) says that they are all there.
   names: number of patterns, the patterns, number of conclusions, the conclusions; one a line */
#include <clips.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUESTIONS = 40, LINE_MAX_SIZE = 65536, KEY_MAX = 64 };

static void *env, *row_template, *conclusion_template;
static regex_t *pattern;
static char **name;
static void **symbol;
static double *certainty;
static int conclusion_count, by_case;
static char slot[QUESTIONS][8];
static char key[KEY_MAX], partner[KEY_MAX];
static int rows_of[2];
static FILE *out;

/* What CLIPS wants to be given by a program that embeds it. */
void UserFunctions(void)
{
}

void EnvUserFunctions(void *environment)
{
    (void)environment;
}

/* (comment-match N TEXT): does pattern N match? */
static int comment_match(void *environment)
{
    long n = EnvRtnLong(environment, 1);
    const char *text = EnvRtnLexeme(environment, 2);
    return *text && regexec(&pattern[n], text, 0, NULL, 0) == 0;
}

static char *line_of(FILE *f, char *buf)
{
    if (!fgets(buf, LINE_MAX_SIZE, f))
        return NULL;
    buf[strcspn(buf, "\n")] = 0;
    return buf;
}

static int count_of(FILE *f)
{
    int n = 0;
    if (fscanf(f, "%d ", &n) != 1)
        exit(1);
    return n;
}

static void read_names(const char *path)
{
    static char buf[LINE_MAX_SIZE];
    FILE *f = fopen(path, "r");
    if (!f)
        exit(1);
    int patterns = count_of(f);
    pattern = calloc((size_t)patterns + 1, sizeof *pattern);
    for (int i = 0; i < patterns; i++)
        if (regcomp(&pattern[i], line_of(f, buf), REG_EXTENDED | REG_ICASE | REG_NOSUB))
            exit(1);
    conclusion_count = count_of(f);
    name = calloc((size_t)conclusion_count, sizeof *name);
    for (int i = 0; i < conclusion_count; i++)
        name[i] = strdup(line_of(f, buf));
    fclose(f);
}

static int load_rules(const char *path)
{
    env = CreateEnvironment();
    EnvDefineFunction2(env, "comment-match", 'b', PTIEF comment_match, "comment_match", "22uis");
    if (EnvLoad(env, path) != 1)
        return 0;
    EnvSetFactDuplication(env, TRUE);
    row_template = EnvFindDeftemplate(env, "answers");
    conclusion_template = EnvFindDeftemplate(env, "diag");
    symbol = calloc((size_t)conclusion_count, sizeof *symbol);
    certainty = calloc((size_t)conclusion_count, sizeof *certainty);
    for (int i = 0; i < conclusion_count; i++) {
        symbol[i] = EnvAddSymbol(env, name[i]);
        IncrementSymbolCount(symbol[i]);
    }
    return 1;
}

/* The CSV field at *p, unquoted in place. */
static char *field(char **p)
{
    char *s = *p, *o = s, *r = s;
    if (*s != '"') {
        char *e = s + strcspn(s, ",\n");
        *p = *e ? e + 1 : e;
        *e = 0;
        return s;
    }
    for (r = s + 1; *r; r++) {
        if (*r == '"' && *++r != '"')
            break;
        *o++ = *r;
    }
    *p = *r ? r + 1 : r;
    *o = 0;
    return s;
}

static void put_slot(void *fact, const char *slot_name, int type, void *value)
{
    DATA_OBJECT v;
    v.type = (unsigned short)type;
    v.value = value;
    EnvPutFactSlot(env, fact, slot_name, &v);
}

static void assert_row(const char *row_key, const char *row_partner, char **answers,
                       const char *comment)
{
    void *fact = EnvCreateFact(env, row_template);
    put_slot(fact, "id", STRING, EnvAddSymbol(env, row_key));
    put_slot(fact, "partner", SYMBOL, EnvAddSymbol(env, row_partner));
    for (int i = 0; i < QUESTIONS; i++)
        put_slot(fact, slot[i], INTEGER, EnvAddLong(env, *answers[i] ? *answers[i] - '0' : 0));
    put_slot(fact, "comment", STRING, EnvAddSymbol(env, comment));
    EnvAssert(env, fact);
}

/* Runs the rules over the facts of the current case and prints what they conclude. */
static void finish(void)
{
    if (!key[0])
        return;
    if (by_case)
        EnvAssertString(env, "(ready)");
    EnvRun(env, -1);
    memset(certainty, 0, (size_t)conclusion_count * sizeof *certainty);
    void *fact = EnvGetNextFactInTemplate(env, conclusion_template, NULL);
    for (; fact; fact = EnvGetNextFactInTemplate(env, conclusion_template, fact)) {
        DATA_OBJECT of, c;
        EnvGetFactSlot(env, fact, "name", &of);
        EnvGetFactSlot(env, fact, "cf", &c);
        for (int i = 0; i < conclusion_count; i++)
            if (of.value == symbol[i]) {
                certainty[i] = DOToDouble(c);
                break;
            }
    }
    if (by_case)
        fprintf(out, "%s,%d,%d", key, rows_of[0], rows_of[1]);
    else
        fprintf(out, "%s,%s", key, partner);
    for (int i = 0; i < conclusion_count; i++)
        if (certainty[i] > 0)
            fprintf(out, ",%.4f", certainty[i]);
        else
            fputc(',', out);
    fputc('\n', out);
}

static void start(const char *row_key, const char *row_partner)
{
    finish();
    snprintf(key, sizeof key, "%s", row_key);
    snprintf(partner, sizeof partner, "%s", row_partner);
    rows_of[0] = rows_of[1] = 0;
    EnvReset(env);
}

int main(int argc, char **argv)
{
    static char buf[LINE_MAX_SIZE];
    if (argc < 6)
        return 1;
    by_case = strcmp(argv[1], "case") == 0;
    read_names(argv[3]);
    if (!load_rules(argv[2]))
        return 2;
    FILE *in = fopen(argv[4], "r");
    out = fopen(argv[5], "w");
    if (!in || !out)
        return 1;
    setvbuf(in, NULL, _IOFBF, 1 << 18);
    setvbuf(out, NULL, _IOFBF, 1 << 18);
    fputs(by_case ? "case_id,nA,nB" : "case_id,partner", out);
    for (int i = 0; i < conclusion_count; i++)
        fprintf(out, ",%s", name[i]);
    fputc('\n', out);
    for (int i = 0; i < QUESTIONS; i++)
        snprintf(slot[i], sizeof slot[i], "q%02d", (i + 1) % 100);
    if (!fgets(buf, sizeof buf, in))
        return 1;
    while (fgets(buf, sizeof buf, in)) {
        char *p = buf, *answers[QUESTIONS];
        char *row_key = field(&p), *row_partner = field(&p);
        for (int i = 0; i < QUESTIONS; i++)
            answers[i] = field(&p);
        if (!by_case || strcmp(row_key, key) != 0)
            start(row_key, row_partner);
        rows_of[*row_partner == 'B']++;
        assert_row(row_key, row_partner, answers, field(&p));
    }
    finish();
    return fclose(out) ? 1 : 0;
}
