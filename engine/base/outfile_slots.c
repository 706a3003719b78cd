/* In: temporaries that are open. Out: they are gone when a signal ends the process. Next: the cli's
 * handler calls outfile_remove_all. A static table, all atomics, since a handler may not wait. */
#include "base/outfile_parts.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { SLOTS = 64 };

enum slot_state { SLOT_FREE, SLOT_CLAIMED, SLOT_ARMED, SLOT_REMOVING };

struct slot {
    atomic_int state;
    pid_t process;
    int directory;
    char part[NAME_ROOM], lock[NAME_ROOM];
};

static struct slot open_slots[SLOTS]; /* zero is SLOT_FREE; more than these are not removed */

struct slot *slot_arm(int directory, const char *part, const char *lock)
{
    for (int i = 0; i < SLOTS; i++) {
        struct slot *s = &open_slots[i];
        int expected = SLOT_FREE;
        if (!atomic_compare_exchange_strong(&s->state, &expected, SLOT_CLAIMED))
            continue;
        s->process = getpid();
        s->directory = directory;
        s->part[0] = '\0';
        if (part)
            memcpy(s->part, part, NAME_ROOM);
        memcpy(s->lock, lock, NAME_ROOM);
        atomic_store(&s->state, SLOT_ARMED);
        return s;
    }
    return NULL;
}

void slot_disarm(struct slot *s)
{
    if (s == NULL)
        return;
    int expected;
    do { /* a handler in another thread may have it for a moment */
        expected = SLOT_ARMED;
    } while (!atomic_compare_exchange_strong(&s->state, &expected, SLOT_FREE));
}

void outfile_remove_all(void)
{
    int error = errno;
    pid_t self = getpid();
    for (int i = 0; i < SLOTS; i++) {
        struct slot *s = &open_slots[i];
        int expected = SLOT_ARMED;
        if (!atomic_compare_exchange_strong(&s->state, &expected, SLOT_REMOVING))
            continue;
        if (s->process == self) {
            if (s->part[0])
                unlinkat(s->directory, s->part, 0);
            unlinkat(s->directory, s->lock, 0);
        }
        atomic_store(&s->state, SLOT_ARMED);
    }
    errno = error;
}
