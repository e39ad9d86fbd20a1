// The built-in model, `Models/cairn-static-v1.model`, as a part of the program.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The first byte of the packed model, at a multiple of 64.
const uint8_t *cmodel_bytes(void);
size_t cmodel_byte_count(void);
