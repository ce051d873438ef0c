#include "CHealpix.h"
