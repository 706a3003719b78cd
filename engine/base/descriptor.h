/* descriptor: opening files whatever the state of descriptors 0 to 2. */
#ifndef ENTENTE_DESCRIPTOR_H
#define ENTENTE_DESCRIPTOR_H

/* openat with O_CLOEXEC, O_NOCTTY and mode 0600, continued after signals. Never gives 0 to 2: they
 * may be closed, and what others print must not end up in this file. -1: errno. */
int descriptor_open(int directory, const char *name, int flags);

#endif
