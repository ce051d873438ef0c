// The plugin's interface is that of the door.
#include "../../CMPI/include/CMPI.h"
