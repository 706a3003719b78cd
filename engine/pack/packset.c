/* packset: which packs belong together, and their files.
 * In: names of packs. Out: the model, extended packs first. The idea: a depth-first walk over
 * `extends`; a pack is known by its folder's device and inode, so a diamond loads once and a cycle
 * is seen whatever the folders are called. All files are read before anything is merged, so that
 * everything wrong with them is told at once. Next: merge.c. */
#include "pack/cells.h"
#include "pack/merge.h"
#include "pack/packfile.h"
#include "pack/translate.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_NEAR = 4096 }; /* entries of a folder looked through for "did you mean" */

#ifndef ENTENTE_RULES_DIR
#define ENTENTE_RULES_DIR "/usr/local/share/entente/rules"
#endif

/* A pack whose folder has been opened. */
struct known {
    struct folder *folder;
    struct text id;   /* as it was asked for */
    struct span span; /* where */
    bool open;        /* its extended packs are still being read */
    uint32_t index;   /* in the model, MODEL_NONE where it has failed */
};

struct loader {
    struct arena *arena;  /* the model's */
    struct arena session; /* folders, parts */
    struct arena scratch; /* one file */
    const struct pack_options *options;
    struct problems *problems;
    struct model *model;
    struct known known[LIMIT_PACKS];
    size_t known_count;
    uint32_t stack[LIMIT_EXTENDS_DEPTH + 1]; /* known packs being read, outermost first */
    size_t depth;
    struct part *parts;
    size_t part_count, part_capacity;
    struct text language; /* wanted: the one asked for, else that of the first pack named */
    size_t errors;        /* in the list before this load */
    bool failed;
};

const char *pack_installed_folder(void)
{
    const char *named = getenv("ENTENTE_RULES");
    return named && *named ? named : ENTENTE_RULES_DIR;
}

uint32_t model_pack_of(const struct model *m, source_id source)
{
    return source < m->source_capacity ? m->source_packs[source] : MODEL_NONE;
}

bool model_extends(const struct model *m, uint32_t pack, uint32_t ancestor)
{
    return pack == ancestor || (m->packs[pack]->ancestors >> ancestor & 1) != 0;
}

bool model_is_own(const struct model *m, const struct item *item)
{
    return m->packs[item->pack]->named ||
           (item->changed_by != MODEL_NONE && m->packs[item->changed_by]->named);
}

static void note_source(struct loader *l, source_id source, uint32_t pack)
{
    struct model *m = l->model;
    if (source >= m->source_capacity) {
        size_t capacity = (size_t)source * 2 + 16;
        uint32_t *packs = arena_array(l->arena, capacity, sizeof *packs);
        for (size_t i = 0; i < capacity; i++)
            packs[i] = i < m->source_capacity ? m->source_packs[i] : MODEL_NONE;
        m->source_packs = packs;
        m->source_capacity = capacity;
    }
    m->source_packs[source] = pack;
}

/* Order matters: the same files in another order are another knowledge base. */
static void digest(uint64_t *to, struct text bytes)
{
    uint64_t h = (*to ^ text_hash(bytes)) * 0x9E3779B97F4A7C15u;
    *to = h ^ h >> 29;
}

enum got { GOT_IT, GOT_NONE, GOT_FAILED };

static enum got read_table(struct loader *l, const struct folder *folder, struct text name,
                           enum table table, uint32_t pack, struct loaded *out, source_id *source)
{
    arena_reset(&l->scratch);
    switch (file_read(&l->scratch, folder, name, source, l->problems)) {
    case FILE_ABSENT: return GOT_NONE;
    case FILE_REFUSED: l->failed = true; return GOT_FAILED;
    default: break;
    }
    note_source(l, *source, pack);
    struct text bytes = problems_source_bytes(l->problems, *source);
    arena_reset(&l->scratch);
    if (table != TABLE_TESTS)
        digest(table == TABLE_TEXTS ? &l->model->texts_digest : &l->model->digest, bytes);
    if (cells_load(l->arena, &l->scratch, *source, bytes, table, problem_quote(l->problems, name),
                   out, l->problems))
        return GOT_IT;
    l->failed = true;
    return GOT_FAILED;
}

static void add_part(struct loader *l, enum item_kind kind, uint32_t pack, void *items,
                     unsigned count)
{
    if (count == 0)
        return;
    l->parts =
        arena_grow(&l->session, l->parts, l->part_count, &l->part_capacity, sizeof *l->parts);
    l->parts[l->part_count++] = (struct part){kind, pack, items, count};
}

static void read_items(struct loader *l, const struct folder *folder, uint32_t pack,
                       struct text name, enum table table)
{
    struct loaded loaded;
    source_id source;
    if (read_table(l, folder, name, table, pack, &loaded, &source) != GOT_IT || !loaded.at)
        return;
    if (table == TABLE_RULES) {
        const struct rules_file *file = loaded.at;
        add_part(l, ITEM_CONCLUSION, pack, file->conclusions, file->conclusions_count);
        add_part(l, ITEM_RULE, pack, file->rules, file->rules_count);
    } else {
        add_part(l, table == TABLE_QUESTIONS ? ITEM_QUESTION : ITEM_REMEDY, pack, loaded.at,
                 loaded.count);
    }
}

/* The language in text.<lang>.yaml, or the empty text. */
static struct text catalogue_language(struct text name)
{
    struct text language = {name.at + 5, name.size - 10};
    bool good = language.size == 2 || language.size == 3;
    for (size_t i = 0; good && i < language.size; i++)
        good = language.at[i] >= 'a' && language.at[i] <= 'z';
    return good ? language : (struct text){NULL, 0};
}

static void read_catalogue(struct loader *l, const struct folder *folder, uint32_t pack,
                           struct text name, struct text language)
{
    struct loaded loaded;
    source_id source;
    if (read_table(l, folder, name, TABLE_TEXTS, pack, &loaded, &source) != GOT_IT)
        return;
    struct model *m = l->model;
    struct catalogue *c = arena_alloc(l->arena, sizeof *c);
    *c = (struct catalogue){arena_text(l->arena, language), pack, source, loaded.at, loaded.count};
    struct catalogue **all = arena_array(l->arena, m->catalogue_count + 1, sizeof *all);
    if (m->catalogue_count > 0)
        memcpy(all, m->catalogues, m->catalogue_count * sizeof *all);
    all[m->catalogue_count++] = c;
    m->catalogues = all;
}

/* Those of the language wanted, or all. A pack may have one in its own language, for the texts it
 * inherits. */
static void read_catalogues(struct loader *l, const struct folder *folder, uint32_t pack)
{
    struct text wanted = l->language;
    if (!l->options->all_texts) {
        char name[32];
        if (wanted.size == 0 || wanted.size > 3)
            return;
        memcpy(name, "text.", 5);
        memcpy(name + 5, wanted.at, wanted.size);
        memcpy(name + 5 + wanted.size, ".yaml", 5);
        read_catalogue(l, folder, pack, (struct text){name, 10 + wanted.size}, wanted);
        return;
    }
    struct names_list names;
    if (!folder_names(&l->session, folder, "text.", ".yaml", LIMIT_RULE_FILES, &names,
                      l->problems)) {
        l->failed = true;
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        struct text language = catalogue_language(names.at[i]);
        if (language.size > 0)
            read_catalogue(l, folder, pack, names.at[i], language);
    }
}

static void read_tests(struct loader *l, const struct folder *folder, uint32_t index,
                       struct pack *pack)
{
    struct loaded loaded;
    source_id source;
    if (!l->options->with_tests)
        return;
    if (read_table(l, folder, TEXT("tests.yaml"), TABLE_TESTS, index, &loaded, &source) != GOT_IT)
        return;
    pack->tests = loaded.at;
    pack->tests_count = loaded.count;
    struct idmap seen;
    idmap_init(&seen, &l->session);
    for (uint32_t i = 0; i < loaded.count; i++) {
        const struct cell *id = &pack->tests[i].id;
        uint32_t first = idmap_put(&seen, cell_text(id), i);
        if (first == i)
            continue;
        problem_add(l->problems, PROBLEM_ITEM_TWICE, id->span,
                    problem_quote(l->problems, cell_text(id)), "test", NULL);
        problem_note(l->problems, pack->tests[first].id.span, "it is a test here");
        problem_help(l->problems, "give one of the two another id");
        l->failed = true;
    }
}

/* Files that look as if they were meant to be read. */
static void warn_unread(struct loader *l, const struct folder *folder)
{
    struct names_list names;
    if (!folder_names(&l->session, folder, "", "", 10 * LIMIT_RULE_FILES, &names, l->problems)) {
        l->failed = true;
        return;
    }
    static const char *const read[] = {"pack.yaml", "questions.yaml", "rules.yaml", "remedies.yaml",
                                       "tests.yaml"};
    for (size_t i = 0; i < names.count; i++) {
        struct text name = names.at[i];
        if (!text_ends(name, ".yaml") && !text_ends(name, ".yml"))
            continue;
        bool known = text_starts(name, "rules-") && text_ends(name, ".yaml");
        known = known || (text_starts(name, "text.") && text_ends(name, ".yaml") &&
                          catalogue_language(name).size > 0);
        struct suggest near;
        suggest_init(&near, name);
        for (size_t k = 0; k < sizeof read / sizeof read[0]; k++) {
            known = known || text_is(name, read[k]);
            suggest_offer(&near, text_from_c(read[k]));
        }
        if (known || near.best.size == 0)
            continue;
        problem_add(l->problems, PROBLEM_FILE_UNREAD, SPAN_NONE, problem_quote(l->problems, name),
                    problem_quote(l->problems, folder->path), NULL);
        problem_help(l->problems, problem_format(l->problems, "did you mean %s?", near.best.at));
    }
}

static void read_files(struct loader *l, const struct folder *folder, uint32_t index,
                       struct pack *pack, bool is_named)
{
    read_items(l, folder, index, TEXT("questions.yaml"), TABLE_QUESTIONS);
    read_items(l, folder, index, TEXT("rules.yaml"), TABLE_RULES);
    struct names_list names;
    if (folder_names(&l->session, folder, "rules-", ".yaml", LIMIT_RULE_FILES, &names, l->problems))
        for (size_t i = 0; i < names.count; i++)
            read_items(l, folder, index, names.at[i], TABLE_RULES);
    else
        l->failed = true;
    read_items(l, folder, index, TEXT("remedies.yaml"), TABLE_REMEDIES);
    read_catalogues(l, folder, index);
    if (is_named && pack)
        read_tests(l, folder, index, pack);
    if (is_named)
        warn_unread(l, folder);
}

/* "a -> b -> c"; a long chain keeps its ends. */
static const char *chain_text(struct loader *l, size_t from)
{
    const char *out = "";
    for (size_t i = from; i < l->depth; i++) {
        bool skip = l->depth - from > 8 && i - from > 3 && i + 3 < l->depth;
        if (skip && i - from > 4)
            continue;
        struct text id = l->known[l->stack[i]].id;
        out = problem_format(l->problems, "%s%s%.*s", out, i == from ? "" : " -> ",
                             skip ? 3 : (int)id.size, skip ? "..." : id.at);
    }
    return out;
}

static void report_cycle(struct loader *l, size_t again, struct span span, struct text id)
{
    size_t from = 0;
    while (l->stack[from] != again)
        from++;
    problem_add(l->problems, PROBLEM_EXTENDS_CYCLE, span,
                problem_format(l->problems, "%s -> %.*s", chain_text(l, from), (int)id.size, id.at),
                NULL, NULL);
    for (size_t i = from + 1; i < l->depth; i++)
        problem_note(l->problems, l->known[l->stack[i]].span, "it comes back over this one");
    problem_help(l->problems, "remove one of these `extends`");
    l->failed = true;
}

static uint32_t read_pack(struct loader *l, struct folder *folder, struct text id,
                          struct span span);

static bool check_requires(struct loader *l, const struct pack *pack)
{
    unsigned needed[3], have[3];
    if (!cell_given(&pack->requires) || !version_parse(cell_text(&pack->requires), needed) ||
        !version_parse(TEXT(ENTENTE_VERSION), have))
        return true;
    for (int i = 0; i < 3; i++) {
        if (needed[i] < have[i])
            return true;
        if (needed[i] > have[i]) {
            problem_add(l->problems, PROBLEM_PACK_NEWER, pack->requires.span,
                        problem_quote(l->problems, cell_text(&pack->id)),
                        problem_format(l->problems, "%s", pack->requires.value), ENTENTE_VERSION);
            problem_help(l->problems, "install that version of Entente, or an older version of the "
                                      "pack");
            l->failed = true;
            return false;
        }
    }
    return true;
}

/* Beside the pack, then among the installed ones. NULL and a problem where it is not. */
static struct folder *find_extended(struct loader *l, const struct folder *folder,
                                    const struct cell *id)
{
    struct folder *found = NULL;
    struct text name = cell_text(id);
    if (!text_is_id(name)) {
        problem_add(l->problems, PROBLEM_EXTENDS_NOT_ID, id->span, problem_quote(l->problems, name),
                    NULL, NULL);
        problem_help(l->problems,
                     "write the id of a pack, such as core: a folder beside this pack, "
                     "or an installed one");
        return NULL;
    }
    const struct text places[] = {folder_parent(&l->session, folder->path),
                                  text_from_c(pack_installed_folder())};
    for (size_t i = 0; i < 2; i++)
        switch (folder_open_in(&l->session, places[i], name, id->span, &found, l->problems)) {
        case FOLDER_OPEN: return found;
        case FOLDER_REFUSED: return NULL;
        default: break;
        }
    problem_add(l->problems, PROBLEM_EXTENDS_UNKNOWN, id->span, problem_quote(l->problems, name),
                problem_quote(l->problems, places[0]), problem_quote(l->problems, places[1]));
    problem_help(l->problems, "check the id; ENTENTE_RULES names the folder of installed packs");
    return NULL;
}

static uint64_t read_extended(struct loader *l, const struct folder *folder,
                              const struct pack *pack)
{
    uint64_t ancestors = 0;
    for (unsigned i = 0; i < pack->extends.count; i++) {
        const struct cell *id = &pack->extends.at[i];
        struct folder *found = find_extended(l, folder, id);
        uint32_t index = found ? read_pack(l, found, cell_text(id), id->span) : MODEL_NONE;
        if (index == MODEL_NONE)
            l->failed = true;
        else
            ancestors |= (uint64_t)1 << index | l->model->packs[index]->ancestors;
    }
    return ancestors;
}

static void check_identity(struct loader *l, const struct pack *pack, struct text asked,
                           struct span span)
{
    struct text id = cell_text(&pack->id);
    if (span.source != 0 && !text_equal(id, asked)) {
        problem_add(l->problems, PROBLEM_PACK_OTHER_ID, pack->id.span,
                    problem_quote(l->problems, id), problem_quote(l->problems, asked), NULL);
        problem_note(l->problems, span, "it is asked for here");
        problem_help(l->problems, "call the folder and the pack alike");
        l->failed = true;
    }
    for (uint32_t i = 0; i < l->model->pack_count; i++) {
        const struct pack *other = l->model->packs[i];
        if (!text_equal(cell_text(&other->id), id))
            continue;
        problem_add(l->problems, PROBLEM_PACK_TWICE, pack->id.span, problem_quote(l->problems, id),
                    NULL, NULL);
        problem_note(l->problems, other->id.span, "the other one");
        problem_help(l->problems, "load one of the two, or give one another id");
        l->failed = true;
    }
}

/* Enters a folder into the known ones; NULL and a problem where there is no more room. */
static struct known *enter(struct loader *l, struct folder *folder, struct text id,
                           struct span span)
{
    if (l->depth == LIMIT_EXTENDS_DEPTH || l->known_count == LIMIT_PACKS) {
        bool deep = l->depth == LIMIT_EXTENDS_DEPTH;
        problem_add(l->problems, deep ? PROBLEM_EXTENDS_DEEP : PROBLEM_PACKS_MANY, span,
                    problem_count_text(l->problems, deep ? LIMIT_EXTENDS_DEPTH : LIMIT_PACKS),
                    chain_text(l, 0), NULL);
        problem_help(l->problems, "let the pack extend fewer packs");
        l->failed = true;
        return NULL;
    }
    l->stack[l->depth++] = (uint32_t)l->known_count;
    struct known *k = &l->known[l->known_count++];
    *k = (struct known){folder, arena_text(&l->session, id), span, true, MODEL_NONE};
    return k;
}

/* The pack of a pack.yaml that has been read, those it extends first. */
static uint32_t take_pack(struct loader *l, const struct folder *folder, struct known *known,
                          struct pack *pack, source_id source)
{
    struct text id = known->id;
    pack->folder = arena_text(l->arena, folder->path);
    if (known->span.source == 0)
        known->id = arena_text(&l->session, cell_text(&pack->id));
    if (l->language.size == 0)
        l->language = cell_text(&pack->language);
    pack->named = known->span.source == 0;
    pack->ancestors = read_extended(l, folder, pack);
    check_identity(l, pack, id, known->span);
    uint32_t index = l->model->pack_count++;
    l->model->packs[index] = pack;
    note_source(l, source, index);
    add_part(l, ITEM_SCALE, index, pack->scales, pack->scales_count);
    add_part(l, ITEM_DIMENSION, index, pack->dimensions, pack->dimensions_count);
    return index;
}

static uint32_t read_new(struct loader *l, const struct folder *folder, struct known *known)
{
    struct loaded loaded = {NULL, 0};
    source_id source = 0;
    struct text name = TEXT("pack.yaml");
    switch (read_table(l, folder, name, TABLE_PACK, MODEL_NONE, &loaded, &source)) {
    case GOT_NONE:
        problem_add(l->problems, PROBLEM_PACK_NO_FILE, known->span,
                    problem_quote(l->problems, folder->path), NULL, NULL);
        problem_help(l->problems, "a pack is a folder that holds at least pack.yaml");
        l->failed = true;
        return MODEL_NONE;
    case GOT_FAILED: read_files(l, folder, MODEL_NONE, NULL, false); return MODEL_NONE;
    default: break;
    }
    struct pack *pack = loaded.at;
    if (!check_requires(l, pack))
        return MODEL_NONE;
    uint32_t index = take_pack(l, folder, known, pack, source);
    read_files(l, folder, index, pack, known->span.source == 0);
    return index;
}

/* A pack that another one extended, named by the user too. */
static void name_known(struct loader *l, const struct folder *folder, uint32_t index)
{
    struct pack *pack = l->model->packs[index];
    pack->named = true;
    if (!pack->tests)
        read_tests(l, folder, index, pack);
}

static uint32_t read_pack(struct loader *l, struct folder *folder, struct text id, struct span span)
{
    for (size_t i = 0; i < l->known_count; i++) {
        struct known *k = &l->known[i];
        if (k->folder->device != folder->device || k->folder->inode != folder->inode)
            continue;
        if (k->open)
            report_cycle(l, i, span, id);
        else if (span.source == 0 && k->index != MODEL_NONE)
            name_known(l, folder, k->index);
        folder_close(folder);
        return k->index;
    }
    struct known *known = enter(l, folder, id, span);
    if (known) {
        known->index = read_new(l, folder, known);
        known->open = false;
        l->depth--;
    }
    folder_close(folder);
    return known ? known->index : MODEL_NONE;
}

/* Whether `name` in `parent` is a folder that holds pack.yaml. */
static bool is_pack(struct loader *l, struct text parent, struct text name)
{
    struct folder *folder;
    if (folder_open_in(&l->session, parent, name, SPAN_NONE, &folder, NULL) != FOLDER_OPEN)
        return false;
    bool is = faccessat(folder->fd, "pack.yaml", F_OK, 0) == 0;
    folder_close(folder);
    return is;
}

/* Packs in a folder whose names are near. */
static void offer_packs(struct loader *l, struct text parent, struct suggest *near,
                        struct text *found_in)
{
    struct folder *folder;
    struct names_list names;
    if (folder_open(&l->session, parent, &folder, NULL) != FOLDER_OPEN)
        return;
    if (folder_names(&l->session, folder, "", "", MOST_NEAR, &names, NULL))
        for (size_t i = 0; i < names.count; i++) {
            struct suggest before = *near;
            suggest_offer(near, names.at[i]);
            if (near->distance == before.distance)
                continue;
            if (is_pack(l, parent, names.at[i]))
                *found_in = parent;
            else
                *near = before;
        }
    folder_close(folder);
}

static void refuse_unknown(struct loader *l, struct text path)
{
    struct problems *ps = l->problems;
    struct text installed = text_from_c(pack_installed_folder());
    struct text parent = folder_parent(&l->session, path), found_in = {0};
    const char *searched = problem_quote(ps, installed), *meant = "";
    struct suggest near;
    size_t name = path.size;
    while (name > 0 && path.at[name - 1] != '/')
        name--;
    suggest_init(&near, (struct text){path.at + name, path.size - name});
    if (text_is_id(path))
        offer_packs(l, installed, &near, &found_in);
    offer_packs(l, parent, &near, &found_in);
    if (text_is_id(path))
        offer_packs(l, TEXT("rules"), &near, &found_in);
    if (near.best.size && found_in.at == installed.at)
        meant = problem_format(ps, "did you mean %s? ", problem_quote(ps, near.best));
    else if (near.best.size)
        meant = problem_format(ps, "did you mean %s? ",
                               problem_quote(ps, folder_join(&l->session, found_in, near.best)));
    problem_add(ps, PROBLEM_PACK_UNKNOWN, SPAN_NONE, problem_quote(ps, path), searched, NULL);
    problem_help(ps, problem_format(ps,
                                    "%sname the folder of a pack (-p FOLDER), or a pack installed "
                                    "in %s; ENTENTE_RULES names another folder of installed packs",
                                    meant, searched));
}

/* A pack named by the user: a path, an installed id, or a folder of that name here. */
static void read_named(struct loader *l, const char *name)
{
    struct text path = text_from_c(name);
    struct folder *folder = NULL;
    enum folder_found found = FOLDER_ABSENT;
    if (text_is_id(path))
        found = folder_open_in(&l->session, text_from_c(pack_installed_folder()), path, SPAN_NONE,
                               &folder, l->problems);
    if (found == FOLDER_ABSENT && path.size > 0)
        found = folder_open(&l->session, path, &folder, l->problems);
    if (found == FOLDER_OPEN) {
        read_pack(l, folder, path, SPAN_NONE);
        return;
    }
    l->failed = true;
    if (found == FOLDER_REFUSED)
        return;
    refuse_unknown(l, path);
}

static bool has_failed(const struct loader *l)
{
    return l->failed || problems_count(l->problems, SEVERITY_ERROR) > l->errors;
}

static void release_loader(void *p)
{
    struct loader *l = p;
    arena_deinit(&l->scratch);
    arena_deinit(&l->session);
}

struct model *pack_load(struct arena *a, const struct pack_options *options,
                        struct problems *problems)
{
    struct loader *l = arena_alloc(a, sizeof *l);
    l->arena = a;
    l->options = options;
    l->language = options->language;
    l->problems = problems;
    l->errors = problems_count(problems, SEVERITY_ERROR);
    arena_init(&l->session, 0);
    arena_init(&l->scratch, 0);
    arena_defer(a, release_loader, l);
    /* When memory is short in either of them, the whole load ends as in `a`. */
    l->session.on_failure = l->scratch.on_failure = a->on_failure;
    l->model = arena_alloc(a, sizeof *l->model);
    l->model->arena = a;
    l->model->packs = arena_array(a, LIMIT_PACKS, sizeof(struct pack *));
    for (size_t i = 0; i < options->pack_count; i++)
        read_named(l, options->packs[i]);
    if (options->pack_count == 0)
        read_named(l, "");
    arena_reset(&l->scratch);
    if (!has_failed(l))
        merge_parts(l->model, &l->scratch, l->parts, l->part_count, problems);
    if (!has_failed(l))
        translate(l->model, &l->scratch, l->language, options->all_texts, problems);
    bool failed = has_failed(l);
    release_loader(l);
    return failed ? NULL : l->model;
}

static void release_arena(void *p)
{
    arena_deinit(p);
}

/* A file beside the packs, of one mapping. */
static void *load_alone(struct arena *a, source_id source, struct text bytes, enum table table,
                        const char *what, bool *good, struct problems *problems)
{
    struct loaded loaded;
    struct arena *scratch = arena_alloc(a, sizeof *scratch);
    arena_init(scratch, 0);
    arena_defer(a, release_arena, scratch);
    scratch->on_failure = a->on_failure;
    *good = cells_load(a, scratch, source, bytes, table, what, &loaded, problems);
    arena_deinit(scratch);
    return *good ? loaded.at : NULL;
}

bool pack_sheet_load(struct arena *a, source_id source, struct text bytes, struct pack_sheet *out,
                     struct problems *problems)
{
    bool good;
    struct pack_sheet *s =
        load_alone(a, source, bytes, TABLE_SHEET, "the answer sheet", &good, problems);
    *out = s ? *s : (struct pack_sheet){0};
    return good;
}

bool pack_map_load(struct arena *a, source_id source, struct text bytes, struct pack_map *out,
                   struct problems *problems)
{
    bool good;
    struct pack_map *m = load_alone(a, source, bytes, TABLE_MAP, "the mapping", &good, problems);
    *out = m ? *m : (struct pack_map){0};
    return good;
}
