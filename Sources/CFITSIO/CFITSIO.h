// The only door to cfitsio (https://heasarc.gsfc.nasa.gov/fitsio/). Its long names are macros, which Swift does not see; the
// short names behind them are functions.
#ifndef XMDB_CFITSIO_H
#define XMDB_CFITSIO_H
#include <fitsio.h>
#endif
