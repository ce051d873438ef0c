// The only door to ERFA (https://github.com/liberfa/erfa): the frames of positions on the sky.
#ifndef XMDB_CERFA_H
#define XMDB_CERFA_H
#include <erfa.h>
#endif
