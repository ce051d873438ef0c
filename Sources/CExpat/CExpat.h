// The only door to expat (https://libexpat.github.io): XML, read as a stream of events.
#ifndef XMDB_CEXPAT_H
#define XMDB_CEXPAT_H
#include <expat.h>
#endif
