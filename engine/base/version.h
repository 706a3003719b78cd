/* version: of the engine, the one place. A pack's `requires` is compared with it. */
#ifndef ENTENTE_VERSION_H
#define ENTENTE_VERSION_H

#ifndef ENTENTE_VERSION
#define ENTENTE_VERSION "0.1.0"
#endif

#endif
