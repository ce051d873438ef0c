#ifndef XMDB_CHEALPIX_H
#define XMDB_CHEALPIX_H
#include <stdint.h>
#endif
