#ifndef XMDB_CARROW_H
#define XMDB_CARROW_H
#include <stdint.h>
#endif
