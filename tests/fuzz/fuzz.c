/* In: what targets ask for. Out: files in a folder of this process, text kept, JSON checked. */
#include "fuzz.h"

#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

void fuzz_path(char out[512], const char *name)
{
    const char *root = getenv("TMPDIR");
    int n = snprintf(out, 400, "%s/fuzz-%ld", root ? root : "/tmp", (long)getpid());
    FUZZ_CHECK(n > 0 && n < 400 && strlen(name) < 100, FUZZ_NOTHING, FUZZ_NOTHING);
    mkdir(out, 0700);
    snprintf(out + n, (size_t)(512 - n), "/%s", name);
}

void fuzz_write(const char *path, struct text content)
{
    FILE *f = fopen(path, "wb");
    FUZZ_CHECK(f != NULL, text_from_c(path), FUZZ_NOTHING);
    fwrite(content.at, 1, content.size, f);
    FUZZ_CHECK(fclose(f) == 0, text_from_c(path), FUZZ_NOTHING);
}

bool fuzz_append(void *ctx, const char *at, size_t size)
{
    buffer_text(ctx, (struct text){at, size});
    return true;
}

void fuzz_check_json(struct text t)
{
    json_error_t error;
    json_t *read = json_loadb(t.at, t.size, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    FUZZ_CHECK(read != NULL, t, text_from_c(error.text));
    json_decref(read);
}
