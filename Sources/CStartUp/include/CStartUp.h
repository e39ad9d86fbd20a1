// What the program must have before Swift's runtime is started: see CStartUp.c. Nothing is called by name; the target
// is linked.
#pragma once
