// Memory for the whole program, or its end with a line: see CAllocator.c. Nothing is called by name; the target is linked.
#pragma once
