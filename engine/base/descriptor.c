/* In: a name in a directory. Out: a descriptor above 2. Next: outfile, spool. */
#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int descriptor_open(int directory, const char *name, int flags)
{
    int file;
    do {
        file = openat(directory, name, flags | O_CLOEXEC | O_NOCTTY, 0600);
    } while (file < 0 && errno == EINTR);
    if (file < 0 || file > 2)
        return file;
    int moved = fcntl(file, F_DUPFD_CLOEXEC, 3);
    int error = errno;
    close(file);
    if (moved < 0 && (flags & O_EXCL))
        unlinkat(directory, name, 0);
    errno = error;
    return moved;
}
