/* In: an answer sheet. Out: a case with answers, or problems; read twice, the same. The kit's pack:
 * a question of every kind. */
#include "fuzz.h"

#include "unit/survey_kit.h"

static void run_sheet(struct run *r, const char *path)
{
    const char *const files[] = {path};
    struct survey_options o = {.files = files, .file_count = 1};
    run_survey(r, &o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[512];
    struct run once, twice;
    fuzz_path(path, "sheet.yaml");
    fuzz_write(path, (struct text){(const char *)data, size});
    run_sheet(&once, path);
    run_sheet(&twice, path);
    FUZZ_CHECK(once.opened || once.exit != 0, buffer_view(&once.problems), FUZZ_NOTHING);
    FUZZ_CHECK(once.opened == (once.case_count == 1), buffer_view(&once.cases), FUZZ_NOTHING);
    FUZZ_CHECK(utf8_valid(buffer_view(&once.problems)) == once.problems.size,
               buffer_view(&once.problems), FUZZ_NOTHING);
    FUZZ_CHECK(text_equal(buffer_view(&once.cases), buffer_view(&twice.cases)),
               buffer_view(&once.cases), buffer_view(&twice.cases));
    FUZZ_CHECK(text_equal(buffer_view(&once.problems), buffer_view(&twice.problems)),
               buffer_view(&once.problems), buffer_view(&twice.problems));
    run_deinit(&once);
    run_deinit(&twice);
    return 0;
}
