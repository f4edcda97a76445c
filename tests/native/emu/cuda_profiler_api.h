// The toolkit's header of this name; runtime.h has it all.
#pragma once
#include "runtime.h"
